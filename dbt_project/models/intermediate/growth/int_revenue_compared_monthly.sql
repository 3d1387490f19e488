-- Revenue per month, and beside a month that still runs the revenue of the same days a year before.
{%- set measures = ['net_revenue_amount', 'held_out_net_amount', 'unvalued_document_count'] %}
select
    month_start_date,
    salesperson_id,
    industry_code,
    size_class,
    {{ measures | join(', ') }},
    0 as base_to_date_amount,
    0 as held_out_base_to_date_amount
from {{ ref('revenue_monthly') }}
union all
select
    {{ months_later('invoices.issued_date', 12) }},
    invoices.salesperson_id,
    invoices.industry_code,
    invoices.size_class,
    0,
    0,
    0,
    case when not invoices.is_held_out then invoices.revenue_amount end,
    case when invoices.is_held_out then invoices.revenue_amount end
from {{ ref('fct_invoices') }} as invoices
inner join {{ ref('dim_months') }} as running on {{ months_later('invoices.issued_date', 12) }} = running.month_start_date and not running.is_complete
where {{ days_between(month_start('invoices.issued_date'), 'invoices.issued_date') }} < running.known_day_count
