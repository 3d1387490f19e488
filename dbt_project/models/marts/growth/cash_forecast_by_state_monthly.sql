-- What is open at a month end is expected to bring in which of the months after it by the state (ageing bucket) that it stands in, beside the forecast
-- by payer and the naive one. Each month end knows no more than was known then, and the months that have passed are its back-test. Month 7 is
-- all that comes later.
{%- set last_month = 7 %}
with balances as (
    select * from {{ ref('collection_by_state_monthly') }}
),

walks as (
    select * from {{ ref('int_ageing_walks_monthly') }}
),

payers as (
    select * from {{ ref('int_cash_expected_monthly') }}
),

outcomes as (
    select * from {{ ref('int_cash_outcomes_monthly') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

horizons as (
    {%- for number in range(1, last_month + 1) %}
    select {{ number }} as month_number
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

by_state as (
    select
        balances.month_start_date,
        horizons.month_number,
        sum(balances.open_amount * coalesce(walks.paid_share, 0)) as expected_amount,
        sum(balances.open_amount * coalesce(walks.lost_share, 0)) as expected_loss_amount,
        sum(balances.open_amount * coalesce(walks.unknown_share, 0)) as unknown_amount
    from balances
    cross join horizons
    left join walks
        on
            balances.month_start_date = walks.month_start_date
            and balances.bucket = walks.bucket
            and horizons.month_number = least(walks.month_number, {{ last_month }})
    group by 1, 2
),

joined as (
    select
        by_state.month_start_date,
        by_state.month_number,
        {{ months_later('by_state.month_start_date', 'by_state.month_number') }} as forecast_month_start_date,
        by_state.month_number < {{ last_month }} and coalesce(months.is_complete, false) as is_complete,
        {{ rounded_half_up('by_state.expected_amount') }} as expected_amount,
        {{ rounded_half_up('by_state.expected_loss_amount') }} as expected_loss_amount,
        {{ rounded_half_up('by_state.unknown_amount') }} as unknown_amount,
        cast(payers.expected_amount as decimal(18, 4)) as by_payer_amount,
        cast(coalesce(payers.as_due_amount, 0) as decimal(18, 4)) as as_due_amount,
        cast(coalesce(outcomes.collected_amount, 0) as decimal(18, 4)) as collected_amount,
        cast(coalesce(outcomes.lost_amount, 0) as decimal(18, 4)) as lost_amount
    from by_state
    left join months on months.month_start_date = {{ months_later('by_state.month_start_date', 'by_state.month_number') }}
    left join payers on by_state.month_start_date = payers.month_start_date and by_state.month_number = payers.month_number
    left join outcomes on by_state.month_start_date = outcomes.month_start_date and by_state.month_number = outcomes.month_number
)

select
    month_start_date,
    month_number,
    forecast_month_start_date,
    is_complete,
    expected_amount,
    expected_loss_amount,
    unknown_amount,
    by_payer_amount,
    as_due_amount,
    case when is_complete then collected_amount end as collected_amount,
    case when is_complete then lost_amount end as lost_amount
from joined
