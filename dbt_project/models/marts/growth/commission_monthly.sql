-- Unearned: paid on the invoice basis and not yet collected. Switching: what the month would have brought on cash, less what it brought.
with commission_events as (
    select * from {{ ref('int_commission_events') }}
),

months as (
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
    from commission_events
),

monthly as (
    select
        {{ month_start('event_date') }} as month_start_date,
        salesperson_id,
        {%- for prefix, amount in [('', 'kept_amount'), ('held_out_', 'held_out_amount')] %}
        sum(case when event_type = basis then {{ amount }} end) as {{ prefix }}commission_amount,
        sum(case when basis <> 'invoiced' then 0 when event_type = 'invoiced' then {{ amount }} else -{{ amount }} end) as {{ prefix }}unearned_change_amount,
        {%- endfor %}
        sum(case when event_type = 'cash' then kept_amount end) as on_cash_amount,
        sum(case when event_type = 'invoiced' then kept_amount end) as on_invoiced_amount,
        count(distinct case when event_type = basis and commission_amount is null then invoice_id end) as unvalued_document_count
    from events
    cross join coverage
    group by 1, 2
),

first_months as (
    select
        salesperson_id,
        min(month_start_date) as first_month
    from monthly
    group by 1
),

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
        {%- for prefix in ['', 'held_out_'] %}
        sum(coalesce(monthly.{{ prefix }}unearned_change_amount, 0)) over (
            partition by first_months.salesperson_id order by months.month_start_date rows between unbounded preceding and current row
        ) as {{ prefix }}unearned_amount{{ ',' if not loop.last }}
        {%- endfor %}
    from first_months
    inner join months on first_months.first_month <= months.month_start_date
    left join monthly on first_months.salesperson_id = monthly.salesperson_id and months.month_start_date = monthly.month_start_date
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
    cast(held_out_commission_amount as decimal(18, 4)) as held_out_commission_amount,
    cast(held_out_unearned_amount as decimal(18, 4)) as held_out_unearned_amount,
    unvalued_document_count
from dense
