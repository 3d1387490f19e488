-- What the invoices that are held out would change in the counts of customers: a customer with such an invoice is counted as it would be
-- with them, less as it is counted without. Months without a change are left out.
with month_ends as (
    select * from {{ ref('int_customer_month_ends') }}
),

signed as (
    select
        month_ends.customer_id,
        month_ends.month_start_date,
        month_ends.was_active,
        month_ends.is_active,
        {{ customer_state('month_ends') }} as state,
        case month_ends.basis when 'all' then 1 else -1 end as sign
    from month_ends
    inner join (select distinct customer_id from month_ends where basis = 'all') as touched on month_ends.customer_id = touched.customer_id
),

counted as (
    select
        customer_id,
        month_start_date,
        cast(sum(case when was_active then sign else 0 end) as bigint) as held_out_opening_count,
        cast(sum(case when is_active then sign else 0 end) as bigint) as held_out_active_count,
        {%- for state in ['new', 'reactivated', 'churned'] %}
        cast(sum(case when state = '{{ state }}' then sign else 0 end) as bigint) as held_out_{{ state }}_count{{ ',' if not loop.last }}
        {%- endfor %}
    from signed
    group by 1, 2
)

select * from counted
where
    held_out_opening_count <> 0 or held_out_active_count <> 0 or held_out_new_count <> 0
    or held_out_reactivated_count <> 0 or held_out_churned_count <> 0
