-- From when to when each entity is known. The first month is complete when its first row lies within the days of grace from the first:
-- a weekend with a holiday. The last complete month ends on or before the last complete day; of what is delivered per month, it is
-- the last one delivered. Every window, rate and comparison asks this table.
{%- set dated = {
    'invoices': ('stg_order_to_cash__invoices', 'issued_date'),
    'open_items': ('stg_order_to_cash__open_items', 'issued_date'),
    'orders': ('stg_order_to_cash__orders', 'cast(ordered_at as date)'),
    'payments': ('stg_order_to_cash__payments', 'received_date'),
    'opportunities': ('stg_customer_relations__opportunities', 'created_date'),
    'payment_allocations': ('stg_order_to_cash__payment_allocations', 'allocated_date'),
    'deliveries': ('stg_order_to_cash__deliveries', 'coalesce(shipped_date, delivered_date)'),
    'contact_moments': ('stg_customer_relations__contact_moments', 'cast(happened_at as date)'),
    'leads': ('stg_customer_relations__leads', 'cast(created_at as date)'),
} %}
{%- set monthly = {'cost_pools': ('stg_ledger__cost_pools', 'month')} %}
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

seen as (
    {%- for entity, (relation, day) in dated.items() %}
    select '{{ entity }}' as entity, min({{ day }}) as first_date, cast(null as date) as last_month_start_date from {{ ref(relation) }}
    union all
    {%- endfor %}
    {%- for entity, (relation, day) in monthly.items() %}
    select '{{ entity }}', min({{ day }}), max({{ day }}) from {{ ref(relation) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

complete as (
    select
        {{ months_later('night.observed_until_date + 1', -1) }} as last_month_start_date,
        night.observed_until_date,
        night.report_date,
        parameters.first_month_grace_days
    from night
    cross join parameters
)

select
    seen.entity,
    seen.first_date,
    case
        when {{ days_between(month_start('seen.first_date'), 'seen.first_date') }} <= complete.first_month_grace_days then {{ month_start('seen.first_date') }}
        else {{ months_later('seen.first_date', 1) }}
    end as first_complete_month_start_date,
    complete.observed_until_date as last_complete_date,
    least(complete.last_month_start_date, seen.last_month_start_date) as last_complete_month_start_date
from seen
cross join complete
where seen.first_date <= complete.report_date
