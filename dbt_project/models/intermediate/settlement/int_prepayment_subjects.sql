-- Prepayment invoices (386), and documents of the same customers that state an amount paid in advance (BT-113), by what they are about: their
-- orders, contract or project. One row per document and subject; a document about none of these has one row.
with documents as (
    select
        *,
        delivered_document_type in ('prepayment', '386') as is_asking
    from {{ ref('int_invoices_valued') }}
    where document_class = 'invoice' and document_gross_amount > 0
),

candidates as (
    select documents.*
    from documents
    inner join (select distinct customer_id, currency from documents where is_asking) as asked
        on documents.customer_id = asked.customer_id and documents.currency = asked.currency
    where documents.is_asking or documents.document_prepaid_amount > 0
),

subjects as (
    {%- for subject, relation in [('order', 'candidates'), ('contract', 'candidates'), ('project', 'candidates'), ('order', 'lines')] %}
    select
        candidates.invoice_id,
        '{{ subject }} ' || {{ relation }}.{{ subject }}_id as subject
    from candidates
    {%- if relation == 'lines' %}
    inner join {{ ref('stg_order_to_cash__invoice_lines') }} as lines on candidates.invoice_id = lines.invoice_id
    {%- endif %}
    where {{ relation }}.{{ subject }}_id is not null
    {{ 'union' if not loop.last }}
    {%- endfor %}
)

select
    candidates.invoice_id,
    candidates.customer_id,
    candidates.currency,
    candidates.booking_rate,
    candidates.issued_date,
    candidates.is_asking,
    candidates.corrects_invoice_id,
    candidates.document_net_amount,
    candidates.document_gross_amount,
    candidates.document_prepaid_amount,
    subjects.subject
from candidates
left join subjects on candidates.invoice_id = subjects.invoice_id
