-- A purchase is a day with an invoice above zero that was not credited in full. Several invoices of a day are one purchase.
-- The gap after which the customer counts as lost rests on the intervals known by then only: a later purchase never
-- rewrites an earlier month. It is at least 31 days, so that a month with a purchase ends with an active customer.
-- A customer with a document that is held out is followed twice: without it (kept), and with it (all).
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

invoices as (
    select * from {{ ref('fct_invoices') }}
),

credited as (
    select * from {{ ref('int_invoices_credited') }} where is_fully_credited
),

customers as (
    select * from {{ ref('dim_customers') }} where not is_unknown
),

purchases as (
    select distinct
        invoices.customer_id,
        invoices.issued_date as purchase_date,
        invoices.is_held_out
    from invoices
    inner join customers on invoices.customer_id = customers.customer_id
    left join credited on invoices.invoice_id = credited.invoice_id
    where
        invoices.document_type = 'invoice'
        and invoices.document_class = 'invoice'
        and invoices.net_amount > 0
        and credited.invoice_id is null
),

purchase_days as (
    select
        'kept' as basis,
        customer_id,
        purchase_date
    from purchases
    where not is_held_out
    union all
    select distinct
        'all' as basis,
        customer_id,
        purchase_date
    from purchases
    where customer_id in (select customer_id from invoices where is_held_out)
),

neighbours as (
    select
        basis,
        customer_id,
        purchase_date,
        lag(purchase_date) over (partition by basis, customer_id order by purchase_date) as previous_purchase_date,
        lead(purchase_date) over (partition by basis, customer_id order by purchase_date) as next_purchase_date
    from purchase_days
),

intervals as (
    select
        *,
        {{ days_between('previous_purchase_date', 'purchase_date') }} as interval_days
    from neighbours
),

medians as (
    select
        *,
        {{ running_median('interval_days', 'basis, customer_id', 'purchase_date') }} as median_interval_days
    from intervals
)

select
    medians.basis,
    medians.customer_id,
    medians.purchase_date,
    medians.previous_purchase_date,
    medians.next_purchase_date,
    cast(medians.median_interval_days as decimal(18, 4)) as median_interval_days,
    cast(greatest(
        31,
        parameters.churn_floor_days,
        floor(parameters.churn_gap_multiple * coalesce(cast(medians.median_interval_days as decimal(18, 4)), 0))
    ) as integer) as gap_days
from medians
cross join parameters
