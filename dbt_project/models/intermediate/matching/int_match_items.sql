-- What a receipt can settle: documents with what is owed on them, from the day on which it became so: after what was prepaid, with what
-- credits and write-offs took off since. What stands in the ledger as applied is left out: matching says that itself. A credit that names
-- no document settles what is named with it. `pool_id` is the group of customers that may pay for one another.
with documents as (
    select * from {{ ref('int_invoices_valued') }}
),

pools as (
    select * from {{ ref('int_customer_pools') }}
),

changes as (
    select
        invoice_id,
        issued_date as changed_date,
        document_gross_amount - coalesce(document_prepaid_amount, 0) + coalesce(document_rounding_amount, 0) as owed_amount
    from documents
    where document_class = 'invoice' or (document_class = 'credit' and corrects_invoice_id is null)
    union all
    select
        pairs.invoice_id,
        pairs.both_issued_date,
        -pairs.direction * pairs.credit_amount
    from {{ ref('int_credit_pairs') }} as pairs
    inner join documents on pairs.invoice_id = documents.invoice_id and documents.document_class = 'invoice'
    union all
    select
        written_off.invoice_id,
        greatest(written_off.written_off_date, documents.issued_date),
        -written_off.amount
    from {{ ref('stg_order_to_cash__write_offs') }} as written_off
    inner join documents on written_off.invoice_id = documents.invoice_id and documents.document_class = 'invoice'
),

levels as (
    select
        invoice_id,
        changed_date as owed_from_date,
        coalesce(lead(changed_date) over (partition by invoice_id order by changed_date), date '9999-12-31') as owed_until_date,
        sum(sum(owed_amount)) over (partition by invoice_id order by changed_date rows between unbounded preceding and current row) as owed_amount
    from changes
    group by invoice_id, changed_date
)

select
    levels.invoice_id,
    documents.customer_id,
    coalesce(pools.pool_id, documents.customer_id) as pool_id,
    documents.currency,
    documents.issued_date,
    documents.due_date,
    documents.payment_terms_id,
    documents.document_net_amount,
    documents.payment_reference,
    levels.owed_from_date,
    levels.owed_until_date,
    cast(levels.owed_amount as decimal(18, 4)) as owed_amount
from levels
inner join documents on levels.invoice_id = documents.invoice_id
left join pools on documents.customer_id = pools.customer_id
