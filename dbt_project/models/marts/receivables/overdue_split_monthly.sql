with overdue as (
    select * from {{ ref('int_overdue_caused_monthly') }} where not is_held_out
)

select
    month_start_date,
    customer_id,
    salesperson_id,
    industry_code,
    size_class,
    {%- for cause in ['our_error', 'invalid_dispute', 'cannot_pay', 'will_not_pay'] %}
    {{ money_sum("case when cause = '" ~ cause ~ "' then open_amount end") }} as {{ cause }}_amount,
    {%- endfor %}
    {{ money_sum('open_amount') }} as overdue_amount,
    count(*) as overdue_invoice_count
from overdue
group by 1, 2, 3, 4, 5
