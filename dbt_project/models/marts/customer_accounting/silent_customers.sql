-- Who fell silent by its own rhythm, what is at risk, and who knows the customer: the colleague who was in touch most in the year until then. Who is insolvent,
-- whom we blocked and who ended left for a reason that is known.
with night as (
    select * from {{ ref('stg_company__night') }}
),

customers as (
    select * from {{ ref('customer_360') }} where is_silent and not is_insolvent and not is_blocked and ended_date is null
),

contacts as (
    select
        contacts.customer_id,
        contacts.salesperson_id,
        count(*) as contact_count,
        max(contacts.happened_date) as last_contact_date
    from {{ ref('fct_contact_moments') }} as contacts
    cross join night
    where contacts.happened_date > night.report_date - 365 and contacts.customer_id is not null and contacts.salesperson_id is not null
    group by 1, 2
),

known as (
    select
        *,
        row_number() over (partition by customer_id order by contact_count desc, last_contact_date desc, salesperson_id) as place
    from contacts
)

select
    customers.customer_id,
    customers.report_date,
    customers.account_owner_id,
    customers.last_purchase_date,
    customers.silent_days,
    customers.median_interval_days,
    customers.trailing_net_revenue_amount,
    cast(greatest({{ silent_value() }}, 0) as decimal(18, 4)) as value_at_risk_amount,
    customers.prudent_value_amount,
    customers.alive_share,
    customers.strength_score,
    known.salesperson_id as known_by_salesperson_id,
    coalesce(known.contact_count, 0) as contact_count,
    known.last_contact_date
from customers
left join known on customers.customer_id = known.customer_id and known.place = 1
