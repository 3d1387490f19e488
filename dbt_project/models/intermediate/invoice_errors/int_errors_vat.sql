-- VAT. Base x rate per category and rate, each rounded half up; a document with one rate needs no second look at its lines.
with line_totals as (
    select * from {{ ref('int_invoice_line_totals') }}
),

invoices as (
    select * from {{ ref('int_invoices_valued') }} where document_class <> 'adjustment'
),

vat_rates as (
    select * from {{ ref('vat_rates') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

rates_judged as (
    select * from {{ ref('int_vat_rates_judged') }}
),

vat_totals as (
    select * from {{ ref('int_vat_totals') }}
),

breakdowns as (
    select * from {{ ref('int_vat_breakdowns_judged') }}
),

expected as (
    select
        invoices.*,
        breakdowns.difference_amount as breakdown_difference_amount,
        breakdowns.words as breakdown_words,
        breakdowns.words_nl as breakdown_words_nl,
        invoices.issued_date as event_date,
        rates_judged.country,
        rates_judged.rate_country,
        rates_judged.tax_date,
        rates_judged.inconsistent_category,
        rates_judged.invalid_vat_share,
        rates_judged.usual_vat_share,
        line_totals.line_count,
        -- What one line may be rounded by: a cent, or a whole unit where invoices know no smaller money (the forint has cents on paper only).
        case when currencies.minor_units = 0 or invoices.currency = 'HUF' then 1 when currencies.minor_units = 3 then 0.001 else 0.01 end as rounding_unit,
        line_totals.first_vat_category,
        line_totals.highest_vat_share,
        rates_judged.taxed_zero_category,
        line_totals.are_vat_shares_filled,
        -- Rounded as the document was delivered, where a credit note is above zero, and then given its sign.
        coalesce(
            vat_totals.vat_amount,
            invoices.document_sign * {{ rounded_half_up('invoices.document_sign * cast(line_totals.document_net_amount as decimal(38, 4)) * case when line_totals.lowest_vat_share < line_totals.highest_vat_share then null else line_totals.highest_vat_share end') }}
        ) as expected_vat_amount
    from invoices
    inner join line_totals on invoices.invoice_id = line_totals.invoice_id
    left join vat_totals on invoices.invoice_id = vat_totals.invoice_id
    left join breakdowns on invoices.invoice_id = breakdowns.invoice_id
    left join rates_judged on invoices.invoice_id = rates_judged.invoice_id
    left join currencies on invoices.currency = currencies.currency
),

flagged as (
    select
        expected.*,
        are_vat_shares_filled and case
            when highest_vat_share = 0 then document_vat_amount <> 0
            when rounding_unit = 1 then abs(document_vat_amount - expected_vat_amount) > line_count
            else abs(document_vat_amount - expected_vat_amount) >= 1
        end as is_breakdown_wrong,
        are_vat_shares_filled and highest_vat_share > 0 and abs(document_vat_amount - expected_vat_amount) < 1
        and abs(document_vat_amount - expected_vat_amount) > line_count * rounding_unit as is_breakdown_loose,
        taxed_zero_category is not null or inconsistent_category is not null as is_category_inconsistent,
        invalid_vat_share is not null or usual_vat_share is not null as is_rate_invalid
    from expected
),

suspects as (
    select
        flagged.*,
        coalesce(flagged.usual_vat_share, (
            select max(vat_rates.vat_share) from vat_rates
            where
                vat_rates.country = flagged.rate_country and flagged.tax_date >= vat_rates.valid_from_date
                and (vat_rates.valid_until_date is null or flagged.tax_date < vat_rates.valid_until_date)
        )) as standard_vat_share
    from flagged
    where is_breakdown_wrong or breakdown_words is not null or is_breakdown_loose or is_category_inconsistent or is_rate_invalid
)

{%- set sums = told("VAT {figure document_vat_amount}, bases x rates are {figure expected_vat_amount}", "btw {figure document_vat_amount}, grondslagen x tarieven geven {figure expected_vat_amount}") %}

{{ findings('suspects', [
    {'code': 'vat_breakdown_wrong', 'when': 'coalesce(is_breakdown_wrong, false) or breakdown_words is not null',
     'stake': 'case when is_breakdown_wrong then document_vat_amount - expected_vat_amount else breakdown_difference_amount end',
     'evidence': told_when('is_breakdown_wrong', sums, {'english': 'breakdown_words', 'dutch': 'breakdown_words_nl'})},
    {'code': 'vat_breakdown_tight', 'when': 'is_breakdown_loose', 'stake': 'document_vat_amount - expected_vat_amount', 'evidence': sums},
    {'code': 'vat_category_inconsistent', 'when': 'is_category_inconsistent', 'stake': 'document_vat_amount',
     'evidence': told("category {coalesce(taxed_zero_category, inconsistent_category)} at rate {number highest_vat_share}, customer in {country}",
                      "categorie {coalesce(taxed_zero_category, inconsistent_category)} met tarief {number highest_vat_share}, klant in {country}")},
    {'code': 'vat_rate_not_valid', 'when': 'is_rate_invalid', 'stake': "cast(document_net_amount as decimal(38, 4)) * (standard_vat_share - coalesce(invalid_vat_share, highest_vat_share))",
     'evidence': told_when('invalid_vat_share is null',
         told("rate {number highest_vat_share} is in force, but the product has {number usual_vat_share}", "tarief {number highest_vat_share} geldt, maar het product heeft {number usual_vat_share}"),
         told("rate {number invalid_vat_share} was not in force in {rate_country} on {day tax_date}", "tarief {number invalid_vat_share} gold niet in {rate_country} op {day tax_date}"))},
]) }}
