-- Probability that an invoice is paid late or is wrong, learned per customer and shrunk to the rate of all by ten pseudo
-- invoices. `split` says from what it is learned: 'all' from every invoice that could be late by the report date; 'past' from those
-- due more than 90 days before it, to be tried on the 90 days after.
with night as (
    select * from {{ ref('stg_company__night') }}
),

learned as (
    select
        invoices.customer_id,
        splits.split,
        count(*) as invoice_count,
        count(case when invoices.is_late or invoices.has_error then 1 end) as event_count
    from {{ ref('int_invoices_judged') }} as invoices
    cross join night
    cross join {{ ref('stg_company__parameters') }} as parameters
    cross join (select 'all' as split, 0 as days union all select 'past' as split, 90 as days) as splits
    where invoices.due_date < night.report_date - splits.days - parameters.pre_due_late_days and invoices.is_known_customer
    group by invoices.customer_id, splits.split
),

base as (
    select
        split,
        cast(sum(event_count) as double) / sum(invoice_count) as base_share
    from learned
    group by split
)

select
    learned.customer_id,
    learned.split,
    learned.invoice_count,
    learned.event_count,
    base.base_share,
    cast(round((learned.event_count + 10 * base.base_share) / (learned.invoice_count + 10), 6) as decimal(9, 6)) as event_share
from learned
inner join base on learned.split = base.split
