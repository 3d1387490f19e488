-- Both ways, each on the orders that follow from the decision: what a no cost in margin and saved in loss, what a yes brought in margin and lost in
-- write-offs. What follows are the orders of its deal, or of its customer until the next decision where it names no deal; what the customer lost
-- otherwise until then stands apart. Margin after serving, at its share of revenue in the twelve months before the report date. Of several
-- decisions on one deal the last one counts.
with decisions as (
    select
        decisions.*,
        coalesce(decisions.customer_id, deals.customer_id) as decided_customer_id,
        deals.is_won,
        deals.is_closed,
        deals.lost_reason,
        coalesce(deals.amount, decisions.requested_amount) as deal_amount,
        decisions.opportunity_id is not null
        and lead(decisions.decision_id) over (partition by decisions.opportunity_id order by decisions.decided_date, decisions.decision_id) is not null
            as is_replaced,
        lead(decisions.decided_date) over (
            partition by coalesce(decisions.customer_id, deals.customer_id) order by decisions.decided_date, decisions.decision_id
        ) as next_decided_date
    from {{ ref('fct_credit_decisions') }} as decisions
    left join {{ ref('fct_opportunities') }} as deals on decisions.opportunity_id = deals.opportunity_id
),

economics as (
    select {{ safe_share('sum(served_margin_amount)', 'sum(revenue_amount)') }} as margin_share
    from {{ ref('int_segment_economics') }}
),

followed as (select * from {{ ref('int_decisions_followed') }}),

others as (
    select
        decisions.decision_id,
        sum(losses.lost_amount) as other_loss_amount
    from decisions
    inner join {{ ref('int_losses_by_order') }} as losses
        on
            decisions.decided_customer_id = losses.customer_id
            and decisions.decided_date <= losses.written_off_date
            and (decisions.next_decided_date is null or losses.written_off_date < decisions.next_decided_date)
    where not exists (select 1 from followed where followed.order_id = losses.order_id)
    group by 1
),

sums as (
    select
        decision_id,
        count(*) as order_count,
        sum(invoiced_amount) as invoiced_amount,
        sum(lost_amount) as lost_amount
    from followed
    group by 1
),

judged as (
    select
        decisions.*,
        probabilities.default_probability_share,
        economics.margin_share,
        case
            when decisions.is_replaced then 'decided again'
            when decisions.is_closed is false then 'pending'
            when decisions.outcome = 'refuse' then case when decisions.is_won then 'won in spite of it' else 'refused' end
            when decisions.is_closed and not decisions.is_won
                then case when {{ says_terms('decisions.lost_reason') }} then 'abandoned' else 'lost otherwise' end
            else 'accepted'
        end as ending
    from decisions
    cross join economics
    left join {{ ref('int_default_probabilities_monthly') }} as probabilities
        on decisions.decided_customer_id = probabilities.customer_id and {{ month_start('decisions.decided_date') }} = probabilities.month_start_date
),

{%- set was_no = "judged.ending in ('refused', 'abandoned')" %}
{%- set was_yes = "judged.ending in ('accepted', 'won in spite of it')" %}

valued as (
    select
        judged.*,
        case when {{ was_yes }} then coalesce(sums.order_count, 0) else 0 end as followed_order_count,
        coalesce(others.other_loss_amount, 0) as other_loss_amount,
        {{ was_no }} and judged.deal_amount is not null and judged.default_probability_share is not null and judged.margin_share is not null
            as is_comparable,
        case when {{ was_no }} then {{ rounded_half_up('cast(judged.deal_amount as decimal(28, 4)) * cast(judged.margin_share as decimal(9, 6))') }}
            else 0 end as margin_lost_amount,
        case when {{ was_no }} then {{ rounded_half_up('cast(judged.deal_amount as decimal(28, 4)) * judged.default_probability_share') }}
            else 0 end as loss_avoided_amount,
        case when {{ was_yes }}
            then {{ rounded_half_up('cast(coalesce(sums.invoiced_amount, 0) as decimal(28, 4)) * cast(judged.margin_share as decimal(9, 6))') }}
            else 0 end as margin_won_amount,
        case when {{ was_yes }} then coalesce(sums.lost_amount, 0) else 0 end as loss_suffered_amount
    from judged
    left join sums on judged.decision_id = sums.decision_id
    left join others on judged.decision_id = others.decision_id
)

select
    {%- for column in ['decision_id', 'decided_customer_id as customer_id', 'opportunity_id', 'decided_date', 'outcome as decision', 'reason_code', 'ending',
        'lost_reason', 'deal_amount', 'default_probability_share', 'followed_order_count', 'is_comparable'] %}
    {{ column }},
    {%- endfor %}
    {%- for amount in ['margin_lost', 'loss_avoided', 'margin_won', 'loss_suffered', 'other_loss'] %}
    cast({{ amount }}_amount as decimal(18, 4)) as {{ amount }}_amount{{ ',' if not loop.last }}
    {%- endfor %}
from valued
