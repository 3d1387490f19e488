-- Two witnesses, the worse one counts. Credit report: high from a yearly probability of 2%, medium from 0.8%. Payment behaviour:
-- high when a tenth of what the invoices leave open is more than 60 days late, medium when a tenth is more than 30 days late.
with probabilities as (
    select * from {{ ref('int_default_probabilities_monthly') }}
),

ageing as (
    select
        customer_id,
        month_start_date,
        sum(overdue_61_90_amount + overdue_91_120_amount + overdue_over_120_amount) as late_60_amount,
        sum(overdue_amount - overdue_1_30_amount) as late_30_amount,
        sum(overdue_amount + not_due_amount) as open_amount
    from {{ ref('receivables_ageing_monthly') }}
    group by 1, 2
),

witnesses as (
    select
        coalesce(probabilities.customer_id, ageing.customer_id) as customer_id,
        coalesce(probabilities.month_start_date, ageing.month_start_date) as month_start_date,
        probabilities.rating,
        probabilities.default_probability_share,
        probabilities.probability_source,
        case
            when probabilities.default_probability_share >= 0.02 then 3
            when probabilities.default_probability_share >= 0.008 then 2
            when probabilities.default_probability_share is not null then 1
        end as report_level,
        case
            when ageing.open_amount > 0 and ageing.late_60_amount * 10 >= ageing.open_amount then 3
            when ageing.open_amount > 0 and ageing.late_30_amount * 10 >= ageing.open_amount then 2
            when ageing.open_amount > 0 then 1
        end as behaviour_level
    from probabilities
    full join ageing on probabilities.customer_id = ageing.customer_id and probabilities.month_start_date = ageing.month_start_date
)

select
    customer_id,
    month_start_date,
    rating,
    default_probability_share,
    probability_source,
    case greatest(coalesce(report_level, 0), coalesce(behaviour_level, 0))
        when 3 then 'high' when 2 then 'medium' when 1 then 'low' else 'unknown'
    end as debtor_risk_class,
    case
        when coalesce(report_level, 0) = 3 and coalesce(behaviour_level, 0) = 3 then 'credit report and payment behaviour'
        when coalesce(report_level, 0) >= coalesce(behaviour_level, 0) and report_level is not null then probability_source
        when behaviour_level is not null then 'payment behaviour'
        else 'nothing known'
    end as risk_reason
from witnesses
