-- How much of a document with instalments was asked by its last receipt: those that were due by then, and one that receipts began and that is
-- past due since. Where no schedule was delivered, the instalments of its terms of payment are its parts.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

scheduled as (
    select
        invoice_id,
        due_date,
        document_gross_amount
    from {{ ref('fct_payment_schedule') }}
),

parts as (
    select * from scheduled
    union all
    select
        terms.invoice_id,
        invoices.issued_date + steps.days as due_date,
        {{ rounded_half_up('cast(invoices.document_gross_amount as decimal(38, 4)) * steps.share') }} as document_gross_amount
    from {{ ref('int_invoice_terms') }} as terms
    inner join {{ ref('int_invoices_valued') }} as invoices on terms.invoice_id = invoices.invoice_id
    inner join {{ ref('stg_order_to_cash__payment_terms_steps') }} as steps on terms.payment_terms_id = steps.payment_terms_id and steps.kind = 'instalment'
    where terms.has_instalments and terms.invoice_id not in (select scheduled.invoice_id from scheduled)
),

laid as (
    select
        parts.*,
        settlements.last_cash_date,
        settlements.document_applied_amount,
        sum(parts.document_gross_amount) over (partition by parts.invoice_id order by parts.due_date rows between unbounded preceding and current row)
        - parts.document_gross_amount as document_before_amount
    from parts
    inner join {{ ref('int_invoice_settlements') }} as settlements on parts.invoice_id = settlements.invoice_id
)

select
    laid.invoice_id,
    sum(case
        when
            laid.due_date <= laid.last_cash_date
            or (
                laid.document_applied_amount > laid.document_before_amount + parameters.settlement_tolerance_amount
                and laid.due_date + parameters.short_payment_grace_days < night.report_date
            )
            then laid.document_gross_amount
        else 0
    end) as document_asked_amount
from laid
cross join night
cross join parameters
group by laid.invoice_id
