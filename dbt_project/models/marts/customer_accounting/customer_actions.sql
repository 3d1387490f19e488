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
),

told as (
    select
        *,
        case finding
            when 'win back' then 'lost_brought'
            when 'lost' then 'lost_nothing'
            when 'no margin' then 'second_year_of_loss'
            when 'price' then 'thin_margin'
            when 'terms' then 'debtor_risk'
            when 'service mode' then 'dear_to_serve'
            when 'grow' then 'can_grow'
            else 'keeps'
        end as reason_code,
        case
            when finding = 'win back' then value_year_before_amount
            when finding = 'price' then gross_margin_amount
            when finding = 'terms' then overdue_amount
            when finding = 'service mode' then cost_to_serve_amount
            when finding <> 'lost' then value_amount
        end as reason_amount,
        case finding
            when 'no margin' then gross_margin_amount
            when 'price' then trailing_net_revenue_amount
            when 'terms' then receivables_amount
            when 'service mode' then gross_margin_amount
        end as reason_of_amount,
        case when finding = 'grow' then white_space_count end as reason_count
    from judged
),

texts as (
    select * from {{ ref('kpi_reasons') }}
)

{%- set figures = {
    'amount': money_text('told.reason_amount'), 'of_amount': money_text('told.reason_of_amount'), 'count': 'cast(told.reason_count as varchar)',
    'tier': 'told.value_tier', 'risk': 'told.debtor_risk_class', 'ground': 'told.debtor_risk_reason',
} %}

select
    told.customer_id,
    told.report_date,
    case
        when told.finding in ('lost', 'no margin') then 'let go'
        when told.finding in ('win back', 'price', 'terms', 'service mode') then 'repair'
        when told.finding = 'grow' then 'invest'
        else 'keep'
    end as action,
    case
        when told.finding = 'win back' then 'relation'
        when told.finding in ('price', 'terms', 'service mode') then told.finding
    end as what_to_repair,
    case
        when told.finding = 'terms' then 'credit management'
        when told.finding = 'service mode' then 'operations'
        when told.finding = 'no margin' then 'sales and finance'
        else 'sales'
    end as by_department,
    told.account_owner_id,
    {{ reason_sentence('texts.text_en', figures) }} as reason,
    told.reason_code,
    cast(told.reason_amount as decimal(18, 4)) as reason_amount,
    cast(told.reason_of_amount as decimal(18, 4)) as reason_of_amount,
    cast(told.reason_count as bigint) as reason_count,
    told.value_tier,
    told.debtor_risk_class,
    told.debtor_risk_reason,
    cast(case told.finding
        when 'win back' then told.value_year_before_amount
        when 'lost' then 0
        when 'terms' then greatest(told.receivables_amount, 0)
        when 'grow' then told.white_space_amount
        else abs(told.value_amount)
    end as decimal(18, 4)) as at_stake_amount
from told
inner join texts on told.reason_code = texts.reason_code
