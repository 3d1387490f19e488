-- What each line of a suspect order bills of its order line, in the order's unit. A debit note that changes a price and a credit note that
-- gives money back without goods bill no quantity; an instalment, or a part of a month, bills the part of the line that its money is; a
-- prepayment none yet. What is given beside an order at a price is no part of what was ordered.
with lines as (
    select * from {{ ref('int_suspect_invoice_lines') }}
),

-- A credit note gives goods back where one of the invoices of the order line had its price, two cents a piece aside, or two per cent of a
-- price below one.
credits_at_price as (
    select distinct
        credits.invoice_id,
        credits.line_number
    from lines as credits
    inner join lines as sold
        on
            credits.order_id = sold.order_id and credits.order_line_number = sold.order_line_number
            and sold.document_type = 'invoice' and sold.quantity > 0
    where
        credits.document_type = 'credit_note'
        and -credits.document_net_amount * sold.quantity + cast(least(0.02 * sold.quantity, 0.02 * sold.document_net_amount) as decimal(18, 4)) * -credits.quantity
        >= sold.document_net_amount * -credits.quantity
),

-- Instalments that nobody called so: several invoices of one order line, each below its price, that come to its money together.
counted as (
    select
        *,
        sum(case when document_type = 'invoice' and quantity > 0 then document_priced_amount end) over of_order_line <= ordered_quantity * ordered_unit_price_amount + 0.02
        and sum(case when document_type = 'invoice' and quantity > 0 then quantity end) over of_order_line > ordered_quantity
        and max(case when document_type = 'invoice' and quantity > 0 then document_unit_price_amount end) over of_order_line < ordered_unit_price_amount as comes_in_parts
    from lines
    window of_order_line as (partition by order_id, order_line_number)
),

named as (
    select
        lines.*,
        case
            when lines.document_type = 'invoice' and lines.quantity > 0 and lines.adds_to_an_invoice and lines.document_unit_price_amount <> lines.ordered_unit_price_amount
                then 'price'
            when lines.document_type = 'debit_note' and (lines.corrects_invoice_id is not null or lines.document_unit_price_amount <> lines.ordered_unit_price_amount)
                then 'price'
            when
                lines.document_type = 'credit_note' and lines.quantity < 0 and credits_at_price.invoice_id is null
                and not lines.has_return and coalesce(lines.reason_code, '') <> 'return'
                then 'price'
            when lines.is_prepayment_document then 'prepayment'
            when lines.document_type = 'invoice' and lines.is_free and lines.ordered_unit_price_amount > 0 then 'free'
            when lines.is_part_billing then 'part'
            when lines.has_other_unit and lines.has_conversion then 'unit'
            when
                lines.has_other_unit and not lines.has_conversion
                and abs(lines.document_priced_amount - coalesce(lines.document_discount_amount, 0) - lines.ordered_quantity * lines.ordered_unit_price_amount) <= 0.02
                then 'money'
            when
                lines.document_unit_price_amount <> lines.ordered_unit_price_amount and ({{ is_of_months(
                    'lines.document_priced_amount - coalesce(lines.document_discount_amount, 0)', 'lines.quantity * lines.ordered_unit_price_amount',
                    'lines.period_start_date', 'lines.period_end_date'
                ) }})
                then 'part'
            when lines.comes_in_parts and lines.document_type = 'invoice' then 'part'
            else 'quantity'
        end as billed_as
    from counted as lines
    left join credits_at_price on lines.invoice_id = credits_at_price.invoice_id and lines.line_number = credits_at_price.line_number
)

select
    *,
    case billed_as
        when 'price' then cast(0 as decimal(18, 4))
        when 'part'
            then cast(
                sign(document_priced_amount) * floor(10000 * cast(abs(document_priced_amount) as double) / nullif(cast(ordered_unit_price_amount as double), 0)) * 0.0001 as decimal(18, 4)
            )
        when 'unit' then cast(quantity * line_base_quantity * {{ per_unit('order_base_quantity') }} as decimal(18, 4))
        when 'money' then ordered_quantity
        else quantity
    end as billed_quantity
from named
