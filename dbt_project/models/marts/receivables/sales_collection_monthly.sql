with overdue as (
    select * from {{ ref('int_overdue_caused_monthly') }}
),

activities as (
    select * from {{ ref('fct_collection_activities') }} where department = 'sales'
),

helped_cash as (
    select * from {{ ref('int_cash_helped_monthly') }}
),

worked as (
    select distinct
        overdue.month_start_date,
        overdue.invoice_id
    from overdue
    inner join activities
        on
            overdue.customer_id = activities.customer_id
            and coalesce(activities.invoice_id, overdue.invoice_id) = overdue.invoice_id
            and overdue.due_date < activities.happened_date
            and overdue.month_end_date >= activities.happened_date
),

parts as (
    select
        overdue.month_start_date,
        overdue.salesperson_id,
        case when not overdue.is_held_out then overdue.open_amount end as overdue_amount,
        case when not overdue.is_held_out and worked.invoice_id is not null then overdue.open_amount end as worked_amount,
        0 as collected_overdue_amount,
        0 as collected_with_sales_help_amount,
        case when overdue.is_held_out then overdue.open_amount end as held_out_overdue_amount,
        case when overdue.is_held_out and worked.invoice_id is not null then overdue.open_amount end as held_out_worked_amount,
        0 as held_out_collected_with_sales_help_amount
    from overdue
    left join worked on overdue.month_start_date = worked.month_start_date and overdue.invoice_id = worked.invoice_id
    union all
    select
        month_start_date,
        salesperson_id,
        0,
        0,
        collected_overdue_amount,
        collected_with_sales_help_amount,
        0,
        0,
        held_out_collected_with_sales_help_amount
    from helped_cash
)

select
    month_start_date,
    salesperson_id,
    {{ money_sum('overdue_amount') }} as overdue_amount,
    {{ money_sum('worked_amount') }} as overdue_worked_by_sales_amount,
    {{ money_sum('collected_overdue_amount') }} as collected_overdue_amount,
    {{ money_sum('collected_with_sales_help_amount') }} as collected_with_sales_help_amount,
    {{ money_sum('held_out_overdue_amount') }} as held_out_overdue_amount,
    {{ money_sum('held_out_worked_amount') }} as held_out_overdue_worked_by_sales_amount,
    {{ money_sum('held_out_collected_with_sales_help_amount') }} as held_out_collected_with_sales_help_amount
from parts
group by 1, 2
