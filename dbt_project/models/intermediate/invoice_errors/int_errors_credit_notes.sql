-- Credit notes and cancellations against the invoices they correct: why they were made, and what was billed again.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

reasons as (
    select * from {{ ref('credit_reasons') }}
),

invoices as (
    select * from {{ ref('int_invoices_valued') }} where document_class = 'invoice'
),

credits as (
    select * from {{ ref('int_invoices_valued') }} where document_class = 'credit'
),

-- A credit note may be cancelled as well: its cancellation is delivered below zero.
originals as (
    select * from invoices
    union all
    select * from credits where document_type = 'credit_note'
),

loose_credits as (
    select
        credits.invoice_id,
        count(invoices.invoice_id) as match_count
    from credits
    left join invoices
        on
            nullif(credits.customer_id, 'unknown') = invoices.customer_id and credits.currency = invoices.currency
            and credits.document_gross_amount = -invoices.document_gross_amount and credits.issued_date >= invoices.issued_date
    where credits.corrects_invoice_id is null
    group by credits.invoice_id
),

rebilled as (
    select
        credits.invoice_id,
        max(again.document_net_amount) as rebilled_net_amount,
        max(again.document_gross_amount) as rebilled_gross_amount,
        max_by(again.invoice_id, again.document_gross_amount) as rebilled_invoice_id
    from credits
    cross join parameters
    inner join invoices on credits.corrects_invoice_id = invoices.invoice_id
    inner join invoices as again
        on
            invoices.order_id = again.order_id and invoices.invoice_id <> again.invoice_id
            and again.issued_date >= credits.issued_date and again.issued_date <= credits.issued_date + parameters.needless_credit_days
    left join {{ ref('int_invoices_billed_on') }} as billed_on on invoices.invoice_id = billed_on.invoice_id and again.invoice_id = billed_on.later_invoice_id
    where billed_on.invoice_id is null
    group by credits.invoice_id
),

judged as (
    select
        credits.invoice_id,
        coalesce(credits.order_id, invoices.order_id) as order_id,
        credits.customer_id,
        credits.issued_date as event_date,
        credits.booking_rate,
        credits.document_gross_amount,
        credits.document_type = 'credit_note' and loose_credits.match_count <> 1 and credits.preceding_count = 0
        and credits.period_start_date is null and coalesce(reasons.names_an_invoice, true) as is_without_reference,
        loose_credits.match_count,
        credits.corrects_invoice_id,
        credits.reason_code,
        originals.document_gross_amount as invoice_gross_amount,
        credits.document_type = 'cancellation' and credits.currency = originals.currency and credits.document_gross_amount + originals.document_gross_amount <> 0 as is_not_netted,
        -credits.document_gross_amount = invoices.document_gross_amount and rebilled.rebilled_gross_amount = invoices.document_gross_amount as is_needless,
        coalesce(reasons.is_own_error, false) as is_own_error,
        rebilled.rebilled_invoice_id,
        -credits.document_net_amount - coalesce(rebilled.rebilled_net_amount, 0) + parameters.handling_cost_amount as leaked_amount,
        parameters.handling_cost_amount + {{ financing_cost('invoices.document_gross_amount', days_between('invoices.issued_date', 'credits.issued_date'), 'parameters.carrying_cost_share') }} as needless_cost_amount,
        reasons.owner_department
    from credits
    cross join parameters
    left join invoices on credits.corrects_invoice_id = invoices.invoice_id
    left join originals on credits.corrects_invoice_id = originals.invoice_id
    left join loose_credits on credits.invoice_id = loose_credits.invoice_id
    left join rebilled on credits.invoice_id = rebilled.invoice_id
    left join reasons on credits.reason_code = reasons.reason_code
)

{{ findings('judged', [
    {'code': 'credit_without_reference', 'when': 'is_without_reference', 'stake': '-document_gross_amount',
     'evidence': told("names no invoice; {match_count} invoices of the customer have this amount",
                      "noemt geen factuur; {match_count} facturen van de klant hebben dit bedrag")},
    {'code': 'cancellation_not_netted', 'when': 'is_not_netted', 'stake': 'document_gross_amount + invoice_gross_amount',
     'evidence': told("cancels {figure -document_gross_amount} of {corrects_invoice_id} with {figure invoice_gross_amount}",
                      "annuleert {figure -document_gross_amount} van {corrects_invoice_id} met {figure invoice_gross_amount}")},
    {'code': 'needless_credit', 'when': 'is_needless', 'stake': 'needless_cost_amount',
     'evidence': told("{corrects_invoice_id} was credited in full and billed again at the same amount with {rebilled_invoice_id}",
                      "{corrects_invoice_id} is geheel gecrediteerd en voor hetzelfde bedrag opnieuw gefactureerd met {rebilled_invoice_id}")},
    {'code': 'credit_for_own_error', 'when': 'is_own_error', 'stake': 'leaked_amount', 'owner': 'owner_department',
     'evidence': told_when('rebilled_invoice_id is null',
         told("credited for {reason_code}, not billed again", "gecrediteerd wegens {reason_code}, niet opnieuw gefactureerd"),
         told("credited for {reason_code}, billed again with {rebilled_invoice_id}", "gecrediteerd wegens {reason_code}, opnieuw gefactureerd met {rebilled_invoice_id}"))},
]) }}
