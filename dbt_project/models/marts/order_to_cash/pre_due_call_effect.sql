-- What a call before the due date changes, in days and in euros x days: invoices that were called about against those of the same customer
-- that were not, due in the year before the last 30 days. Days late run to the report date where nothing was paid; invoices with an error of
-- ours are left out. The interval holds the effect in 95 of 100 cases (variance within customers); one that holds nothing shows no effect.
with night as (
    select * from {{ ref('stg_company__night') }}
),

judged as (
    select
        customer_id,
        is_called as is_treated,
        gross_amount,
        late_days
    from {{ ref('int_invoices_followed') }}
    where not has_error
),

{{ days_compared('judged') }},

bounded as (
    select
        *,
        other_late_days - treated_late_days as saved_days,
        other_late_days - treated_late_days - 1.96 * days_error as low_saved_days,
        other_late_days - treated_late_days + 1.96 * days_error as high_saved_days
    from compared
)

select
    night.report_date,
    cast(bounded.customer_count as bigint) as customer_count,
    cast(bounded.treated_count as bigint) as called_count,
    cast(bounded.other_count as bigint) as not_called_count,
    cast(bounded.treated_amount as decimal(18, 4)) as called_amount,
    cast(round(bounded.treated_late_days, 2) as decimal(18, 2)) as called_late_days,
    cast(round(bounded.other_late_days, 2) as decimal(18, 2)) as not_called_late_days,
    {%- for days in ['saved_days', 'low_saved_days', 'high_saved_days'] %}
    cast(round(bounded.{{ days }}, 2) as decimal(18, 2)) as {{ days }},
    {%- endfor %}
    cast(round(bounded.treated_amount * bounded.saved_days, 2) as decimal(18, 2)) as saved_euro_days,
    case
        when bounded.treated_count < 30 or bounded.days_error is null then 'too few to say'
        when bounded.low_saved_days > 0 then 'effect shown'
        else 'no effect shown'
    end as effect_verdict
from bounded
cross join night
where bounded.customer_count > 0
