-- Left joins keep the euros of a row whose reference is unknown; this table keeps them in sight.
{%- set references = [
    ('invoices', 'customer_id', 'customers', 'fct_invoices', 'not is_known_customer', 'net_amount'),
    ('invoice_lines', 'product_id', 'products', 'fct_invoice_lines', 'not has_known_product', 'net_amount'),
    ('orders', 'customer_id', 'customers', 'fct_orders', 'not is_known_customer', 'null'),
    ('order_lines', 'product_id', 'products', 'fct_order_lines', 'not has_known_product', 'net_amount'),
    ('payment_allocations', 'invoice_id', 'invoices', 'fct_payment_applications', 'not has_known_invoice', 'document_amount'),
    ('disputes', 'invoice_id', 'invoices', 'fct_disputes', 'not has_known_invoice', 'document_amount'),
    ('opportunities', 'customer_id', 'customers', 'fct_opportunities', 'not is_known_customer', 'amount'),
    ('opportunities', 'product_id', 'products', 'fct_opportunities', 'not has_known_product', 'amount'),
    ('contracts', 'product_id', 'products', 'fct_contracts', 'not has_known_product', 'annual_amount'),
] %}
with coverage as (
    select * from {{ ref('stg_company__entity_coverage') }} where is_delivered
),

unmatched as (
    {%- for entity, column, target, model, condition, amount in references %}
    select
        '{{ entity }}' as entity,
        '{{ column }}' as column_name,
        '{{ target }}' as referenced_entity,
        {{ column }} as unmatched_value,
        cast({{ amount }} as decimal(18, 4)) as amount
    from {{ ref(model) }}
    where {{ condition }} and {{ column }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    unmatched.entity,
    unmatched.column_name,
    unmatched.unmatched_value,
    count(*) as row_count,
    cast(sum(unmatched.amount) as decimal(18, 4)) as amount
from unmatched
inner join coverage on unmatched.referenced_entity = coverage.entity
group by 1, 2, 3
