-- The VAT categories and rates that a document uses, on its lines, allowances and charges, with what is wrong in each: of a credit or correction
-- on the day of what it corrects. The standard rate is looked for where the VAT may be due: where was delivered, else where seller or buyer are.
with invoices as (
    select * from {{ ref('int_invoices_valued') }} where document_class <> 'adjustment'
),

line_totals as (
    select * from {{ ref('int_invoice_line_totals') }}
),

allowances as (
    select * from {{ ref('stg_order_to_cash__invoice_allowances') }} where line_number is null and vat_category is not null
),

customers as (
    select * from {{ ref('dim_customers') }}
),

country_names as (
    select * from {{ ref('country_names') }}
),

vat_rates as (
    select * from {{ ref('vat_rates') }}
),

-- A document of one category and rate needs no second look at its lines.
used as (
    select
        invoice_id,
        first_vat_category as vat_category,
        highest_vat_share as vat_share
    from line_totals
    where first_vat_category = last_vat_category and lowest_vat_share is not distinct from highest_vat_share
    union
    select
        lines.invoice_id,
        lines.vat_category,
        lines.vat_share
    from {{ ref('fct_invoice_lines') }} as lines
    inner join line_totals on lines.invoice_id = line_totals.invoice_id
    where line_totals.first_vat_category <> line_totals.last_vat_category or line_totals.lowest_vat_share is distinct from line_totals.highest_vat_share
    union
    select
        invoice_id,
        upper(trim(vat_category)),
        vat_share
    from allowances
),

-- Where a document does not say where the seller is, it is thought to be where most customers are.
home as (select min(country_code) as country from (select country_code, rank() over (order by count(*) desc) as place from customers where country_code is not null group by country_code) as counted where place = 1),

placed as (
    select
        used.*,
        coalesce(corrected.tax_point_date, corrected.issued_date, invoices.tax_point_date, invoices.issued_date) as tax_date,
        customers.country as customer_country,
        customers.country_code,
        case when delivered_to.country is null then replace(upper(left(trim(customers.vat_id), 2)), 'EL', 'GR') end as vat_id_country,
        delivered_to.country as delivered_to_country,
        sellers.country as seller_country,
        coalesce(sellers.country, home.country) as home_country,
        case
            when delivered_to.country is null and sellers.country is null then [customers.country_code, home.country]
            else [delivered_to.country, sellers.country]
        end as countries,
        coalesce(delivered_to.country, customers.country_code) as supplied_country
    from used
    cross join home
    inner join invoices on used.invoice_id = invoices.invoice_id
    left join invoices as corrected on case when invoices.document_type <> 'invoice' or invoices.delivered_document_type in ('corrected', '384') then invoices.corrects_invoice_id end = corrected.invoice_id
    left join customers on invoices.customer_id = customers.customer_id
    left join country_names as delivered_to on {{ normalised_country('invoices.deliver_to_country') }} = delivered_to.name
    left join country_names as sellers on {{ normalised_country('invoices.seller_country') }} = sellers.name
),

eu_countries as (select country from vat_rates where is_eu_member union all select 'XI' as country),

in_force as (
    select distinct placed.invoice_id, placed.vat_share
    from placed
    inner join vat_rates
        on
            placed.vat_share = vat_rates.vat_share and list_contains(placed.countries, vat_rates.country)
            and placed.tax_date >= vat_rates.valid_from_date and (vat_rates.valid_until_date is null or placed.tax_date < vat_rates.valid_until_date)
)

select
    placed.invoice_id,
    placed.vat_category,
    placed.vat_share,
    placed.customer_country,
    coalesce(placed.delivered_to_country, placed.seller_country, placed.country_code) as rate_country,
    placed.home_country,
    placed.tax_date,
    placed.vat_category not in ('S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M', 'B') as has_unknown_category,
    {{ taxed_zero_category('placed.vat_category', 'placed.vat_share') }} as taxed_zero_category,
    {{ is_rate_too_low('placed.vat_category', 'placed.vat_share') }} as has_rate_too_low,
    {{ is_category_of_another_place('placed', 'eu_countries') }} as has_other_country,
    placed.vat_category = 'S' and placed.vat_share > 0
    and coalesce(placed.delivered_to_country, placed.seller_country, placed.country_code) in (select vat_rates.country from vat_rates where vat_rates.is_eu_member)
    and in_force.invoice_id is null as has_invalid_rate
from placed
left join in_force on placed.invoice_id = in_force.invoice_id and placed.vat_share = in_force.vat_share
