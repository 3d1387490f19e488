-- The credit insurance of a customer on the report date, whether a valid report stands behind it, and since when which overdue invoice
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
        due_date as oldest_due_date,
        invoice_id,
        open_amount,
        row_number() over (partition by customer_id order by due_date, open_amount desc, invoice_id, instalment_number) as oldest_rank
    from {{ ref('int_invoices_open') }}
    where open_amount > 0 and due_date is not null
),

followed as (
    select
        covers.customer_id,
        covers.valid_until_date
    from insurance as covers
    inner join {{ ref('stg_credit__credit_insurance') }} as next_covers
        on
            covers.customer_id = next_covers.customer_id
            and next_covers.valid_from_date <= covers.valid_until_date
            and coalesce(next_covers.valid_until_date > covers.valid_until_date, true)
    group by 1, 2
)

select
    insurance.customer_id,
    insurance.insured_limit_amount,
    insurance.coverage_share,
    insurance.premium_share,
    insurance.is_self_assessed,
    insurance.valid_until_date,
    followed.customer_id is not null as is_followed,
    reports.customer_id is not null as has_valid_report,
    {%- for figure, column in [
        ('overdue.oldest_due_date + insurance.overdue_stop_days', 'stopped_from_date'), ('overdue.invoice_id', 'stopped_by_invoice_id'),
        ('overdue.oldest_due_date', 'stopped_by_due_date'), ('overdue.open_amount', 'stopped_by_amount'),
    ] %}
    case when overdue.oldest_due_date + coalesce(insurance.overdue_stop_days, 36500) < night.report_date then {{ figure }} end as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from insurance
cross join night
left join reports on insurance.customer_id = reports.customer_id
left join followed on insurance.customer_id = followed.customer_id and insurance.valid_until_date = followed.valid_until_date
left join overdue on insurance.customer_id = overdue.customer_id and overdue.oldest_rank = 1
where insurance.newest_rank = 1 and (insurance.valid_until_date is null or night.report_date < insurance.valid_until_date)
