-- Revenue and cost as published beside the control totals of the ledger. Revenue: net, with and without the documents that are held out; one without
-- an exchange rate has no amount to compare. Cost: all pools, assigned, idle or not. A month without a control total has no difference.
with months as (
    select * from {{ ref('dim_months') }}
),

ledger as (
    select
        control_month,
        kind,
        cast(sum(amount) as decimal(38, 4)) as ledger_amount
    from {{ ref('fct_ledger_controls') }}
    where kind in ('revenue', 'cost')
    group by 1, 2
),

published as (
    select
        month_start_date,
        'revenue' as kind,
        sum(net_revenue_amount) as published_amount,
        sum(held_out_net_amount) as held_out_amount,
        sum(unvalued_document_count) as unvalued_document_count
    from {{ ref('revenue_monthly') }}
    group by 1
    union all
    select
        cost_month,
        'cost',
        sum(cost_amount),
        0,
        0
    from {{ ref('customer_costs_monthly') }}
    where cost_source = 'pool'
    group by 1
),

compared as (
    select
        coalesce(ledger.control_month, published.month_start_date) as month_start_date,
        coalesce(ledger.kind, published.kind) as kind,
        ledger.ledger_amount,
        coalesce(published.published_amount, 0) as published_amount,
        coalesce(published.held_out_amount, 0) as held_out_amount,
        coalesce(published.unvalued_document_count, 0) as unvalued_document_count
    from ledger
    full outer join published on ledger.control_month = published.month_start_date and ledger.kind = published.kind
)

select
    compared.month_start_date,
    compared.kind,
    coalesce(months.is_complete, false) as is_complete,
    compared.ledger_amount,
    cast(compared.published_amount as decimal(18, 4)) as published_amount,
    cast(compared.held_out_amount as decimal(18, 4)) as held_out_amount,
    cast(compared.unvalued_document_count as bigint) as unvalued_document_count,
    cast(compared.published_amount - compared.ledger_amount as decimal(18, 4)) as difference_amount,
    cast(compared.published_amount + compared.held_out_amount - compared.ledger_amount as decimal(18, 4)) as difference_with_held_out_amount
from compared
left join months on compared.month_start_date = months.month_start_date
