-- How new heads ramp up: mean margin by month since they came, over those who were there that long, and what they brought until then beside what they cost. A
-- month that fewer than five reached shows no figure.
{%- set minimum_count, last_month = 5, 24 %}
with heads as (
    select * from {{ ref('int_heads_ramped') }} where month_number <= {{ last_month }}
),

averaged as (
    select
        month_number,
        count(*) as head_count,
        avg(margin_amount) as margin_amount,
        avg(cumulative_margin_amount) as cumulative_margin_amount,
        avg(cost_amount) as cost_amount,
        count(case when cumulative_margin_amount >= cost_amount then 1 end) as paid_back_count
    from heads
    group by 1
)

select
    month_number,
    head_count,
    case when head_count >= {{ minimum_count }} then 'final' else 'not_available' end as status,
    case when head_count < {{ minimum_count }} then 'too_few_heads' end as reason,
    case when head_count >= {{ minimum_count }} then {{ rounded_half_up('margin_amount') }} end as head_margin_amount,
    case when head_count >= {{ minimum_count }} then {{ rounded_half_up('cumulative_margin_amount') }} end as cumulative_head_margin_amount,
    case when head_count >= {{ minimum_count }} then {{ rounded_half_up('cost_amount') }} end as head_cost_amount,
    case when head_count >= {{ minimum_count }} then {{ safe_share('paid_back_count', 'head_count') }} end as paid_back_share,
    case when head_count >= {{ minimum_count }} then cumulative_margin_amount >= cost_amount end as is_paid_back
from averaged
