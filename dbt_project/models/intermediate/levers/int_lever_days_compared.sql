-- What history says a lever on days brings, at the end of the last complete month: a call before the due date on invoices without an error, and
-- an invoice without an error of ours; each against invoices of the same customer. `effect_days` are days earlier per euro, `reach_share` the
-- part of what is invoiced that pulling the whole lever would still reach: what was not called about, what had an error.
{%- set treatments = {
    'dso_late_payment': ('is_called', 'not has_error', 'other_late_days - treated_late_days', 'not is_treated'),
    'dso_own_errors': ('has_error', 'true', 'treated_late_days - other_late_days', 'is_treated'),
} %}
with invoices as (
    select * from {{ ref('int_invoices_followed') }}
),

report_month as (
    select max(month_start_date) as month_start_date from {{ ref('dim_months') }} where is_complete
)

{%- for lever, (treated, condition, effect, reached) in treatments.items() %}
{{ ', ' if loop.first }}{{ lever }} as (
    with judged as (
        select
            customer_id,
            {{ treated }} as is_treated,
            gross_amount,
            late_days
        from invoices
        where {{ condition }}
    ),

    {{ days_compared('judged') }}

    select
        '{{ lever }}' as lever,
        compared.treated_count,
        compared.other_count,
        round({{ effect }}, 9) as effect_days,
        round(compared.days_error, 9) as standard_error,
        (select sum(case when {{ reached }} then gross_amount end) / nullif(sum(gross_amount), 0) from judged) as reach_share
    from compared
){{ ',' if not loop.last }}
{%- endfor %}

{% for lever in treatments %}
select
    report_month.month_start_date,
    compared.*
from {{ lever }} as compared
cross join report_month
where report_month.month_start_date is not null
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
