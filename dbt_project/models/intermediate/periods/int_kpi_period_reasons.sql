-- The reasons of a period: those of its months, their counts added up. A month without a denominator is no reason for a period that has one.
{%- set key = ['kpi', 'period_type', 'period_start_date', 'as_of_month', 'scope_type', 'scope_id'] %}
with parts as (
    select * from {{ ref('int_kpi_period_parts') }}
),

told as (
    {{ reason_rows('parts', key) }}
),

texts as (
    select * from {{ ref('kpi_reasons') }}
),

summed_reasons as (
    select
        {% for column in key %}told.{{ column }}, {% endfor %}
        {{ reason_coded(
            'told.reason_code',
            'cast(case when texts.is_additive then sum(told.reason_count) else max(told.reason_count) end as bigint)',
            'max(told.reason_of_count)',
            'cast(case when texts.is_additive then sum(told.reason_amount) else max(told.reason_amount) end as decimal(18, 4))',
            'max(told.reason_date)', 'told.reason_subject', 'told.reason_words'
        ) }} as reason
    from told
    inner join texts on told.reason_code = texts.reason_code
    where told.reason_code <> 'zero_denominator'
    group by {% for column in key %}told.{{ column }}, {% endfor %}told.reason_code, told.reason_subject, told.reason_words, texts.is_additive
)

select
    {{ key | join(', ') }},
    {{ reasons_gathered('reason') }} as reasons
from summed_reasons
group by {{ key | join(', ') }}
