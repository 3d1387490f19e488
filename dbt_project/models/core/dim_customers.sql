-- Documents can name a customer that the master lacks; it gets a row, so that no join loses its euros.
with night as (
    select * from {{ ref('stg_company__night') }}
),

coverage as (
    select * from {{ ref('stg_company__entity_coverage') }} where entity = 'customers'
),

customers as (
    select * from {{ ref('stg_order_to_cash__customers') }}
),

customer_ids as (
    select * from {{ ref('int_customer_ids') }}
),

country_names as (
    select * from {{ ref('country_names') }}
),

delivered as (
    select 'unknown' as customer_id
    union
    select customer_id from {{ ref('int_documents_delivered') }}
    union
    select customer_id from {{ ref('stg_order_to_cash__orders') }}
    union
    select customer_id from {{ ref('int_payments_delivered') }} where customer_id is not null
    union
    select customer_id from {{ ref('stg_customer_relations__opportunities') }} where customer_id is not null
    union
    select customer_id from {{ ref('stg_customer_relations__contracts') }}
    union
    select customer_id from customers
),

referenced as (
    select distinct coalesce(customer_ids.customer_id, delivered.customer_id) as customer_id
    from delivered
    left join customer_ids on delivered.customer_id = customer_ids.delivered_customer_id
),

is_master_delivered as (
    select count(*) > 0 as is_delivered from coverage where is_delivered
)

select
    referenced.customer_id,
    coalesce(customers.name, referenced.customer_id) as name,
    customers.parent_customer_id,
    coalesce(customers.country, 'unknown') as country,
    case when starts_with({{ normalised_vat_id('customers.vat_id') }}, 'XI') then 'XI' else country_names.country end as country_code,
    coalesce(customers.industry_code, 'unknown') as industry_code,
    coalesce(customers.size_class, 'unknown') as size_class,
    customers.vat_id,
    customers.registration_number,
    customers.currency,
    customers.payment_terms_days,
    customers.credit_limit_amount,
    coalesce(customers.is_order_number_required, false) as is_order_number_required,
    coalesce(customers.account_owner_id, 'unknown') as account_owner_id,
    customers.acquired_by_campaign_id,
    customers.since_date,
    case when customers.ended_date <= night.report_date then customers.ended_date end as ended_date,
    coalesce(customers.is_blocked, customers.blocked_date is not null) as is_blocked,
    customers.blocked_date,
    customers.payment_terms_id,
    coalesce(customers.legal_entity_id, customers.merged_into_customer_id, referenced.customer_id) as legal_entity_id,
    customers.merged_into_customer_id,
    coalesce(customers.billing_rhythm, 'per_delivery') as billing_rhythm,
    customers.order_number_document_types,
    customers.quantity_tolerance_share,
    customers.price_tolerance_share,
    customers.customer_id is not null as is_in_master,
    referenced.customer_id = 'unknown'
    or (customers.customer_id is null and is_master_delivered.is_delivered) as is_unknown
from referenced
cross join night
cross join is_master_delivered
left join customers on referenced.customer_id = customers.customer_id
left join country_names on {{ normalised_country('customers.country') }} = country_names.name
