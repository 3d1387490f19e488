-- Where a euro of a bucket ends, by the month after the month end in which it does: the chain walked month by month. Its sums over the months are the
-- absorption probabilities (I - T)^-1 R of the chain. After 120 months what is left is beyond counting, and stands nowhere.
{%- set last_month = 120 %}
with recursive chains as (
    select * from {{ ref('int_ageing_chains_monthly') }}
),

walks as (
    select distinct
        month_start_date,
        from_state as start_state,
        from_state as state,
        0 as month_number,
        cast(1 as decimal(18, 12)) as reached_share
    from chains
    union all
    select
        walks.month_start_date,
        walks.start_state,
        chains.to_state,
        walks.month_number + 1,
        cast(round(sum(walks.reached_share * chains.move_share), 12) as decimal(18, 12))
    from walks
    inner join chains on walks.month_start_date = chains.month_start_date and walks.state = chains.from_state
    where walks.month_number < {{ last_month }} and walks.reached_share > 0
    group by 1, 2, 3, 4
)

select
    month_start_date,
    start_state as bucket,
    cast(month_number as integer) as month_number,
    {%- for outcome in ['paid', 'lost', 'credited', 'unknown'] %}
    sum(case when state = '{{ outcome }}' then reached_share else 0 end) as {{ outcome }}_share{{ ',' if not loop.last }}
    {%- endfor %}
from walks
where month_number > 0 and state in ('paid', 'lost', 'credited', 'unknown')
group by 1, 2, 3
