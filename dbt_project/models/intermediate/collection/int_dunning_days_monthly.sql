-- What comparable invoices do that were not dunned (again): of all that were open at the begin of a day after the due date, how many were collected and
-- how many dunned on it, by month, segment, band of amount and of the payer's lateness, steps until then and days late. A day belongs to the steps before it; an
-- invoice stands on each of its days once, so that the days add up. After 120 days nothing is compared.
{%- set last_late_days = 120 %}
with items as (
    select * from {{ ref('int_dunning_items') }}
),

steps as (
    select * from {{ ref('int_dunning_steps') }}
),

night as (
    select * from {{ ref('stg_company__night') }}
),

spells as (
    select
        invoice_id,
        steps_before + 1 as steps_before,
        late_days + 1 as from_late_days,
        next_step_date as until_date
    from steps
    union all
    select
        items.invoice_id,
        0,
        1,
        min(steps.happened_date)
    from items
    left join steps on items.invoice_id = steps.invoice_id
    group by 1
),

bounded as (
    select
        items.*,
        spells.steps_before,
        spells.from_late_days,
        spells.until_date,
        cast(least(
            {{ days_between('items.due_date', 'coalesce(spells.until_date, night.observed_until_date)') }},
            {{ days_between('items.due_date', 'coalesce(items.settled_date, night.observed_until_date)') }},
            {{ days_between('items.due_date', 'night.observed_until_date') }},
            {{ last_late_days }}
        ) as integer) as until_late_days
    from spells
    inner join items on spells.invoice_id = items.invoice_id
    cross join night
),

days as (
    select
        *,
        unnest(range(from_late_days, until_late_days + 1)) as late_days
    from bounded
    where from_late_days <= until_late_days
)

select
    {{ month_start('due_date + cast(late_days as integer)') }} as month_start_date,
    size_class,
    amount_band,
    lateness_band,
    steps_before,
    cast(late_days as integer) as late_days,
    count(*) as open_count,
    count(case when is_collected and settled_date = due_date + cast(late_days as integer) then 1 end) as collected_count,
    count(case when until_date = due_date + cast(late_days as integer) then 1 end) as step_count
from days
group by 1, 2, 3, 4, 5, 6
