-- The absorbing Markov chain of ageing as it was known at a month end: of the euros that stood in a bucket at the month ends of the year before, the share
-- that stood in which bucket a month later, or had ended as cash (paid), loss (lost) or credit (credited). A bucket in which fewer than twenty
-- items stood says nothing: what comes there ends as unknown, which is neither cash nor loss. Learned from three months of history on.
-- Cyert, Davidson and Thompson, Estimation of the allowance for doubtful accounts by Markov chains, Management Science 8 (1962).
{%- set learned_months, first_months, minimum_items = 12, 3, 20 %}
{%- set outcomes = {'paid': 'paid_amount', 'lost': 'lost_amount', 'credited': 'credited_amount'} %}
with moved as (
    select * from {{ ref('int_ageing_items_moved') }}
),

coverage as (
    {{ settlement_coverage() }}
),

months as (
    select * from {{ ref('dim_months') }} where is_complete
),

witnessed as (
    select
        months.month_start_date,
        moved.month_start_date as moved_month,
        moved.from_bucket,
        moved.to_bucket,
        moved.paid_amount,
        moved.lost_amount,
        moved.credited_amount,
        moved.open_amount
    from months
    cross join coverage
    inner join moved
        on
            moved.month_start_date <= months.month_start_date
            and moved.month_start_date > {{ months_later('months.month_start_date', -learned_months) }}
),

seen as (
    select
        month_start_date,
        from_bucket,
        count(*) as item_count
    from witnessed
    group by 1, 2
),

learned as (
    select month_start_date
    from witnessed
    group by 1
    having count(distinct moved_month) >= {{ first_months }}
),

flows as (
    {%- for outcome, amount in outcomes.items() %}
    select
        month_start_date,
        from_bucket,
        '{{ outcome }}' as to_state,
        sum({{ amount }}) as moved_amount
    from witnessed
    group by 1, 2
    union all
    {%- endfor %}
    select
        month_start_date,
        from_bucket,
        to_bucket,
        sum(open_amount)
    from witnessed
    where to_bucket is not null
    group by 1, 2, 3
),

-- Cash that was taken back, more than came in: nothing came in.
shared as (
    select
        *,
        sum(moved_amount) over (partition by month_start_date, from_bucket) as all_amount
    from flows
    where moved_amount > 0
),

buckets as (
    {%- for bucket in ageing_buckets() if not bucket.startswith('unapplied') %}
    select '{{ bucket }}' as bucket
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    learned.month_start_date,
    buckets.bucket as from_state,
    coalesce(shared.to_state, 'unknown') as to_state,
    cast(coalesce(seen.item_count, 0) as integer) as item_count,
    cast(coalesce(round(cast(shared.moved_amount as double) / cast(shared.all_amount as double), 12), 1) as decimal(18, 12)) as move_share
from learned
cross join buckets
left join seen on learned.month_start_date = seen.month_start_date and buckets.bucket = seen.from_bucket
left join shared
    on
        case when seen.item_count >= {{ minimum_items }} then learned.month_start_date end = shared.month_start_date
        and buckets.bucket = shared.from_bucket
