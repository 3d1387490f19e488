-- What credits took off together against the invoices they name: one invoice, or several that one credit note names, with what debit notes
-- added to these. Of several that is what credits of one of them left. Where one of them is not known, or in another currency, nobody can say.
with invoices as (
    select * from {{ ref('int_invoices_valued') }} where document_class = 'invoice'
),

credits as (
    select * from {{ ref('int_invoices_valued') }} where document_class = 'credit'
),

named as (
    select
        invoice_id as credit_id,
        corrects_invoice_id as invoice_id
    from credits
    where corrects_invoice_id is not null
    union
    select
        invoice_id as credit_id,
        preceding_invoice_id as invoice_id
    from {{ ref('stg_order_to_cash__invoice_references') }}
),

raised as (
    select
        corrects_invoice_id,
        currency,
        sum(document_gross_amount) as document_gross_amount
    from invoices
    where document_type = 'debit_note'
    group by corrects_invoice_id, currency
),

-- Credits by all that they name.
told as (
    select
        credits.invoice_id as credit_id,
        any_value(credits.currency) as currency,
        any_value(credits.document_gross_amount) as document_gross_amount,
        string_agg(named.invoice_id, ', ' order by named.invoice_id) as named_ids,
        count(*) as named_count
    from credits
    inner join named on credits.invoice_id = named.credit_id
    group by credits.invoice_id
),

alone as (
    select
        named_ids as invoice_id,
        currency,
        sum(document_gross_amount) as credited_gross_amount
    from told
    where named_count = 1
    group by named_ids, currency
),

compared as (
    select
        told.credit_id,
        told.currency,
        told.named_ids,
        any_value(told.document_gross_amount) as document_gross_amount,
        case when min(invoices.order_id) = max(invoices.order_id) then min(invoices.order_id) end as invoiced_order_id,
        sum(greatest(
            invoices.document_gross_amount + coalesce(raised.document_gross_amount, 0)
            + case when told.named_count > 1 then coalesce(alone.credited_gross_amount, 0) else 0 end,
            0
        )) as creditable_gross_amount
    from told
    inner join named on told.credit_id = named.credit_id
    left join invoices on named.invoice_id = invoices.invoice_id and told.currency = invoices.currency
    left join raised on invoices.invoice_id = raised.corrects_invoice_id and invoices.currency = raised.currency
    left join alone on invoices.invoice_id = alone.invoice_id and invoices.currency = alone.currency
    group by told.credit_id, told.currency, told.named_ids
    having count(invoices.invoice_id) = count(*)
),

judged as (
    select
        credits.invoice_id,
        coalesce(credits.order_id, compared.invoiced_order_id) as order_id,
        credits.customer_id,
        credits.issued_date as event_date,
        credits.booking_rate,
        compared.named_ids,
        compared.creditable_gross_amount,
        -sum(compared.document_gross_amount) over (partition by compared.named_ids, compared.currency) as credited_gross_amount,
        row_number() over (partition by compared.named_ids, compared.currency order by credits.issued_date desc, credits.invoice_id desc) as latest_rank
    from compared
    inner join credits on compared.credit_id = credits.invoice_id
)

{{ findings('judged', [
    {'code': 'credit_above_invoice', 'when': 'latest_rank = 1 and credited_gross_amount > creditable_gross_amount', 'stake': 'credited_gross_amount - creditable_gross_amount',
     'evidence': told("{figure credited_gross_amount} credited on {named_ids} of {figure creditable_gross_amount}",
                      "{figure credited_gross_amount} gecrediteerd op {named_ids} van {figure creditable_gross_amount}")},
]) }}
