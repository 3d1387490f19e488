-- What is wrong with the VAT categories and rates of a document, told once: the first category, the first rate, and the usual rate of a
-- product that has another one.
with vat_rates as (
    select * from {{ ref('vat_rates') }}
),

used as (
    select * from {{ ref('int_vat_rates_used') }}
),

usual_rates as (
    select
        product_id,
        vat_share
    from {{ ref('dim_products') }}
    where vat_category = 'S' and vat_share > 0
),

invoices as (
    select
        invoice_id,
        customer_id,
        currency,
        issued_date
    from {{ ref('int_invoices_valued') }}
),

-- A rate that has ended is right for what takes back what it was billed at: a prepayment of before, deducted on a line below zero or as an allowance.
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

-- A rate that is in force, but not that of the product, at home: abroad a product may be of another class.
other_rates as (
    select
        lines.invoice_id,
        max(usual_rates.vat_share) as usual_vat_share
    from {{ ref('fct_invoice_lines') }} as lines
    inner join usual_rates on lines.product_id = usual_rates.product_id
    inner join used
        on lines.invoice_id = used.invoice_id and lines.vat_category = used.vat_category and lines.vat_share = used.vat_share
    inner join vat_rates
        on
            used.rate_country = vat_rates.country and used.rate_country = coalesce(used.home_country, used.rate_country) and usual_rates.vat_share = vat_rates.vat_share and used.tax_date >= vat_rates.valid_from_date
            and (vat_rates.valid_until_date is null or used.tax_date < vat_rates.valid_until_date)
    left join taken_back on lines.invoice_id = taken_back.invoice_id and lines.vat_share = taken_back.vat_share
    where lines.vat_category = 'S' and lines.vat_share <> usual_rates.vat_share and lines.vat_share > 0 and taken_back.invoice_id is null
    group by lines.invoice_id
),

rates_used as (
    select
        used.invoice_id,
        any_value(customer_country) as country,
        any_value(rate_country) as rate_country,
        any_value(tax_date) as tax_date,
        max(taxed_zero_category) as taxed_zero_category,
        max(case when has_unknown_category or has_rate_too_low or has_other_country then vat_category end) as inconsistent_category,
        max(case when used.has_invalid_rate and taken_back.invoice_id is null then used.vat_share end) as invalid_vat_share
    from used
    left join taken_back on used.invoice_id = taken_back.invoice_id and used.vat_share = taken_back.vat_share
    group by used.invoice_id
)

select
    rates_used.*,
    other_rates.usual_vat_share
from rates_used
left join other_rates on rates_used.invoice_id = other_rates.invoice_id
