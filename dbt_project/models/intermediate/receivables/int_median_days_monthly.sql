-- Kaplan-Meier: of those that were still unpaid after so many days, which part was paid on that day? The median is the first day
-- on which half of all, open invoices included, is paid. Counted twice: without what is held out, and with it.
{%- set cohort = 'basis, scope_type, scope_id, month_start_date' %}
with days_to_pay as (
    select * from {{ ref('int_days_to_pay_monthly') }}
),

observed as (
    {%- for basis, paid, invoices in [
        ('kept', 'paid_count', 'invoice_count'),
        ('all', 'paid_count + held_out_paid_count', 'invoice_count + held_out_invoice_count'),
    ] %}
    select
        '{{ basis }}' as basis,
        scope_type,
        scope_id,
        month_start_date,
        seen_days,
        {{ paid }} as paid_count,
        {{ invoices }} as invoice_count
    from days_to_pay
    where {{ invoices }} > 0
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

at_risk as (
    select
        *,
        sum(invoice_count) over (
            partition by {{ cohort }} order by seen_days desc rows between unbounded preceding and current row
        ) as at_risk_count
    from observed
),

survival as (
    select
        *,
        exp(sum(case when paid_count < at_risk_count then ln(1 - cast(paid_count as double) / at_risk_count) else -100 end) over (
            partition by {{ cohort }} order by seen_days rows between unbounded preceding and current row
        )) as unpaid_share
    from at_risk
),

medians as (
    select
        {{ cohort }},
        min(case when unpaid_share <= 0.5 + 0.000000001 then seen_days end) as median_days,
        max(seen_days) as longest_seen_days,
        sum(paid_count) as paid_count,
        sum(invoice_count) as invoice_count
    from survival
    group by {{ cohort }}
)

select
    scope_type,
    scope_id,
    month_start_date,
    coalesce(max(case when basis = 'kept' then invoice_count end), 0) as invoice_count,
    coalesce(max(case when basis = 'kept' then paid_count end), 0) as paid_count,
    max(case when basis = 'kept' then median_days end) as median_days,
    max(case when basis = 'kept' and median_days is null then longest_seen_days end) as at_least_days,
    max(case when basis = 'all' then coalesce(median_days, longest_seen_days) end) as bounded_median_days
from medians
group by 1, 2, 3
