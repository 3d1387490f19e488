-- VAT of a document by its bases: base x rate of each category and rate, rounded, then summed.
with rounded as (
    select
        invoice_id,
        document_sign * {{ rounded_half_up('document_sign * cast(base_amount as decimal(38, 4)) * vat_share') }} as vat_amount
    from {{ ref('int_vat_bases') }}
)

select
    invoice_id,
    sum(vat_amount) as vat_amount
from rounded
group by invoice_id
