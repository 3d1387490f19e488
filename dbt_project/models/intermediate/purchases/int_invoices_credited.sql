-- What was credited on each invoice. A credit note that names no invoice is taken for the latest earlier invoice of the same
-- customer, currency and amount, so that a wholly reversed purchase is no purchase. A credit that comes later than the days in which a
-- purchase may be reversed leaves it one: it never rewrites the base of a month that was published as final.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

invoices as (
    select * from {{ ref('fct_invoices') }} where document_type = 'invoice'
),

credits as (
    select * from {{ ref('fct_invoices') }} where document_class = 'credit' and not is_held_out
),

referring as (
    select
        corrects_invoice_id as invoice_id,
        issued_date,
        document_net_amount
    from credits
    where corrects_invoice_id is not null
),

candidates as (
    select
        invoices.invoice_id,
        credits.issued_date,
        credits.document_net_amount,
        row_number() over (
            partition by credits.invoice_id
            order by invoices.issued_date desc, invoices.invoice_id desc
        ) as candidate_rank
    from credits
    inner join invoices
        on
            credits.customer_id = invoices.customer_id
            and credits.currency = invoices.currency
            and credits.document_net_amount = -invoices.document_net_amount
            and credits.issued_date >= invoices.issued_date
    where credits.corrects_invoice_id is null and credits.customer_id <> 'unknown'
),

matched as (
    select
        invoice_id,
        issued_date,
        document_net_amount
    from candidates
    where candidate_rank = 1
),

credited as (
    select * from referring
    union all
    select * from matched
)

select
    invoices.invoice_id,
    sum(credited.document_net_amount) as credited_document_net_amount,
    invoices.document_net_amount + sum(
        case when credited.issued_date <= invoices.issued_date + parameters.purchase_reversal_days then credited.document_net_amount else 0 end
    ) <= 0 as is_fully_credited
from credited
cross join parameters
inner join invoices on credited.invoice_id = invoices.invoice_id
group by invoices.invoice_id, invoices.document_net_amount
