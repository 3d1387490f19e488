with errors as (
    select * from {{ ref('fct_invoice_errors') }} where error_code = 'delivered_not_invoiced' and not is_approved
),

customers as (
    select * from {{ ref('dim_customers') }}
),

unbilled as (
    select
        customer_id,
        count(distinct order_id) as order_count,
        count(*) as order_line_count,
        min(event_date) as oldest_delivered_date,
        {{ money_sum('stake_amount') }} as unbilled_amount
    from errors
    group by customer_id
)

select
    unbilled.customer_id,
    coalesce(customers.name, unbilled.customer_id) as customer_name,
    coalesce(customers.account_owner_id, 'unknown') as account_owner_id,
    unbilled.order_count,
    unbilled.order_line_count,
    unbilled.oldest_delivered_date,
    unbilled.unbilled_amount
from unbilled
left join customers on unbilled.customer_id = customers.customer_id
