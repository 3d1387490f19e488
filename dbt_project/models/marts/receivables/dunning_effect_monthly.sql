-- What a step of collecting brought within fourteen days beyond what comparable invoices bring without it: extra = collected - expected, with the interval
-- extra -+ 1.96 x root of both variances. Fewer than thirty matched steps, or less than a fifth of all: not available, never a number. What
-- followed for the relation stands beside as it was, and is no effect.
{%- set minimum_count, minimum_share, width = 30, 0.2, 1.96 %}
with summed as (
    select * from {{ ref('int_dunning_summed_monthly') }}
),

variances as (
    select * from {{ ref('int_dunning_variances_monthly') }}
),

judged as (
    select
        summed.*,
        summed.matched_count >= {{ minimum_count }} and summed.matched_count >= {{ minimum_share }} * summed.step_count as is_known,
        cast(summed.collected_amount as double) - summed.expected_amount as extra_amount,
        {{ width }} * sqrt(summed.collected_variance + coalesce(variances.expected_variance, 0)) as half_width
    from summed
    left join variances
        on
            summed.month_start_date = variances.month_start_date
            and summed.size_class = variances.size_class
            and summed.dunning_level = variances.dunning_level
            and summed.channel = variances.channel
            and summed.department = variances.department
)

select
    month_start_date,
    size_class,
    cast(dunning_level as integer) as dunning_level,
    channel,
    department,
    case when is_known then 'final' else 'not_available' end as status,
    case when not is_known then 'too_few_comparable' end as reason,
    cast(step_count as bigint) as step_count,
    cast(matched_count as bigint) as matched_count,
    cast(matched_amount as decimal(18, 4)) as matched_amount,
    case when is_known then cast(collected_amount as decimal(18, 4)) end as collected_amount,
    case when is_known then {{ rounded_half_up('expected_amount') }} end as expected_amount,
    case when is_known then {{ rounded_half_up('extra_amount') }} end as extra_amount,
    case when is_known then {{ rounded_half_up('extra_amount - half_width') }} end as extra_low_amount,
    case when is_known then {{ rounded_half_up('extra_amount + half_width') }} end as extra_high_amount,
    case when is_known then {{ safe_share('extra_amount', 'matched_amount') }} end as extra_share,
    case when is_known then {{ safe_share('extra_amount - half_width', 'matched_amount') }} end as extra_low_share,
    case when is_known then {{ safe_share('extra_amount + half_width', 'matched_amount') }} end as extra_high_share,
    case when is_known then extra_amount - half_width > 0 or extra_amount + half_width < 0 end as has_effect,
    case when uncosted_count = 0 then cast(matched_cost_amount as decimal(18, 4)) end as matched_cost_amount,
    case when is_known and uncosted_count = 0 and extra_amount - half_width > 0 then {{ safe_share('matched_cost_amount', 'extra_amount') }} end
        as cost_per_extra_euro,
    cast(disputed_count as bigint) as disputed_count,
    {{ safe_share('disputed_count', 'step_count') }} as disputed_share,
    {{ safe_share('ordered_count', 'order_known_count') }} as ordered_share,
    {{ safe_share('had_ordered_count', 'order_known_count') }} as had_ordered_share,
    cast(scored_count as bigint) as scored_count,
    case when scored_count >= {{ minimum_count }} then cast(round(score_change, 4) as decimal(9, 4)) end as score_change,
    {{ safe_share('left_count', 'stay_known_count') }} as left_share
from judged
