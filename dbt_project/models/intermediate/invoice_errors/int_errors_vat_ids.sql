-- VAT ids that are needed and missing, or fail their check digits.
with customers as (
    select * from {{ ref('dim_customers') }} where is_in_master
),

vat_ids as (
    select * from {{ ref('int_vat_ids_judged') }}
),

-- Reverse charge accepts a legal registration of the buyer instead (BR-AE-2); a delivery within the EU does not (BR-IC-2).
needs as (
    select
        invoice_id,
        bool_or(vat_category = 'K') as needs_vat_id,
        bool_or(vat_category in ('K', 'AE')) as needs_any_id
    from {{ ref('int_vat_rates_used') }}
    group by invoice_id
),

doubtful_customers as (
    select
        customers.customer_id,
        customers.vat_id,
        customers.registration_number
    from customers
    left join vat_ids on customers.customer_id = vat_ids.customer_id
    where customers.vat_id is null or not vat_ids.is_valid
),

suspects as (
    select
        invoices.*,
        invoices.issued_date as event_date,
        doubtful_customers.vat_id
    from {{ ref('int_invoices_valued') }} as invoices
    inner join doubtful_customers on invoices.customer_id = doubtful_customers.customer_id
    left join needs on invoices.invoice_id = needs.invoice_id
    where
        doubtful_customers.vat_id is not null
        or (
            invoices.buyer_vat_id is null
            and (needs.needs_vat_id or (needs.needs_any_id and coalesce(invoices.buyer_registration_number, doubtful_customers.registration_number) is null))
        )
)

{{ findings('suspects', [
    {'code': 'vat_id_missing_or_invalid', 'when': 'true', 'stake': 'document_vat_amount',
     'evidence': told_when('vat_id is null',
         told("the VAT category needs a VAT id and the customer has none", "de btw-categorie vraagt om een btw-nummer en de klant heeft er geen"),
         told("VAT id {vat_id} fails its check digits", "btw-nummer {vat_id} voldoet niet aan zijn controlecijfers"))},
]) }}
