-- What each VAT category and rate of a document is taken on: its lines, less allowances and with charges on the whole document. Of documents
-- with more than one rate or category, with allowances or charges, or with a breakdown of their own.
with line_totals as (
    select * from {{ ref('int_invoice_line_totals') }}
),

allowances as (
    select * from {{ ref('stg_order_to_cash__invoice_allowances') }} where line_number is null
),

invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

documents as (
    select invoice_id from line_totals where lowest_vat_share <> highest_vat_share or first_vat_category <> last_vat_category
    union
    select invoice_id from allowances
    union
    select invoice_id from {{ ref('stg_order_to_cash__invoice_vat') }}
),

-- An allowance that says no category has that of the document's lines.
bases as (
    select
        lines.invoice_id,
        lines.vat_category,
        lines.vat_share,
        lines.document_net_amount as base_amount
    from {{ ref('fct_invoice_lines') }} as lines
    inner join documents on lines.invoice_id = documents.invoice_id
    union all
    select
        allowances.invoice_id,
        coalesce(upper(trim(allowances.vat_category)), line_totals.first_vat_category),
        coalesce(allowances.vat_share, line_totals.highest_vat_share),
        invoices.document_sign * case when allowances.is_charge then allowances.amount else -allowances.amount end
    from allowances
    inner join invoices on allowances.invoice_id = invoices.invoice_id
    inner join line_totals on allowances.invoice_id = line_totals.invoice_id
)

select
    bases.invoice_id,
    bases.vat_category,
    bases.vat_share,
    any_value(invoices.document_sign) as document_sign,
    cast(sum(bases.base_amount) as decimal(24, 4)) as base_amount
from bases
inner join invoices on bases.invoice_id = invoices.invoice_id
group by bases.invoice_id, bases.vat_category, bases.vat_share
