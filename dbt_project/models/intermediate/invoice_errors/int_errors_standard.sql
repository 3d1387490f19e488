-- What the official rules of the standard (EN 16931) say of electronic documents: one finding per document for its amounts, one for all else.
-- It has no stake of its own: what a sum is off is priced by our own rule on that sum, which judges every format.
with verdicts as (
    select
        invoice_id,
        is_about_amounts,
        string_agg(distinct rule_code, ', ' order by rule_code) as rule_codes,
        min(rule_code || ': ' || coalesce(message_text, 'broken') || coalesce(' at ' || place_text, '')) as first_verdict
    from {{ ref('stg_order_to_cash__invoice_verdicts') }}
    group by invoice_id, is_about_amounts
),

suspects as (
    select
        invoices.*,
        invoices.issued_date as event_date,
        verdicts.is_about_amounts,
        verdicts.rule_codes,
        verdicts.first_verdict
    from {{ ref('int_invoices_valued') }} as invoices
    inner join verdicts on invoices.invoice_id = verdicts.invoice_id
)

{{ findings('suspects', [
    {'code': 'standard_amounts_wrong', 'when': 'is_about_amounts', 'evidence': told("{rule_codes}; {first_verdict}", "{rule_codes}; {first_verdict}")},
    {'code': 'standard_rule_broken', 'when': 'not is_about_amounts', 'evidence': told("{rule_codes}; {first_verdict}", "{rule_codes}; {first_verdict}")},
]) }}
