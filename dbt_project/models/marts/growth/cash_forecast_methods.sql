-- The back-test of the monthly cash forecasts side by side, by how far they look ahead, over the month ends that all of them could forecast and whose
-- month has passed: WAPE = sum |expected - collected| / sum collected, bias = sum (expected - collected) / sum collected. Loss is judged for the one
-- that foretells it.
{%- set methods = {'by_state': 'expected_amount', 'by_payer': 'by_payer_amount', 'as_due': 'as_due_amount'} %}
with months as (
    select * from {{ ref('cash_forecast_by_state_monthly') }} where is_complete and by_payer_amount is not null
),

forecasts as (
    {%- for method, amount in methods.items() %}
    select
        month_number,
        '{{ method }}' as method,
        {{ amount }} as expected_amount,
        collected_amount,
        {{ 'expected_loss_amount' if method == 'by_state' else 'null' }} as expected_loss_amount,
        {{ 'lost_amount' if method == 'by_state' else 'null' }} as lost_amount
    from months
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

summed as (
    select
        month_number,
        method,
        count(*) as month_count,
        sum(expected_amount) as expected_amount,
        sum(collected_amount) as collected_amount,
        sum(abs(expected_amount - collected_amount)) as absolute_error_amount,
        sum(expected_loss_amount) as expected_loss_amount,
        sum(lost_amount) as lost_amount
    from forecasts
    group by 1, 2
)

select
    month_number,
    method,
    month_count,
    cast(expected_amount as decimal(18, 4)) as expected_amount,
    cast(collected_amount as decimal(18, 4)) as collected_amount,
    cast(absolute_error_amount as decimal(18, 4)) as absolute_error_amount,
    {{ safe_share('absolute_error_amount', 'collected_amount') }} as wape_share,
    {{ safe_share('expected_amount - collected_amount', 'collected_amount') }} as bias_share,
    cast(expected_loss_amount as decimal(18, 4)) as expected_loss_amount,
    cast(lost_amount as decimal(18, 4)) as lost_amount,
    -- One that is off by as much as came in foretells nothing: it is not the best of them.
    absolute_error_amount < collected_amount
    and row_number() over (partition by month_number order by absolute_error_amount, method) = 1 as is_best
from summed
