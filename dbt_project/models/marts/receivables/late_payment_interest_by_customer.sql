-- Interest and compensation on what a customer paid late, by the salesperson to whom its invoices are attributed.
with interest as (
    select * from {{ ref('late_payment_interest') }}
)

select
    customer_id,
    salesperson_id,
    count(*) as late_invoice_count,
    {{ money_sum('interest_amount') }} as interest_amount,
    {{ money_sum('compensation_amount') }} as compensation_amount,
    {{ money_sum('claim_amount') }} as claim_amount,
    {{ money_sum('given_away_amount') }} as given_away_amount
from interest
group by 1, 2
