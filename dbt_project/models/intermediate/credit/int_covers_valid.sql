-- The credit insurance of a customer on the report date, whether a valid report stands behind it, and since when an overdue invoice
-- stops the cover of new deliveries.
with night as (
    select * from {{ ref('stg_company__night') }}
),

insurance as (
    select
        *,
        row_number() over (partition by customer_id order by valid_from_date desc) as newest_rank
    from {{ ref('fct_credit_insurance') }}
),

reports as (
    select
        assessments.customer_id,
        max(assessments.assessed_date) as report_date
    from {{ ref('fct_credit_assessments') }} as assessments
    cross join night
    where assessments.valid_until_date is null or night.report_date < assessments.valid_until_date
    group by 1
),

overdue as (
    select
        customer_id,
        min(due_date) as oldest_due_date
    from {{ ref('int_invoices_open') }}
    where open_amount > 0
    group by 1
)

select
    insurance.customer_id,
    insurance.insured_limit_amount,
    insurance.coverage_share,
    insurance.premium_share,
    insurance.is_self_assessed,
    reports.customer_id is not null as has_valid_report,
    case
        when overdue.oldest_due_date + coalesce(insurance.overdue_stop_days, 36500) < night.report_date
            then overdue.oldest_due_date + insurance.overdue_stop_days
    end as stopped_from_date
from insurance
cross join night
left join reports on insurance.customer_id = reports.customer_id
left join overdue on insurance.customer_id = overdue.customer_id
where insurance.newest_rank = 1 and (insurance.valid_until_date is null or night.report_date < insurance.valid_until_date)
