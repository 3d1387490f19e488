with current_rows as (
    {{ current_rows('customers', keeps_closed=true) }}
)

select
    customer_id,
    name,
    parent_customer_id,
    country,
    industry_code,
    size_class,
    vat_id,
    registration_number,
    currency,
    payment_terms_days,
    credit_limit_amount,
    is_order_number_required,
    account_owner_id,
    acquired_by_campaign_id,
    since_date,
    ended_date,
    is_blocked,
    blocked_date,
    payment_terms_id,
    legal_entity_id,
    merged_into_customer_id,
    billing_rhythm,
    order_number_document_types,
    quantity_tolerance_share,
    price_tolerance_share,
    withholding_share
from current_rows
