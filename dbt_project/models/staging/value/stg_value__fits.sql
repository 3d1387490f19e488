with fits as (
    select * from {{ source('value', 'fit') }}
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
    cast(round(parameter_{{ number }}_rate, 6) as decimal(38, 6)) as parameter_{{ number }}_rate,
    {%- endfor %}
    cast(round(log_likelihood_rate, 6) as decimal(38, 6)) as log_likelihood_rate,
    holdout_days,
    cast(round(predicted_quantity, 4) as decimal(18, 4)) as predicted_quantity,
    cast(round(happened_quantity, 4) as decimal(18, 4)) as happened_quantity,
    cast(round(holdout_error_rate, 6) as decimal(38, 6)) as holdout_error_rate
from fits
