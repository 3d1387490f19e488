-- Deals that were open at a month end with the amount that was known that day: of the latest snapshot or delivery until then, else of the
-- first one after it that found the deal still open. What a deal is worth today is no such amount, because it changes with the outcome; only
-- at the report date itself it is what is known, and not final as long as no snapshot or delivery of that day says the same. An outcome without its day closes a deal on no day that is known: it stands nowhere.
with months as (
    select * from {{ ref('dim_months') }}
),

night as (
    select * from {{ ref('stg_company__night') }}
),

opportunities as (
    select * from {{ ref('fct_opportunities') }} where not (has_partial_outcome and closed_date is null)
),

versions as (
    select * from {{ ref('fct_opportunity_versions') }}
),

followed as (
    select
        opportunities.opportunity_id,
        versions.known_date,
        versions.amount,
        case
            when row_number() over (partition by opportunities.opportunity_id order by versions.known_date) = 1 then date '0001-01-01'
            else versions.known_date
        end as holds_from_date,
        coalesce(versions.next_known_date, date '9999-12-31') as holds_until_date
    from opportunities
    inner join versions
        on
            opportunities.opportunity_id = versions.opportunity_id
            and (opportunities.closed_date is null or versions.known_date < opportunities.closed_date)
)

select
    months.month_start_date,
    opportunities.opportunity_id,
    opportunities.salesperson_id,
    opportunities.product_family,
    coalesce(opportunities.kind, 'unknown') as deal_kind,
    case when months.month_end_date = night.report_date then opportunities.amount else followed.amount end as amount,
    case when months.month_end_date = night.report_date then opportunities.is_amount_known else followed.opportunity_id is not null end
        as is_amount_known,
    months.month_end_date = night.report_date
    and (followed.known_date is null or followed.known_date > months.month_end_date or followed.amount is distinct from opportunities.amount)
        as is_amount_of_today
from opportunities
cross join night
inner join months
    on
        opportunities.created_date <= months.month_end_date
        and (opportunities.closed_date is null or opportunities.closed_date > months.month_end_date)
left join followed
    on
        opportunities.opportunity_id = followed.opportunity_id
        and followed.holds_from_date <= months.month_end_date
        and followed.holds_until_date > months.month_end_date
