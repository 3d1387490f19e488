-- Months for every scope; quarters and years, with their own days and sales, for the company. Balances are those of the
-- period's last month, the opening those of the month before its first.
{%- set balances = [
    'receivables_amount', 'not_due_amount', 'overdue_amount', 'overdue_1_30_amount', 'overdue_31_60_amount', 'overdue_61_90_amount',
    'overdue_91_120_amount', 'overdue_over_120_amount', 'no_due_date_amount', 'unapplied_credit_amount', 'unapplied_cash_amount',
    'held_out_receivables_amount', 'held_out_overdue_amount', 'held_out_not_due_amount', 'unvalued_count'
] %}
{%- set flows = [
    'credit_sales_gross_amount', 'held_out_credit_sales_gross_amount', 'unvalued_document_count', 'collected_amount',
    'collected_amount_days', 'written_off_amount', 'uncollected_amount', 'recovered_amount'
] %}
with months as (
    select
        *,
        lag(receivables_amount) over (partition by scope_type, scope_id order by month_start_date) as opening_receivables_amount,
        lag(held_out_receivables_amount) over (partition by scope_type, scope_id order by month_start_date) as held_out_opening_receivables_amount
    from {{ ref('int_receivables_scoped_monthly') }}
),

calendar as (
    select * from {{ ref('dim_months') }}
),

monthly as (
    select
        'month' as period_type,
        months.month_start_date as period_start_date,
        months.month_start_date as last_month_start_date,
        months.*
    from months
    union all
    select
        'quarter',
        calendar.quarter_start_date,
        {{ months_later('calendar.quarter_start_date', 2) }},
        months.*
    from months
    inner join calendar on months.month_start_date = calendar.month_start_date
    where months.scope_type = 'company'
    union all
    select
        'year',
        calendar.year_start_date,
        {{ months_later('calendar.year_start_date', 11) }},
        months.*
    from months
    inner join calendar on months.month_start_date = calendar.month_start_date
    where months.scope_type = 'company'
)

select
    period_type,
    period_start_date,
    scope_type,
    scope_id,
    max(month_end_date) as period_end_date,
    cast(sum(day_count) as integer) as day_count,
    count(*) as month_count,
    max_by(is_complete, month_start_date) and max(month_start_date) = max(last_month_start_date) as is_complete,
    {%- for opening in ['opening_receivables_amount', 'held_out_opening_receivables_amount'] %}
    coalesce(min_by({{ opening }}, month_start_date), 0) as {{ opening }},
    {%- endfor %}
    {%- for measure in balances %}
    max_by({{ measure }}, month_start_date) as {{ measure }},
    {%- endfor %}
    {%- for measure in flows %}
    sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
    {%- endfor %}
from monthly
group by 1, 2, 3, 4
