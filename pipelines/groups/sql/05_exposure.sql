-- What a debtor can cost the group today. Each company's part is at least zero: what one company owes a debtor is no security of another.
create table work.exposures as
with measures as (
    unpivot (
        select company, customer_id, open_amount, delivered_not_billed_amount, accepted_orders_amount, insured_amount from read.exposure
    ) on open_amount, delivered_not_billed_amount, accepted_orders_amount, insured_amount into name measure value company_amount
),

cumulated as (
    select
        *,
        cast(sum(company_amount) over (partition by company, measure order by customer_id rows unbounded preceding) as decimal(20, 4)) as until_here
    from measures
)

select
    cells.company,
    customers.debtor_id,
    customers.intercompany_company,
    cells.measure,
    cells.company_amount,
    at_rate_cumulatively(cells.until_here, cells.company_amount, rates.rate) as amount
from cumulated as cells
inner join read.publication on cells.company = publication.company
inner join meta.exchange_rates as rates on publication.reporting_currency = rates.currency
left join receivables.debtor_customers as customers on cells.company = customers.company and cells.customer_id = customers.customer_id;

-- Companies whose orders or deliveries are not known: what they have accepted and not yet billed is missing.
create table work.partly_exposed as
select company
from read.entity_coverage
where entity in ('orders', 'deliveries') and not is_delivered
group by 1;

-- One row per debtor outside the group with exposure.
create table receivables.debtor_exposure as
with summed as (
    select
        exposures.debtor_id,
        count(distinct exposures.company) filter (exposures.amount <> 0) as company_count,
        cast(coalesce(sum(amount) filter (measure = 'open_amount'), 0) as decimal(18, 4)) as open_amount,
        cast(coalesce(sum(amount) filter (measure = 'delivered_not_billed_amount'), 0) as decimal(18, 4)) as delivered_not_billed_amount,
        cast(coalesce(sum(amount) filter (measure = 'accepted_orders_amount'), 0) as decimal(18, 4)) as accepted_orders_amount,
        cast(coalesce(sum(amount) filter (measure = 'insured_amount'), 0) as decimal(18, 4)) as insured_amount,
        string_agg(distinct partly_exposed.company, ', ' order by partly_exposed.company) as at_least_because_of
    from work.exposures
    left join work.partly_exposed on exposures.company = partly_exposed.company
    where exposures.intercompany_company is null
    group by 1
)

select
    summed.debtor_id,
    debtors.name,
    debtors.is_identified,
    summed.company_count,
    summed.open_amount,
    summed.delivered_not_billed_amount,
    summed.accepted_orders_amount,
    cast(summed.open_amount + summed.delivered_not_billed_amount + summed.accepted_orders_amount as decimal(18, 4)) as exposure_amount,
    summed.insured_amount,
    cast(
        summed.open_amount + summed.delivered_not_billed_amount + summed.accepted_orders_amount - summed.insured_amount as decimal(18, 4)
    ) as uninsured_amount,
    summed.at_least_because_of
from summed
inner join receivables.debtors on summed.debtor_id = debtors.debtor_id;
