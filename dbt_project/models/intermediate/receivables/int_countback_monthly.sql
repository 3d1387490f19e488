-- Receivables are laid over the sales of the newest months until they are used up. With sales summed from the start,
-- the month in which they run out is the last one whose earlier sales are not above all sales minus receivables.
-- Walked three times: without what is held out, and with what of it makes the days fewest (no receivables more, all sales) and most.
{%- set walk = 'basis, scope_type, scope_id' %}
with scoped as (
    select * from {{ ref('int_receivables_scoped_monthly') }}
),

extremes as (
    select * from {{ ref('int_held_out_extremes_monthly') }}
),

months as (
    {%- for basis, receivables, sales in [('kept', '0', '0'), ('low', 'low_receivables_amount', 'high_sales_amount'), ('high', 'high_receivables_amount', 'low_sales_amount')] %}
    select
        '{{ basis }}' as basis,
        scope_type,
        scope_id,
        month_start_date,
        scoped.day_count,
        scoped.receivables_amount + coalesce({{ receivables }}, 0) as receivables_amount,
        scoped.credit_sales_gross_amount + coalesce({{ sales }}, 0) < 0 as has_negative_sales,
        greatest(scoped.credit_sales_gross_amount + coalesce({{ sales }}, 0), 0) as sales_amount
    from scoped
    left join extremes using (scope_type, scope_id, month_start_date)
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

cumulated as (
    select
        *,
        sum(sales_amount) over (partition by {{ walk }} order by month_start_date) as sales_until_amount,
        sum(day_count) over (partition by {{ walk }} order by month_start_date) as days_until_count,
        sum(case when has_negative_sales then 1 else 0 end) over (partition by {{ walk }} order by month_start_date) as negative_until_count
    from months
),

stop_months as (
    select
        newest.basis,
        newest.scope_type,
        newest.scope_id,
        newest.month_start_date,
        max(earlier.month_start_date) as stop_month
    from cumulated as newest
    inner join cumulated as earlier using ({{ walk }})
    where
        newest.receivables_amount > 0
        and newest.month_start_date >= earlier.month_start_date
        and newest.sales_until_amount - newest.receivables_amount >= earlier.sales_until_amount - earlier.sales_amount
    group by 1, 2, 3, 4
),

walked as (
    select
        newest.*,
        stop.month_start_date as stop_month,
        newest.days_until_count - stop.days_until_count as whole_days,
        newest.receivables_amount - (newest.sales_until_amount - stop.sales_until_amount) as rest_amount,
        stop.sales_amount as stop_sales_amount,
        stop.day_count as stop_day_count,
        newest.negative_until_count - coalesce(stop.negative_until_count, 0) as negative_month_count
    from cumulated as newest
    left join stop_months using ({{ walk }}, month_start_date)
    left join cumulated as stop
        on
            stop_months.basis = stop.basis
            and stop_months.scope_type = stop.scope_type
            and stop_months.scope_id = stop.scope_id
            and stop_months.stop_month = stop.month_start_date
),

counted as (
    select
        *,
        case
            when receivables_amount = 0 then 0
            when stop_month is not null
                then cast(round(
                    whole_days + cast(rest_amount as double) / nullif(cast(stop_sales_amount as double), 0) * stop_day_count, 6
                ) as decimal(38, 6))
        end as days,
        case when receivables_amount > 0 and stop_month is null then days_until_count end as at_least_days,
        case
            when receivables_amount < 0 then 'negative_receivables'
            when receivables_amount > 0 and stop_month is null then 'sales_exhausted'
            when negative_month_count > 0 then 'negative_sales_month'
        end as reason
    from walked
)

select
    scope_type,
    scope_id,
    month_start_date,
    max(case when basis = 'kept' then days end) as countback_days,
    max(case when basis = 'kept' then at_least_days end) as countback_at_least_days,
    max(case when basis = 'low' then case when receivables_amount < 0 then 0 else coalesce(days, at_least_days) end end) as low_countback_days,
    max(case when basis = 'high' then coalesce(days, at_least_days) end) as high_countback_days,
    max(case when basis = 'kept' then reason end) as reason
from counted
group by 1, 2, 3
