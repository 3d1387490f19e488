-- The same of a segment (size class), as shares of all that was settled, with the company's weighing as much as ten documents: what a payer with few
-- documents of its own leans on.
{%- set company_weight = 10 %}
with delays as (
    select * from {{ ref('int_payment_delays_monthly') }}
),

company as (
    select
        month_start_date,
        delay_days,
        sum(settled_share) as settled_share,
        sum(cash_share) as cash_share,
        sum(sum(settled_share)) over (partition by month_start_date) as all_share
    from delays
    group by 1, 2
),

segments as (
    select
        month_start_date,
        size_class,
        sum(settled_share) as all_share
    from delays
    group by 1, 2
),

own as (
    select
        month_start_date,
        size_class,
        delay_days,
        sum(settled_share) as settled_share,
        sum(cash_share) as cash_share
    from delays
    group by 1, 2, 3
),

weighed as (
    select
        segments.month_start_date,
        segments.size_class,
        company.delay_days,
        {%- for share in ['settled_share', 'cash_share'] %}
        (
            cast(coalesce(own.{{ share }}, 0) as double)
            + {{ company_weight }} * cast(company.{{ share }} as double) / nullif(cast(company.all_share as double), 0)
        ) / nullif(cast(segments.all_share as double) + {{ company_weight }}, 0) as {{ share }}{{ ',' if not loop.last }}
        {%- endfor %}
    from segments
    inner join company on segments.month_start_date = company.month_start_date
    left join own
        on
            segments.month_start_date = own.month_start_date
            and segments.size_class = own.size_class
            and company.delay_days = own.delay_days
)

select
    month_start_date,
    size_class,
    delay_days,
    cast(round(settled_share, 9) as decimal(18, 9)) as settled_share,
    cast(round(cash_share, 9) as decimal(18, 9)) as cash_share
from weighed
