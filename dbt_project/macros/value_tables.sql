{#
The tables of the value step (pipelines/value), empty where it did not run, so that the marts build without it. The same
columns stand in pipelines/value/estimation.py; a test holds them together.
#}
{% macro value_tables() -%}
    create schema if not exists value;
    create table if not exists value.fit (
        model varchar, is_fitted boolean, refusal_reason varchar, time_unit varchar, calibrated_from_date date,
        calibrated_until_date date, customer_count bigint, repeat_customer_count bigint, parameter_1_name varchar,
        parameter_1_rate double, parameter_2_name varchar, parameter_2_rate double, parameter_3_name varchar,
        parameter_3_rate double, parameter_4_name varchar, parameter_4_rate double, log_likelihood_rate double,
        holdout_days integer, predicted_quantity double, happened_quantity double, holdout_error_rate double
    );
    create table if not exists value.customer_value (
        customer_id varchar, repeat_purchase_count bigint, last_purchase_week_quantity double, observed_week_quantity double,
        alive_probability double, expected_purchase_quantity double, expected_purchase_value double, discounted_value double
    )
{%- endmacro %}
