-- A quarter or year is complete when its last calendar month is.
with months as (
    select * from {{ ref('dim_months') }}
),

periods as (
    {%- for period_type, month_count in [('month', 1), ('quarter', 3), ('year', 12)] %}
    select
        '{{ period_type }}' as period_type,
        {{ period_type }}_start_date as period_start_date,
        month_start_date,
        {{ months_later(period_type ~ '_start_date', month_count - 1) }} as last_month_start_date,
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
    max(last_month_start_date) as last_month_start_date,
    max(case when month_start_date = last_month_start_date and is_complete then 1 else 0 end) = 1 as is_complete
from periods
group by 1, 2
