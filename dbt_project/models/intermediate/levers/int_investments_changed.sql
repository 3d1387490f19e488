-- The change of a salesperson's monthly margin around a month: mean of the six months after it less that of six months before it. For each month in which
-- anybody got something (the first investments within six months of each other are one, of all their kinds), of those who got it and of those
-- colleagues who got nothing in the months that are looked at. The half-year just before is what people are chosen by: after a bad one margin comes back of
-- itself (Ashenfelter's dip). So it says who is comparable (the same month, team, tenure of less than two years or more, third of the company by its
-- margin), and the change is taken from the half-year before it: a history of twelve months. A history of six stands beside, for who has no more.
{%- set half_year, young_months = 6, 24 %}
with margins as (
    select * from {{ ref('int_salesperson_margins_monthly') }}
),

histories as (
    select 2 * {{ half_year }} as history_months
    union all
    select {{ half_year }} as history_months
),

dated as (
    select
        salesperson_id,
        kind,
        {{ month_start('invested_date') }} as invested_month,
        cost_amount
    from {{ ref('fct_sales_investments') }}
    where salesperson_id is not null and kind <> 'hire'
),

invested as (
    select
        salesperson_id,
        invested_month,
        lag(invested_month) over (partition by salesperson_id order by invested_month) as previous_month
    from (select distinct salesperson_id, invested_month from dated) as months
),

-- An investment that follows on another within six months belongs to it; what follows within its history has none without an investment.
treated as (
    select
        histories.history_months,
        invested.salesperson_id,
        invested.invested_month,
        string_agg(distinct dated.kind, ' + ' order by dated.kind) as kinds,
        sum(dated.cost_amount) as cost_amount
    from invested
    cross join histories
    inner join dated
        on
            invested.salesperson_id = dated.salesperson_id
            and dated.invested_month between invested.invested_month and {{ months_later('invested.invested_month', half_year) }}
    where coalesce(invested.previous_month < {{ months_later('invested.invested_month', '-histories.history_months') }}, true)
    group by 1, 2, 3
),

surrounding as (
    select
        event_months.history_months,
        event_months.invested_month,
        margins.*,
        {{ months_between('event_months.invested_month', 'margins.month_start_date') }} as month_number
    from (select distinct history_months, invested_month from treated) as event_months
    inner join margins
        on
            margins.month_start_date between {{ months_later('event_months.invested_month', '-event_months.history_months') }}
            and {{ months_later('event_months.invested_month', half_year) }}
),

changes as (
    select
        history_months,
        invested_month,
        salesperson_id,
        max(case when month_number = 0 then team end) as team,
        max(case when month_number = 0 then coalesce(tenure_months, {{ young_months }}) end) < {{ young_months }} as is_young,
        avg(case when month_number < {{ half_year }} - history_months then margin_amount end) as before_amount,
        avg(case when month_number between -{{ half_year }} and -1 then margin_amount end) as chosen_by_amount,
        avg(case when month_number > 0 then margin_amount end) as after_amount
    from surrounding
    group by 1, 2, 3
    having count(*) = history_months + {{ half_year }} + 1
)

select
    changes.history_months,
    changes.invested_month,
    changes.salesperson_id,
    changes.team,
    changes.is_young,
    ntile(3) over (partition by changes.history_months, changes.invested_month order by changes.chosen_by_amount, changes.salesperson_id) as base_third,
    changes.before_amount,
    changes.after_amount,
    changes.after_amount - changes.before_amount as change_amount,
    treated.kinds,
    treated.cost_amount
from changes
left join treated
    on
        changes.history_months = treated.history_months
        and changes.salesperson_id = treated.salesperson_id
        and changes.invested_month = treated.invested_month
-- Who got something within these months, and not at this one, is neither treated nor a comparison.
left join invested as others
    on
        case when treated.salesperson_id is null then changes.salesperson_id end = others.salesperson_id
        and others.invested_month between {{ months_later('changes.invested_month', '-changes.history_months') }}
        and {{ months_later('changes.invested_month', half_year) }}
where others.salesperson_id is null
