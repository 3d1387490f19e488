{{ config(meta={'dagster': {'ref': {'name': 'collection_approach'}}}) }}

-- Who waits for an answer of ours is called with it and never urged; who has promised is not reminded before the day; a strict word is for who broke
-- a promise, costs money, is insolvent or has reached that step of the policy.
select approach.*
from {{ ref('collection_approach') }} as approach
inner join {{ ref('overdue_customers') }} as overdue on approach.customer_id = overdue.customer_id
left join {{ ref('customer_360') }} as customers on approach.customer_id = customers.customer_id
where
    (
        (overdue.our_error_amount > 0 or customers.open_dispute_count > 0)
        and (approach.reason_code <> 'approach_owed_answer' or approach.tone = 'strict' or approach.channel <> 'call')
    )
    or (overdue.promised_date >= approach.report_date and approach.reason_code not in ('approach_owed_answer', 'approach_insolvent', 'approach_promise_runs'))
    or (
        approach.tone = 'strict'
        and approach.reason_code not in ('approach_insolvent', 'approach_promises_broken', 'approach_loses_money', 'approach_policy')
    )
    or ((approach.status = 'not_available') <> (approach.by_whom is null))
