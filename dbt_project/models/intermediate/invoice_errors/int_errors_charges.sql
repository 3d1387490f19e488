-- Charges of lines and documents against what the customer, or the general terms for everybody, agreed.
with agreed as (
    select * from {{ ref('stg_order_to_cash__agreed_charges') }}
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

-- Several charges of one document are judged one by one, and told together.
judged as (
    select
        charges.invoice_id,
        charges.line_number,
        charges.charge_amount,
        bool_or(
            agreed.agreed_charge_id is not null
            and (agreed.customer_id is null or agreed.customer_id = invoices.customer_id)
            and (agreed.reason_code is null or charges.reason_code is null or agreed.reason_code = charges.reason_code)
            and charges.charge_amount <= coalesce(agreed.amount, charges.charge_amount)
            and charges.charge_amount <= coalesce(invoices.document_net_amount * agreed.charge_share, charges.charge_amount)
            and (agreed.order_amount_below is null or invoices.document_net_amount - charges.charge_amount < agreed.order_amount_below)
            and invoices.issued_date >= coalesce(agreed.valid_from_date, invoices.issued_date)
            and (agreed.valid_until_date is null or invoices.issued_date < agreed.valid_until_date)
        ) as is_agreed
    from charges
    inner join invoices on charges.invoice_id = invoices.invoice_id
    left join agreed on true
    group by charges.invoice_id, charges.line_number, charges.charge_amount, charges.reason_code
),

suspects as (
    select
        judged.invoice_id,
        judged.line_number,
        any_value(invoices.order_id) as order_id,
        any_value(invoices.customer_id) as customer_id,
        any_value(invoices.issued_date) as event_date,
        any_value(invoices.booking_rate) as booking_rate,
        sum(judged.charge_amount) as charge_amount
    from judged
    inner join invoices on judged.invoice_id = invoices.invoice_id
    where not coalesce(judged.is_agreed, false)
    group by judged.invoice_id, judged.line_number
)

{{ findings('suspects', [
    {'code': 'surcharge_not_agreed', 'line': 'line_number', 'when': 'true', 'stake': 'charge_amount',
     'evidence': told("charge of {figure charge_amount}, which no agreement and no general terms name",
                      "toeslag van {figure charge_amount}, die in geen afspraak en in geen algemene voorwaarden staat")},
]) }}
