-- What is decided and known of the customer of an open deal before its terms are shaped. The latest decision on the deal holds, else a
-- refusal of its customer.
with night as (
    select * from {{ ref('stg_company__night') }}
),

deals as (
    select * from {{ ref('fct_opportunities') }} where not is_closed
),

decisions as (
    select
        opportunity_id,
        decided_date,
        outcome,
        requested_amount,
        row_number() over (partition by opportunity_id order by decided_date desc, decision_id desc) as latest_rank
    from {{ ref('fct_credit_decisions') }}
    where opportunity_id is not null
),

overdue as (
    select
        ageing.customer_id,
        sum(ageing.overdue_31_60_amount + ageing.overdue_61_90_amount + ageing.overdue_91_120_amount + ageing.overdue_over_120_amount)
            as long_overdue_amount
    from {{ ref('receivables_ageing_monthly') }} as ageing
    inner join night on ageing.month_start_date = {{ month_start('night.report_date') }}
    group by 1
)

select
    deals.opportunity_id,
    standing.is_insolvent,
    standing.is_blocked,
    standing.ended_date,
    standing.written_off_amount,
    standing.credit_limit_amount,
    coalesce(decisions.outcome, case when standing.credit_refused_date is not null then 'refuse' end) as credit_outcome,
    coalesce(decisions.decided_date, standing.credit_refused_date) as credit_decided_date,
    coalesce(decisions.requested_amount, standing.credit_refused_amount) as credit_requested_amount,
    coalesce(exposures.exposure_amount, 0) as exposure_amount,
    coalesce(overdue.long_overdue_amount, 0) as long_overdue_amount,
    covers.customer_id is not null and covers.stopped_from_date is null as is_covered,
    covers.stopped_from_date
from deals
left join {{ ref('int_customer_standing') }} as standing on deals.customer_id = standing.customer_id
left join decisions on deals.opportunity_id = decisions.opportunity_id and decisions.latest_rank = 1
left join {{ ref('customer_exposure') }} as exposures on deals.customer_id = exposures.customer_id
left join {{ ref('int_covers_valid') }} as covers on deals.customer_id = covers.customer_id
left join overdue on deals.customer_id = overdue.customer_id
