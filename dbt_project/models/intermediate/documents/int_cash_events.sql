-- Cash lowers receivables when it comes in, as unapplied cash, and raises them again when it is applied to an invoice, which
-- falls by the same amount. Cash belongs to the account owner of its customer. An allocation in another currency than the
-- payment's is taken at the invoice's booking rate, in the reporting currency; without such a rate, in the payment's currency.
with night as (
    select * from {{ ref('stg_company__night') }}
),

payments as (
    select * from {{ ref('fct_payments') }}
),

applications as (
    select * from {{ ref('fct_payment_applications') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

owned_payments as (
    select
        payments.*,
        coalesce(customers.account_owner_id, 'unknown') as salesperson_id
    from payments
    left join customers on payments.customer_id = customers.customer_id
),

payments_received as (
    select
        'payment_received' as event_type,
        payment_id as source_id,
        received_date as event_date,
        cast(null as varchar) as invoice_id,
        payment_id,
        customer_id,
        salesperson_id,
        currency,
        -document_amount as document_amount,
        -amount as amount,
        is_held_out
    from owned_payments
),

allocations as (
    select
        applications.application_id,
        applications.applied_date,
        applications.document_amount,
        applications.amount,
        owned_payments.payment_id,
        owned_payments.customer_id,
        owned_payments.salesperson_id,
        owned_payments.currency,
        owned_payments.received_rate,
        owned_payments.is_held_out,
        applications.amount is null or applications.currency = owned_payments.currency as is_same_currency
    from applications
    inner join owned_payments on applications.payment_id = owned_payments.payment_id
    where applications.kind in ('cash', 'reversal')
),

payments_allocated as (
    select
        'payment_allocated' as event_type,
        allocations.application_id as source_id,
        allocations.applied_date as event_date,
        cast(null as varchar) as invoice_id,
        allocations.payment_id,
        allocations.customer_id,
        allocations.salesperson_id,
        case when allocations.is_same_currency then allocations.currency else night.reporting_currency end as currency,
        case when allocations.is_same_currency then allocations.document_amount else allocations.amount end as document_amount,
        case
            when allocations.is_same_currency
                then {{ converted_cumulatively(
                    'allocations.document_amount', 'allocations.received_rate',
                    'allocations.payment_id, allocations.is_same_currency', 'allocations.applied_date, allocations.application_id'
                ) }}
            else allocations.amount
        end as amount,
        allocations.is_held_out
    from allocations
    cross join night
),

events as (
    select * from payments_received
    union all
    select * from payments_allocated
)

select
    event_type,
    source_id,
    event_date,
    invoice_id,
    payment_id,
    customer_id,
    salesperson_id,
    currency,
    document_amount,
    amount,
    is_held_out
from events
