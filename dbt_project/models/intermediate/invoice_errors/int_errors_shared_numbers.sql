-- Different documents that were delivered under one number: none of them is taken for the other, so all are held out.
with shared_numbers as (
    select * from {{ ref('stg_company__shared_numbers') }} where entity = 'invoices'
),

found_already as (
    select document_id from {{ ref('int_errors_duplicates') }} where error_code = 'duplicate_number'
),

suspects as (
    select
        invoices.*,
        invoices.issued_date as event_date,
        shared_numbers.number,
        shared_numbers.document_count,
        shared_numbers.path || ' row ' || shared_numbers.row_number as place
    from {{ ref('int_invoices_valued') }} as invoices
    inner join shared_numbers on invoices.invoice_id = shared_numbers.document_id
    left join found_already on invoices.invoice_id = found_already.document_id
    where found_already.document_id is null
)

{{ findings('suspects', [
    {'code': 'duplicate_number', 'when': 'true', 'stake': 'document_gross_amount',
     'evidence': told("one of {document_count} different documents under number {number}; it is {place}",
                      "een van {document_count} verschillende documenten onder nummer {number}; het is {replace(place, ' row ', ' rij ')}")},
]) }}
