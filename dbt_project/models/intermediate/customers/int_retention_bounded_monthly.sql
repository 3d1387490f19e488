-- Retention as it is and, beside it, as it would be with the invoices that are held out.
with counts as (
    select
        month_start_date,
        sum(held_out_opening_count) as held_out_opening_count,
        sum(held_out_churned_count) as held_out_churned_count
    from {{ ref('int_customer_states_held_out') }}
    group by 1
),

revenue as (
    select * from {{ ref('int_retention_held_out_monthly') }}
)

select
    retention.*,
    {%- for amount in ['opening', 'kept', 'closing'] %}
    retention.{{ amount }}_revenue_amount + coalesce(revenue.held_out_{{ amount }}_revenue_amount, 0) as bounded_{{ amount }}_revenue_amount,
    {%- endfor %}
    case
        when counts.month_start_date is null or not retention.is_window_known then retention.annual_churn_share
        when retention.opening_count + counts.held_out_opening_count > 0 then {{ annualised_churn_share(
            'retention.churned_count + counts.held_out_churned_count', 'retention.opening_count + counts.held_out_opening_count'
        ) }}
    end as bounded_annual_churn_share
from {{ ref('retention_monthly') }} as retention
left join counts on case when retention.window_months = 1 then retention.month_start_date end = counts.month_start_date
left join revenue on case when retention.window_months = 12 then retention.month_start_date end = revenue.month_start_date
