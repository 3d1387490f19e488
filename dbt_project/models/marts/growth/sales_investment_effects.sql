-- What putting money into salespeople brought a month (difference in differences against comparable colleagues), with the interval effect -+ 2.1 x standard error
-- (Student's t of 19 degrees of freedom), and the months until it paid itself back: cost / effect. Of two kinds together also what they brought
-- beyond the sum of either alone. Fewer than twenty matched, or than twenty colleagues: not available, never a number; enough only with the half-year by
-- which people are chosen as what was before: provisional. New heads stand in sales_ramp.
{%- set minimum_count, width, year = 20, 2.1, 12 %}
with judged as (
    select
        *,
        matched_count >= {{ minimum_count }} and control_count >= {{ minimum_count }} as is_known
    from {{ ref('int_investments_compared') }}
),

-- The longer history, where enough people have it.
ranked as (
    select
        *,
        row_number() over (partition by kinds order by is_known desc, case when is_known then -history_months else history_months end) as choice
    from judged
),

compared as (
    select * from ranked where choice = 1
),

coverage as (
    select * from {{ ref('stg_company__entity_coverage') }} where entity = 'sales_investments'
),

names as (
    select 'training' as kinds
    union
    select 'crm'
    union
    select 'relationship_programme'
    union
    select compared.kinds
    from compared
),

known as (
    select
        names.kinds,
        coalesce(compared.investment_count, 0) as investment_count,
        coalesce(compared.matched_count, 0) as matched_count,
        coalesce(compared.control_count, 0) as control_count,
        compared.cost_amount,
        compared.before_amount,
        compared.after_amount,
        compared.effect_amount,
        compared.standard_error,
        compared.history_months,
        coalesce(compared.is_known, false) as is_known
    from names
    left join compared on names.kinds = compared.kinds
),

-- Two kinds together, beside either alone.
parts as (
    select
        pairs.kinds,
        pairs.effect_amount - sum(singles.effect_amount) as beyond_amount,
        sqrt(pairs.standard_error * pairs.standard_error + sum(singles.standard_error * singles.standard_error)) as beyond_error
    from known as pairs
    inner join known as singles on ' + ' || pairs.kinds || ' + ' like '% + ' || singles.kinds || ' + %' and singles.kinds <> pairs.kinds
    where pairs.is_known and singles.is_known
    group by pairs.kinds, pairs.effect_amount, pairs.standard_error
    having count(*) = 2
)

select
    known.kinds,
    case when not known.is_known then 'not_available' when known.history_months = {{ year }} then 'final' else 'provisional' end as status,
    case
        when known.is_known and known.history_months = {{ year }} then null
        when known.is_known then 'half_year_before_chooses'
        when coverage.is_delivered then 'too_few_colleagues'
        else 'investments_not_delivered'
    end as reason,
    cast(known.investment_count as bigint) as investment_count,
    cast(known.matched_count as bigint) as matched_count,
    cast(known.control_count as bigint) as colleague_count,
    {%- for name, expression in {
        'investment_cost_amount': 'known.cost_amount', 'before_amount': 'known.before_amount', 'after_amount': 'known.after_amount',
        'effect_amount': 'known.effect_amount', 'effect_low_amount': 'known.effect_amount - ' ~ width ~ ' * known.standard_error',
        'effect_high_amount': 'known.effect_amount + ' ~ width ~ ' * known.standard_error',
    }.items() %}
    case when known.is_known then {{ rounded_half_up(expression) }} end as {{ name }},
    {%- endfor %}
    case when known.is_known then abs(known.effect_amount) > {{ width }} * known.standard_error end as has_effect,
    case when known.is_known then {{ safe_share('known.cost_amount', 'known.effect_amount') }} end as payback_months,
    case when known.is_known then {{ safe_share('known.cost_amount', 'known.effect_amount + ' ~ width ~ ' * known.standard_error') }} end as payback_low_months,
    case when known.is_known then {{ safe_share('known.cost_amount', 'known.effect_amount - ' ~ width ~ ' * known.standard_error') }} end as payback_high_months,
    {{ rounded_half_up('parts.beyond_amount') }} as beyond_parts_amount,
    {{ rounded_half_up('parts.beyond_amount - ' ~ width ~ ' * parts.beyond_error') }} as beyond_parts_low_amount,
    {{ rounded_half_up('parts.beyond_amount + ' ~ width ~ ' * parts.beyond_error') }} as beyond_parts_high_amount
from known
left join coverage on true
left join parts on known.kinds = parts.kinds
