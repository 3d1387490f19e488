-- What each VAT category and rate of a document is taken on: its lines, less allowances and with charges on the whole document. Of documents
-- with more than one rate or category, with allowances or charges, or with a breakdown of their own. An allowance or charge that only the
-- document's total tells is taken off its one rate; of several nobody knows which, and nothing is said of the bases.
with line_totals as (
    select * from {{ ref('int_invoice_line_totals') }}
),

allowances as (
    select * from {{ ref('stg_order_to_cash__invoice_allowances') }} where line_number is null
),

invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

several as (
    select invoice_id from line_totals where lowest_vat_share <> highest_vat_share or first_vat_category <> last_vat_category
),

told_in_total as (
    select
        invoice_id,
        coalesce(document_charge_amount, 0) - coalesce(document_allowance_amount, 0) as base_amount
    from invoices
    where (document_charge_amount <> 0 or document_allowance_amount <> 0) and invoice_id not in (select allowances.invoice_id from allowances)
),

documents as (
    (
        select invoice_id from several
        union
        select invoice_id from allowances
        union
        select invoice_id from told_in_total
        union
        select invoice_id from {{ ref('stg_order_to_cash__invoice_vat') }}
    )
    except
    select told_in_total.invoice_id from told_in_total inner join several on told_in_total.invoice_id = several.invoice_id
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
    union all
    select
        told_in_total.invoice_id,
        line_totals.first_vat_category,
        line_totals.highest_vat_share,
        told_in_total.base_amount
    from told_in_total
    inner join documents on told_in_total.invoice_id = documents.invoice_id
    inner join line_totals on told_in_total.invoice_id = line_totals.invoice_id
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
