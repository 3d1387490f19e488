-- DSO in its three parts, of the same days and sales as the DSO of that period: what is paid late is the rest, so that they sum to it.
{%- set unvalued = 'unvalued_count + unvalued_document_count' %}
with periods as (
    select
        *,
        receivables_amount + held_out_receivables_amount as all_receivables_amount,
        not_due_amount + held_out_not_due_amount as all_not_due_amount,
        credit_sales_gross_amount + held_out_credit_sales_gross_amount as all_sales_gross_amount
    from {{ ref('int_receivables_by_period') }}
),

own_errors as (
    select * from {{ ref('int_kpi_collection') }} where kpi = 'overdue_our_error_amount'
),

dso_parts as (
    select
        periods.*,
        {%- for days, amount, sales in [
            ('dso_days', 'periods.receivables_amount', 'periods.credit_sales_gross_amount'),
            ('terms_days', 'periods.not_due_amount', 'periods.credit_sales_gross_amount'),
            ('errors_days', 'own_errors.value', 'periods.credit_sales_gross_amount'),
            ('bounded_dso_days', 'periods.all_receivables_amount', 'periods.all_sales_gross_amount'),
            ('bounded_terms_days', 'periods.all_not_due_amount', 'periods.all_sales_gross_amount'),
            ('bounded_errors_days', 'own_errors.bounded_value', 'periods.all_sales_gross_amount'),
        ] %}
        {{ safe_share(amount ~ ' * periods.day_count', sales) }} as {{ days }}{{ ',' if not loop.last }}
        {%- endfor %}
    from periods
    inner join own_errors
        on
            periods.as_of_month = own_errors.period_start_date
            and periods.scope_type = own_errors.scope_type
            and periods.scope_id = own_errors.scope_id
)

{%- set no_sales = [reason_when('credit_sales_gross_amount <= 0', 'zero_denominator')] %}

{{ kpi_rows('dso_parts', [
    {'kpi': 'dso_terms_granted', 'value': 'terms_days', 'bounded': 'bounded_terms_days', 'reasons': no_sales, 'unvalued': unvalued},
    {'kpi': 'dso_late_payment', 'value': 'dso_days - terms_days - errors_days', 'bounded': 'bounded_dso_days - bounded_terms_days - bounded_errors_days',
     'reasons': no_sales, 'unvalued': unvalued},
    {'kpi': 'dso_own_errors', 'value': 'errors_days', 'bounded': 'bounded_errors_days', 'reasons': no_sales, 'unvalued': unvalued},
], as_of_month='as_of_month') }}
