-- Receivables x days / credit sales, without what companies of the group sell one another; one row per period and company, and one of
-- the group ('group'). The group's is the sum of receivables over the sum of sales a day: with the same days for all, the same formula.
create table receivables.days_sales_outstanding as
with judged as (
    select company, period_type, period_start_date, status, reason
    from read.kpi_values
    where kpi = 'dso_simple' and scope_type = 'company'
),

standing as (
    select
        dso.company,
        dso.period_type,
        dso.period_start_date,
        dso.day_count,
        publication.reporting_currency,
        publication.report_date,
        dso.credit_sales_gross_amount - coalesce((
            select sum(revenue.credit_sales_gross_amount)
            from read.revenue
            inner join receivables.debtor_customers as customers
                on revenue.company = customers.company and revenue.customer_id = customers.customer_id
            where revenue.company = dso.company and customers.intercompany_company is not null
                and revenue.month_start_date between dso.period_start_date and publication.report_date
        ), 0) as company_credit_sales_amount
    from read.days_sales_outstanding as dso
    inner join read.publication on dso.company = publication.company
    where dso.scope_type = 'company' and dso.period_start_date = date_trunc(dso.period_type, publication.report_date)
),

open_now as (
    select company, sum(company_amount) as company_amount, sum(amount) as amount
    from work.cells
    where intercompany_company is null and not is_held_out
    group by 1
),

periods as (
    select * from (values ('month'), ('quarter'), ('year')) as kinds (period_type)
),

by_company as (
    select
        publication.company,
        periods.period_type,
        standing.period_start_date,
        standing.day_count,
        publication.reporting_currency as currency,
        cast(coalesce(open_now.company_amount, 0) as decimal(18, 4)) as company_receivables_amount,
        cast(standing.company_credit_sales_amount as decimal(18, 4)) as company_credit_sales_amount,
        cast(coalesce(open_now.amount, 0) as decimal(18, 4)) as receivables_amount,
        cast(round(cast(standing.company_credit_sales_amount as decimal(20, 4)) * rates.rate, 4) as decimal(18, 4)) as credit_sales_amount,
        coalesce(judged.status, 'not_available') as status,
        case when standing.company is null then 'no credit sales of this period are published' else judged.reason end as reason
    from read.publication
    cross join periods
    inner join meta.exchange_rates as rates on publication.reporting_currency = rates.currency
    left join standing on publication.company = standing.company and periods.period_type = standing.period_type
    left join open_now on publication.company = open_now.company
    left join judged
        on publication.company = judged.company and standing.period_type = judged.period_type
        and standing.period_start_date = judged.period_start_date
),

companies as (
    select
        'company' as scope_type,
        company as scope_id,
        period_type,
        period_start_date,
        day_count,
        receivables_amount,
        credit_sales_amount,
        case
            when status <> 'not_available' and company_credit_sales_amount > 0
                then cast(round(cast(company_receivables_amount * day_count as double) / cast(company_credit_sales_amount as double), 6) as decimal(38, 6))
        end as dso_days,
        status,
        reason
    from by_company
),

whole as (
    select
        'group' as scope_type,
        'group' as scope_id,
        period_type,
        case when count(distinct period_start_date) = 1 and bool_and(period_start_date is not null) then min(period_start_date) end as period_start_date,
        case when count(distinct day_count) = 1 and bool_and(day_count is not null) then min(day_count) end as day_count,
        cast(sum(receivables_amount) as decimal(18, 4)) as receivables_amount,
        case when bool_and(credit_sales_amount is not null) then cast(sum(credit_sales_amount) as decimal(18, 4)) end as credit_sales_amount,
        case
            when bool_and(status <> 'not_available') and sum(credit_sales_amount) > 0
                then cast(round(
                    cast(sum(receivables_amount) as double) / sum(cast(credit_sales_amount as double) / day_count), 6
                ) as decimal(38, 6))
        end as dso_days,
        case
            when bool_or(status = 'not_available') then 'not_available'
            when bool_or(status = 'provisional') or count(distinct (period_start_date, day_count)) > 1 then 'provisional'
            when bool_or(status = 'quarantine_bounded') then 'quarantine_bounded'
            else 'final'
        end as status,
        nullif(concat_ws('; ',
            string_agg(company || ': ' || reason, '; ' order by company) filter (reason is not null),
            case when count(distinct (period_start_date, day_count)) > 1 then 'the companies'' periods end on different days' end
        ), '') as reason
    from by_company
    group by period_type
)

select * from (select * from companies union all select * from whole)
order by scope_type, scope_id, period_type;
