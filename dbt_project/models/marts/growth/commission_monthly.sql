-- Unearned: paid on the invoice basis and not yet collected, of which a part never will be: what was credited or written off brings no cash.
-- Switching: what the month would have brought on cash, less what it brought. Booked stands beside due since the first booking or plan.
with months as (
    select * from {{ ref('dim_months') }}
),

coverage as (
    {{ settlement_coverage() }}
),

events as (
    select
        *,
        case when not is_held_out then commission_amount end as kept_amount,
        case when is_held_out then commission_amount end as held_out_amount
    from {{ ref('int_commission_events') }}
),

monthly as (
    select
        {{ month_start('event_date') }} as month_start_date,
        salesperson_id,
        {%- for prefix, amount in [('', 'kept_amount'), ('held_out_', 'held_out_amount')] %}
        sum(case when event_type = basis then {{ amount }} end) as {{ prefix }}commission_amount,
        sum(case when basis = 'invoiced' and event_type in ('invoiced', 'cash') then case event_type when 'cash' then -{{ amount }} else {{ amount }} end else 0 end)
            as {{ prefix }}unearned_change_amount,
        {%- endfor %}
        sum(case when basis = 'invoiced' and event_type = 'never_earned' then kept_amount end) as never_earned_change_amount,
        sum(case when event_type = 'cash' then kept_amount end) as on_cash_amount,
        sum(case when event_type = 'invoiced' then kept_amount end) as on_invoiced_amount,
        count(distinct case when event_type = basis and commission_amount is null then invoice_id end) as unvalued_document_count
    from events
    cross join coverage
    group by 1, 2
),

deliveries as (
    select is_delivered from {{ ref('stg_company__entity_coverage') }} where entity = 'commission_bookings'
),

booked as (
    select
        {{ month_start('booked_date') }} as month_start_date,
        salesperson_id,
        sum(amount) as booked_amount
    from {{ ref('fct_commission_bookings') }}
    cross join coverage
    group by 1, 2
),

first_months as (
    select
        salesperson_id,
        min(month_start_date) as first_month
    from (
        select salesperson_id, month_start_date from monthly
        union all
        select salesperson_id, month_start_date from booked
    ) as known
    group by 1
),

{%- set so_far = '(partition by first_months.salesperson_id order by months.month_start_date rows between unbounded preceding and current row)' %}

dense as (
    select
        months.month_start_date,
        months.is_complete,
        first_months.salesperson_id,
        coalesce(monthly.commission_amount, 0) as commission_amount,
        coalesce(monthly.on_cash_amount, 0) as on_cash_amount,
        coalesce(monthly.on_invoiced_amount, 0) as on_invoiced_amount,
        coalesce(monthly.held_out_commission_amount, 0) as held_out_commission_amount,
        coalesce(monthly.unvalued_document_count, 0) as unvalued_document_count,
        case when deliveries.is_delivered then coalesce(booked.booked_amount, 0) end as booked_amount,
        sum(coalesce(monthly.never_earned_change_amount, 0)) over {{ so_far }} as never_earned_amount,
        sum(coalesce(booked.booked_amount, 0) - coalesce(monthly.commission_amount, 0) - coalesce(monthly.held_out_commission_amount, 0)) over {{ so_far }}
            as booked_beyond_due_amount,
        {%- for prefix in ['', 'held_out_'] %}
        sum(coalesce(monthly.{{ prefix }}unearned_change_amount, 0)) over {{ so_far }} as {{ prefix }}unearned_amount{{ ',' if not loop.last }}
        {%- endfor %}
    from first_months
    inner join months on first_months.first_month <= months.month_start_date
    left join monthly on first_months.salesperson_id = monthly.salesperson_id and months.month_start_date = monthly.month_start_date
    left join booked on first_months.salesperson_id = booked.salesperson_id and months.month_start_date = booked.month_start_date
    left join deliveries on true
)

select
    month_start_date,
    salesperson_id,
    is_complete,
    cast(commission_amount as decimal(18, 4)) as commission_amount,
    cast(on_cash_amount as decimal(18, 4)) as on_cash_amount,
    cast(on_invoiced_amount as decimal(18, 4)) as on_invoiced_amount,
    cast(on_cash_amount - commission_amount as decimal(18, 4)) as switch_to_cash_amount,
    cast(unearned_amount as decimal(18, 4)) as unearned_amount,
    cast(unearned_amount - never_earned_amount as decimal(18, 4)) as collectible_unearned_amount,
    cast(never_earned_amount as decimal(18, 4)) as never_earned_amount,
    cast(booked_amount as decimal(18, 4)) as booked_amount,
    case when booked_amount is not null then cast(booked_beyond_due_amount as decimal(18, 4)) end as booked_beyond_due_amount,
    cast(held_out_commission_amount as decimal(18, 4)) as held_out_commission_amount,
    cast(held_out_unearned_amount as decimal(18, 4)) as held_out_unearned_amount,
    unvalued_document_count
from dense
