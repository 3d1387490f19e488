-- Kaplan-Meier: of those that were still unpaid after so many days, which part was paid on that day? The median is the first day
-- on which half of all, open invoices included, is paid.
with observed as (
    select * from {{ ref('int_days_to_pay_monthly') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

at_risk as (
    select
        *,
        sum(invoice_count) over (
            partition by scope_type, scope_id, month_start_date order by seen_days desc rows between unbounded preceding and current row
        ) as at_risk_count
    from observed
),

survival as (
    select
        *,
        exp(sum(case when paid_count < at_risk_count then ln(1 - cast(paid_count as double) / at_risk_count) else -100 end) over (
            partition by scope_type, scope_id, month_start_date order by seen_days rows between unbounded preceding and current row
        )) as unpaid_share
    from at_risk
),

medians as (
    select
        scope_type,
        scope_id,
        month_start_date,
        min(case when unpaid_share <= 0.5 + 0.000000001 then seen_days end) as median_days_to_pay,
        max(seen_days) as longest_seen_days,
        sum(paid_count) as paid_count,
        sum(invoice_count) as invoice_count
    from survival
    group by 1, 2, 3
)

select
    medians.month_start_date,
    medians.scope_type,
    medians.scope_id,
    months.is_complete,
    cast(medians.invoice_count as bigint) as invoice_count,
    cast(medians.paid_count as bigint) as paid_count,
    cast(medians.invoice_count - medians.paid_count as bigint) as censored_count,
    cast(medians.median_days_to_pay as integer) as median_days_to_pay,
    cast(case when medians.median_days_to_pay is null then medians.longest_seen_days end as integer) as median_at_least_days,
    case when medians.median_days_to_pay is null then 'less than half is paid yet' end as median_reason
from medians
inner join months on medians.month_start_date = months.month_start_date
