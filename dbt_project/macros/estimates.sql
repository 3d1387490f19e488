{# CTEs `pooled` and `compared`: days late of invoices that were treated beside those of the same customer that were not, weighted by the amount of what
   was treated. Of a relation `judged` (customer_id, is_treated, gross_amount, late_days). The variance is that within customers; customers of whom all
   or none was treated say nothing. One row; no customer with both: counts of 0. #}
{% macro days_compared(judged) %}
by_customer as (
    select
        customer_id,
        count(case when is_treated then 1 end) as treated_count,
        count(case when not is_treated then 1 end) as other_count,
        sum(case when is_treated then gross_amount end) as treated_amount,
        avg(case when is_treated then late_days end) as treated_late_days,
        avg(case when not is_treated then late_days end) as other_late_days,
        coalesce(var_samp(case when is_treated then late_days end) * (count(case when is_treated then 1 end) - 1), 0)
        + coalesce(var_samp(case when not is_treated then late_days end) * (count(case when not is_treated then 1 end) - 1), 0) as squares
    from {{ judged }}
    group by customer_id
    having count(case when is_treated then 1 end) > 0 and count(case when not is_treated then 1 end) > 0
),

pooled as (
    select sum(squares) / nullif(sum(treated_count + other_count - 2), 0) as variance
    from by_customer
),

compared as (
    select
        count(*) as customer_count,
        sum(by_customer.treated_count) as treated_count,
        sum(by_customer.other_count) as other_count,
        sum(by_customer.treated_amount) as treated_amount,
        sum(by_customer.treated_amount * by_customer.treated_late_days) / nullif(sum(by_customer.treated_amount), 0) as treated_late_days,
        sum(by_customer.treated_amount * by_customer.other_late_days) / nullif(sum(by_customer.treated_amount), 0) as other_late_days,
        sqrt(
            sum(power(by_customer.treated_amount, 2) * pooled.variance * (1.0 / by_customer.treated_count + 1.0 / by_customer.other_count))
        ) / nullif(sum(by_customer.treated_amount), 0) as days_error
    from by_customer
    cross join pooled
)
{% endmacro %}
