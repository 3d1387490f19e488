-- Tested in this order: lost, loss-making, risky, promising; all others are kept. A customer that loses money two years running at
-- its gross margin already is let go; one whose costs eat the margin is repaired where the costs are.
with customers as (
    select * from {{ ref('customer_360') }}
),

judged as (
    select
        *,
        case
            when not is_active and coalesce(value_year_before_amount, 0) > 0 then 'win back'
            when not is_active then 'lost'
            when value_amount <= 0 and gross_margin_amount <= 0 and coalesce(value_year_before_amount, 0) < 0 then 'no margin'
            when value_amount <= 0 and gross_margin_amount <= 0 then 'price'
            when value_amount <= 0 and risk_cost_amount > cost_to_serve_amount then 'terms'
            when value_amount <= 0 then 'service mode'
            when debtor_risk_class = 'high' then 'terms'
            when value_tier in ('A', 'B') and (white_space_amount > 0 or coalesce(value_change_amount, 0) > 0) then 'grow'
            else 'keep'
        end as finding
    from customers
)

select
    customer_id,
    report_date,
    case
        when finding in ('lost', 'no margin') then 'let go'
        when finding in ('win back', 'price', 'terms', 'service mode') then 'repair'
        when finding = 'grow' then 'invest'
        else 'keep'
    end as action,
    case when finding in ('win back', 'price', 'terms', 'service mode') then case finding when 'win back' then 'relation' else finding end end as what_to_repair,
    case
        when finding = 'terms' then 'credit management'
        when finding = 'service mode' then 'operations'
        when finding = 'no margin' then 'sales and finance'
        else 'sales'
    end as by_department,
    account_owner_id,
    case finding
        when 'win back' then 'Lost; it brought ' || value_year_before_amount || ' in the year before'
        when 'lost' then 'Lost, and it brought nothing'
        when 'no margin' then 'Costs money for the second year: value ' || value_amount || ', margin on goods ' || gross_margin_amount
        when 'price' then 'Margin on goods is ' || gross_margin_amount || ' on ' || trailing_net_revenue_amount || ' of revenue'
        when 'terms' then 'Debtor risk ' || debtor_risk_class || ' by ' || debtor_risk_reason || '; ' || overdue_amount || ' overdue of ' || receivables_amount
        when 'service mode' then 'Serving costs ' || cost_to_serve_amount || ' of a margin of ' || gross_margin_amount
        when 'grow' then 'Tier ' || value_tier || ', value ' || value_amount || '; ' || white_space_count || ' families that comparable customers buy'
        else 'Tier ' || value_tier || ', value ' || value_amount || ', debtor risk ' || debtor_risk_class
    end as reason,
    cast(case finding
        when 'win back' then value_year_before_amount
        when 'lost' then 0
        when 'terms' then greatest(receivables_amount, 0)
        when 'grow' then white_space_amount
        else abs(value_amount)
    end as decimal(18, 4)) as at_stake_amount
from judged
