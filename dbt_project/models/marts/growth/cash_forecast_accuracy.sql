-- The back-test of the cash forecast by how far it looks ahead, over all month ends of which the week has passed: each was forecast with what was
-- known at its month end alone. WAPE = sum |expected - collected| / sum collected, bias = sum (expected - collected) / sum collected; beside it the
-- naive forecast that everybody pays on the due date.
with weeks as (
    select * from {{ ref('cash_forecast_weekly') }} where is_complete
)

select
    week_number,
    count(*) as month_count,
    cast(sum(expected_amount) as decimal(18, 4)) as expected_amount,
    cast(sum(collected_amount) as decimal(18, 4)) as collected_amount,
    cast(sum(absolute_error_amount) as decimal(18, 4)) as absolute_error_amount,
    {{ safe_share('sum(absolute_error_amount)', 'sum(collected_amount)') }} as wape_share,
    {{ safe_share('sum(expected_amount - collected_amount)', 'sum(collected_amount)') }} as bias_share,
    {{ safe_share('sum(as_due_error_amount)', 'sum(collected_amount)') }} as as_due_wape_share,
    {{ safe_share('sum(as_due_amount - collected_amount)', 'sum(collected_amount)') }} as as_due_bias_share
from weeks
group by 1
