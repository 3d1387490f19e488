-- What must hold before the set is published, and what a reader should know; culprits with their figures, empty where a check passes.
-- Companies' totals are the KPIs that they published, not what this build has read of them.
create table work.check_culprits as
select 'every_euro_of_a_company_is_in_the_group_once' as check_name, company as culprit,
    receivables_amount || ' published, ' || coalesce(found.company_amount, 0) || ' found' as words
from meta.companies
left join (select company, sum(company_amount) as company_amount from work.cells where not is_held_out group by 1) as found using (company)
where receivables_amount is distinct from coalesce(found.company_amount, 0)
union all
select 'a_company_converted_is_its_total_at_the_rate', company,
    receivables_amount || ' x ' || rate || ', found ' || converted_receivables_amount
from meta.companies
where round(cast(receivables_amount as decimal(20, 4)) * rate, 4) <> converted_receivables_amount
union all
select 'debtors_segments_and_intercompany_sum_to_the_companies', parts.part, parts.amount || ' instead of ' || whole.amount
from (
    select 'debtors' as part,
        (select coalesce(sum(receivables_amount), 0) from receivables.debtor_ageing)
        + (select coalesce(sum(receivables_amount), 0) from receivables.intercompany) as amount
    union all
    select 'debtors by company', (select coalesce(sum(receivables_amount), 0) from receivables.debtor_receivables_by_company)
        + (select coalesce(sum(receivables_amount), 0) from receivables.intercompany)
    union all
    select 'segments: ' || segment_type, sum(receivables_amount) + (select coalesce(sum(receivables_amount), 0) from receivables.intercompany)
    from receivables.segment_receivables
    group by segment_type
) as parts
cross join (select coalesce(sum(converted_receivables_amount), 0) as amount from meta.companies) as whole
where parts.amount <> whole.amount
union all
select 'ageing_buckets_sum_to_receivables', debtor_id, receivables_amount || ''
from receivables.debtor_ageing
where receivables_amount <> not_due_amount + overdue_amount + no_due_date_amount + unapplied_credit_amount + unapplied_cash_amount
    or overdue_amount <> overdue_1_30_amount + overdue_31_60_amount + overdue_61_90_amount + overdue_91_120_amount + overdue_over_120_amount
union all
select 'every_euro_has_a_debtor', company, count(*) || ' rows of ' || sum(amount)
from (
    select company, amount, debtor_id from work.cells
    union all
    select company, amount, debtor_id from work.exposures
)
where debtor_id is null
group by company
union all
select 'exposure_is_that_of_the_companies', company, coalesce(found.amount, 0) || ' instead of ' || exposure_amount
from (select company, sum(exposure_amount) as exposure_amount from read.exposure group by 1)
left join (select company, sum(company_amount) as amount from work.exposures where measure <> 'insured_amount' group by 1) as found using (company)
where exposure_amount is distinct from coalesce(found.amount, 0)
union all
select 'credit_sales_are_those_of_the_companies', company || ' ' || period_type, found || ' instead of ' || credit_sales_gross_amount
from (
    select dso.company, dso.period_type, dso.credit_sales_gross_amount, sum(revenue.credit_sales_gross_amount) as found
    from read.days_sales_outstanding as dso
    inner join read.publication on dso.company = publication.company
    inner join read.revenue
        on dso.company = revenue.company and revenue.month_start_date between dso.period_start_date and publication.report_date
    where dso.scope_type = 'company' and dso.period_start_date = date_trunc(dso.period_type, publication.report_date)
    group by all
)
where found <> credit_sales_gross_amount
union all
select 'companies_have_one_report_date', company, report_date || ''
from meta.companies
where not is_of_latest_report_date
union all
select 'debtors_are_identified', company, not_identified_customer_count || ' of ' || customer_count || ' customers, ' || not_identified_receivables_amount || ' ' || reporting_currency
from meta.companies
where not_identified_customer_count > 0
union all
select 'a_debtor_has_one_registration_in_a_country', debtor_id, registration_numbers
from receivables.debtors
where has_several_registrations
union all
select 'companies_deliver_the_same_rate', currency, different_rate_count || ' different rates of ' || quoted_date
from meta.exchange_rates
where different_rate_count > 1 and source <> 'the group''s file';

create table meta.check_results as
with checks as (
    select * from (values
        ('every_euro_of_a_company_is_in_the_group_once', 'critical', 'The group''s figures tie to those that a company published.',
            'Run the company''s night again; if it stays, the project has a fault.'),
        ('a_company_converted_is_its_total_at_the_rate', 'critical', 'Conversion rounds nothing away.', 'The project has a fault.'),
        ('debtors_segments_and_intercompany_sum_to_the_companies', 'critical', 'However it is cut, it is the same sum.', 'The project has a fault.'),
        ('ageing_buckets_sum_to_receivables', 'critical', 'An ageing is the receivables by their days.', 'The project has a fault.'),
        ('every_euro_has_a_debtor', 'critical', 'What has no customer would be lost between companies.', 'Run the company''s night again.'),
        ('exposure_is_that_of_the_companies', 'critical', 'The group''s exposure ties to the companies''.', 'The project has a fault.'),
        ('credit_sales_are_those_of_the_companies', 'critical', 'Intercompany sales are taken off a total that holds them.', 'The project has a fault.'),
        ('companies_have_one_report_date', 'warning', 'Figures of different days do not add up to those of a day.',
            'See why the night of the company did not publish, then publish the group again.'),
        ('debtors_are_identified', 'warning', 'Who cannot be identified stays a debtor of its own with each company.',
            'Fill VAT ids or registration numbers in the company''s customer master.'),
        ('a_debtor_has_one_registration_in_a_country', 'warning', 'One VAT id of several registered companies, as in a fiscal unity, makes them one debtor.',
            'See whether they are one debtor to you; a wrong VAT id is mended in the customer master.'),
        ('companies_deliver_the_same_rate', 'warning', 'Two rates of a day cannot both be right.', 'Name the rate in the group''s file.')
    ) as listed (check_name, severity, why, what_to_do)
)

select
    checks.check_name,
    checks.severity,
    case when count(culprits.culprit) = 0 then 'passed' else 'failed' end as outcome,
    count(culprits.culprit) as culprit_count,
    left(coalesce(string_agg(culprits.culprit || ': ' || culprits.words, '; ' order by culprits.culprit), ''), 1000) as culprits,
    checks.why,
    checks.what_to_do
from checks
left join work.check_culprits as culprits on checks.check_name = culprits.check_name
group by all;
