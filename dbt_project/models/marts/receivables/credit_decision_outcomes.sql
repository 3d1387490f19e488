-- Both ways: what a no cost in margin and saved in loss, what a yes brought in margin and lost in write-offs until the customer's next
-- decision. Abandoned: lost over terms. Margin at its share of revenue in the twelve months before the report date.
with decisions as (
    select * from {{ ref('fct_credit_decisions') }}
),

opportunities as (
    select * from {{ ref('fct_opportunities') }}
),

economics as (
    select {{ safe_share('sum(margin_amount)', 'sum(revenue_amount)') }} as margin_share
    from {{ ref('int_segment_economics') }}
),

probabilities as (
    select * from {{ ref('int_default_probabilities_monthly') }}
),

write_offs as (
    select * from {{ ref('fct_write_offs') }}
),

named as (
    select
        decisions.*,
        coalesce(decisions.customer_id, opportunities.customer_id) as decided_customer_id,
        opportunities.is_won,
        opportunities.is_closed,
        opportunities.lost_reason,
        coalesce(opportunities.amount, decisions.requested_amount) as deal_amount,
        lead(decisions.decided_date) over (
            partition by coalesce(decisions.customer_id, opportunities.customer_id) order by decisions.decided_date, decisions.decision_id
        ) as next_decided_date
    from decisions
    left join opportunities on decisions.opportunity_id = opportunities.opportunity_id
),

lost as (
    select
        named.decision_id,
        sum(write_offs.amount - coalesce(write_offs.recovered_amount, 0)) as written_off_amount
    from named
    inner join write_offs
        on
            named.decided_customer_id = write_offs.customer_id
            and named.decided_date <= write_offs.written_off_date
            and (named.next_decided_date is null or write_offs.written_off_date < named.next_decided_date)
    group by 1
),

judged as (
    select
        named.*,
        probabilities.default_probability_share,
        economics.margin_share,
        case
            when named.outcome = 'refuse' then 'refused'
            when named.is_closed and not named.is_won and (named.outcome = 'accept_on_terms' or lower(named.lost_reason) like '%terms%')
                then 'abandoned'
            when named.is_closed and not named.is_won then 'lost otherwise'
            when coalesce(named.is_closed, true) then 'accepted'
            else 'pending'
        end as ending,
        coalesce(lost.written_off_amount, 0) as written_off_amount
    from named
    cross join economics
    left join probabilities
        on named.decided_customer_id = probabilities.customer_id and {{ month_start('named.decided_date') }} = probabilities.month_start_date
    left join lost on named.decision_id = lost.decision_id
),

{%- set margin = rounded_half_up('cast(deal_amount as decimal(28, 4)) * cast(margin_share as decimal(9, 6))') %}

valued as (
    select
        *,
        case when ending in ('refused', 'abandoned') then {{ margin }} else 0 end as margin_lost_amount,
        case when ending in ('refused', 'abandoned')
            then {{ rounded_half_up('cast(deal_amount as decimal(28, 4)) * default_probability_share') }} else 0 end as loss_avoided_amount,
        case when ending = 'accepted' then {{ margin }} else 0 end as margin_won_amount,
        case when ending = 'accepted' then written_off_amount else 0 end as loss_suffered_amount
    from judged
)

select
    decision_id,
    decided_customer_id as customer_id,
    opportunity_id,
    decided_date,
    outcome as decision,
    reason_code,
    ending,
    lost_reason,
    deal_amount,
    default_probability_share,
    cast(margin_lost_amount as decimal(18, 4)) as margin_lost_amount,
    cast(loss_avoided_amount as decimal(18, 4)) as loss_avoided_amount,
    cast(margin_won_amount as decimal(18, 4)) as margin_won_amount,
    cast(loss_suffered_amount as decimal(18, 4)) as loss_suffered_amount
from valued
