-- An invoice that was published is not changed any more: what was wrong is credited and billed again.
with published as (
    select * from {{ ref('stg_company__published_invoices') }}
),

changed as (
    select
        invoices.*,
        invoices.issued_date as event_date,
        published.document_type as published_document_type,
        published.customer_id as published_customer_id,
        published.issued_date as published_issued_date,
        published.currency as published_currency,
        published.document_gross_amount as published_gross_amount,
        published.published_report_date
    from {{ ref('int_invoices_valued') }} as invoices
    inner join published on invoices.invoice_id = published.invoice_id
    where
        invoices.document_type is distinct from published.document_type
        or invoices.customer_id is distinct from published.customer_id
        or invoices.issued_date is distinct from published.issued_date
        or invoices.currency is distinct from published.currency
        or invoices.document_net_amount is distinct from published.document_net_amount
        or invoices.document_vat_amount is distinct from published.document_vat_amount
        or invoices.document_gross_amount is distinct from published.document_gross_amount
)

{{ findings('changed', [
    {'code': 'changed_after_publication', 'when': 'true', 'stake': 'document_gross_amount - published_gross_amount',
     'evidence': told("published for {day published_report_date} as {published_document_type} of {day published_issued_date} to {published_customer_id}, {figure published_gross_amount} {published_currency}; now {document_type} of {day issued_date} to {customer_id}, {figure document_gross_amount} {currency}",
                      "gepubliceerd voor {day published_report_date} als {published_document_type} van {day published_issued_date} aan {published_customer_id}, {figure published_gross_amount} {published_currency}; nu {document_type} van {day issued_date} aan {customer_id}, {figure document_gross_amount} {currency}")},
]) }}
