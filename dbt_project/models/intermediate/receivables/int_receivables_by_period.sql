-- Months for every scope; quarters for company, teams and salespeople and years for the company, with their own days and sales, as they
-- stood at the end of each of their months. Balances are those of that month, the opening those of the month before the first: 0 before
-- the first month of all, and never empty, because min_by would then take that of a later month.
{%- set measures = receivable_measures() %}
{%- set balances, flows = measures.ageing, measures.sales + measures.flows %}
with months as (
    select
        *,
        lag(receivables_amount, 1, 0) over (partition by scope_type, scope_id order by month_start_date) as opening_receivables_amount,
        lag(held_out_receivables_amount, 1, 0) over (partition by scope_type, scope_id order by month_start_date) as held_out_opening_receivables_amount
    from {{ ref('int_receivables_scoped_monthly') }}
),

calendar as (
    select * from {{ ref('dim_months') }}
),

monthly as (
    {%- for period_type, month_count, scope_types in [
        ('month', 1, ['company', 'salesperson', 'team', 'industry', 'segment']),
        ('quarter', 3, ['company', 'salesperson', 'team']),
        ('year', 12, ['company']),
    ] %}
    select
        '{{ period_type }}' as period_type,
        calendar.{{ period_type }}_start_date as period_start_date,
        as_of.month_start_date as as_of_month,
        {{ months_later('calendar.' ~ period_type ~ '_start_date', month_count - 1) }} as last_month_start_date,
        months.*
    from months
    inner join calendar on months.month_start_date = calendar.month_start_date
    inner join calendar as as_of
        on
            calendar.{{ period_type }}_start_date = as_of.{{ period_type }}_start_date
            and calendar.month_start_date <= as_of.month_start_date
    where months.scope_type in ('{{ scope_types | join("', '") }}')
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    period_type,
    period_start_date,
    as_of_month,
    as_of_month = max(as_of_month) over (partition by period_type, period_start_date) as is_latest,
    scope_type,
    scope_id,
    max(month_end_date) as period_end_date,
    cast(sum(day_count) as integer) as day_count,
    count(*) as month_count,
    max_by(is_complete, month_start_date) and max(month_start_date) = max(last_month_start_date) as is_complete,
    {%- for opening in ['opening_receivables_amount', 'held_out_opening_receivables_amount'] %}
    min_by({{ opening }}, month_start_date) as {{ opening }},
    {%- endfor %}
    {%- for measure in balances %}
    max_by({{ measure }}, month_start_date) as {{ measure }},
    {%- endfor %}
    {%- for measure in flows %}
    sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
    {%- endfor %}
from monthly
group by period_type, period_start_date, as_of_month, scope_type, scope_id
