-- VAT of documents with more than one rate or category: base x rate of each, rounded, then summed.
with line_totals as (
    select * from {{ ref('int_invoice_line_totals') }}
),

mixed_documents as (
    select invoice_id from line_totals where lowest_vat_share <> highest_vat_share or first_vat_category <> last_vat_category
),

breakdown as (
    select
        lines.invoice_id,
        lines.vat_category,
        lines.vat_share,
        {{ rounded_half_up('cast(sum(lines.document_net_amount) as decimal(38, 4)) * lines.vat_share') }} as vat_amount
    from {{ ref('fct_invoice_lines') }} as lines
    inner join mixed_documents on lines.invoice_id = mixed_documents.invoice_id
    group by lines.invoice_id, lines.vat_category, lines.vat_share
)

select
    invoice_id,
    sum(vat_amount) as vat_amount
from breakdown
group by invoice_id
