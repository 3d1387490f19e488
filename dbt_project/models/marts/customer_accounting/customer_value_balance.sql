-- Both scores are places among the active customers, so that they can be compared: value OF by its value, value FOR by the
-- mean of what is known of what it gets, from two parts on. Balance = OF - FOR, level = their mean, drift = the change of the balance in a year.
with snapshots as (
    select * from {{ ref('int_value_snapshots') }}
),

ranked as (
    select
        snapshots.snapshot,
        base.customer_id,
        base.value_amount,
        cast(round(100 * percent_rank() over (partition by snapshots.snapshot order by base.value_amount), 2) as decimal(9, 4)) as value_of_score
    from {{ ref('customer_base_monthly') }} as base
    inner join snapshots on base.month_start_date = snapshots.month_start_date
),

value_for as (
    select * from {{ ref('int_value_for_customers') }}
),

scored as (
    select
        ranked.*,
        value_for.satisfaction_score,
        value_for.on_time_score,
        value_for.complaint_free_score,
        value_for.undisputed_score,
        value_for.price_score,
        coalesce(value_for.part_count, 0) as part_count,
        value_for.value_for_score as service_score,
        case
            when value_for.part_count >= 2 then cast(round(100 * percent_rank() over (
                partition by ranked.snapshot, value_for.part_count >= 2 order by value_for.value_for_score
            ), 2) as decimal(9, 4))
        end as value_for_score
    from ranked
    left join value_for on ranked.snapshot = value_for.snapshot and ranked.customer_id = value_for.customer_id
),

before as (
    select * from scored where snapshot = 'year before'
)

select
    scored.customer_id,
    scored.value_amount,
    scored.value_of_score,
    scored.satisfaction_score,
    scored.on_time_score,
    scored.complaint_free_score,
    scored.undisputed_score,
    scored.price_score,
    scored.part_count,
    scored.service_score,
    scored.value_for_score,
    cast(scored.value_of_score - scored.value_for_score as decimal(9, 4)) as balance_score,
    cast(round((scored.value_of_score + scored.value_for_score) * 0.5, 2) as decimal(9, 4)) as level_score,
    cast(
        (scored.value_of_score - scored.value_for_score) - (before.value_of_score - before.value_for_score) as decimal(9, 4)
    ) as drift_score,
    case
        when scored.value_for_score is null then 'not known'
        when scored.value_of_score >= 50 and scored.value_for_score >= 50 then 'partnership'
        when scored.value_of_score >= 50 then 'vulnerable'
        when scored.value_for_score >= 50 then 'spoiled'
        else 'indifferent'
    end as corner
from scored
left join before on scored.customer_id = before.customer_id
where scored.snapshot = 'now'
