-- Lines of an invoice that take something back, and whether they may: goods that came back, or, where no deliveries are delivered, that
-- were billed before; without an order line the same product at the same price, or an amount that was billed before (a deposit).
with coverage as (
    select count(*) > 0 as are_deliveries_delivered from {{ ref('stg_company__entity_coverage') }} where entity = 'deliveries' and is_delivered
),

invoices as (
    select * from {{ ref('int_invoices_valued') }} where document_class = 'invoice'
),

all_lines as (
    select * from {{ ref('fct_invoice_lines') }}
),

negative_lines as (
    select
        all_lines.*,
        coverage.are_deliveries_delivered,
        invoices.specification_id,
        all_lines.document_type in ('invoice', 'debit_note') and invoices.corrects_invoice_id is not null as names_an_invoice
    from all_lines
    cross join coverage
    inner join invoices on all_lines.invoice_id = invoices.invoice_id
    where all_lines.document_type in ('invoice', 'debit_note') and all_lines.quantity < 0
),

quantities as (
    select * from {{ ref('int_order_line_quantities') }}
),

earlier_lines as (
    select all_lines.*
    from all_lines
    where all_lines.document_type in ('invoice', 'debit_note') and all_lines.quantity > 0
        and all_lines.customer_id in (select negative_lines.customer_id from negative_lines)
),

-- What was billed before to the same customer: the line's own amount or price, or all that was billed of the order ahead of its goods.
billed_before as (
    select
        negative_lines.invoice_id,
        negative_lines.line_number,
        bool_or(
            earlier_lines.document_net_amount = -negative_lines.document_net_amount
            and earlier_lines.product_id is not distinct from negative_lines.product_id
        ) as is_amount_known,
        bool_or(
            earlier_lines.product_id = negative_lines.product_id and earlier_lines.document_unit_price_amount = negative_lines.document_unit_price_amount
            and earlier_lines.quantity >= -negative_lines.quantity
        ) as is_product_known,
        sum(case
            when earlier_lines.order_id = coalesce(negative_lines.order_id, earlier_lines.order_id) and earlier_lines.order_line_number is null
                then earlier_lines.document_net_amount
        end) >= -negative_lines.document_net_amount and negative_lines.order_line_number is null as is_paid_ahead
    from negative_lines
    inner join earlier_lines
        on
            negative_lines.customer_id = earlier_lines.customer_id and negative_lines.currency = earlier_lines.currency
            and negative_lines.invoice_id <> earlier_lines.invoice_id and negative_lines.issued_date >= earlier_lines.issued_date
    group by negative_lines.invoice_id, negative_lines.line_number, negative_lines.document_net_amount, negative_lines.order_line_number
)

select
    negative_lines.*,
    case
        when negative_lines.names_an_invoice then true
        -- The e-invoice standard takes lines back by their sign; without an order there is nothing that they could be compared with.
        when negative_lines.specification_id is not null and negative_lines.order_id is null then true
        when negative_lines.order_line_number is not null and negative_lines.are_deliveries_delivered
            then coalesce(quantities.returned_quantity >= quantities.credited_quantity and quantities.returned_quantity > 0, false)
        when negative_lines.order_line_number is not null then coalesce(quantities.invoiced_quantity >= quantities.credited_quantity, false)
        else coalesce(billed_before.is_amount_known or billed_before.is_product_known or billed_before.is_paid_ahead, false)
    end as is_explained
from negative_lines
left join {{ ref('int_order_lines_together') }} as together on negative_lines.order_id = together.order_id and negative_lines.order_line_number = together.line_number
left join quantities on negative_lines.order_id = quantities.order_id and coalesce(together.first_line_number, negative_lines.order_line_number) = quantities.order_line_number
left join billed_before on negative_lines.invoice_id = billed_before.invoice_id and negative_lines.line_number = billed_before.line_number
