-- The least and the most that a KPI can become by releasing any of what is held out, of all subsets. A ratio (N + sum n) / (D + sum d) is at
-- most r where no subset has sum (n - r d) above r D - N; the best one takes the items with n > r d. So items are sorted by n / d, and the
-- only subsets to try are those that a limit r cuts off: with d above zero what lies beyond it, with d below zero what lies before it, and
-- without d what adds to n. Trying them all is one sorted scan. The least is the most of the negative. Dinkelbach (1967). Both are empty where
-- a release moves the figure and nobody knows how far, or can leave it without a denominator.
{%- set keys = ['kpi', 'period_type', 'period_start_date', 'scope_type', 'scope_id'] %}
{%- set key_list = keys | join(', ') %}
with items as (
    select * from {{ ref('int_held_out_kpi_items') }}
),

figures as (
    select * from {{ ref('int_kpi_bound_figures') }}
),

sided as (
    {%- for side, sign in [('high', 1), ('low', -1)] %}
    select
        {{ key_list }},
        '{{ side }}' as side,
        {{ sign }} as sign,
        {{ sign }} * {{ side }}_numerator as numerator,
        denominator,
        cast({{ sign }} * {{ side }}_numerator as double) / nullif(cast(denominator as double), 0) as ratio
    from items
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

totals as (
    select
        {{ key_list }},
        side,
        sign,
        sum(case when denominator > 0 or (denominator = 0 and numerator > 0) then numerator else 0 end) as numerator,
        sum(greatest(denominator, 0)) as denominator,
        sum(least(denominator, 0)) as least_denominator
    from sided
    group by {{ key_list }}, side, sign
),

scanned as (
    select
        {{ key_list }},
        side,
        {%- for part in ['numerator', 'denominator'] %}
        sum(case when denominator > 0 then -{{ part }} when denominator < 0 then {{ part }} end) over (
            partition by {{ key_list }}, side order by ratio
        ) as passed_{{ part }}{{ ',' if not loop.last }}
        {%- endfor %}
    from sided
    where denominator <> 0
),

subsets as (
    select
        {{ key_list }},
        side,
        0 as passed_numerator,
        0 as passed_denominator
    from totals
    union all
    select * from scanned
),

tried as (
    select
        {% for key in keys %}figures.{{ key }}, {% endfor %}
        totals.side,
        totals.sign,
        totals.sign * figures.numerator + totals.numerator + subsets.passed_numerator as numerator,
        figures.denominator + totals.denominator + subsets.passed_denominator as denominator,
        figures.denominator + totals.least_denominator as least_denominator
    from totals
    inner join figures using ({{ key_list }})
    inner join subsets using ({{ key_list }}, side)
),

unknown as (
    select distinct {{ key_list }}
    from items
    where is_unknown
)

select
    {% for key in keys %}tried.{{ key }}, {% endfor %}
    {%- for side in ['low', 'high'] %}
    case
        when count(unknown.kpi) = 0 and min(tried.least_denominator) > 0
            then max(case when tried.side = '{{ side }}' then {{ safe_share('tried.numerator', 'tried.denominator') }} end) * {{ -1 if side == 'low' else 1 }}
    end as {{ side }}_value{{ ',' if not loop.last }}
    {%- endfor %}
from tried
left join unknown using ({{ key_list }})
group by {% for key in keys %}tried.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
union all
select * from {{ ref('int_kpi_bounds_walked') }}
