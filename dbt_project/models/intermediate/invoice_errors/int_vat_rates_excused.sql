-- Rates of a document that are not in force on its day, and right all the same: they take back what was billed at them before, or all that is
-- billed at them was supplied while they were in force, by its period or its delivery, where the document names no day of its own for the tax.
with used as (
    select * from {{ ref('int_vat_rates_used') }}
),

invoices as (
    select
        invoice_id,
        customer_id,
        currency,
        issued_date,
        tax_point_date
    from {{ ref('int_invoices_valued') }}
),

-- A prepayment of before, deducted on a line below zero or as an allowance.
given_back as (
    select
        amounts.invoice_id,
        amounts.vat_share
    from (
        select
            invoice_id,
            vat_share,
            document_net_amount
        from {{ ref('fct_invoice_lines') }}
        where document_type in ('invoice', 'debit_note')
        union all
        select
            invoice_id,
            vat_share,
            case when is_charge then amount else -amount end as document_net_amount
        from {{ ref('stg_order_to_cash__invoice_allowances') }}
        where line_number is null
    ) as amounts
    inner join used on amounts.invoice_id = used.invoice_id and amounts.vat_share = used.vat_share
    where used.has_invalid_rate
    group by amounts.invoice_id, amounts.vat_share
    having max(amounts.document_net_amount) < 0
),

taken_back as (
    select distinct
        given_back.invoice_id,
        given_back.vat_share
    from given_back
    inner join invoices on given_back.invoice_id = invoices.invoice_id
    inner join invoices as earlier on invoices.customer_id = earlier.customer_id and invoices.currency = earlier.currency
    inner join used on earlier.invoice_id = used.invoice_id and given_back.vat_share = used.vat_share
    where not used.has_invalid_rate and earlier.issued_date <= invoices.issued_date and given_back.invoice_id <> earlier.invoice_id
),

supplies as (
    select
        lines.invoice_id,
        lines.vat_share,
        lines.line_number,
        used.rate_country,
        coalesce(lines.period_end_date, deliveries.shipped_date, deliveries.delivered_date) as supplied_date
    from {{ ref('fct_invoice_lines') }} as lines
    inner join used on lines.invoice_id = used.invoice_id and lines.vat_share = used.vat_share
    inner join invoices on lines.invoice_id = invoices.invoice_id
    left join {{ ref('fct_deliveries') }} as deliveries on lines.order_id = deliveries.order_id and lines.order_line_number = deliveries.order_line_number
    where used.has_invalid_rate and invoices.tax_point_date is null
),

supplied as (
    select
        supplies.invoice_id,
        supplies.vat_share
    from supplies
    left join {{ ref('vat_rates') }} as vat_rates
        on
            supplies.rate_country = vat_rates.country and supplies.vat_share = vat_rates.vat_share
            and supplies.supplied_date >= vat_rates.valid_from_date
            and supplies.supplied_date < coalesce(vat_rates.valid_until_date, date '9999-12-31')
    group by supplies.invoice_id, supplies.vat_share
    having count(distinct supplies.line_number) = count(distinct case when vat_rates.country is not null then supplies.line_number end)
)

select
    invoice_id,
    vat_share
from taken_back
union
select
    invoice_id,
    vat_share
from supplied
