-- Every euro of receivables once: one row per company, customer, industry, size and bucket of its report date, in both currencies.
-- Converted on the cumulative of a company's rows: then all of them together are its total at the rate, to the last of four decimals,
-- and so is whatever is summed of them but for fractions of a cent.
create table work.cells as
with standing as (
    select ageing.* exclude (overdue_amount, receivables_amount)
    from read.ageing
    inner join read.publication on ageing.company = publication.company
    where ageing.month_start_date = date_trunc('month', publication.report_date)
),

buckets as (
    unpivot standing on
        not_due_amount, overdue_1_30_amount, overdue_31_60_amount, overdue_61_90_amount, overdue_91_120_amount, overdue_over_120_amount,
        no_due_date_amount, unapplied_credit_amount, unapplied_cash_amount, held_out_receivables_amount
    into name bucket value amount
),

summed as (
    select
        company, customer_id, industry_code, size_class, replace(bucket, '_amount', '') as bucket,
        bucket = 'held_out_receivables_amount' as is_held_out, sum(amount) as company_amount
    from buckets
    where amount <> 0
    group by all
),

cumulated as (
    select
        *,
        cast(sum(company_amount) over (
            partition by company, is_held_out order by bucket, customer_id, industry_code, size_class rows unbounded preceding
        ) as decimal(20, 4)) as until_here
    from summed
)

select
    cells.company,
    cells.customer_id,
    customers.debtor_id,
    customers.intercompany_company,
    cells.industry_code,
    cells.size_class,
    cells.bucket,
    cells.is_held_out,
    cast(cells.company_amount as decimal(18, 4)) as company_amount,
    at_rate_cumulatively(cells.until_here, cells.company_amount, rates.rate) as amount
from cumulated as cells
inner join read.publication on cells.company = publication.company
inner join meta.exchange_rates as rates on publication.reporting_currency = rates.currency
left join receivables.debtor_customers as customers on cells.company = customers.company and cells.customer_id = customers.customer_id;

create macro of_buckets(bucket, amount, pattern) as cast(coalesce(sum(amount) filter (bucket similar to pattern), 0) as decimal(18, 4));
create macro of_receivables(bucket, amount) as of_buckets(bucket, amount, '(not_due|overdue|no_due_date|unapplied).*');

-- One row per debtor outside the group.
create table receivables.debtor_ageing as
select
    debtors.debtor_id,
    debtors.name,
    debtors.is_identified,
    count(distinct cells.company) as company_count,
    string_agg(distinct cells.company, ', ' order by cells.company) as companies,
    of_buckets(bucket, amount, 'not_due') as not_due_amount,
    of_buckets(bucket, amount, 'overdue_1_30') as overdue_1_30_amount,
    of_buckets(bucket, amount, 'overdue_31_60') as overdue_31_60_amount,
    of_buckets(bucket, amount, 'overdue_61_90') as overdue_61_90_amount,
    of_buckets(bucket, amount, 'overdue_91_120') as overdue_91_120_amount,
    of_buckets(bucket, amount, 'overdue_over_120') as overdue_over_120_amount,
    of_buckets(bucket, amount, 'no_due_date') as no_due_date_amount,
    of_buckets(bucket, amount, 'unapplied_credit') as unapplied_credit_amount,
    of_buckets(bucket, amount, 'unapplied_cash') as unapplied_cash_amount,
    of_buckets(bucket, amount, 'overdue.*') as overdue_amount,
    of_receivables(bucket, amount) as receivables_amount,
    of_buckets(bucket, amount, 'held_out.*') as held_out_receivables_amount
from work.cells
inner join receivables.debtors on cells.debtor_id = debtors.debtor_id
where cells.intercompany_company is null
group by 1, 2, 3;

-- The same per company, in the company's currency and the group's; one row per company and debtor outside the group.
create table receivables.debtor_receivables_by_company as
select
    cells.company,
    cells.debtor_id,
    publication.reporting_currency as company_currency,
    of_receivables(bucket, company_amount) as company_receivables_amount,
    of_buckets(bucket, company_amount, 'overdue.*') as company_overdue_amount,
    of_receivables(bucket, amount) as receivables_amount,
    of_buckets(bucket, amount, 'overdue.*') as overdue_amount
from work.cells
inner join read.publication on cells.company = publication.company
where cells.intercompany_company is null
group by 1, 2, 3;

-- What companies of the group owe one another, and is left out of everything else; one row per company and counterparty.
create table receivables.intercompany as
select
    cells.company,
    cells.intercompany_company as counterparty_company,
    publication.reporting_currency as company_currency,
    of_receivables(bucket, company_amount) as company_receivables_amount,
    of_receivables(bucket, amount) as receivables_amount,
    of_buckets(bucket, amount, 'overdue.*') as overdue_amount
from work.cells
inner join read.publication on cells.company = publication.company
where cells.intercompany_company is not null
group by 1, 2, 3;

-- One row per kind of segment and segment, by industry and size as frozen on the day of issue.
create table receivables.segment_receivables as
with segmented as (
    select 'industry_code' as segment_type, industry_code as segment_id, * from work.cells
    union all
    select 'size_class', size_class, * from work.cells
),

named as (
    select segmented.* exclude (segment_id), coalesce(segments.ours, segmented.segment_id) as segment_id
    from segmented
    left join input.segments
        on segmented.segment_type = segments.segment_type and segmented.company = segments.company and segmented.segment_id = segments.theirs
    where segmented.intercompany_company is null
),

summed as (
    select
        segment_type,
        segment_id,
        count(distinct debtor_id) as debtor_count,
        count(distinct company) as company_count,
        of_receivables(bucket, amount) as receivables_amount,
        of_buckets(bucket, amount, 'overdue.*') as overdue_amount,
        of_buckets(bucket, amount, 'held_out.*') as held_out_receivables_amount
    from named
    group by 1, 2
)

select
    *,
    case
        when sum(receivables_amount) over (partition by segment_type) > 0
            then cast(round(cast(receivables_amount as double) / cast(sum(receivables_amount) over (partition by segment_type) as double), 6)
                as decimal(38, 6))
    end as receivables_share
from summed;
