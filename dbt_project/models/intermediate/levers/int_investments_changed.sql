-- The change of a salesperson's monthly margin around a month: mean of the six months after it less that of the six before, the month itself left out. For each
-- month in which anybody got something (the first investments within six months of each other are one, of all their kinds), of those who
-- got it and of those colleagues who got nothing from six months before until six months after. What is compared has the same month, team,
-- tenure (less than two years or more) and base (half of the company by margin before).
{%- set window_months, young_months = 6, 24 %}
with margins as (
    select * from {{ ref('int_salesperson_margins_monthly') }}
),

investments as (
    select * from {{ ref('fct_sales_investments') }} where salesperson_id is not null and kind <> 'hire'
),

dated as (
    select
        salesperson_id,
        kind,
        {{ month_start('invested_date') }} as invested_month,
        cost_amount,
        min({{ month_start('invested_date') }}) over (
            partition by salesperson_id order by {{ month_start('invested_date') }}
            range between interval {{ window_months }} months preceding and current row
        ) as earliest_month
    from investments
),

-- An investment that follows on another within six months belongs to it; what follows later is its own.
treated as (
    select
        firsts.salesperson_id,
        firsts.invested_month,
        string_agg(distinct dated.kind, ' + ' order by dated.kind) as kinds,
        sum(dated.cost_amount) as cost_amount
    from (select distinct salesperson_id, invested_month from dated where earliest_month = invested_month) as firsts
    inner join dated
        on
            firsts.salesperson_id = dated.salesperson_id
            and dated.invested_month between firsts.invested_month and {{ months_later('firsts.invested_month', window_months) }}
    group by 1, 2
),

event_months as (
    select distinct invested_month from treated
),

changes as (
    select
        event_months.invested_month,
        margins.salesperson_id,
        max(case when margins.month_start_date = event_months.invested_month then margins.team end) as team,
        max(case when margins.month_start_date = event_months.invested_month then coalesce(margins.tenure_months, {{ young_months }}) end) < {{ young_months }} as is_young,
        avg(case when margins.month_start_date < event_months.invested_month then margins.margin_amount end) as before_amount,
        avg(case when margins.month_start_date > event_months.invested_month then margins.margin_amount end) as after_amount
    from event_months
    inner join margins
        on margins.month_start_date between {{ months_later('event_months.invested_month', -window_months) }} and {{ months_later('event_months.invested_month', window_months) }}
    group by 1, 2
    having count(*) = 2 * {{ window_months }} + 1
)

select
    changes.invested_month,
    changes.salesperson_id,
    changes.team,
    changes.is_young,
    ntile(2) over (partition by changes.invested_month order by changes.before_amount, changes.salesperson_id) as base_half,
    changes.before_amount,
    changes.after_amount,
    changes.after_amount - changes.before_amount as change_amount,
    treated.kinds,
    treated.cost_amount
from changes
left join treated on changes.salesperson_id = treated.salesperson_id and changes.invested_month = treated.invested_month
-- Who got something within the window, and not at its month, is neither treated nor a comparison.
left join (select distinct salesperson_id, invested_month from dated) as others
    on
        case when treated.salesperson_id is null then changes.salesperson_id end = others.salesperson_id
        and others.invested_month between {{ months_later('changes.invested_month', -window_months) }} and {{ months_later('changes.invested_month', window_months) }}
where others.salesperson_id is null
