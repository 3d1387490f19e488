-- Cash lowers receivables when it comes in, as unapplied cash, and raises them again when it is applied to a document, which falls
-- by the same amount: in the payment's own currency, at the rate of the day of receipt. A reversal takes the place of what is
-- unapplied of its payment; a rest of cents closes once something was applied. Cash belongs to the account owner of its customer.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

payments as (
    select * from {{ ref('fct_payments') }}
),

applications as (
    select * from {{ ref('fct_payment_applications') }} where document_payment_amount is not null
),

reversals as (
    select * from {{ ref('int_payments_reversed') }} where undone_amount > 0 and stretch <> 'applied'
),

customers as (
    select * from {{ ref('dim_customers') }}
),

taken as (
    select 'payment_allocated' as event_type, application_id as source_id, payment_id, applied_date as event_date, document_payment_amount as taken_amount
    from applications
    union all
    select case when stretch = 'unapplied' then 'payment_allocated' else 'bank_charged' end, stretch || ':' || payment_id, payment_id, applied_date, -undone_amount
    from reversals
    union all
    select 'payment_allocated', stretch || ':' || payment_id || ':' || reversed_payment_id, reversed_payment_id, applied_date, undone_amount
    from reversals
    where stretch = 'unapplied'
),

daily as (
    select
        payment_id,
        event_date,
        sum(sum(taken_amount)) over (partition by payment_id order by event_date rows between unbounded preceding and current row) as taken_amount
    from taken
    group by payment_id, event_date
),

rests as (
    select
        daily.payment_id,
        daily.event_date,
        {{ rest_of_cents('payments.document_amount', 'daily.taken_amount') }} as rest_amount
    from daily
    cross join parameters
    inner join payments on daily.payment_id = payments.payment_id
),

cents as (
    select
        *,
        rest_amount - coalesce(lag(rest_amount) over (partition by payment_id order by event_date), 0) as taken_amount
    from rests
),

moves as (
    select * from taken
    union all
    select 'rounded', 'cents:' || payment_id || ':' || cast(event_date as varchar), payment_id, event_date, taken_amount from cents where taken_amount <> 0
    union all
    select 'payment_received', payment_id, payment_id, received_date, null from payments
)

select
    moves.event_type,
    moves.source_id,
    moves.event_date,
    cast(null as varchar) as invoice_id,
    moves.payment_id,
    payments.customer_id,
    coalesce(customers.account_owner_id, 'unknown') as salesperson_id,
    payments.currency,
    cast(coalesce(moves.taken_amount, -payments.document_amount) as decimal(18, 4)) as document_amount,
    case
        when moves.event_type = 'payment_received' then -payments.amount
        else {{ converted_cumulatively(
            'moves.taken_amount', 'payments.received_rate', 'moves.payment_id, moves.taken_amount is null', 'moves.event_date, moves.source_id'
        ) }}
    end as amount,
    payments.is_held_out
from moves
inner join payments on moves.payment_id = payments.payment_id
left join customers on payments.customer_id = customers.customer_id
