with events as (
    select * from {{ ref('int_leading_events') }}
),

waiting as (
    select * from {{ ref('int_leads_waiting_monthly') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

parts as (
    select
        {{ month_start('event_date') }} as month_start_date,
        coalesce(salesperson_id, 'unknown') as salesperson_id,
        event_type,
        1 as event_count,
        amount,
        0 as waiting_days,
        0 as still_waiting_lead_count
    from events
    union all
    select
        month_start_date,
        salesperson_id,
        'waiting_lead',
        waiting_lead_count,
        waiting_amount,
        waiting_days,
        still_waiting_lead_count
    from waiting
)

select
    parts.month_start_date,
    parts.salesperson_id,
    months.is_complete,
    {%- for event_type in ['upsell', 'contract_due', 'contract_renewed', 'outbound_contact', 'core_at_top_price', 'waiting_lead'] %}
    cast(coalesce(sum(case when parts.event_type = '{{ event_type }}' then parts.event_count end), 0) as bigint) as {{ event_type }}_count,
    {%- if event_type != 'outbound_contact' %}
    {{ money_sum("case when parts.event_type = '" ~ event_type ~ "' then parts.amount end") }} as {{ event_type }}_amount,
    {%- endif %}
    {%- endfor %}
    cast(coalesce(sum(parts.waiting_days), 0) as bigint) as waiting_lead_days,
    cast(coalesce(sum(parts.still_waiting_lead_count), 0) as bigint) as still_waiting_lead_count
from parts
inner join months on parts.month_start_date = months.month_start_date
group by 1, 2, 3
