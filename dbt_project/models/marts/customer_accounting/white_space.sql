-- Families that a third of the comparable customers (same industry and size, at least five) bought in the last twelve months and
-- this one did not; the customer is none of its own peers. Expected is what a comparable customer brings on average, buyers and others
-- together, and all offers to a customer never more than all that it bought, credits taken off: offers that double a customer are no forecast.
with night as (
    select * from {{ ref('stg_company__night') }}
),

base as (
    select
        base.*,
        count(*) over (partition by base.industry_code, base.size_class) - 1 as peer_count
    from {{ ref('customer_base_monthly') }} as base
    cross join night
    where base.month_start_date = {{ month_start('night.report_date') }}
),

lines as (
    select
        lines.customer_id,
        lines.product_family,
        sum(lines.net_amount) as net_amount,
        sum(lines.net_amount - lines.cost_of_goods_amount - lines.uncosted_amount) as margin_amount
    from {{ ref('int_line_costs_monthly') }} as lines
    cross join night
    where
        not lines.is_cost_line
        and lines.product_family <> 'unknown'
        and lines.month_start_date > {{ months_later('night.report_date', -12) }}
    group by 1, 2
    having sum(lines.net_amount) > 0
),

bought as (
    select
        lines.customer_id,
        least(sum(lines.net_amount), max(base.trailing_net_revenue_amount)) as bought_amount
    from lines
    inner join base on lines.customer_id = base.customer_id
    group by 1
    having bought_amount > 0
),

families as (
    select
        base.industry_code,
        base.size_class,
        base.peer_count,
        lines.product_family,
        count(*) as buyer_count,
        sum(lines.net_amount) as net_amount,
        sum(lines.margin_amount) as margin_amount
    from base
    inner join lines on base.customer_id = lines.customer_id
    group by 1, 2, 3, 4
    having base.peer_count >= 5 and count(*) * 3 >= base.peer_count
),

offers as (
    select
        base.customer_id,
        base.value_basis,
        base.debtor_risk_class,
        families.*,
        bought.bought_amount,
        least({{ rounded_ratio('cast(families.net_amount as decimal(38, 4))', 'families.peer_count') }}, bought.bought_amount) as offer_amount
    from base
    inner join bought on base.customer_id = bought.customer_id
    inner join families on base.industry_code = families.industry_code and base.size_class = families.size_class
    left join lines on base.customer_id = lines.customer_id and families.product_family = lines.product_family
    where lines.customer_id is null
),

bounded as (
    select
        *,
        sum(offer_amount) over (partition by customer_id) as offers_amount,
        sum(offer_amount) over (partition by customer_id order by product_family rows between unbounded preceding and current row) as amount_until,
        case
            when offers_amount <= bought_amount then offer_amount
            else {{ rounded_part('bought_amount', 'cast(amount_until - offer_amount as decimal(18, 4))', 'cast(amount_until as decimal(18, 4))', 'offers_amount') }}
        end as expected_amount
    from offers
)

select
    customer_id,
    product_family,
    peer_count,
    buyer_count,
    {{ safe_share('buyer_count', 'peer_count') }} as buyer_share,
    cast(expected_amount as decimal(18, 4)) as expected_revenue_amount,
    case
        when value_basis = 'result' then cast(least(
            {{ rounded_ratio('cast(margin_amount as decimal(38, 4))', 'peer_count') }},
            {{ rounded_half_up('cast(expected_amount as decimal(28, 4)) * ' ~ safe_share('margin_amount', 'net_amount')) }}
        ) as decimal(18, 4))
    end as expected_margin_amount,
    debtor_risk_class,
    case when debtor_risk_class = 'high' then 'high debtor risk: only on prepayment or under insurance' end as risk_remark
from bounded
where expected_amount > 0
