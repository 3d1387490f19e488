-- Every flow is signed by what it does to receivables: opening + all flows = closing. The ledger's receivables account stands
-- at booking rates (revaluation has an account of its own) and holds the documents that are held out here.
{%- set flows = {
    'invoiced_gross_amount': ['invoiced'],
    'credited_gross_amount': ['credited'],
    'adjusted_gross_amount': ['adjusted'],
    'cash_applied_amount': ['cash_applied', 'reversed'],
    'unapplied_cash_change_amount': ['payment_received', 'payment_allocated'],
    'credit_applied_amount': ['credit_applied'],
    'discount_taken_amount': ['discount_taken'],
    'written_off_amount': ['written_off'],
    'fx_booked_amount': ['fx_booked'],
    'withheld_amount': ['withheld'], 'set_off_amount': ['set_off'], 'bank_charged_amount': ['bank_charged'], 'prepaid_amount': ['prepaid'], 'rounded_amount': ['rounded'],
} %}
with coverage as (
    {{ settlement_coverage() }}
),

months as (
    select * from {{ ref('dim_months') }}
),

events as (
    select * from {{ ref('fct_receivable_events') }} where not is_held_out
),

ageing as (
    select
        month_start_date,
        sum(receivables_amount) - sum(receivables_booked_amount) as revaluation_amount,
        sum(held_out_receivables_amount) as held_out_receivables_amount,
        sum(held_out_receivables_booked_amount) as held_out_receivables_booked_amount
    from {{ ref('receivables_ageing_monthly') }}
    group by 1
),

fx as (
    select * from {{ ref('int_fx_realised_monthly') }}
),

ledger as (
    select
        control_month,
        sum(amount) as ledger_amount
    from {{ ref('fct_ledger_controls') }}
    where kind = 'receivables'
    group by 1
),

flows as (
    select
        {{ month_start('event_date') }} as month_start_date,
        {%- for column, event_types in flows.items() %}
        sum(case when event_type in ('{{ event_types | join("', '") }}') then amount else 0 end) as {{ column }},
        {%- endfor %}
        sum(amount) as booked_change_amount
    from events
    group by 1
),

balances as (
    select
        months.month_start_date,
        months.is_complete,
        {%- for column in flows %}
        coalesce(flows.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        sum(coalesce(flows.booked_change_amount, 0)) over (order by months.month_start_date) as booked_amount,
        coalesce(ageing.revaluation_amount, 0) as revaluation_amount,
        coalesce(ageing.held_out_receivables_amount, 0) as held_out_receivables_amount,
        coalesce(ageing.held_out_receivables_booked_amount, 0) as held_out_receivables_booked_amount,
        coalesce(fx.realised_fx_amount, 0) as realised_fx_amount,
        ledger.ledger_amount
    from months
    cross join coverage
    left join flows on months.month_start_date = flows.month_start_date
    left join fx on months.month_start_date = fx.month_start_date
    left join ageing on months.month_start_date = ageing.month_start_date
    left join ledger on months.month_start_date = ledger.control_month
),

openings as (
    select
        *,
        coalesce(lag(booked_amount + revaluation_amount) over (order by month_start_date), 0) as opening_amount,
        revaluation_amount - coalesce(lag(revaluation_amount) over (order by month_start_date), 0) as revaluation_change_amount,
        booked_amount + revaluation_amount as closing_amount
    from balances
)

select
    month_start_date,
    is_complete,
    cast(opening_amount as decimal(18, 4)) as opening_amount,
    {%- for column in flows %}
    cast({{ column }} as decimal(18, 4)) as {{ column }},
    {%- endfor %}
    cast(revaluation_change_amount as decimal(18, 4)) as revaluation_change_amount,
    cast(closing_amount as decimal(18, 4)) as closing_amount,
    cast(booked_amount as decimal(18, 4)) as closing_booked_amount,
    cast(held_out_receivables_amount as decimal(18, 4)) as held_out_receivables_amount,
    cast(realised_fx_amount as decimal(18, 4)) as realised_fx_amount,
    cast(ledger_amount as decimal(18, 4)) as ledger_amount,
    cast(booked_amount + held_out_receivables_booked_amount - ledger_amount as decimal(18, 4)) as ledger_difference_amount
from openings
