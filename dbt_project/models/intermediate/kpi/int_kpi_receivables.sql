-- What has no due date may be overdue: overdue and its share carry it in their upper bound. In which of the buckets it would be nobody
-- knows; these are bounded by what is held out alone. Cash on an invoice without exchange rate has no euros to weigh its days with.
{%- set unvalued = 'unvalued_count' %}
{%- set unvalued_sales = 'unvalued_count + unvalued_document_count' %}
{%- set no_due_date = [
    reason_when('not_due_amount = 0 and overdue_amount = 0 and no_due_date_amount <> 0', 'no_due_date'),
    reason_when('(not_due_amount <> 0 or overdue_amount <> 0) and no_due_date_amount <> 0', 'no_due_dates_not_aged'),
] %}
{%- set aged = 'case when not_due_amount <> 0 or overdue_amount <> 0 or no_due_date_amount = 0 then ' %}
{%- set receivables_bounded = 'receivables_amount + held_out_receivables_amount' %}
{%- set no_due_date_bounded = 'no_due_date_amount + held_out_no_due_date_amount' %}
{%- set sales_bounded = 'credit_sales_gross_amount + held_out_credit_sales_gross_amount' %}
{%- set opening_bounded = 'opening_receivables_amount + held_out_opening_receivables_amount' %}
{%- set collectable_bounded = 'month_count * (' ~ opening_bounded ~ ' - not_due_amount - held_out_not_due_amount) + ' ~ sales_bounded %}
with periods as (
    select * from {{ ref('int_receivables_by_period') }}
)

{{ kpi_rows('periods', [
    {'kpi': 'receivables', 'value': 'receivables_amount', 'held_out': 'held_out_receivables_amount', 'unvalued': unvalued},
    {'kpi': 'not_due_amount', 'value': aged ~ 'not_due_amount end', 'held_out': 'held_out_not_due_amount', 'reasons': no_due_date, 'unvalued': unvalued},
    {'kpi': 'overdue_amount', 'value': aged ~ 'overdue_amount end', 'held_out': no_due_date_bounded ~ ' + held_out_overdue_amount', 'reasons': no_due_date, 'unvalued': unvalued},
    {'kpi': 'overdue_1_30_amount', 'value': aged ~ 'overdue_1_30_amount end', 'held_out': 'held_out_overdue_1_30_amount', 'reasons': no_due_date, 'unvalued': unvalued},
    {'kpi': 'overdue_31_60_amount', 'value': aged ~ 'overdue_31_60_amount end', 'held_out': 'held_out_overdue_31_60_amount', 'reasons': no_due_date, 'unvalued': unvalued},
    {'kpi': 'overdue_61_90_amount', 'value': aged ~ 'overdue_61_90_amount end', 'held_out': 'held_out_overdue_61_90_amount', 'reasons': no_due_date, 'unvalued': unvalued},
    {'kpi': 'overdue_91_120_amount', 'value': aged ~ 'overdue_91_120_amount end', 'held_out': 'held_out_overdue_91_120_amount', 'reasons': no_due_date, 'unvalued': unvalued},
    {'kpi': 'overdue_over_120_amount', 'value': aged ~ 'overdue_over_120_amount end', 'held_out': 'held_out_overdue_over_120_amount', 'reasons': no_due_date, 'unvalued': unvalued},
    {'kpi': 'no_due_date_amount', 'value': 'no_due_date_amount', 'held_out': 'held_out_no_due_date_amount', 'unvalued': unvalued},
    {'kpi': 'unapplied_credit_amount', 'value': 'unapplied_credit_amount', 'held_out': 'held_out_unapplied_credit_amount', 'unvalued': unvalued},
    {'kpi': 'unapplied_cash_amount', 'value': 'unapplied_cash_amount', 'held_out': 'held_out_unapplied_cash_amount', 'unvalued': unvalued},
    {'kpi': 'unapplied_cash_share', 'numerator': '-unapplied_cash_amount', 'denominator': 'receivables_amount',
     'bounded_numerator': '-unapplied_cash_amount - held_out_unapplied_cash_amount', 'bounded_denominator': receivables_bounded, 'unvalued': unvalued},
    {'kpi': 'overdue_share', 'numerator': aged ~ 'overdue_amount end', 'denominator': 'receivables_amount',
     'bounded_numerator': 'overdue_amount + held_out_overdue_amount + ' ~ no_due_date_bounded, 'bounded_denominator': receivables_bounded,
     'reasons': no_due_date, 'unvalued': unvalued},
    {'kpi': 'average_days_to_pay', 'numerator': 'collected_amount_days', 'denominator': 'collected_amount',
     'bounded_numerator': 'collected_amount_days + held_out_collected_amount_days', 'bounded_denominator': 'collected_amount + held_out_collected_amount'},
    {'kpi': 'collection_effectiveness_index',
     'numerator': '100 * (month_count * (opening_receivables_amount - receivables_amount) + credit_sales_gross_amount)',
     'denominator': 'month_count * (opening_receivables_amount - not_due_amount) + credit_sales_gross_amount',
     'bounded_numerator': '100 * (month_count * (' ~ opening_bounded ~ ' - receivables_amount - held_out_receivables_amount) + ' ~ sales_bounded ~ ')',
     'bounded_denominator': collectable_bounded, 'unvalued': unvalued_sales},
    {'kpi': 'collection_effectiveness_cash_index',
     'numerator': '100 * (month_count * (opening_receivables_amount - receivables_amount - uncollected_amount) + credit_sales_gross_amount)',
     'denominator': 'month_count * (opening_receivables_amount - not_due_amount) + credit_sales_gross_amount',
     'bounded_numerator': '100 * (month_count * (' ~ opening_bounded ~ ' - receivables_amount - held_out_receivables_amount - uncollected_amount - held_out_uncollected_amount) + ' ~ sales_bounded ~ ')',
     'bounded_denominator': collectable_bounded, 'unvalued': unvalued_sales},
    {'kpi': 'write_off_rate', 'numerator': 'written_off_amount - recovered_amount', 'denominator': 'credit_sales_gross_amount',
     'bounded_numerator': 'written_off_amount + held_out_written_off_amount - recovered_amount - held_out_recovered_amount',
     'bounded_denominator': sales_bounded, 'unvalued': unvalued_sales},
    {'kpi': 'dso_simple', 'numerator': 'receivables_amount * day_count', 'denominator': 'credit_sales_gross_amount',
     'bounded_numerator': '(' ~ receivables_bounded ~ ') * day_count', 'bounded_denominator': sales_bounded, 'unvalued': unvalued_sales},
    {'kpi': 'dso_best_possible', 'numerator': aged ~ 'not_due_amount * day_count end', 'denominator': 'credit_sales_gross_amount',
     'bounded_numerator': '(not_due_amount + held_out_not_due_amount) * day_count', 'bounded_denominator': sales_bounded,
     'reasons': no_due_date, 'unvalued': unvalued_sales},
    {'kpi': 'average_days_delinquent', 'numerator': aged ~ '(receivables_amount - not_due_amount) * day_count end',
     'denominator': 'credit_sales_gross_amount',
     'bounded_numerator': '(' ~ receivables_bounded ~ ' - not_due_amount - held_out_not_due_amount) * day_count',
     'bounded_denominator': sales_bounded, 'reasons': no_due_date, 'unvalued': unvalued_sales},
    {'kpi': 'euro_per_dso_day', 'numerator': 'credit_sales_gross_amount', 'denominator': 'day_count', 'bounded_numerator': sales_bounded, 'unvalued': unvalued_sales},
], as_of_month='as_of_month') }}
