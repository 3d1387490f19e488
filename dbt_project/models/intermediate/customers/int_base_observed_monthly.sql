-- What of the customer base can be known in a month. A loss shows itself after the shortest gap only: whole months from then on are
-- known. A figure over twelve months needs all of them, a comparison with the twelve before needs twenty-four. A purchase may
-- be credited in full for some days, so that the base of a month is settled that much later. Costs are known up to the last month that
-- the ledger delivered.
{%- set windows = {'trailing': 12, 'compared': 24} %}
with months as (
    select * from {{ ref('dim_months') }}
),

night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

costs as (
    select * from {{ ref('dim_observations') }} where entity = 'cost_pools'
),

observed as (
    select
        first_complete_month_start_date,
        {{ months_later('first_complete_month_start_date + greatest(31, parameters.churn_floor_days)', 1) }} as losses_known_from_month,
        {%- for window, month_count in windows.items() %}
        {{ months_later('first_complete_month_start_date', month_count - 1) }} as {{ window }}_known_from_month{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('dim_observations') }}
    cross join parameters
    where entity = 'invoices'
)

select
    months.month_start_date,
    costs.last_complete_month_start_date is null or months.month_start_date <= costs.last_complete_month_start_date as are_costs_known,
    {%- for window in ['losses'] + windows | list %}
    observed.{{ window }}_known_from_month,
    months.month_start_date >= observed.{{ window }}_known_from_month as are_{{ window }}_known,
    {%- endfor %}
    {{ month_end('months.month_start_date') }} + parameters.purchase_reversal_days <= night.observed_until_date as are_purchases_settled
from months
cross join observed
left join costs on true
cross join night
cross join parameters
where months.month_start_date >= {{ month_start('observed.first_complete_month_start_date') }}
