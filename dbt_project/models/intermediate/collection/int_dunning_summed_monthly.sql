-- Steps of twelve months by segment ('all' as well), level, channel and department: what the matched ones brought and would have brought without, and what
-- followed on all of them, as far as the month end knew it. The variance of what was collected is sum of amount squared x q (1 - q), q the share of
-- matched invoices that were.
{%- set dispute_days, order_days, left_months = 14, 90, 6 %}
with compared as (
    select * from {{ ref('int_dunning_compared_monthly') }}
),

followed as (
    select * from {{ ref('int_dunning_followed') }}
),

policy as (
    select * from {{ ref('fct_dunning_policy') }} where cost_amount is not null
),

own_segments as (
    select distinct size_class from policy
),

cuts as (
    select * from (values ('segment'), ('all')) as names (cut)
),

costed as (
    select
        compared.*,
        policy.cost_amount,
        row_number() over (partition by compared.month_start_date, compared.activity_id order by policy.valid_from_date desc) as cost_place
    from compared
    left join own_segments on compared.size_class = own_segments.size_class
    left join policy
        on
            policy.size_class = coalesce(own_segments.size_class, 'all')
            and compared.dunning_level = policy.dunning_level
            and policy.valid_from_date <= compared.happened_date
            and compared.happened_date < coalesce(policy.valid_until_date, date '9999-12-31')
),

known as (
    select
        costed.*,
        case when cuts.cut = 'all' then 'all' else costed.size_class end as segment,
        {{ month_end('costed.month_start_date') }} as known_date,
        followed.dispute_opened_date <= costed.happened_date + {{ dispute_days }} as is_disputed,
        costed.happened_date + {{ order_days }} <= {{ month_end('costed.month_start_date') }} as is_order_known,
        followed.next_purchase_date <= costed.happened_date + {{ order_days }} as has_ordered,
        followed.former_purchase_date > costed.happened_date - {{ order_days }} as had_ordered,
        case when followed.next_answer_date <= {{ month_end('costed.month_start_date') }} then followed.next_score - followed.former_score end as score_change,
        {{ months_later('costed.happened_date', left_months) }} <= costed.month_start_date as is_stay_known,
        followed.lost_month <= {{ months_later('costed.happened_date', left_months) }} as has_left
    from costed
    cross join cuts
    left join followed on costed.activity_id = followed.activity_id
    where costed.cost_place = 1
)

select
    month_start_date,
    segment as size_class,
    dunning_level,
    channel,
    department,
    count(*) as step_count,
    count(case when is_matched then 1 end) as matched_count,
    sum(case when is_matched then amount else 0 end) as matched_amount,
    sum(case when is_matched and is_collected_in_time then amount else 0 end) as collected_amount,
    sum(case when is_matched then cast(amount as double) * expected_share else 0 end) as expected_amount,
    sum(case when is_matched then cast(amount as double) * cast(amount as double) else 0 end)
    * avg(case when is_matched then case when is_collected_in_time then 1.0 else 0.0 end end)
    * (1 - avg(case when is_matched then case when is_collected_in_time then 1.0 else 0.0 end end)) as collected_variance,
    sum(case when is_matched then cost_amount end) as matched_cost_amount,
    count(case when is_matched and cost_amount is null then 1 end) as uncosted_count,
    count(case when is_disputed then 1 end) as disputed_count,
    count(case when is_order_known then 1 end) as order_known_count,
    count(case when is_order_known and has_ordered then 1 end) as ordered_count,
    count(case when is_order_known and had_ordered then 1 end) as had_ordered_count,
    count(score_change) as scored_count,
    avg(score_change) as score_change,
    count(case when is_stay_known then 1 end) as stay_known_count,
    count(case when is_stay_known and has_left then 1 end) as left_count
from known
group by 1, 2, 3, 4, 5
