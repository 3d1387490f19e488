-- Which method was best out of sample, and by how much: over the closed months that all of them could forecast, each with what was known before its
-- snapshot. The error of a level is that of its sums: what a salesperson has too much may be what a colleague has too little. Recommended is what
-- the warehouse recommended before each month, whatever it was.
{%- set methods = ['raw', 'flat', 'calibrated', 'staged', 'naive', 'recommended'] %}
with judged as (
    select * from {{ ref('forecast_haircut_monthly') }}
    where is_complete and calibrated_amount is not null and staged_amount is not null and naive_amount is not null
),

levels as (
    {%- for level, scope in [('company', "'company'"), ('team', 'team'), ('salesperson', 'salesperson_id')] %}
    select
        '{{ level }}' as level,
        month_start_date,
        {{ scope }} as scope_id,
        {%- for method in methods %}
        sum({{ method }}_amount) as {{ method }}_amount,
        {%- endfor %}
        sum(actual_amount) as actual_amount
    from judged
    group by 1, 2, 3
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

summed as (
    {%- for method in methods %}
    select
        level,
        '{{ method }}' as method,
        count(distinct month_start_date) as month_count,
        sum({{ method }}_amount) as forecast_amount,
        sum(actual_amount) as actual_amount,
        sum(abs({{ method }}_amount - actual_amount)) as absolute_error_amount,
        sum(abs(flat_amount - actual_amount)) as flat_error_amount,
        sum(abs(naive_amount - actual_amount)) as naive_error_amount
    from levels
    group by 1
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    level,
    method,
    month_count,
    cast(forecast_amount as decimal(18, 4)) as forecast_amount,
    cast(actual_amount as decimal(18, 4)) as actual_amount,
    cast(absolute_error_amount as decimal(18, 4)) as absolute_error_amount,
    {{ safe_share('absolute_error_amount', 'actual_amount') }} as wape_share,
    {{ safe_share('forecast_amount - actual_amount', 'actual_amount') }} as bias_share,
    cast(flat_error_amount - absolute_error_amount as decimal(18, 4)) as value_added_to_flat_amount,
    cast(naive_error_amount - absolute_error_amount as decimal(18, 4)) as value_added_to_naive_amount,
    method <> 'recommended' and absolute_error_amount = min(case when method <> 'recommended' then absolute_error_amount end) over (partition by level) as is_best
from summed
