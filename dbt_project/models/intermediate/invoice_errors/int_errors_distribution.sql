-- First digits of a month beside those of other months: chi-square of two samples, with eight degrees of freedom. Per digit it adds
-- (month count x sqrt(rest size / month size) - rest count x sqrt(month size / rest size))^2 / (month count + rest count).
-- The limit stands far above chance, because the invoices of a month are no independent draws.
with types as (
    select cast(tolerance as double) as limit_value from {{ ref('invoice_error_types') }} where error_code = 'statistical_anomaly'
),

first_digits as (
    select * from {{ ref('int_first_digits_monthly') }}
),

measured as (
    select
        scope_type,
        scope_id,
        issued_month,
        any_value(event_date) as event_date,
        any_value(month_size) as month_size,
        sum(
            power(month_count * sqrt(rest_size / month_size) - rest_count * sqrt(month_size / rest_size), 2) / (month_count + rest_count)
        ) as chi_square,
        max_by(first_digit, month_count * rest_size - rest_count * month_size) as most_frequent_digit,
        max_by(month_count, month_count * rest_size - rest_count * month_size) as digit_count,
        max_by(rest_count / rest_size, month_count * rest_size - rest_count * month_size) as usual_share
    from first_digits
    group by scope_type, scope_id, issued_month
),

judged as (
    select
        measured.*,
        scope_type || ' ' || scope_id || ' ' || left(cast(issued_month as varchar), 7) as document_id,
        cast(null as varchar) as invoice_id,
        cast(null as varchar) as order_id,
        cast(null as varchar) as customer_id,
        chi_square > types.limit_value as is_unusual
    from measured
    cross join types
)

{{ findings('judged', [
    {'code': 'statistical_anomaly', 'kind': 'month', 'id': 'document_id', 'when': 'is_unusual',
     'evidence': told("{digit_count} of {month_size} amounts begin with {most_frequent_digit}; in other months {figure usual_share * 100}% do (chi-square {figure chi_square})",
                      "{digit_count} van {month_size} bedragen beginnen met {most_frequent_digit}; in andere maanden is dat {figure usual_share * 100}% (chi-kwadraat {figure chi_square})")},
]) }}
