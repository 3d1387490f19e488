-- What an invoice brings its salesperson at most, by the plan of the day of issue: rate x net amount, or x margin.
-- Held-out invoices are among them, and say so.
with invoices as (
    select * from {{ ref('fct_invoices') }}
    where document_class = 'invoice' and document_gross_amount > 0
),

plans as (
    select
        *,
        lead(valid_from_date) over (partition by salesperson_id order by valid_from_date) as next_valid_from_date
    from {{ ref('fct_commission_plans') }}
),

lines as (
    select * from {{ ref('fct_invoice_lines') }}
),

products as (
    select * from {{ ref('dim_products') }}
),

margins as (
    select
        lines.invoice_id,
        sum({{ rounded_half_up('cast(lines.base_quantity as decimal(38, 4)) * coalesce(products.unit_cost_amount, 0)') }}) as cost_amount,
        count(case when products.unit_cost_amount is null and lines.product_id is not null then 1 end) as uncosted_line_count
    from lines
    left join products on lines.product_id = products.product_id
    group by 1
)

select
    invoices.invoice_id,
    invoices.salesperson_id,
    invoices.issued_date,
    invoices.is_held_out,
    invoices.document_gross_amount,
    invoices.net_amount,
    invoices.net_amount - invoices.revenue_amount as prepaid_net_amount,
    plans.rate_share,
    plans.basis,
    plans.commissionable,
    case
        when plans.commissionable = 'revenue' then invoices.net_amount
        when coalesce(margins.uncosted_line_count, 1) = 0 then cast(invoices.net_amount - margins.cost_amount as decimal(18, 4))
    end as commissionable_amount
from invoices
inner join plans
    on
        invoices.salesperson_id = plans.salesperson_id
        and invoices.issued_date >= plans.valid_from_date
        and (plans.next_valid_from_date is null or invoices.issued_date < plans.next_valid_from_date)
left join margins on invoices.invoice_id = margins.invoice_id
