-- VAT. Base x rate per category and rate, each rounded half up; a document with one rate needs no second look at its lines.
with line_totals as (
    select * from {{ ref('int_invoice_line_totals') }}
),

invoices as (
    select * from {{ ref('int_invoices_valued') }} where document_class <> 'adjustment'
),

customers as (
    select * from {{ ref('dim_customers') }}
),

vat_rates as (
    select * from {{ ref('vat_rates') }}
),

eu_countries as (
    select distinct country from vat_rates where is_eu_member
),

allowances as (
    select * from {{ ref('int_invoice_allowance_totals') }}
),

vat_totals as (
    select * from {{ ref('int_vat_totals') }}
),

expected as (
    select
        invoices.*,
        invoices.issued_date as event_date,
        customers.country,
        line_totals.line_count,
        line_totals.first_vat_category,
        line_totals.highest_vat_share,
        coalesce(line_totals.taxed_zero_category, allowances.taxed_zero_category) as taxed_zero_category,
        line_totals.has_rate_too_low or coalesce(allowances.has_rate_too_low, false) as has_rate_too_low,
        line_totals.are_vat_shares_filled,
        eu_countries.country is not null as is_eu_customer,
        coalesce(
            vat_totals.vat_amount,
            {{ rounded_half_up('cast(line_totals.document_net_amount as decimal(38, 4)) * line_totals.highest_vat_share') }}
        ) as expected_vat_amount
    from invoices
    inner join line_totals on invoices.invoice_id = line_totals.invoice_id
    left join allowances on invoices.invoice_id = allowances.invoice_id
    left join vat_totals on invoices.invoice_id = vat_totals.invoice_id
    left join customers on invoices.customer_id = customers.customer_id
    left join eu_countries on customers.country = eu_countries.country
),

flagged as (
    select
        expected.*,
        are_vat_shares_filled and case
            when highest_vat_share = 0 then document_vat_amount <> 0
            else abs(document_vat_amount - expected_vat_amount) >= 1
        end as is_breakdown_wrong,
        are_vat_shares_filled and highest_vat_share > 0 and abs(document_vat_amount - expected_vat_amount) < 1
        and abs(document_vat_amount - expected_vat_amount) > line_count * 0.01 as is_breakdown_loose,
        taxed_zero_category is not null or has_rate_too_low
        or (first_vat_category = 'K' and country <> 'unknown' and not is_eu_customer)
        or (first_vat_category = 'G' and is_eu_customer) as is_category_inconsistent,
        first_vat_category = 'S' and is_eu_customer and not exists (
            select 1 from vat_rates
            where
                vat_rates.country = expected.country and vat_rates.vat_share = expected.highest_vat_share
                and expected.issued_date >= vat_rates.valid_from_date
                and (vat_rates.valid_until_date is null or expected.issued_date < vat_rates.valid_until_date)
        ) and highest_vat_share > 0 as is_rate_invalid
    from expected
),

suspects as (
    select
        flagged.*,
        (
            select max(vat_rates.vat_share) from vat_rates
            where vat_rates.country = flagged.country and flagged.issued_date >= vat_rates.valid_from_date
                and (vat_rates.valid_until_date is null or flagged.issued_date < vat_rates.valid_until_date)
        ) as standard_vat_share
    from flagged
    where is_breakdown_wrong or is_breakdown_loose or is_category_inconsistent or is_rate_invalid
)

{%- set words = "'VAT ' || " ~ figure('document_vat_amount') ~ " || ', bases x rates are ' || " ~ figure('expected_vat_amount') %}

{{ findings('suspects', [
    {'code': 'vat_breakdown_wrong', 'when': 'is_breakdown_wrong', 'stake': 'document_vat_amount - expected_vat_amount', 'evidence': words},
    {'code': 'vat_breakdown_tight', 'when': 'is_breakdown_loose', 'stake': 'document_vat_amount - expected_vat_amount', 'evidence': words},
    {'code': 'vat_category_inconsistent', 'when': 'is_category_inconsistent', 'stake': 'document_vat_amount',
     'evidence': "'category ' || " ~ word('coalesce(taxed_zero_category, first_vat_category)') ~ " || ' at rate ' || " ~ word('highest_vat_share') ~ " || ', customer in ' || " ~ word('country')},
    {'code': 'vat_rate_not_valid', 'when': 'is_rate_invalid', 'stake': "cast(document_net_amount as decimal(38, 4)) * (standard_vat_share - highest_vat_share)",
     'evidence': "'rate ' || " ~ word('highest_vat_share') ~ " || ' was not in force in ' || " ~ word('country') ~ " || ' on ' || cast(issued_date as varchar)"},
]) }}
