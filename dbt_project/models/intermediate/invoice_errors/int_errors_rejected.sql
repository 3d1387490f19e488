-- Invoices that were refused at the door because something is missing that no invoice can be without.
with rejected as (
    select
        *,
        issued_date as event_date
    from {{ ref('int_invoices_rejected') }}
)

{{ findings('rejected', [
    {'code': 'missing_customer', 'when': 'is_customer_missing', 'stake': 'document_gross_amount',
     'evidence': told("no customer at all; {place} is in quarantine", "helemaal geen klant; {replace(place, ' row ', ' rij ')} staat in quarantaine")},
    {'code': 'missing_required_field', 'when': 'missing_columns is not null', 'stake': 'document_gross_amount',
     'evidence': told("no {missing_columns}; {place} is in quarantine", "geen {missing_columns}; {replace(place, ' row ', ' rij ')} staat in quarantaine")},
]) }}
