-- Where the customers of the last complete month will be a month later, if they move as those of the last twelve months did and as many come.
with night as (
    select * from {{ ref('stg_company__night') }}
),

moves as (
    select moves.*
    from {{ ref('segment_migration_monthly') }} as moves
    inner join {{ ref('dim_months') }} as months on moves.month_start_date = months.month_start_date and months.is_complete
),

latest as (
    select max(month_start_date) as month_start_date from moves
),

recent as (
    select
        moves.*,
        moves.from_segment_id in ('NEW', 'REACTIVATED') as is_inflow
    from moves
    inner join latest on moves.month_start_date > {{ months_later('latest.month_start_date', -12) }}
),

standing as (
    select
        moves.segment_type,
        moves.to_segment_id as segment_id,
        latest.month_start_date,
        sum(moves.customer_count) as customer_count
    from moves
    inner join latest on moves.month_start_date = latest.month_start_date
    where moves.to_segment_id <> 'LOST'
    group by 1, 2, 3
),

openings as (
    select
        segment_type,
        from_segment_id,
        sum(customer_count) as opening_count
    from recent
    where not is_inflow
    group by 1, 2
),

shares as (
    select
        recent.segment_type,
        recent.from_segment_id,
        recent.to_segment_id,
        cast(sum(recent.customer_count) as double) / max(openings.opening_count) as move_share
    from recent
    inner join openings on recent.segment_type = openings.segment_type and recent.from_segment_id = openings.from_segment_id
    where not recent.is_inflow
    group by 1, 2, 3
),

arriving as (
    select
        shares.segment_type,
        shares.to_segment_id as segment_id,
        standing.customer_count * shares.move_share as expected_count
    from standing
    inner join shares on standing.segment_type = shares.segment_type and standing.segment_id = shares.from_segment_id
    union all
    select
        recent.segment_type,
        recent.to_segment_id,
        cast(sum(recent.customer_count) as double) / max(spans.month_count)
    from recent
    cross join (select count(distinct month_start_date) as month_count from recent) as spans
    where recent.is_inflow
    group by 1, 2
),

expected as (
    select
        segment_type,
        segment_id,
        sum(expected_count) as expected_count
    from arriving
    group by 1, 2
)

select
    latest.month_start_date,
    expected.segment_type,
    expected.segment_id,
    cast(coalesce(standing.customer_count, 0) as bigint) as customer_count,
    cast(round(expected.expected_count, 2) as decimal(18, 2)) as expected_customer_quantity
from expected
cross join latest
left join standing on expected.segment_type = standing.segment_type and expected.segment_id = standing.segment_id
