-- What leads to growth, as dated events of one salesperson, or of nobody known. A contract is due in the month in which it ends, and renewed when
-- another one says so; both are its account owner's. Core at top price: at list price or above, with a known margin above zero.
with opportunities as (
    select * from {{ ref('fct_opportunities') }} where is_won and kind = 'upsell'
),

night as (
    select * from {{ ref('stg_company__night') }}
),

contracts as (
    select * from {{ ref('fct_contracts') }}
),

contacts as (
    select * from {{ ref('fct_contact_moments') }} where is_outbound
),

lines as (
    select * from {{ ref('fct_invoice_lines') }} where document_type = 'invoice' and quantity > 0
),

invoices as (
    select * from {{ ref('fct_invoices') }} where not is_held_out
),

products as (
    select * from {{ ref('dim_products') }} where is_core and list_price_amount is not null and unit_cost_amount is not null
),

customers as (
    select * from {{ ref('dim_customers') }}
),

due_contracts as (
    select
        contracts.ended_date,
        customers.account_owner_id as salesperson_id,
        contracts.annual_amount,
        renewals.annual_amount as renewed_annual_amount
    from contracts
    cross join night
    left join customers on contracts.customer_id = customers.customer_id
    left join contracts as renewals on contracts.contract_id = renewals.renews_contract_id
    where contracts.ended_date <= night.report_date
)

select
    'upsell' as event_type,
    closed_date as event_date,
    salesperson_id,
    coalesce(amount, 0) as amount
from opportunities
union all
select
    'contract_due',
    ended_date,
    salesperson_id,
    annual_amount
from due_contracts
union all
select
    'contract_renewed',
    ended_date,
    salesperson_id,
    renewed_annual_amount
from due_contracts
where renewed_annual_amount is not null
union all
select
    'outbound_contact',
    happened_date,
    salesperson_id,
    0
from contacts
union all
select
    'core_at_top_price',
    lines.issued_date,
    invoices.salesperson_id,
    lines.net_amount
from lines
inner join products on lines.product_id = products.product_id
inner join invoices on lines.invoice_id = invoices.invoice_id
where
    coalesce(products.currency, lines.currency) = lines.currency
    and lines.document_net_amount >= {{ rounded_half_up('cast(lines.base_quantity as decimal(38, 4)) * products.list_price_amount') }}
    and products.list_price_amount > products.unit_cost_amount
