-- Interest and flat compensation that the contract or the law allows on what was paid late, simple interest by the day over 365 days: a
-- claim as long as the invoice is open, given away once it was settled without it. It is never booked into receivables.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

rates as (
    select * from {{ ref('int_interest_rates') }}
),

days_late as (
    select * from {{ ref('int_days_late') }}
),

settled as (
    select * from {{ ref('int_receivable_items_settled') }}
),

own_rates as (
    select distinct rated_customer_id from rates
),

stretches as (
    select
        days_late.*,
        rates.rate_share,
        {{ days_between('greatest(days_late.first_date, rates.valid_from_date)', 'least(days_late.end_date, rates.valid_until_date)') }} as day_count
    from days_late
    left join own_rates on days_late.customer_id = own_rates.rated_customer_id
    inner join rates
        on
            coalesce(own_rates.rated_customer_id, 'everybody') = rates.rated_customer_id
            and days_late.first_date < rates.valid_until_date and rates.valid_from_date < days_late.end_date
),

summed as (
    select
        invoice_id,
        min(customer_id) as customer_id,
        min(salesperson_id) as salesperson_id,
        min(due_date) as due_date,
        max(end_date) - 1 as late_until_date,
        cast({{ days_between('min(first_date)', 'max(end_date)') }} as integer) as late_days,
        sum(cast(open_amount as decimal(18, 4)) * rate_share * cast(day_count as decimal(5, 0))) as amount_days
    from stretches
    group by invoice_id
),

claims as (
    select
        summed.*,
        settled.settled_date,
        {{ rounded_ratio('summed.amount_days', '365') }} as interest_amount,
        parameters.late_payment_compensation_amount as compensation_amount
    from summed
    cross join parameters
    left join settled on summed.invoice_id = settled.invoice_id
)

select
    invoice_id,
    customer_id,
    salesperson_id,
    due_date,
    settled_date,
    late_days,
    cast(interest_amount as decimal(18, 4)) as interest_amount,
    cast(compensation_amount as decimal(18, 4)) as compensation_amount,
    cast(case when settled_date is null then interest_amount + compensation_amount else 0 end as decimal(18, 4)) as claim_amount,
    cast(case when settled_date is not null then interest_amount + compensation_amount else 0 end as decimal(18, 4)) as given_away_amount
from claims
