-- The allowances and charges of a document summed once, with those whose percentage is off by more than two cents.
with invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

allowances as (
    select
        *,
        amount - {{ rounded_half_up('cast(base_amount as decimal(38, 4)) * allowance_share') }} as share_difference_amount
    from {{ ref('stg_order_to_cash__invoice_allowances') }}
    where line_number is null
)

select
    allowances.invoice_id,
    cast(sum(case when allowances.is_charge then 0 else invoices.document_sign * allowances.amount end) as decimal(18, 4)) as document_allowance_amount,
    cast(sum(case when allowances.is_charge then invoices.document_sign * allowances.amount else 0 end) as decimal(18, 4)) as document_charge_amount,
    cast(sum(
        case when abs(allowances.share_difference_amount) > 0.02 then invoices.document_sign * allowances.share_difference_amount else 0 end
    ) as decimal(18, 4)) as document_share_difference_amount
from allowances
inner join invoices on allowances.invoice_id = invoices.invoice_id
group by allowances.invoice_id
