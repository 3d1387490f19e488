-- What one unit of each company's currency is worth in the group's, on the rate date. A rate holds on its own day and for seven days
-- more, as it does in a company. First the group's own file, then what companies of the group's currency deliver, then the inverse of
-- what the company's own delivery says, then a way over a third currency; of equals the newest, and the company named first.
create table meta.exchange_rates as
with quoted as (
    select rates.*, members.position, publication.reporting_currency
    from read.exchange_rates as rates
    inner join input.members on rates.company = members.company
    inner join read.publication on rates.company = publication.company
    where rates.rate > 0
),

candidates as (
    select currency, rate_date, rate, 0 as way, 0 as position, 'the group''s file' as source from input.rates
    union all
    select currency, rate_date, rate, 1, position, company from quoted where reporting_currency = getvariable('group_currency')
    union all
    select reporting_currency, rate_date, round(1 / cast(rate as double), 8), 2, position, company || ', inverse'
    from quoted where currency = getvariable('group_currency')
    union all
    select
        ours.currency, ours.rate_date, round(cast(ours.rate as double) / cast(theirs.rate as double), 8), 3, ours.position,
        ours.company || ', by way of ' || ours.reporting_currency
    from quoted as ours
    inner join quoted as theirs on ours.company = theirs.company and ours.rate_date = theirs.rate_date
    where theirs.currency = getvariable('group_currency') and ours.currency <> theirs.currency
        and ours.reporting_currency <> getvariable('group_currency')
),

chosen as (
    select *
    from candidates
    where rate_date between getvariable('rate_date') - 7 and getvariable('rate_date')
    qualify row_number() over (partition by currency order by way, rate_date desc, position) = 1
),

needed as (
    select distinct reporting_currency as currency from read.publication
)

select
    needed.currency,
    getvariable('group_currency') as group_currency,
    getvariable('rate_date') as rate_date,
    case when needed.currency = getvariable('group_currency') then getvariable('rate_date') else chosen.rate_date end as quoted_date,
    cast(case when needed.currency = getvariable('group_currency') then 1 else chosen.rate end as decimal(18, 8)) as rate,
    case when needed.currency = getvariable('group_currency') then 'the same currency' else chosen.source end as source,
    (
        select count(distinct cast(others.rate as decimal(18, 8)))
        from candidates as others
        where others.currency = needed.currency and others.rate_date = chosen.rate_date and others.way = 1
    ) as different_rate_count
from needed
left join chosen on needed.currency = chosen.currency;

-- Converted on the cumulative (``until_here``, with this row): the rows of a company are together its total at the rate.
create macro at_rate_cumulatively(until_here, amount, rate) as cast(
    round(until_here * rate, 4) - round(cast(until_here - amount as decimal(20, 4)) * rate, 4) as decimal(18, 4)
);
