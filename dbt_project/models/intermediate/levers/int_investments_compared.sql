-- Difference in differences by kind and length of history: the change of each who got it less the mean change of the comparable who did not. Variance = s1 squared / N + s0 squared x
-- sum of W squared, where W is all the weight that one colleague has in the comparison over all months: a colleague who serves five comparisons is one.
-- s1 and s0 are the spreads within what is compared.
{%- set stratum = ['history_months', 'invested_month', 'team', 'is_young', 'base_third'] %}
with changes as (
    select * from {{ ref('int_investments_changed') }}
),

treated as (
    select * from changes where kinds is not null
),

controls as (
    select * from changes where kinds is null
),

strata as (
    select
        {{ stratum | join(', ') }},
        count(*) as control_count,
        avg(change_amount) as control_change_amount,
        sum(change_amount * change_amount) - count(*) * avg(change_amount) * avg(change_amount) as control_squares
    from controls
    group by {{ stratum | join(', ') }}
    having count(*) >= 2
),

differences as (
    select
        treated.*,
        strata.control_count,
        strata.control_change_amount,
        treated.change_amount - strata.control_change_amount as difference_amount
    from treated
    inner join strata on {% for column in stratum %}treated.{{ column }} = strata.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
),

effects as (
    select
        history_months,
        kinds,
        count(*) as matched_count,
        avg(cost_amount) as cost_amount,
        avg(before_amount) as before_amount,
        avg(after_amount) as after_amount,
        avg(difference_amount) as effect_amount,
        var_samp(difference_amount) as treated_variance
    from differences
    group by 1, 2
),

weights as (
    select
        differences.history_months,
        differences.kinds,
        controls.salesperson_id,
        sum(1.0 / differences.control_count) as weight
    from differences
    inner join controls on {% for column in stratum %}differences.{{ column }} = controls.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
    group by 1, 2, 3
),

spread as (
    select
        history_months,
        sum(control_squares) / nullif(sum(control_count - 1), 0) as control_variance
    from strata
    group by 1
),

weighed as (
    select
        history_months,
        kinds,
        count(*) as control_count,
        sum(weight * weight) as squared_weight
    from weights
    group by 1, 2
)

select
    everybody.history_months,
    everybody.kinds,
    everybody.investment_count,
    coalesce(effects.matched_count, 0) as matched_count,
    coalesce(weighed.control_count, 0) as control_count,
    effects.cost_amount,
    effects.before_amount,
    effects.after_amount,
    effects.effect_amount,
    sqrt(
        effects.treated_variance / effects.matched_count
        + spread.control_variance * weighed.squared_weight / (cast(effects.matched_count as double) * effects.matched_count)
    ) as standard_error
from (select history_months, kinds, count(*) as investment_count from treated group by 1, 2) as everybody
left join spread on everybody.history_months = spread.history_months
left join effects on everybody.history_months = effects.history_months and everybody.kinds = effects.kinds
left join weighed on everybody.history_months = weighed.history_months and everybody.kinds = weighed.kinds
