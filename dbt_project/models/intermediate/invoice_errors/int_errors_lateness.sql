-- Invoices long after the goods: of each delivered line the first invoice counts, a later one bills again.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

suspects as (
    select * from {{ ref('int_suspect_orders') }}
),

customers as (
    select
        customer_id,
        billing_rhythm
    from {{ ref('dim_customers') }}
),

invoices as (
    select * from {{ ref('int_invoices_valued') }} where document_class = 'invoice'
),

invoice_lines as (
    select * from {{ ref('fct_invoice_lines') }} where document_type in ('invoice', 'debit_note') and order_id is not null
),

deliveries as (
    select
        deliveries.order_id,
        deliveries.order_line_number,
        deliveries.delivery_id,
        min(deliveries.delivered_date) as delivered_date
    from {{ ref('fct_deliveries') }} as deliveries
    inner join suspects on deliveries.order_id = suspects.order_id
    where deliveries.delivered_date is not null and not deliveries.is_return
    group by deliveries.order_id, deliveries.order_line_number, deliveries.delivery_id
),

first_invoiced as (
    select
        deliveries.order_id,
        deliveries.delivered_date,
        min_by(invoice_lines.invoice_id, invoice_lines.issued_date) as invoice_id,
        min(invoice_lines.issued_date) as issued_date
    from deliveries
    inner join invoice_lines
        on
            deliveries.order_id = invoice_lines.order_id
            and deliveries.order_line_number = invoice_lines.order_line_number
            and deliveries.delivery_id = coalesce(invoice_lines.delivery_id, deliveries.delivery_id)
    group by deliveries.order_id, deliveries.order_line_number, deliveries.delivery_id, deliveries.delivered_date
),

late as (
    select
        first_invoiced.invoice_id,
        min(first_invoiced.order_id) as order_id,
        any_value(invoices.customer_id) as customer_id,
        any_value(invoices.issued_date) as event_date,
        any_value(invoices.booking_rate) as booking_rate,
        min(first_invoiced.delivered_date) as delivered_date,
        max({{ financing_cost('invoices.document_gross_amount', days_between('first_invoiced.delivered_date', 'first_invoiced.issued_date'), 'parameters.carrying_cost_share') }}) as financing_cost_amount
    from first_invoiced
    cross join parameters
    inner join invoices on first_invoiced.invoice_id = invoices.invoice_id and first_invoiced.issued_date = invoices.issued_date
    left join customers on invoices.customer_id = customers.customer_id
    where
        first_invoiced.issued_date > parameters.late_invoicing_days + {{ billing_day('first_invoiced.delivered_date', 'customers.billing_rhythm') }}
    group by first_invoiced.invoice_id
)

{{ findings('late', [
    {'code': 'late_invoicing', 'when': 'true', 'stake': 'financing_cost_amount',
     'evidence': told("delivered on {day delivered_date}, invoiced on {day event_date}", "geleverd op {day delivered_date}, gefactureerd op {day event_date}")},
]) }}
