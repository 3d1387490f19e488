-- Probability that an invoice is paid late or is wrong, learned per customer and shrunk to the rate of all: the more customers differ from one
-- another by more than chance (their correlation, by moments), the less, and by one pseudo invoice at least. `split` says from what it is
-- learned: 'all' from every invoice that could be late by the report date; 'past' from those due more than 90 days before it, to be tried on
-- the 90 days after.
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
        *,
        cast(event_count as double) / invoice_count as base_share
    from (
        select
            split,
            sum(event_count) as event_count,
            sum(invoice_count) as invoice_count,
            count(*) as customer_count,
            cast(sum(invoice_count * invoice_count) as double) as squared_count,
            sum(cast(event_count * event_count as double) / invoice_count) as squared_events
        from learned
        group by split
    ) as summed
),

-- What differs between customers beyond chance, as a share of what differs at all.
differing as (
    select
        split,
        base_share,
        least(greatest(coalesce(
            (squared_events - invoice_count * base_share * base_share - (customer_count - 1) * base_share * (1 - base_share))
            / nullif((invoice_count - squared_count / invoice_count - (customer_count - 1)) * base_share * (1 - base_share), 0), 0
        ), 0), 0.5) as own_weight
    from base
)

select
    learned.customer_id,
    learned.split,
    learned.invoice_count,
    learned.event_count,
    differing.base_share,
    cast(round(
        (differing.own_weight * learned.event_count + (1 - differing.own_weight) * differing.base_share)
        / (differing.own_weight * learned.invoice_count + (1 - differing.own_weight)), 6
    ) as decimal(9, 6)) as event_share
from learned
inner join differing on learned.split = differing.split
