{{ config(meta={'dagster': {'ref': {'name': 'customer_actions'}}}) }}

-- Nothing is sold, won back or grown where a fact of the same customer forbids it; let go and keep are for those who are there.
select actions.*
from {{ ref('customer_actions') }} as actions
inner join {{ ref('customer_360') }} as customers on actions.customer_id = customers.customer_id
inner join {{ ref('action_facts') }} as limits on limits.fact = 'over_limit'
where
    (
        actions.action in ('invest', 'win back', 'keep') and (
            customers.is_insolvent or customers.is_blocked or customers.ended_date is not null
            or customers.recent_loss_amount > 0 or customers.credit_refused_date is not null
            or customers.exposure_amount > (1 + limits.threshold) * customers.credit_limit_amount
        )
    )
    or (actions.action in ('invest', 'keep') and (customers.is_sign_unknown or customers.value_amount <= 0 or customers.is_silent))
    or (actions.action in ('invest', 'keep', 'let go', 'find out') and not customers.is_active)
    or (actions.action = 'let go' and customers.value_high_amount > 0)
    or (actions.action = 'invest' and customers.debtor_risk_class = 'high')
