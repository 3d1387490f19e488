-- insured = cover x the smaller of eligible exposure and limit. Each euro that is not insured has one reason.
{%- set stops = ['stopped_from_date', 'stopped_by_invoice_id', 'stopped_by_due_date', 'stopped_by_amount'] %}
with night as (
    select * from {{ ref('stg_company__night') }}
),

ageing as (
    select
        ageing.customer_id,
        sum(ageing.receivables_amount) as open_amount
    from {{ ref('receivables_ageing_monthly') }} as ageing
    inner join night on ageing.month_start_date = {{ month_start('night.report_date') }}
    group by 1
),

orders as (
    select * from {{ ref('int_orders_exposed') }}
),

covers as (
    select * from {{ ref('int_covers_valid') }}
),

stopped as (
    select
        open_invoices.customer_id,
        sum(open_invoices.open_amount) as stopped_open_amount
    from {{ ref('int_invoices_open') }} as open_invoices
    inner join covers on open_invoices.customer_id = covers.customer_id and open_invoices.issued_date > covers.stopped_from_date
    where not open_invoices.is_held_out
    group by 1
),

exposures as (
    select
        coalesce(ageing.customer_id, orders.customer_id) as customer_id,
        greatest(coalesce(ageing.open_amount, 0), 0) as open_amount,
        coalesce(orders.delivered_not_billed_amount, 0) as delivered_not_billed_amount,
        coalesce(orders.accepted_orders_amount, 0) as accepted_orders_amount
    from ageing
    full join orders on ageing.customer_id = orders.customer_id
),

judged as (
    select
        exposures.*,
        exposures.open_amount + exposures.delivered_not_billed_amount + exposures.accepted_orders_amount as exposure_amount,
        covers.insured_limit_amount,
        covers.coverage_share,
        covers.valid_until_date as cover_ends_date,
        {%- for column in stops %}
        covers.{{ column }},
        {%- endfor %}
        coalesce(covers.is_self_assessed, false) as is_self_assessed,
        case when covers.customer_id is null then 'no cover' when covers.is_self_assessed and not covers.has_valid_report then 'no valid report' else 'covered' end as cover,
        case when covers.stopped_from_date is not null
            then coalesce(stopped.stopped_open_amount, 0) + exposures.delivered_not_billed_amount + exposures.accepted_orders_amount else 0
        end as after_stop_amount
    from exposures
    left join covers on exposures.customer_id = covers.customer_id
    left join stopped on exposures.customer_id = stopped.customer_id
),

split as (
    select
        *,
        case when cover = 'covered' then least(greatest(after_stop_amount, 0), exposure_amount) else 0 end as stopped_amount,
        case when cover = 'covered' then least(exposure_amount - least(greatest(after_stop_amount, 0), exposure_amount), insured_limit_amount) else 0 end as within_limit_amount
    from judged
),

insured as (
    select
        *,
        {{ rounded_half_up('cast(within_limit_amount as decimal(28, 4)) * coalesce(coverage_share, 0)') }} as insured_amount
    from split
)

select
    customer_id,
    cast(open_amount as decimal(18, 4)) as open_amount,
    cast(delivered_not_billed_amount as decimal(18, 4)) as delivered_not_billed_amount,
    cast(accepted_orders_amount as decimal(18, 4)) as accepted_orders_amount,
    cast(exposure_amount as decimal(18, 4)) as exposure_amount,
    insured_limit_amount,
    coverage_share,
    is_self_assessed,
    cover_ends_date,
    {%- for column in stops %}
    {{ column }},
    {%- endfor %}
    insured_amount,
    cast(case when is_self_assessed then insured_amount else 0 end as decimal(18, 4)) as self_assessed_insured_amount,
    cast(exposure_amount - insured_amount as decimal(18, 4)) as uninsured_amount,
    cast(case when cover = 'no cover' then exposure_amount else 0 end as decimal(18, 4)) as uninsured_no_cover_amount,
    cast(case when cover = 'no valid report' then exposure_amount else 0 end as decimal(18, 4)) as uninsured_no_report_amount,
    cast(stopped_amount as decimal(18, 4)) as uninsured_after_stop_amount,
    cast(case when cover = 'covered' then exposure_amount - stopped_amount - within_limit_amount else 0 end as decimal(18, 4)) as uninsured_above_limit_amount,
    cast(within_limit_amount - insured_amount as decimal(18, 4)) as uninsured_own_risk_amount
from insured
where exposure_amount <> 0
