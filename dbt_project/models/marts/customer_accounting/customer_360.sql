-- The report date's month end; customers that are lost keep their last figures at nothing.
{%- set at_month_end = {
    'customers': 'int_customer_trailing_monthly', 'base': 'customer_base_monthly', 'strengths': 'int_relationship_strengths_monthly',
    'payers': 'payer_behaviour_monthly', 'equity': 'int_customer_equity_changes',
} %}
{%- set at_report_date = {
    'positions': 'int_customer_positions', 'best_years': 'int_customer_best_years', 'silences': 'int_customer_silences', 'extremes': 'int_customer_line_extremes',
    'exposures': 'customer_exposure', 'balance': 'customer_value_balance', 'lifetime': 'customer_lifetime_value',
} %}
{%- set is_silent = 'customers.is_active and coalesce(silences.is_silent, false)' %}
{%- set forward_value = 'coalesce(equity.closing_equity_amount, case when exists (select 1 from equity) then 0 end)' %}
{%- set lifetime_result = "case when customers.value_basis = 'result' then lifetime.lifetime_value_amount end" %}
with night as (
    select * from {{ ref('stg_company__night') }}
),

{% for name, model in at_month_end.items() -%}
{{ name }} as (
    select at_month_end.*
    from {{ ref(model) }} as at_month_end
    cross join night
    where at_month_end.month_start_date = {{ month_start('night.report_date') }}
),

{% endfor -%}
offers as (
    select customer_id, count(*) as family_count, sum(coalesce(expected_margin_amount, expected_revenue_amount)) as amount
    from {{ ref('white_space') }} group by 1
),

losses as (
    select customer_id, max_by(churn_reason, month_start_date) as churn_reason
    from {{ ref('int_customer_losses') }} group by 1
)

select
    master.customer_id,
    master.name,
    night.report_date,
    master.account_owner_id,
    master.industry_code,
    master.size_class,
    memberships.parent_customer_id,
    memberships.customer_group_id,
    memberships.group_customer_count,
    {%- for figure in ['state', 'is_active', 'trailing_net_revenue_amount', 'value_basis', 'value_amount', 'value_low_amount', 'value_high_amount',
        'uncosted_amount'] %}
    customers.{{ figure }},
    {%- endfor %}
    case when not customers.is_active then coalesce(losses.churn_reason, 'unknown') end as churn_reason,
    {%- for fact in ['is_insolvent', 'is_blocked', 'ended_date', 'written_off_amount', 'recent_loss_amount', 'credit_refused_date',
        'credit_refused_amount', 'credit_limit_amount'] %}
    standing.{{ fact }},
    {%- endfor %}
    coalesce(silences.purchase_count, 0) as purchase_count,
    {%- for figure in ['last_purchase_date', 'silent_days', 'median_interval_days', 'season_pause_days'] %}
    silences.{{ figure }},
    {%- endfor %}
    {{ is_silent }} as is_silent,
    {{ safe_share('customers.uncosted_amount', 'customers.trailing_net_revenue_amount') }} as uncosted_share,
    customers.value_low_amount <= 0 and customers.value_high_amount > 0 as is_sign_unknown,
    customers.value_basis = 'result' and customers.value_amount <> 0
    and coalesce(customers.value_amount between least(extremes.lowest_margin_amount, 0) and greatest(extremes.highest_margin_amount, 0), false) as has_sign_of_one_line,
    positions.value_year_before_amount,
    best_years.best_year_tier,
    cast(customers.value_amount - positions.value_year_before_amount as decimal(18, 4)) as value_change_amount,
    cast(sum(customers.value_amount) over (partition by memberships.customer_group_id) as decimal(18, 4)) as group_value_amount,
    {%- for amount in ['gross_margin', 'cost_to_serve', 'risk_cost', 'cost_line', 'receivables', 'overdue', 'exposure', 'uninsured'] %}
    cast(coalesce({{ 'exposures' if loop.index > 6 else 'positions' }}.{{ amount }}_amount, {{ 'zeros.receivables_amount' if loop.index > 4 else 0 }}) as decimal(18, 4)) as {{ amount }}_amount,
    {%- endfor %}
    cast(sum(coalesce(positions.receivables_amount, zeros.receivables_amount)) over (partition by memberships.customer_group_id) as decimal(18, 4)) as group_receivables_amount,
    coalesce(base.value_tier, 'not active') as value_tier,
    coalesce(base.debtor_risk_class, 'not active') as debtor_risk_class,
    coalesce(base.debtor_risk_reason, 'not active') as debtor_risk_reason,
    payers.average_late_days,
    payers.payer_score,
    coalesce(positions.dispute_count, zeros.dispute_count) as open_dispute_count,
    cast(coalesce(positions.dispute_gross_amount, zeros.dispute_count) as decimal(18, 4)) as open_dispute_gross_amount,
    coalesce(positions.error_count, 0) as open_error_count,
    cast(coalesce(positions.error_stake_amount, 0) as decimal(18, 4)) as open_error_stake_amount,
    coalesce(positions.invoice_count, 0) as invoice_count,
    coalesce(positions.right_first_time_count, 0) as right_first_time_count,
    {{ safe_share('positions.right_first_time_count', 'positions.invoice_count') }} as first_time_right_share,
    {%- for figure in ['satisfaction_score', 'value_of_score', 'value_for_score', 'corner'] %}
    balance.{{ figure }},
    {%- endfor %}
    strengths.strength_score,
    cast({{ forward_value }} as decimal(18, 4)) as forward_value_amount,
    lifetime.lifetime_value_amount,
    lifetime.alive_share,
    cast(case when not ({{ is_silent }}) or {{ lifetime_result }} is not null then least({{ forward_value }}, {{ lifetime_result }}) end as decimal(18, 4)) as prudent_value_amount,
    coalesce(offers.family_count, 0) as white_space_count,
    cast(coalesce(offers.amount, 0) as decimal(18, 4)) as white_space_amount
from customers
cross join night
cross join {{ ref('int_zeros_known') }} as zeros
inner join {{ ref('dim_customers') }} as master on customers.customer_id = master.customer_id
inner join {{ ref('int_customer_groups') }} as memberships on customers.customer_id = memberships.customer_id
inner join {{ ref('int_customer_standing') }} as standing on customers.customer_id = standing.customer_id
{%- for name in ['base', 'strengths', 'payers', 'equity', 'offers', 'losses'] %}
left join {{ name }} on customers.customer_id = {{ name }}.customer_id
{%- endfor %}
{%- for name, model in at_report_date.items() %}
left join {{ ref(model) }} as {{ name }} on customers.customer_id = {{ name }}.customer_id
{%- endfor %}
