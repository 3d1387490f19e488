{%- set causes = ['our_error', 'invalid_dispute', 'cannot_pay', 'no_reason_known'] %}
with overdue as (
    select
        *,
        case when not is_held_out then open_amount end as kept_amount,
        case when is_held_out then open_amount end as held_out_amount
    from {{ ref('int_overdue_caused_monthly') }}
)

select
    month_start_date,
    customer_id,
    salesperson_id,
    industry_code,
    size_class,
    {%- for cause in causes %}
    {{ money_sum("case when cause = '" ~ cause ~ "' then kept_amount end") }} as {{ cause }}_amount,
    {%- endfor %}
    {{ money_sum("case when cause = 'no_reason_known' and late_days <= 30 then kept_amount end") }} as no_reason_known_1_30_amount,
    {{ money_sum("case when cause = 'no_reason_known' and late_days > 30 then kept_amount end") }} as no_reason_known_over_30_amount,
    {{ money_sum('kept_amount') }} as overdue_amount,
    count(case when not is_held_out then 1 end) as overdue_invoice_count,
    {%- for cause in causes %}
    {{ money_sum("case when cause = '" ~ cause ~ "' then held_out_amount end") }} as held_out_{{ cause }}_amount{{ ',' if not loop.last }}
    {%- endfor %}
from overdue
group by 1, 2, 3, 4, 5
