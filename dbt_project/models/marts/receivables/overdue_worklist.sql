-- What is already known of each overdue invoice on the report date, so that sales and finance call once and say the same.
with night as (
    select * from {{ ref('stg_company__night') }}
),

overdue as (
    select * from {{ ref('int_overdue_caused_monthly') }} where not is_held_out and open_amount > 0
),

faults as (
    select
        invoice_id,
        max(case when fault_source = 'dispute' then fault_from_date end) as dispute_opened_date,
        string_agg(distinct case when fault_source = 'dispute' then fault_reason end, ', ' order by case when fault_source = 'dispute' then fault_reason end)
            as dispute_reasons,
        string_agg(distinct case when fault_source = 'error' then fault_reason end, ', ' order by case when fault_source = 'error' then fault_reason end)
            as error_codes
    from {{ ref('int_invoice_faults_dated') }}
    group by 1
),

activities as (
    select
        invoice_id,
        count(*) as activity_count,
        max(promised_date) as promised_date,
        max(happened_date) as last_activity_date,
        {{ latest_value('kind', 'happened_at') }} as last_activity_kind,
        {{ latest_value('department', 'happened_at') }} as last_activity_department
    from {{ ref('fct_collection_activities') }}
    where invoice_id is not null
    group by 1
),

contacts as (
    select
        customer_id,
        max(happened_date) as last_contact_date,
        {{ latest_value('department', 'happened_at') }} as last_contact_department
    from {{ ref('fct_contact_moments') }}
    where customer_id is not null
    group by 1
),

payers as (
    select * from {{ ref('payer_behaviour_monthly') }}
),

probabilities as (
    select * from {{ ref('int_default_probabilities_monthly') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

{#- Where nobody delivers what was done, nobody can say that nothing was. #}
coverage as (
    select * from {{ ref('stg_company__entity_coverage') }} where entity = 'collection_activities'
)

select
    overdue.invoice_id,
    overdue.instalment_number,
    overdue.customer_id,
    overdue.salesperson_id,
    coalesce(salespeople.team, 'unknown') as team,
    overdue.due_date,
    cast(overdue.late_days as integer) as late_days,
    overdue.open_amount,
    overdue.cause,
    faults.dispute_opened_date,
    faults.dispute_reasons,
    faults.error_codes,
    activities.promised_date,
    overdue.has_broken_promise,
    cast(case when coverage.is_delivered then coalesce(activities.activity_count, 0) end as integer) as activity_count,
    activities.last_activity_date,
    activities.last_activity_kind,
    activities.last_activity_department,
    contacts.last_contact_date,
    contacts.last_contact_department,
    payers.payer_score,
    probabilities.rating,
    probabilities.default_probability_share
from overdue
inner join night on overdue.month_start_date = {{ month_start('night.report_date') }}
left join coverage on true
left join faults on overdue.invoice_id = faults.invoice_id
left join activities on overdue.invoice_id = activities.invoice_id
left join contacts on overdue.customer_id = contacts.customer_id
left join payers on overdue.customer_id = payers.customer_id and overdue.month_start_date = payers.month_start_date
left join probabilities on overdue.customer_id = probabilities.customer_id and overdue.month_start_date = probabilities.month_start_date
left join salespeople on overdue.salesperson_id = salespeople.salesperson_id
