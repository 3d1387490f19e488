-- Money at relationship risk is the revenue of customers whose relation is weaker than 50 or not reviewed within a year. The link
-- with the value is a rank correlation, ties at their mean rank, with the interval in which it lies in 95 of 100 cases (Fisher's z, with the variance
-- of ranks: 1.06 / (n - 3)); below ten customers it says nothing, and an interval that holds zero shows no link.
-- The best relations are the strongest tenth; what they lack to 100 is the potential that even they leave.
with base as (
    select
        base.customer_id,
        base.month_start_date,
        base.is_complete,
        base.trailing_net_revenue_amount,
        base.value_amount,
        strengths.strength_score,
        strengths.review_age_days
    from {{ ref('customer_base_monthly') }} as base
    left join {{ ref('int_relationship_strengths_monthly') }} as strengths
        on base.customer_id = strengths.customer_id and base.month_start_date = strengths.month_start_date
),

best as (
    select
        month_start_date,
        count(*) as best_relation_count,
        avg(strength_score) as best_strength_score
    from (select *, ntile(10) over (partition by month_start_date order by strength_score desc, customer_id) as decile from base where strength_score is not null)
    where decile = 1
    group by 1
),

ranked as (
    select
        month_start_date,
        rank() over (partition by month_start_date order by strength_score)
        + (count(*) over (partition by month_start_date, strength_score) - 1) * 0.5 as strength_rank,
        rank() over (partition by month_start_date order by value_amount)
        + (count(*) over (partition by month_start_date, value_amount) - 1) * 0.5 as value_rank
    from base
    where strength_score is not null
),

links as (
    select
        month_start_date,
        count(*) as reviewed_count,
        case when count(*) >= 10 then corr(cast(strength_rank as double), cast(value_rank as double)) end as correlation
    from ranked
    group by 1
),

bounded as (
    select
        month_start_date,
        reviewed_count,
        case when not isnan(correlation) then correlation end as correlation,
        {%- for name, sign in [('low', '-'), ('high', '+')] %}
        case
            when not isnan(correlation) and abs(correlation) < 1
                then tanh(atanh(correlation) {{ sign }} 1.96 * sqrt(1.06 / (reviewed_count - 3)))
        end as {{ name }}_correlation{{ ',' if not loop.last }}
        {%- endfor %}
    from links
),

sums as (
    select
        month_start_date,
        is_complete,
        count(*) as active_count,
        sum(strength_score) as strength_sum,
        avg(review_age_days) as review_age_days,
        {{ money_sum('trailing_net_revenue_amount') }} as revenue_amount,
        {{ money_sum('case when strength_score < 50 then trailing_net_revenue_amount end') }} as weak_revenue_amount,
        {{ money_sum('case when strength_score is null then trailing_net_revenue_amount end') }} as unreviewed_revenue_amount
    from base
    group by 1, 2
)

select
    sums.month_start_date,
    sums.is_complete,
    sums.active_count,
    coalesce(links.reviewed_count, 0) as reviewed_count,
    {{ safe_share('coalesce(links.reviewed_count, 0)', 'sums.active_count') }} as coverage_share,
    cast(round(cast(sums.strength_sum as double) / links.reviewed_count, 2) as decimal(9, 4)) as strength_score,
    coalesce(best.best_relation_count, 0) as best_relation_count,
    cast(round(best.best_strength_score, 2) as decimal(9, 4)) as best_strength_score,
    cast(round(100 - best.best_strength_score, 2) as decimal(9, 4)) as potential_gap_score,
    cast(round(sums.review_age_days) as integer) as review_age_days,
    sums.revenue_amount,
    sums.weak_revenue_amount,
    sums.unreviewed_revenue_amount,
    cast(sums.weak_revenue_amount + sums.unreviewed_revenue_amount as decimal(18, 4)) as revenue_at_relationship_risk_amount,
    {%- for name in ['correlation', 'low_correlation', 'high_correlation'] %}
    cast(round(links.{{ name }}, 6) as decimal(38, 6)) as rank_{{ name }}_share,
    {%- endfor %}
    case
        when links.low_correlation > 0 or links.high_correlation < 0 then 'link shown'
        when links.low_correlation is not null then 'no link shown'
        else 'too few to say'
    end as link_verdict
from sums
left join bounded as links on sums.month_start_date = links.month_start_date
left join best on sums.month_start_date = best.month_start_date
