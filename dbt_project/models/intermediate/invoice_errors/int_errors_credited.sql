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

told as (
    select
        credit_id,
        string_agg(invoice_id, ', ' order by invoice_id) as named_ids,
        count(*) as named_count
    from named
    group by credit_id
),

-- What credits of one invoice alone took off it, by its name; several have no invoice of their names together.
alone as (
    select
        told.named_ids as invoice_id,
        credits.currency,
        sum(credits.document_gross_amount) as credited_gross_amount
    from credits
    inner join told on credits.invoice_id = told.credit_id
    group by told.named_ids, credits.currency
),

compared as (
    select
        credits.invoice_id,
        told.named_ids,
        coalesce(any_value(credits.order_id), case when min(invoices.order_id) = max(invoices.order_id) then min(invoices.order_id) end) as order_id,
        any_value(credits.customer_id) as customer_id,
        any_value(credits.issued_date) as event_date,
        any_value(credits.booking_rate) as booking_rate,
        any_value(credits.document_gross_amount) as document_gross_amount,
        sum(greatest(
            invoices.document_gross_amount + coalesce(raised.document_gross_amount, 0)
            + case when told.named_count > 1 then coalesce(alone.credited_gross_amount, 0) else 0 end,
            0
        )) as creditable_gross_amount
    from credits
    inner join told on credits.invoice_id = told.credit_id
    inner join named on credits.invoice_id = named.credit_id
    left join invoices on named.invoice_id = invoices.invoice_id and credits.currency = invoices.currency
    left join raised on invoices.invoice_id = raised.corrects_invoice_id and invoices.currency = raised.currency
    left join alone on invoices.invoice_id = alone.invoice_id and invoices.currency = alone.currency
    group by credits.invoice_id, told.named_ids
    having count(invoices.invoice_id) = count(*)
),

judged as (
    select
        *,
        -sum(document_gross_amount) over (partition by named_ids) as credited_gross_amount,
        row_number() over (partition by named_ids order by event_date desc, invoice_id desc) as latest_rank
    from compared
)

{{ findings('judged', [
    {'code': 'credit_above_invoice', 'when': 'latest_rank = 1 and credited_gross_amount > creditable_gross_amount', 'stake': 'credited_gross_amount - creditable_gross_amount',
     'evidence': told("{figure credited_gross_amount} credited on {named_ids} of {figure creditable_gross_amount}",
                      "{figure credited_gross_amount} gecrediteerd op {named_ids} van {figure creditable_gross_amount}")},
]) }}
