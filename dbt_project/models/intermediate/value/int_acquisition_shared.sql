-- One acquisition cost in every cut: what a cut sees by itself, and of all that the cohorts until now bore beside it the part of its customers. So
-- every cut sums to the same pools; where the campaigns cost more than the pools hold, it sums to theirs.
with members as (
    select * from {{ ref('int_acquisition_members') }}
),

costs as (
    select * from {{ ref('int_acquisition_costs') }}
),

night as (
    select * from {{ ref('stg_company__night') }}
),

counted as (
    select
        scope_type,
        scope_id,
        count(*) as customer_count
    from members
    group by 1, 2
),

cuts as (
    select
        coalesce(costs.scope_type, counted.scope_type) as scope_type,
        coalesce(costs.scope_id, counted.scope_id) as scope_id,
        coalesce(counted.customer_count, 0) as customer_count,
        costs.cost_amount as attributed_amount
    from costs
    full outer join counted on costs.scope_type = counted.scope_type and costs.scope_id = counted.scope_id
),

pools as (
    select sum(costs.cost_amount) as cost_amount
    from costs
    cross join night
    where costs.scope_type = 'cohort' and cast(costs.scope_id as date) <= night.report_date
),

ordered as (
    select
        cuts.*,
        case
            when pools.cost_amount is not null
                then greatest(pools.cost_amount - sum(coalesce(cuts.attributed_amount, 0)) over (partition by cuts.scope_type), 0)
        end as rest_amount,
        nullif(sum(cuts.customer_count) over (partition by cuts.scope_type), 0) as all_count,
        sum(cuts.customer_count) over (partition by cuts.scope_type order by cuts.scope_id rows between unbounded preceding and current row) as so_far_count
    from cuts
    cross join pools
    where
        cuts.scope_type <> 'cohort'
        and cuts.scope_type in (select named.scope_type from cuts as named where named.scope_id <> 'not attributed')
),

shared as (
    select
        *,
        {{ rounded_part('cast(rest_amount as decimal(28, 4))', '(so_far_count - customer_count)', 'so_far_count', 'all_count') }} as shared_amount
    from ordered
)

select
    scope_type,
    scope_id,
    customer_count,
    attributed_amount,
    case when attributed_amount is not null or shared_amount is not null then coalesce(attributed_amount, 0) + coalesce(shared_amount, 0) end as cost_amount
from shared
union all
select
    scope_type,
    scope_id,
    customer_count,
    attributed_amount,
    attributed_amount
from cuts
where scope_type = 'cohort'
