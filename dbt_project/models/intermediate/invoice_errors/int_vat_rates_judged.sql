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

excused as (
    select * from {{ ref('int_vat_rates_excused') }}
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
    left join excused on lines.invoice_id = excused.invoice_id and lines.vat_share = excused.vat_share
    where lines.vat_category = 'S' and lines.vat_share <> usual_rates.vat_share and lines.vat_share > 0 and excused.invoice_id is null
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
        max(case when used.has_invalid_rate and excused.invoice_id is null then used.vat_share end) as invalid_vat_share
    from used
    left join excused on used.invoice_id = excused.invoice_id and used.vat_share = excused.vat_share
    group by used.invoice_id
)

select
    rates_used.*,
    other_rates.usual_vat_share
from rates_used
left join other_rates on rates_used.invoice_id = other_rates.invoice_id
