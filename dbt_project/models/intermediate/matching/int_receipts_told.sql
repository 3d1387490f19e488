-- Money that came in, with its evidence, and the day on which all of it had gone back. A payment that the company delivers has the evidence of
-- its entry on a statement. A payer is known by the number that the company gives, or by the only customer of its name.
with night as (
    select * from {{ ref('stg_company__night') }}
),

customer_ids as (
    select * from {{ ref('int_customer_ids') }}
),

pools as (
    select * from {{ ref('int_customer_pools') }}
),

payments as (
    select payments.* replace (coalesce(customer_ids.customer_id, payments.customer_id) as customer_id)
    from {{ ref('int_payments_received') }} as payments
    inner join night on payments.received_date <= night.report_date
    left join customer_ids on payments.customer_id = customer_ids.delivered_customer_id
),

-- A reversal that was itself taken back leaves the receipt to nobody.
reversed as (
    select
        reversals.is_reversal_of as payment_id,
        -sum(reversals.amount) as returned_amount,
        max(reversals.received_date) as last_date,
        bool_or(restoring.payment_id is not null) as is_restored
    from payments as reversals
    left join payments as restoring on reversals.payment_id = restoring.is_reversal_of
    where reversals.is_reversal_of is not null
    group by reversals.is_reversal_of
),

entries as (
    select * from {{ ref('int_bank_entries') }}
),

linked as (
    select * from {{ ref('int_payments_on_statements') }}
),

told as (
    select
        payments.payment_id,
        payments.customer_id,
        payments.received_date,
        payments.currency,
        payments.amount,
        {{ normalised_account('coalesce(payments.payer_iban, entries.payer_iban)') }} as payer_iban,
        entries.counterparty_name,
        entries.structured_reference,
        entries.payer_reference,
        concat_ws(' ', payments.reference_text, case when entries.payment_id <> payments.payment_id then entries.remittance_text end) as reference_text,
        reversed.payment_id is null as has_stayed,
        case when reversed.returned_amount >= payments.amount and not reversed.is_restored then reversed.last_date end as returned_date
    from payments
    left join linked on payments.payment_id = linked.payment_id
    left join entries on linked.entry_id = entries.payment_id
    left join reversed on payments.payment_id = reversed.payment_id
    where payments.amount > 0 and payments.is_reversal_of is null
),

names as (
    select
        payer_name,
        min(customer_id) as customer_id
    from (
        select distinct customer_id, unnest([{{ payer_name('name') }}, {{ payer_name(spelt_out('name')) }}]) as payer_name
        from {{ ref('stg_order_to_cash__customers') }}
    )
    where length(payer_name) > 2
    group by payer_name
    having count(*) = 1
)

select
    told.payment_id,
    coalesce(told.customer_id, names.customer_id) as customer_id,
    coalesce(pools.pool_id, told.customer_id) as pool_id,
    case when told.customer_id is not null then 'customer number' when names.customer_id is not null then 'name' end as known_by,
    told.received_date,
    told.currency,
    cast(told.amount as decimal(18, 4)) as amount,
    told.payer_iban,
    told.counterparty_name,
    told.structured_reference,
    told.payer_reference,
    nullif(told.reference_text, '') as reference_text,
    told.has_stayed,
    told.returned_date
from told
left join names on {{ payer_name('told.counterparty_name') }} = names.payer_name
left join pools on coalesce(told.customer_id, names.customer_id) = pools.customer_id
