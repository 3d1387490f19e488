{#
What open invoices are expected to bring in which period after the month end, by each payer's own delays, given that it has not paid until now:
open x (own cash of the period + k x the segment's) / (own that was settled later than this + k x the segment's). Who is later than anybody
ever was brings nothing. `as_due` is the naive forecast: on the due date, and what is overdue in the first period. `unit` is a week (of seven
days after the month end) or a month of the calendar; the last period is all that comes later.
#}
{% macro cash_expected(unit, last) -%}
{%- set segment_weight, number = 10, unit ~ '_number' %}
with delays as (
    select
        month_start_date,
        customer_id,
        delay_days,
        sum(settled_share) as settled_share,
        sum(cash_share) as cash_share
    from {{ ref('int_payment_delays_monthly') }}
    group by 1, 2, 3
),

pooled as (
    select * from {{ ref('int_payment_delays_pooled') }}
),

items as (
    select * from {{ ref('int_cash_items_open') }}
),

later as (
    select
        items.month_start_date,
        items.customer_id,
        items.elapsed_days,
        sum(delays.settled_share) as settled_share
    from (select distinct month_start_date, customer_id, elapsed_days from items) as items
    inner join delays
        on items.month_start_date = delays.month_start_date and items.customer_id = delays.customer_id and items.elapsed_days < delays.delay_days
    group by 1, 2, 3
),

pooled_periods as (
    select
        items.month_start_date,
        items.size_class,
        items.elapsed_days,
        {{ period_ahead('items.month_start_date', 'delays.delay_days - items.elapsed_days', unit, last) }} as {{ number }},
        sum(delays.cash_share) as cash_share,
        sum(sum(delays.settled_share)) over (partition by items.month_start_date, items.size_class, items.elapsed_days) as later_share
    from (select distinct month_start_date, size_class, elapsed_days from items) as items
    inner join pooled as delays
        on items.month_start_date = delays.month_start_date and items.size_class = delays.size_class and items.elapsed_days < delays.delay_days
    group by 1, 2, 3, 4
),

weighed as (
    select
        items.*,
        cast(items.open_amount as double)
        / nullif(cast(coalesce(later.settled_share, 0) + {{ segment_weight }} * coalesce(pools.later_share, 0) as double), 0) as amount_per_share
    from items
    left join later
        on items.month_start_date = later.month_start_date and items.customer_id = later.customer_id and items.elapsed_days = later.elapsed_days
    left join (select distinct month_start_date, size_class, elapsed_days, later_share from pooled_periods) as pools
        on items.month_start_date = pools.month_start_date and items.size_class = pools.size_class and items.elapsed_days = pools.elapsed_days
),

parts as (
    select
        items.month_start_date,
        {{ period_ahead('items.month_start_date', 'delays.delay_days - items.elapsed_days', unit, last) }} as {{ number }},
        cast(round(items.amount_per_share * cast(delays.cash_share as double), 6) as decimal(24, 6)) as expected_amount,
        0 as as_due_amount
    from weighed as items
    inner join delays
        on items.month_start_date = delays.month_start_date and items.customer_id = delays.customer_id and items.elapsed_days < delays.delay_days
    union all
    select
        items.month_start_date,
        pooled_periods.{{ number }},
        cast(round(items.amount_per_share * {{ segment_weight }} * cast(pooled_periods.cash_share as double), 6) as decimal(24, 6)),
        0
    from weighed as items
    inner join pooled_periods
        on items.month_start_date = pooled_periods.month_start_date and items.size_class = pooled_periods.size_class and items.elapsed_days = pooled_periods.elapsed_days
    union all
    select
        month_start_date,
        {{ period_ahead('month_start_date', 'greatest(-elapsed_days, 1)', unit, last) }},
        0,
        open_amount
    from items
)

select
    month_start_date,
    {{ number }},
    {{ rounded_half_up('sum(expected_amount)') }} as expected_amount,
    cast(sum(as_due_amount) as decimal(18, 4)) as as_due_amount
from parts
group by 1, 2
{%- endmacro %}

{# Which period after the month of `month` lies `days` days after its end: 1 is the first one. #}
{% macro period_ahead(month, days, unit, last) -%}
    {%- if unit == 'week' -%}
    least(cast(ceil(({{ days }}) / 7.0) as integer), {{ last }})
    {%- else -%}
    least(cast({{ months_between(month, month_end(month) ~ ' + (' ~ days ~ ')') }} as integer), {{ last }})
    {%- endif -%}
{%- endmacro %}
