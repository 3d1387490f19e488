-- Receivables are laid over the sales of the newest months until they are used up. With sales summed from the start,
-- the month in which they run out is the last one whose earlier sales are not above all sales minus receivables.
with months as (
    select
        scope_type,
        scope_id,
        month_start_date,
        day_count,
        receivables_amount,
        credit_sales_gross_amount < 0 as has_negative_sales,
        greatest(credit_sales_gross_amount, 0) as sales_amount
    from {{ ref('int_receivables_scoped_monthly') }}
),

cumulated as (
    select
        *,
        sum(sales_amount) over (partition by scope_type, scope_id order by month_start_date) as sales_until_amount,
        sum(day_count) over (partition by scope_type, scope_id order by month_start_date) as days_until_count
    from months
),

stop_months as (
    select
        newest.scope_type,
        newest.scope_id,
        newest.month_start_date,
        max(earlier.month_start_date) as stop_month
    from cumulated as newest
    inner join cumulated as earlier
        on
            newest.scope_type = earlier.scope_type
            and newest.scope_id = earlier.scope_id
            and newest.month_start_date >= earlier.month_start_date
            and newest.sales_until_amount - newest.receivables_amount >= earlier.sales_until_amount - earlier.sales_amount
    where newest.receivables_amount > 0
    group by 1, 2, 3
),

walked as (
    select
        newest.*,
        stop.month_start_date as stop_month,
        newest.days_until_count - stop.days_until_count as whole_days,
        newest.receivables_amount - (newest.sales_until_amount - stop.sales_until_amount) as rest_amount,
        stop.sales_amount as stop_sales_amount,
        stop.day_count as stop_day_count
    from cumulated as newest
    left join stop_months
        on
            newest.scope_type = stop_months.scope_type
            and newest.scope_id = stop_months.scope_id
            and newest.month_start_date = stop_months.month_start_date
    left join cumulated as stop
        on
            stop_months.scope_type = stop.scope_type
            and stop_months.scope_id = stop.scope_id
            and stop_months.stop_month = stop.month_start_date
),

flagged as (
    select
        walked.scope_type,
        walked.scope_id,
        walked.month_start_date,
        count(case when passed.has_negative_sales then 1 end) as negative_sales_month_count
    from walked
    inner join months as passed
        on
            walked.scope_type = passed.scope_type
            and walked.scope_id = passed.scope_id
            and passed.month_start_date between coalesce(walked.stop_month, passed.month_start_date) and walked.month_start_date
    group by 1, 2, 3
)

select
    walked.scope_type,
    walked.scope_id,
    walked.month_start_date,
    case
        when walked.receivables_amount = 0 then 0
        when walked.stop_month is not null
            then cast(round(
                walked.whole_days
                + cast(walked.rest_amount as double) / nullif(cast(walked.stop_sales_amount as double), 0) * walked.stop_day_count,
                6
            ) as decimal(38, 6))
    end as countback_days,
    case
        when walked.receivables_amount > 0 and walked.stop_month is null then walked.days_until_count
    end as countback_at_least_days,
    case
        when walked.receivables_amount < 0 then 'receivables are negative'
        when walked.receivables_amount > 0 and walked.stop_month is null then 'receivables exceed all sales that are known'
        when flagged.negative_sales_month_count > 0 then 'a month with negative sales was counted as 0'
    end as reason
from walked
inner join flagged
    on
        walked.scope_type = flagged.scope_type
        and walked.scope_id = flagged.scope_id
        and walked.month_start_date = flagged.month_start_date
