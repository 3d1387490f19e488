-- Whether leads that are followed up soon (within two days) are converted more often than others, by origin: leads of the twelve months that ended when
-- their time to convert had passed. Effect = sum of n1 (p1 - p0) / sum of n1, variance = sum of n1 squared (p1 (1 - p1) / n1 + p0 (1 - p0) / n0) / (sum of n1) squared, over
-- origins with both. p is (converted + 1) / (n + 2) in the variance alone, so that none or all is not certain (Agresti and Caffo, 2000).
{%- set soon_days, window_months = 2, 12 %}
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

months as (
    select * from {{ ref('dim_months') }} where is_complete
),

leads as (
    select
        *,
        {{ days_between('created_date', 'cast(first_contacted_at as date)') }} <= {{ soon_days }} as is_soon
    from {{ ref('fct_leads') }}
    where first_contacted_at is not null
),

counted as (
    select
        months.month_start_date,
        coalesce(leads.origin, 'unknown') as origin,
        count(case when leads.is_soon then 1 end) as soon_count,
        count(case when not leads.is_soon then 1 end) as late_count,
        count(case when leads.is_soon and leads.converted_at is not null then 1 end) as soon_converted_count,
        count(case when not leads.is_soon and leads.converted_at is not null then 1 end) as late_converted_count
    from months
    cross join parameters
    inner join leads
        on
            leads.created_date + parameters.lead_conversion_days <= months.month_end_date
            and leads.created_date + parameters.lead_conversion_days >= {{ months_later('months.month_start_date', 1 - window_months) }}
    group by 1, 2
),

shared as (
    select
        *,
        cast(soon_converted_count as double) / soon_count as soon_share,
        cast(late_converted_count as double) / late_count as late_share,
        (soon_converted_count + 1.0) / (soon_count + 2) as soon_prudent_share,
        (late_converted_count + 1.0) / (late_count + 2) as late_prudent_share
    from counted
    where soon_count > 0 and late_count > 0
)

select
    month_start_date,
    sum(soon_count) as soon_count,
    sum(late_count) as late_count,
    round(sum(soon_count * (soon_share - late_share)) / sum(soon_count), 9) as effect_share,
    round(sqrt(sum(cast(soon_count as double) * soon_count * (
        soon_prudent_share * (1 - soon_prudent_share) / soon_count + late_prudent_share * (1 - late_prudent_share) / late_count
    ))) / sum(soon_count), 9) as standard_error
from shared
group by 1
