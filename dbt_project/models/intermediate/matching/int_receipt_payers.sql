-- Who paid: the customer that the company or the name tells, else the one of the documents that the receipt names or a person confirmed,
-- else the only one for whom that account has paid before.
with receipts as (
    select * from {{ ref('int_receipts_told') }}
),

pools as (
    select * from {{ ref('int_customer_pools') }}
),

settled as (
    select payment_id, invoice_id from {{ ref('int_matches_numbered') }}
    union
    select payment_id, invoice_id from {{ ref('int_matches_decided') }}
),

customers_settled as (
    select
        settled.payment_id,
        min(items.customer_id) as customer_id,
        count(distinct items.pool_id) as pool_count
    from settled
    inner join (select distinct invoice_id, customer_id, pool_id from {{ ref('int_match_items') }}) as items on settled.invoice_id = items.invoice_id
    group by settled.payment_id
),

told as (
    select
        receipts.payment_id,
        receipts.payer_iban,
        receipts.received_date,
        coalesce(receipts.customer_id, customers_settled.customer_id) as customer_id,
        coalesce(receipts.known_by, case when customers_settled.customer_id is not null then 'document' end) as known_by
    from receipts
    left join customers_settled on receipts.payment_id = customers_settled.payment_id and customers_settled.pool_count = 1
),

accounts as (
    select
        told.payer_iban,
        min(told.received_date) as seen_date,
        min_by(told.customer_id, told.received_date) as customer_id
    from told
    left join pools on told.customer_id = pools.customer_id
    where told.customer_id is not null and told.payer_iban <> ''
    group by told.payer_iban
    having count(distinct coalesce(pools.pool_id, told.customer_id)) = 1
)

select
    told.payment_id,
    coalesce(told.customer_id, accounts.customer_id) as customer_id,
    coalesce(pools.pool_id, told.customer_id, accounts.customer_id) as pool_id,
    coalesce(told.known_by, case when accounts.customer_id is not null then 'account seen on ' || accounts.seen_date end) as known_by
from told
left join accounts on told.payer_iban = accounts.payer_iban and told.received_date > accounts.seen_date
left join pools on coalesce(told.customer_id, accounts.customer_id) = pools.customer_id
