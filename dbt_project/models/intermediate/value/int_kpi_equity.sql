-- What leads cost in the twelve months of value may still move to a customer.
with open_leads as (
    select
        observed.month_start_date,
        sum(coalesce(leads.open_lead_count, 0)) over (order by observed.month_start_date rows between 11 preceding and current row) as open_lead_count
    from {{ ref('int_base_observed_monthly') }} as observed
    left join {{ ref('int_open_leads_monthly') }} as leads on observed.month_start_date = leads.month_start_date
),

-- Every month of the company from the first known one on; the statement begins a month after the first that has a multiple.
equity as (
    select
        'month' as period_type,
        observed.month_start_date as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        months.is_complete and observed.are_purchases_settled and leads.open_lead_count = 0
        and coalesce(multiples.provisional_churned_count, 0) = 0 as is_complete,
        multiples.provisional_churned_count as recent_count,
        leads.open_lead_count,
        observed.are_purchases_settled,
        observed.are_costs_known,
        parameters.purchase_reversal_days,
        parameters.churn_minimum_customer_months,
        multiples.customer_month_count,
        {{ months_later('observed.compared_known_from_month', 1) }} as equity_known_from_month,
        observed.month_start_date > observed.compared_known_from_month as is_window_known,
        equity.closing_equity_amount,
        equity.closing_equity_amount is not null and observed.are_costs_known as is_known
    from {{ ref('int_base_observed_monthly') }} as observed
    inner join {{ ref('dim_months') }} as months on observed.month_start_date = months.month_start_date
    cross join {{ ref('stg_company__parameters') }} as parameters
    inner join open_leads as leads on observed.month_start_date = leads.month_start_date
    left join {{ ref('int_lifetime_multiples_monthly') }} as multiples on observed.month_start_date = multiples.month_start_date
    left join {{ ref('customer_equity_monthly') }} as equity on observed.month_start_date = equity.month_start_date
)

{{ kpi_rows('equity', [{'kpi': 'customer_equity', 'value': 'closing_equity_amount', 'is_known': 'is_known', 'reasons': [
    reason_when('not is_window_known', 'window_not_observed', date='equity_known_from_month'),
    reason_when('is_window_known and closing_equity_amount is null', 'few_customer_months',
        count='coalesce(customer_month_count, 0)', of_count='churn_minimum_customer_months'),
    reason_when('not are_costs_known', 'costs_not_yet_delivered'),
    reason_when('is_known and open_lead_count > 0', 'open_leads', count='open_lead_count'),
    reason_when('is_known and recent_count > 0', 'recent_losses', count='recent_count'),
    reason_when('is_known and not are_purchases_settled', 'recent_purchases', count='purchase_reversal_days'),
]}]) }}
