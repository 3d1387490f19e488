-- VAT of documents with more than one rate or category, or with allowances or charges: base x rate of each, rounded, then summed.
with line_totals as (
    select * from {{ ref('int_invoice_line_totals') }}
),

allowances as (
    select * from {{ ref('stg_order_to_cash__invoice_allowances') }} where line_number is null
),

invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

mixed_documents as (
    select invoice_id from line_totals where lowest_vat_share <> highest_vat_share or first_vat_category <> last_vat_category
    union
    select invoice_id from allowances
),

-- An allowance that says no category has that of the document's lines.
bases as (
    select
        lines.invoice_id,
        lines.vat_category,
        lines.vat_share,
        lines.document_net_amount as base_amount,
        invoices.document_sign
    from {{ ref('fct_invoice_lines') }} as lines
    inner join mixed_documents on lines.invoice_id = mixed_documents.invoice_id
    inner join invoices on lines.invoice_id = invoices.invoice_id
    union all
    select
        allowances.invoice_id,
        coalesce(upper(trim(allowances.vat_category)), line_totals.first_vat_category),
        coalesce(allowances.vat_share, line_totals.highest_vat_share),
        invoices.document_sign * case when allowances.is_charge then allowances.amount else -allowances.amount end,
        invoices.document_sign
    from allowances
    inner join invoices on allowances.invoice_id = invoices.invoice_id
    inner join line_totals on allowances.invoice_id = line_totals.invoice_id
),

breakdown as (
    select
        invoice_id,
        vat_category,
        vat_share,
        any_value(document_sign) * {{ rounded_half_up('any_value(document_sign) * cast(sum(base_amount) as decimal(38, 4)) * vat_share') }} as vat_amount
    from bases
    group by invoice_id, vat_category, vat_share
)

select
    invoice_id,
    sum(vat_amount) as vat_amount
from breakdown
group by invoice_id
