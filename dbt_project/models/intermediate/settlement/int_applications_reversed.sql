-- What a reversal undoes on documents: the cash, and where a document lost all cash of the payment, what was allowed with it
-- (a discount, a withholding; one that names no payment is that of the only one applied to the document on its day). A reversal that is itself taken
-- back in full, without saying where its money goes, restores both.
with undone as (
    select * from {{ ref('int_payments_reversed') }} where stretch = 'applied'
),

cash as (
    select
        'reversal:' || payment_id || ':' || invoice_id || coalesce(':' || instalment_number, '') as application_id,
        'reversal' as kind,
        payment_id,
        reversed_payment_id,
        invoice_id,
        instalment_number,
        applied_date,
        -case
            when undone_amount = stretch_amount then document_amount
            else {{ rounded_ratio(['cast(document_amount as decimal(38, 4))', 'cast(undone_amount as decimal(18, 4))'], 'stretch_amount') }}
        end as document_amount,
        -undone_amount as payment_amount,
        restoring_payment_id,
        restored_date,
        is_undone_in_full
    from undone
    where undone_amount > 0
),

delivered as (
    select *, case when payment_id is null and kind in ('discount', 'withholding') then invoice_id end as silent_invoice_id
    from {{ ref('int_applications_delivered') }}
),

only_payments as (
    select
        invoice_id,
        booked_date,
        min(payment_id) as payment_id
    from delivered
    where kind = 'cash' and document_amount > 0 and payment_id is not null and invoice_id in (select undone.invoice_id from undone)
    group by 1, 2
    having count(distinct payment_id) = 1
),

allowed as (
    select
        coalesce(delivered.payment_id, only_payments.payment_id) as payment_id,
        delivered.invoice_id,
        delivered.instalment_number,
        delivered.kind,
        sum(delivered.document_amount) as document_amount
    from delivered
    left join only_payments on delivered.silent_invoice_id = only_payments.invoice_id and delivered.booked_date = only_payments.booked_date
    where delivered.kind not in {{ cash_kinds() }}
    group by all
),

undone_rows as (
    select
        application_id,
        kind,
        payment_id,
        invoice_id,
        instalment_number,
        applied_date,
        cast(document_amount as decimal(18, 4)) as document_amount,
        payment_amount,
        restoring_payment_id,
        restored_date
    from cash
    union all
    select
        cash.application_id || ':' || allowed.kind,
        allowed.kind,
        cash.payment_id,
        cash.invoice_id,
        cash.instalment_number,
        cash.applied_date,
        cast(-allowed.document_amount as decimal(18, 4)),
        null,
        cash.restoring_payment_id,
        cash.restored_date
    from cash
    inner join allowed
        on
            cash.reversed_payment_id = allowed.payment_id
            and cash.invoice_id = allowed.invoice_id
            and cash.instalment_number is not distinct from allowed.instalment_number
    where cash.is_undone_in_full and allowed.document_amount <> 0
)

select * exclude (restoring_payment_id, restored_date) from undone_rows
union all
select
    'restored:' || application_id,
    kind,
    restoring_payment_id,
    invoice_id,
    instalment_number,
    greatest(restored_date, applied_date),
    -document_amount,
    -payment_amount
from undone_rows
where restoring_payment_id is not null
