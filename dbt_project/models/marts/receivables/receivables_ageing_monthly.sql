{%- set buckets = ageing_buckets() %}
with open_items as (
    select
        *,
        case when not is_held_out then open_amount end as kept_amount,
        case when is_held_out then open_amount end as held_out_amount
    from {{ ref('int_receivables_open_monthly') }}
)

select
    month_start_date,
    customer_id,
    salesperson_id,
    industry_code,
    size_class,
    {%- for bucket in buckets %}
    {{ money_sum("case when bucket = '" ~ bucket ~ "' then kept_amount end") }} as {{ bucket }}_amount,
    {%- endfor %}
    {{ money_sum("case when bucket like 'overdue%' then kept_amount end") }} as overdue_amount,
    {{ money_sum('kept_amount') }} as receivables_amount,
    {{ money_sum('case when not is_held_out then booked_amount end') }} as receivables_booked_amount,
    {{ money_sum('held_out_amount') }} as held_out_receivables_amount,
    {{ money_sum('case when is_held_out then booked_amount end') }} as held_out_receivables_booked_amount,
    {{ money_sum("case when bucket like 'overdue%' then held_out_amount end") }} as held_out_overdue_amount,
    {%- for bucket in buckets %}
    {{ money_sum("case when bucket = '" ~ bucket ~ "' then held_out_amount end") }} as held_out_{{ bucket }}_amount,
    {%- endfor %}
    count(case when open_amount is null then 1 end) as unvalued_count
from open_items
group by 1, 2, 3, 4, 5
