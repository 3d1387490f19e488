-- What becomes of what is open in an ageing bucket, by the absorbing Markov chain that was known at the month end: open x the share that ends as cash,
-- as loss or as credit, whenever that is. What comes to a bucket of which too little is known is neither and stands apart.
{%- set outcomes = {'paid': 'expected_amount', 'lost': 'expected_loss_amount', 'credited': 'expected_credit_amount', 'unknown': 'unknown_amount'} %}
{%- set lost_days = 365 %}
with balances as (
    select
        month_start_date,
        bucket,
        count(*) as invoice_count,
        sum(open_amount) as open_amount
    from {{ ref('int_invoices_open_monthly') }}
    where not is_held_out and open_amount > 0 and late_days <= {{ lost_days }}
    group by 1, 2
),

ends as (
    select
        month_start_date,
        bucket,
        {%- for outcome in outcomes %}
        cast(sum({{ outcome }}_share) as decimal(18, 12)) as {{ outcome }}_share,
        {%- endfor %}
        sum(paid_share) as all_paid_share,
        sum(month_number * paid_share) as paid_months
    from {{ ref('int_ageing_walks_monthly') }}
    group by 1, 2
)

select
    balances.month_start_date,
    balances.bucket,
    balances.invoice_count,
    cast(balances.open_amount as decimal(18, 4)) as open_amount,
    {%- for outcome, amount in outcomes.items() %}
    cast(round(ends.{{ outcome }}_share, 6) as decimal(38, 6)) as {{ outcome }}_share,
    {{ rounded_half_up('balances.open_amount * ends.' ~ outcome ~ '_share') }} as {{ amount }},
    {%- endfor %}
    {{ safe_share('ends.paid_months', 'ends.all_paid_share') }} as months_to_cash
from balances
inner join ends on balances.month_start_date = ends.month_start_date and balances.bucket = ends.bucket
