-- New customers by what brought them: the month of their first purchase, the campaign, its channel, and the team that owns them. Who came by none
-- is not attributed.
with cohorts as (
    select
        customer_id,
        min(month_start_date) as cohort_month
    from {{ ref('customer_months') }}
    where not is_left_censored
    group by 1
),

members as (
    select
        cohorts.customer_id,
        cohorts.cohort_month,
        campaigns.campaign_id,
        campaigns.channel,
        salespeople.team
    from cohorts
    inner join {{ ref('dim_customers') }} as customers on cohorts.customer_id = customers.customer_id
    left join {{ ref('dim_campaigns') }} as campaigns on customers.acquired_by_campaign_id = campaigns.campaign_id
    left join {{ ref('dim_salespeople') }} as salespeople on customers.account_owner_id = salespeople.salesperson_id
)

{% for scope_type, scope_id in [
    ('cohort', 'cast(cohort_month as varchar)'), ('campaign', "coalesce(campaign_id, 'not attributed')"),
    ('channel', "coalesce(channel, 'not attributed')"), ('team', "coalesce(team, 'not attributed')"),
] %}
select
    '{{ scope_type }}' as scope_type,
    {{ scope_id }} as scope_id,
    customer_id,
    cohort_month
from members
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
