-- Charges of lines and documents against what the customer, or the general terms for everybody, agreed.
with agreed as (
    select * from {{ ref('int_charges_agreed') }}
),

invoices as (
    select * from {{ ref('int_invoices_valued') }} where document_class = 'invoice'
),

charges as (
    select
        invoice_id,
        line_number,
        document_charge_amount as charge_amount,
        cast(null as varchar) as reason_code
    from {{ ref('fct_invoice_lines') }}
    where document_charge_amount > 0
    union all
    select
        invoice_id,
        cast(null as varchar) as line_number,
        amount as charge_amount,
        reason_code
    from {{ ref('stg_order_to_cash__invoice_allowances') }}
    where is_charge and line_number is null and amount > 0
),

offers as (
    select
        charges.*,
        agreed.* exclude (customer_id, reason_code),
        agreed.reason_code as agreed_reason_code
    from charges
    inner join invoices on charges.invoice_id = invoices.invoice_id
    inner join agreed on invoices.customer_id = agreed.customer_id
    union all
    select
        charges.*,
        agreed.* exclude (customer_id, reason_code),
        agreed.reason_code as agreed_reason_code
    from charges
    cross join agreed
    where agreed.customer_id is null
),

accepted as (
    select distinct
        offers.invoice_id,
        offers.charge_amount,
        offers.reason_code
    from offers
    inner join invoices on offers.invoice_id = invoices.invoice_id
    where
        not coalesce(offers.agreed_reason_code <> offers.reason_code, false)
        and offers.charge_amount <= coalesce(offers.amount, offers.charge_amount)
        and offers.charge_amount <= coalesce(invoices.document_net_amount * offers.charge_share, offers.charge_amount)
        and (offers.order_amount_below is null or invoices.document_net_amount - offers.charge_amount < offers.order_amount_below)
        and invoices.issued_date >= coalesce(offers.valid_from_date, invoices.issued_date)
        and (offers.valid_until_date is null or invoices.issued_date < offers.valid_until_date)
),

-- Several charges of one document are judged one by one, and told together.
suspects as (
    select
        charges.invoice_id,
        charges.line_number,
        any_value(invoices.order_id) as order_id,
        any_value(invoices.customer_id) as customer_id,
        any_value(invoices.issued_date) as event_date,
        any_value(invoices.booking_rate) as booking_rate,
        sum(charges.charge_amount) as charge_amount
    from charges
    inner join invoices on charges.invoice_id = invoices.invoice_id
    left join accepted
        on
            charges.invoice_id = accepted.invoice_id and charges.charge_amount = accepted.charge_amount
            and charges.reason_code is not distinct from accepted.reason_code
    where accepted.invoice_id is null
    group by charges.invoice_id, charges.line_number
)

{{ findings('suspects', [
    {'code': 'surcharge_not_agreed', 'line': 'line_number', 'when': 'true', 'stake': 'charge_amount',
     'evidence': told("charge of {figure charge_amount}, which no agreement and no general terms name",
                      "toeslag van {figure charge_amount}, die in geen afspraak en in geen algemene voorwaarden staat")},
]) }}
