{# Days and months in one shape. What another engine has to be asked otherwise stands in pipelines/spark, for all statements. #}

{% macro month_start(day) -%}cast(date_trunc('month', {{ day }}) as date){%- endmacro %}

{% macro quarter_start(day) -%}cast(date_trunc('quarter', {{ day }}) as date){%- endmacro %}

{% macro year_start(day) -%}cast(date_trunc('year', {{ day }}) as date){%- endmacro %}

{% macro month_end(day) -%}last_day({{ day }}){%- endmacro %}

{# First day of the month that lies `count` months from the month of `day`. #}
{% macro months_later(day, count) -%}cast(date_trunc('month', {{ day }}) + to_months({{ count }}) as date){%- endmacro %}

{# Days from the first day to the last one: 0 on the same day. #}
{% macro days_between(first_day, last_day) -%}({{ last_day }} - {{ first_day }}){%- endmacro %}

{# The calendar day of an instant (UTC) in a time zone, such as Europe/Amsterdam. #}
{% macro local_date(instant, time_zone) -%}
    cast(({{ instant }} at time zone 'UTC') at time zone {{ time_zone }} as date)
{%- endmacro %}

{# One row per month from the month of `first_day` to that of `last_day`, both columns of `relation`: month_start_date. #}
{% macro month_series(relation, first_day, last_day) -%}
    select
        cast(unnest(generate_series(
            date_trunc('month', {{ first_day }}), date_trunc('month', {{ last_day }}), interval 1 month
        )) as date) as month_start_date
    from {{ relation }}
{%- endmacro %}

{# Median of a column over the rows of its partition up to and including this one. #}
{% macro running_median(column, partition_by, order_by) -%}
    median({{ column }}) over (
        partition by {{ partition_by }} order by {{ order_by }} rows between unbounded preceding and current row
    )
{%- endmacro %}

{# The same day of the month that lies `count` months later, or the last day of a shorter one. #}
{% macro day_months_later(day, count) -%}cast({{ day }} + to_months({{ count }}) as date){%- endmacro %}

{# Monday is 1, Sunday 7. #}
{% macro day_of_week(day) -%}cast(isodow({{ day }}) as integer){%- endmacro %}

{# Day on which a delivery of `day` is billed by the rhythm of its customer: the last of its month, the Sunday of its week, the day itself. #}
{% macro billing_day(day, rhythm) -%}
    case {{ rhythm }} when 'monthly' then {{ month_end(day) }} when 'weekly' then {{ day }} + (7 - {{ day_of_week(day) }}) else {{ day }} end
{%- endmacro %}

{# Months from the month of the first day to that of the last one: 1 from 31 January to 1 February. #}
{% macro months_between(first_day, last_day) -%}date_diff('month', {{ first_day }}, {{ last_day }}){%- endmacro %}
