with fits as (
    select * from {{ ref('stg_value__fits') }}
)

select
    model,
    is_fitted,
    refusal_reason,
    time_unit,
    calibrated_from_date,
    calibrated_until_date,
    customer_count,
    repeat_customer_count,
    {%- for number in [1, 2, 3, 4] %}
    parameter_{{ number }}_name,
    parameter_{{ number }}_rate,
    {%- endfor %}
    log_likelihood_rate,
    holdout_days,
    predicted_quantity,
    happened_quantity,
    holdout_error_rate as holdout_error_share
from fits
