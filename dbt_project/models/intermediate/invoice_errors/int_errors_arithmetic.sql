-- The sums of a document. Adjustments are no sales documents; what carries no lines or no VAT is judged where it does.
with coverage as (
    select count(*) > 0 as are_lines_delivered from {{ ref('stg_company__entity_coverage') }} where entity = 'invoice_lines' and is_delivered
),

line_totals as (
    select * from {{ ref('int_invoice_line_totals') }}
),

allowances as (
    select * from {{ ref('int_invoice_allowance_totals') }}
),

credits as (
    select invoice_id from {{ ref('int_invoices_valued') }} where document_type = 'credit_note'
),

currencies as (
    select * from {{ ref('currencies') }}
),

measured as (
    select
        invoices.*,
        invoices.issued_date as event_date,
        line_totals.document_net_amount
        - coalesce(invoices.document_allowance_amount, allowances.document_allowance_amount, 0)
        + coalesce(invoices.document_charge_amount, allowances.document_charge_amount, 0) as line_net_amount,
        coalesce(invoices.document_allowance_amount, 0) - coalesce(allowances.document_allowance_amount, 0) as allowance_difference_amount,
        coalesce(invoices.document_charge_amount, 0) - coalesce(allowances.document_charge_amount, 0) as charge_difference_amount,
        allowances.document_allowance_amount as itemised_allowance_amount,
        allowances.document_charge_amount as itemised_charge_amount,
        coalesce(allowances.document_share_difference_amount, 0) as share_difference_amount,
        -- What cancels a credit note is below zero as the credit note is above it.
        invoices.document_type = 'cancellation' and credits.invoice_id is not null as is_credit_cancelled,
        coverage.are_lines_delivered and line_totals.invoice_id is null as has_no_lines,
        currencies.currency is null and invoices.currency is not null as has_unknown_currency,
        {{ rounded_to_units('invoices.document_net_amount', 'currencies.minor_units') }} as rounded_net_amount,
        {{ rounded_to_units('line_net_amount', 'currencies.minor_units') }} as rounded_line_net_amount,
        {{ rounded_to_units('invoices.document_gross_amount', 'currencies.minor_units') }} as rounded_gross_amount,
        {{ rounded_to_units('invoices.document_vat_amount', 'currencies.minor_units') }} as rounded_vat_amount,
        {{ rounded_to_units('invoices.document_net_amount + invoices.document_vat_amount', 'currencies.minor_units') }} as rounded_sum_amount,
        {{ rounded_to_units('invoices.document_due_amount', 'currencies.minor_units') }} as rounded_due_amount,
        {{ rounded_to_units(
            'invoices.document_gross_amount - coalesce(invoices.document_prepaid_amount, 0) + coalesce(invoices.document_rounding_amount, 0)', 'currencies.minor_units'
        ) }} as expected_due_amount
    from {{ ref('int_invoices_valued') }} as invoices
    cross join coverage
    left join credits on invoices.corrects_invoice_id = credits.invoice_id
    left join line_totals on invoices.invoice_id = line_totals.invoice_id
    left join allowances on invoices.invoice_id = allowances.invoice_id
    left join currencies on invoices.currency = currencies.currency
    where invoices.document_class <> 'adjustment'
),

suspects as (
    select
        *,
        coalesce(rounded_line_net_amount <> rounded_net_amount, false) as is_net_wrong,
        coalesce(rounded_gross_amount <> rounded_sum_amount, false) as is_gross_wrong,
        allowance_difference_amount <> 0 or charge_difference_amount <> 0 or share_difference_amount <> 0 as is_allowance_wrong,
        coalesce(rounded_due_amount <> expected_due_amount, false) as is_due_amount_wrong,
        (document_class = 'credit' and document_sign = -1 and delivered_gross_amount < 0 and not is_credit_cancelled)
        or (document_class = 'invoice' and delivered_gross_amount < 0 and corrects_invoice_id is null) as is_sign_wrong,
        coalesce(document_gross_amount <> rounded_gross_amount or document_vat_amount <> rounded_vat_amount, false) as has_decimals,
        has_no_lines or invoice_id is null or issued_date is null or currency is null or document_type is null as has_missing_field
    from measured
)

{{ findings('suspects', [
    {'code': 'lines_not_sum_of_total', 'when': 'is_net_wrong', 'stake': 'rounded_net_amount - rounded_line_net_amount',
     'evidence': told("net {figure document_net_amount}, lines with allowances and charges sum to {figure line_net_amount}",
                      "netto {figure document_net_amount}, de regels met kortingen en toeslagen tellen op tot {figure line_net_amount}")},
    {'code': 'allowance_or_charge_total_wrong', 'when': 'is_allowance_wrong',
     'stake': 'abs(allowance_difference_amount) + abs(charge_difference_amount) + abs(share_difference_amount)',
     'evidence': told("allowances {figure document_allowance_amount}, itemised {figure itemised_allowance_amount}; charges {figure document_charge_amount}, itemised {figure itemised_charge_amount}; off their percentage by {figure share_difference_amount}",
                      "kortingen {figure document_allowance_amount}, uitgesplitst {figure itemised_allowance_amount}; toeslagen {figure document_charge_amount}, uitgesplitst {figure itemised_charge_amount}; {figure share_difference_amount} naast hun percentage")},
    {'code': 'amount_due_wrong', 'when': 'is_due_amount_wrong', 'stake': 'rounded_due_amount - expected_due_amount',
     'evidence': told("due {figure document_due_amount}, but gross {figure document_gross_amount} less prepaid {figure document_prepaid_amount} with rounding {figure document_rounding_amount} is {figure expected_due_amount}",
                      "te betalen {figure document_due_amount}, maar bruto {figure document_gross_amount} min vooruitbetaald {figure document_prepaid_amount} met afronding {figure document_rounding_amount} is {figure expected_due_amount}")},
    {'code': 'gross_not_net_plus_vat', 'when': 'is_gross_wrong', 'stake': 'rounded_gross_amount - rounded_sum_amount',
     'evidence': told("gross {figure document_gross_amount}, net {figure document_net_amount} + VAT {figure document_vat_amount} is {figure rounded_sum_amount}",
                      "bruto {figure document_gross_amount}, netto {figure document_net_amount} + btw {figure document_vat_amount} is {figure rounded_sum_amount}")},
    {'code': 'sign_against_type', 'when': 'is_sign_wrong', 'stake': '2 * delivered_gross_amount',
     'evidence': told("{document_type} with gross {figure delivered_gross_amount}", "document van soort {document_type} met bruto {figure delivered_gross_amount}")},
    {'code': 'missing_required_field', 'when': 'has_missing_field', 'stake': 'document_gross_amount',
     'evidence': told("missing:{case when has_no_lines then ' lines' else '' end}{case when currency is null then ' currency' else '' end}{case when issued_date is null then ' issue date' else '' end}",
                      "ontbreekt:{case when has_no_lines then ' regels' else '' end}{case when currency is null then ' valuta' else '' end}{case when issued_date is null then ' factuurdatum' else '' end}")},
    {'code': 'currency_unknown_or_mixed', 'when': 'has_unknown_currency', 'stake': 'document_gross_amount',
     'evidence': told("currency {currency} is not in ISO 4217", "valuta {currency} staat niet in ISO 4217")},
    {'code': 'too_many_decimals', 'when': 'has_decimals', 'stake': 'document_gross_amount - rounded_gross_amount',
     'evidence': told("gross {number document_gross_amount}, VAT {number document_vat_amount} {currency}",
                      "bruto {number document_gross_amount}, btw {number document_vat_amount} {currency}")},
]) }}
