-- What a customer gets, in parts of 0-100: satisfaction, deliveries on time, orders without complaint, invoices without dispute, and
-- what it pays below list price, as a place among the customers.
with snapshots as (
    select * from {{ ref('int_value_snapshots') }}
),

parts as (
    select snapshots.snapshot, answers.customer_id, 'satisfaction' as part, 10 * avg(cast(answers.score as double)) as score
    from {{ ref('fct_satisfaction_answers') }} as answers
    inner join snapshots on answers.answered_date between snapshots.window_start_date and snapshots.month_end_date
    group by 1, 2
    union all
    select snapshots.snapshot, orders.customer_id, 'on_time', 100 * avg(case when deliveries.delivered_date <= deliveries.promised_date then 1.0 else 0.0 end)
    from {{ ref('fct_deliveries') }} as deliveries
    inner join {{ ref('fct_orders') }} as orders on deliveries.order_id = orders.order_id
    inner join snapshots on deliveries.promised_date between snapshots.window_start_date and snapshots.month_end_date
    where not deliveries.is_return and deliveries.delivered_date is not null
    group by 1, 2
    union all
    select snapshots.snapshot, orders.customer_id, 'complaint_free',
        100 * greatest(0, 1 - cast(max(coalesce(complaints.complaint_count, 0)) as double) / count(*))
    from {{ ref('fct_orders') }} as orders
    inner join snapshots on orders.ordered_date between snapshots.window_start_date and snapshots.month_end_date
    left join (
        select snapshots.snapshot, tickets.customer_id, count(*) as complaint_count
        from {{ ref('fct_service_tickets') }} as tickets
        inner join {{ ref('int_value_snapshots') }} as snapshots
            on tickets.opened_date between snapshots.window_start_date and snapshots.month_end_date
        where tickets.kind = 'complaint'
        group by 1, 2
    ) as complaints on orders.customer_id = complaints.customer_id and snapshots.snapshot = complaints.snapshot
    group by 1, 2
    union all
    select snapshots.snapshot, invoices.customer_id, 'undisputed', 100 * (1 - cast(count(distinct disputes.invoice_id) as double) / count(distinct invoices.invoice_id))
    from {{ ref('fct_invoices') }} as invoices
    inner join snapshots on invoices.issued_date between snapshots.window_start_date and snapshots.month_end_date
    left join {{ ref('fct_disputes') }} as disputes on invoices.invoice_id = disputes.invoice_id and disputes.opened_date <= snapshots.month_end_date
    inner join {{ ref('stg_company__entity_coverage') }} as coverage on coverage.entity = 'disputes' and coverage.is_delivered
    where invoices.document_class = 'invoice'
    group by 1, 2
    union all
    select priced.snapshot, priced.customer_id, 'price', 100 * percent_rank() over (partition by priced.snapshot order by priced.discount_share)
    from (
        select
            snapshots.snapshot,
            lines.customer_id,
            1 - cast(sum(lines.net_amount) as double) / nullif(cast(sum(lines.base_quantity * products.list_price_amount) as double), 0) as discount_share
        from {{ ref('fct_invoice_lines') }} as lines
        inner join {{ ref('dim_products') }} as products on lines.product_id = products.product_id
        inner join snapshots on lines.issued_date between snapshots.window_start_date and snapshots.month_end_date
        where lines.document_type = 'invoice' and lines.quantity > 0 and products.list_price_amount > 0
        group by 1, 2
    ) as priced
)

select
    snapshot,
    customer_id,
    {%- for part in ['satisfaction', 'on_time', 'complaint_free', 'undisputed', 'price'] %}
    cast(round(max(case when part = '{{ part }}' then score end), 2) as decimal(9, 4)) as {{ part }}_score,
    {%- endfor %}
    count(score) as part_count,
    cast(round(avg(score), 2) as decimal(9, 4)) as value_for_score
from parts
group by 1, 2
