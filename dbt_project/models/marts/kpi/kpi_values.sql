-- Every KPI in one shape. The reason is the sentence of its codes in English; codes and figures stand in kpi_value_reasons.
{%- set key = ['kpi', 'period_type', 'period_start_date', 'scope_type', 'scope_id'] %}
with night as (
    select * from {{ ref('stg_company__night') }}
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

judged as (
    select * from {{ ref('int_kpi_values_judged') }}
),

reasons as (
    select * from {{ ref('kpi_value_reasons') }}
),

texts as (
    select * from {{ ref('kpi_reasons') }}
),

{%- set figures = {
    'count': 'cast(reasons.reason_count as varchar)', 'of_count': 'cast(reasons.reason_of_count as varchar)',
    'amount': money_text('reasons.reason_amount'), 'date': 'cast(reasons.reason_date as varchar)',
    'month': "left(cast(reasons.reason_date as varchar), 7)", 'subject': 'reasons.reason_subject', 'words': 'reasons.reason_words'
} %}
sentences as (
    select
        {% for column in key %}reasons.{{ column }}, {% endfor %}
        string_agg({{ reason_sentence('texts.text_en', figures) }}, '; ' order by texts.reason_rank, reasons.reason_code, reasons.reason_subject) as reason
    from reasons
    inner join texts on reasons.reason_code = texts.reason_code
    group by {% for column in key %}reasons.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
)

select
    {% for column in key %}judged.{{ column }}, {% endfor %}
    judged.value,
    judged.numerator,
    judged.denominator,
    definitions.unit,
    judged.status,
    sentences.reason,
    judged.low_value,
    judged.high_value,
    judged.held_out_invoice_count,
    judged.held_out_gross_amount,
    night.report_date,
    night.run_id
from judged
cross join night
inner join definitions on judged.kpi = definitions.kpi
left join sentences
    on
        {%- for column in key %}
        {{ 'and ' if not loop.first }}judged.{{ column }} = sentences.{{ column }}
        {%- endfor %}
