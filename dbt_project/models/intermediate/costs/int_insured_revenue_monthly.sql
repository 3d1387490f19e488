-- Revenue under a credit insurance, and what is insured at month end. Of overlapping covers the latest one holds.
with months as (
    select * from {{ ref('dim_months') }}
),

covers as (
    select
        *,
        lead(valid_from_date) over (partition by customer_id order by valid_from_date) as next_valid_from_date
    from {{ ref('fct_credit_insurance') }}
),

invoices as (
    select * from {{ ref('fct_invoices') }} where not is_held_out
),

premiums as (
    select
        covers.customer_id,
        invoices.issued_month as month_start_date,
        sum(invoices.revenue_amount) as insured_revenue_amount,
        sum(cast(invoices.revenue_amount as decimal(38, 4)) * coalesce(covers.premium_share, 0)) as premium_amount
    from invoices
    inner join covers
        on
            invoices.customer_id = covers.customer_id
            and invoices.issued_date >= covers.valid_from_date
            and (covers.next_valid_from_date is null or invoices.issued_date < covers.next_valid_from_date)
            and (covers.valid_until_date is null or invoices.issued_date < covers.valid_until_date)
    group by 1, 2
),

limits as (
    select
        covers.customer_id,
        months.month_start_date,
        covers.insured_limit_amount,
        covers.coverage_share
    from covers
    inner join months
        on
            covers.valid_from_date <= months.month_end_date
            and (covers.next_valid_from_date is null or months.month_end_date < covers.next_valid_from_date)
            and (covers.valid_until_date is null or months.month_end_date < covers.valid_until_date)
)

select
    coalesce(limits.customer_id, premiums.customer_id) as customer_id,
    coalesce(limits.month_start_date, premiums.month_start_date) as month_start_date,
    coalesce(limits.insured_limit_amount, 0) as insured_limit_amount,
    coalesce(limits.coverage_share, 0) as coverage_share,
    cast(coalesce(premiums.insured_revenue_amount, 0) as decimal(18, 4)) as insured_revenue_amount,
    {{ rounded_half_up('coalesce(premiums.premium_amount, 0)') }} as premium_amount
from limits
full join premiums on limits.customer_id = premiums.customer_id and limits.month_start_date = premiums.month_start_date
