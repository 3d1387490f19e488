-- The orders that follow from a credit decision, with what was invoiced and lost on them: those of its deal, or of its customer until the next
-- decision where it names no deal. An order follows from one decision: that of its deal first.
with decisions as (
    select
        *,
        lead(decided_date) over (partition by customer_id order by decided_date, decision_id) as next_decided_date,
        row_number() over (partition by opportunity_id order by decided_date desc, decision_id desc) as deal_rank
    from {{ ref('fct_credit_decisions') }}
),

orders as (
    select * from {{ ref('fct_orders') }} where cancelled_date is null
),

candidates as (
    select
        orders.order_id,
        decisions.decision_id as of_deal_id,
        null as of_customer_id
    from orders
    inner join decisions on orders.opportunity_id = decisions.opportunity_id
    where decisions.deal_rank = 1
    union all
    select
        orders.order_id,
        null,
        decisions.decision_id
    from orders
    inner join decisions
        on
            orders.customer_id = decisions.customer_id
            and orders.ordered_date >= decisions.decided_date
            and orders.ordered_date < coalesce(decisions.next_decided_date, date '9999-12-31')
    where decisions.opportunity_id is null
),

followed as (
    select
        order_id,
        coalesce(max(of_deal_id), max(of_customer_id)) as decision_id
    from candidates
    group by 1
),

invoiced as (
    select
        lines.order_id,
        sum(lines.net_amount) as invoiced_amount
    from {{ ref('fct_invoice_lines') }} as lines
    inner join {{ ref('fct_invoices') }} as invoices on lines.invoice_id = invoices.invoice_id and not invoices.is_held_out
    where lines.order_id is not null
    group by 1
),

losses as (
    select
        order_id,
        sum(lost_amount) as lost_amount
    from {{ ref('int_losses_by_order') }}
    where order_id is not null
    group by 1
)

select
    followed.decision_id,
    followed.order_id,
    coalesce(invoiced.invoiced_amount, 0) as invoiced_amount,
    coalesce(losses.lost_amount, 0) as lost_amount
from followed
left join invoiced on followed.order_id = invoiced.order_id
left join losses on followed.order_id = losses.order_id
