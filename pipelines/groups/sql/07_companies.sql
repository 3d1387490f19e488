-- What the set rests on; one row per company.
create table meta.companies as
with judged as (
    select kpi_values.company, kpi_values.value, kpi_values.status, kpi_values.reason
    from read.kpi_values
    inner join read.publication on kpi_values.company = publication.company
    where kpi_values.kpi = 'receivables' and kpi_values.scope_type = 'company' and kpi_values.period_type = 'month'
        and kpi_values.period_start_date = date_trunc('month', publication.report_date)
),

customers as (
    select
        company,
        count(*) as customer_count,
        count(*) filter (not is_identified) as not_identified_customer_count
    from receivables.debtor_customers
    group by 1
),

amounts as (
    select
        cells.company,
        sum(cells.company_amount) filter (cells.intercompany_company is not null) as intercompany_amount,
        sum(cells.company_amount) filter (not customers.is_identified) as not_identified_amount,
        sum(cells.amount) as converted_amount
    from work.cells
    inner join receivables.debtor_customers as customers on cells.company = customers.company and cells.customer_id = customers.customer_id
    where not cells.is_held_out
    group by 1
)

select
    publication.company,
    publication.version,
    publication.run_id,
    publication.report_date,
    publication.report_date = getvariable('rate_date') as is_of_latest_report_date,
    publication.complete_until_date,
    publication.published_at,
    publication.reporting_currency,
    rates.rate,
    coalesce(judged.status, 'not_available') as receivables_status,
    judged.reason as receivables_reason,
    cast(judged.value as decimal(18, 4)) as receivables_amount,
    cast(coalesce(amounts.intercompany_amount, 0) as decimal(18, 4)) as intercompany_receivables_amount,
    cast(coalesce(amounts.not_identified_amount, 0) as decimal(18, 4)) as not_identified_receivables_amount,
    cast(coalesce(amounts.converted_amount, 0) as decimal(18, 4)) as converted_receivables_amount,
    coalesce(customers.customer_count, 0) as customer_count,
    coalesce(customers.not_identified_customer_count, 0) as not_identified_customer_count,
    publication.code_version
from read.publication
inner join meta.exchange_rates as rates on publication.reporting_currency = rates.currency
left join customers on publication.company = customers.company
left join judged on publication.company = judged.company
left join amounts on publication.company = amounts.company;

-- Whether the set stands for one day, and whether its receivables can still change; one row.
create table work.status as
select
    case when count(distinct report_date) = 1 then max(report_date) end as report_date,
    max(report_date) as latest_report_date,
    case
        when count(distinct report_date) > 1 or bool_or(receivables_status = 'provisional') then 'provisional'
        when bool_or(receivables_status = 'quarantine_bounded') then 'quarantine_bounded'
        else 'final'
    end as status,
    nullif(concat_ws('; ',
        case when count(distinct report_date) > 1 then 'not of one report date: ' || string_agg(company || ' ' || report_date, ', ' order by report_date, company) end,
        string_agg(company || ': ' || receivables_reason, '; ' order by company) filter (receivables_reason is not null)
    ), '') as reason,
    nullif(concat_ws('; ',
        case when count(distinct report_date) > 1 then 'niet van één rapportdatum: ' || string_agg(company || ' ' || report_date, ', ' order by report_date, company) end,
        'voorlopig: ' || string_agg(company, ', ' order by company) filter (receivables_status = 'provisional'),
        'met documenten buiten de cijfers: ' || string_agg(company, ', ' order by company) filter (receivables_status = 'quarantine_bounded')
    ), '') as reason_nl
from meta.companies;
