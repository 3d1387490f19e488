-- A quarter or year is complete when all its calendar months are: none before the first complete month, none still running.
with months as (
    select * from {{ ref('dim_months') }}
),

periods as (
    {%- for period_type, month_count in [('month', 1), ('quarter', 3), ('year', 12)] %}
    select
        '{{ period_type }}' as period_type,
        {{ month_count }} as month_count,
        {{ period_type }}_start_date as period_start_date,
        {{ months_later(period_type ~ '_start_date', month_count) }} as next_start_date,
        known_day_count,
        is_complete
    from months
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    period_type,
    period_start_date,
    {{ months_later('next_start_date', -1) }} as last_month_start_date,
    cast({{ days_between('period_start_date', 'next_start_date') }} as integer) as day_count,
    cast(sum(known_day_count) as integer) as known_day_count,
    count(case when is_complete then 1 end) = month_count as is_complete
from periods
group by period_type, month_count, period_start_date, next_start_date
