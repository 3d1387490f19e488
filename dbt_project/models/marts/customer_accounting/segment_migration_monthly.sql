-- From the segment at the opening of the month to the one at its end. Rows sum to the opening, columns to the closing.
{%- set segments = [('value_tier', 'value_tier'), ('debtor_risk', 'debtor_risk_class'), ('size_class', 'size_class')] %}
with base as (
    select * from {{ ref('customer_base_monthly') }}
),

customer_months as (
    select * from {{ ref('customer_months') }} where was_active or is_active
),

closings as (
    select
        customer_months.customer_id,
        customer_months.month_start_date,
        customer_months.state,
        {%- for segment_type, column in segments %}
        coalesce(closing.{{ column }}, 'LOST') as to_{{ column }},
        case customer_months.state when 'new' then 'NEW' when 'reactivated' then 'REACTIVATED' else opening.{{ column }} end as from_{{ column }},
        {%- endfor %}
        coalesce(opening.value_amount, 0) as opening_value_amount,
        coalesce(closing.value_amount, 0) as closing_value_amount
    from customer_months
    left join base as closing
        on customer_months.customer_id = closing.customer_id and customer_months.month_start_date = closing.month_start_date
    left join base as opening
        on
            customer_months.customer_id = opening.customer_id
            and customer_months.month_start_date = {{ months_later('opening.month_start_date', 1) }}
),

moves as (
    {%- for segment_type, column in segments %}
    select
        month_start_date,
        '{{ segment_type }}' as segment_type,
        from_{{ column }} as from_segment_id,
        to_{{ column }} as to_segment_id,
        count(*) as customer_count,
        {{ money_sum('opening_value_amount') }} as opening_value_amount,
        {{ money_sum('closing_value_amount') }} as closing_value_amount
    from closings
    group by 1, 3, 4
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    month_start_date,
    segment_type,
    from_segment_id,
    to_segment_id,
    customer_count,
    opening_value_amount,
    closing_value_amount
from moves
