-- The lines of a document summed once; every rule about a document's sums and VAT reads it.
with lines as (
    select * from {{ ref('fct_invoice_lines') }}
)

select
    invoice_id,
    count(*) as line_count,
    cast(sum(document_net_amount) as decimal(24, 4)) as document_net_amount,
    min(vat_share) as lowest_vat_share,
    max(vat_share) as highest_vat_share,
    min(vat_category) as first_vat_category,
    max(vat_category) as last_vat_category,
    count(vat_share) = count(*) as are_vat_shares_filled,
    max(case when vat_category in ('K', 'AE') then 1 else 0 end) = 1 as needs_vat_id,
    max(case when order_line_number is not null then 1 else 0 end) = 1 as has_order_line,
    count(document_charge_amount) > 0 as has_charge_amounts,
    count(unit) > 0 as has_units,
    count(document_gross_unit_price_amount) > 0 as has_gross_prices,
    max(delivered_order_id) as line_order_id,
    count(distinct delivered_order_id) as line_order_count,
    coalesce(bool_and(vat_category = 'O'), false) as is_outside_vat,
    coalesce(bool_and(product_kind in ('freight', 'subscription', 'charge', 'deposit')), false) as is_of_charges
from lines
group by invoice_id
