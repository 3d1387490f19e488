-- The step of the dunning policy that a customer with something overdue has reached: of the steps of its segment on the report date (those for all, where
-- the segment has none of its own) the last one whose days have passed. Without one the first step still waits.
with night as (
    select * from {{ ref('stg_company__night') }}
),

sums as (
    select * from {{ ref('int_overdue_customers_summed') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

steps as (
    select policy.*
    from {{ ref('fct_dunning_policy') }} as policy
    cross join night
    where policy.valid_until_date is null or night.report_date < policy.valid_until_date
),

-- The latest version of a step holds.
standing as (
    select
        *,
        row_number() over (partition by size_class, dunning_level order by valid_from_date desc) as place
    from steps
),

segments as (
    select distinct size_class from standing
),

joined as (
    select
        sums.customer_id,
        standing.dunning_level,
        standing.after_days,
        standing.channel,
        standing.tone,
        standing.department,
        sums.oldest_late_days >= standing.after_days as is_due,
        row_number() over (
            partition by sums.customer_id
            order by
                case when sums.oldest_late_days >= standing.after_days then 0 else 1 end,
                case when sums.oldest_late_days >= standing.after_days then -standing.after_days else standing.after_days end,
                standing.dunning_level
        ) as step_place
    from sums
    inner join customers on sums.customer_id = customers.customer_id
    left join segments on customers.size_class = segments.size_class
    inner join standing on standing.size_class = coalesce(segments.size_class, 'all') and standing.place = 1
)

select
    customer_id,
    dunning_level,
    after_days,
    channel,
    tone,
    department,
    is_due
from joined
where step_place = 1
