-- The order line that stands for an invoice line where order lines are billed together. Where they come in several units, given and sold,
-- those are billed that are most like the invoice line, by price last; between two that are alike nothing is chosen.
with together as (
    select * from {{ ref('int_order_lines_together') }}
),

likely as (
    select
        lines.invoice_id,
        lines.line_number,
        together.line_number as order_line_number,
        rank() over (
            partition by lines.invoice_id, lines.line_number
            order by
                case when together.same_unit is not distinct from upper(trim(lines.unit)) then 0 else 1 end,
                case when together.is_given = (lines.is_free or lines.document_unit_price_amount = 0) then 0 else 1 end,
                case when lines.document_unit_price_amount between together.lowest_unit_price_amount and together.highest_unit_price_amount then 0 else 1 end
        ) as place
    from {{ ref('fct_invoice_lines') }} as lines
    inner join together on lines.order_id = together.order_id and lines.product_id = together.product_id and together.line_number = together.first_line_number
    where lines.order_line_number is null
)

select
    invoice_id,
    line_number,
    min(order_line_number) as order_line_number
from likely
where place = 1
group by invoice_id, line_number
having count(*) = 1
union all
select
    lines.invoice_id,
    lines.line_number,
    together.first_line_number as order_line_number
from {{ ref('fct_invoice_lines') }} as lines
inner join together on lines.order_id = together.order_id and lines.order_line_number = together.line_number
where together.line_number <> together.first_line_number
