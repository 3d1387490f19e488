with current_rows as (
    {{ current_rows('payment_terms') }}
)

select
    payment_terms_id,
    name,
    net_days,
    net_months,
    is_end_of_month,
    fixed_day_of_month,
    business_day_rule,
    holiday_country,
    is_prepayment
from current_rows
