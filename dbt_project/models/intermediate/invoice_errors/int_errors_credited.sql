-- What credits took off together against the invoices they name: one invoice, or several that one credit note names, with what debit notes
-- added to these, or to a credit that was taken back. Of several that is what credits of one of them left. Where one of them is not known, or in another currency, nobody can say.
-- The VAT of each credit is rounded by itself: where no more net was credited, each further credit may be a cent more.
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
        coalesce(credits.corrects_invoice_id, added.corrects_invoice_id) as corrects_invoice_id,
        added.currency,
        sum(added.document_gross_amount) as document_gross_amount,
        sum(added.document_net_amount) as document_net_amount
    from {{ ref('int_invoices_valued') }} as added
    left join credits on added.corrects_invoice_id = credits.invoice_id
    where added.document_type = 'debit_note' or (added.document_type = 'cancellation' and added.document_gross_amount > 0)
    group by coalesce(credits.corrects_invoice_id, added.corrects_invoice_id), added.currency
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
        sum(credits.document_gross_amount) as credited_gross_amount,
        sum(credits.document_net_amount) as credited_net_amount
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
        {%- for amount in ['gross', 'net'] %}
        any_value(credits.document_{{ amount }}_amount) as document_{{ amount }}_amount,
        sum(greatest(
            invoices.document_{{ amount }}_amount + coalesce(raised.document_{{ amount }}_amount, 0)
            + case when told.named_count > 1 then coalesce(alone.credited_{{ amount }}_amount, 0) else 0 end,
            0
        )) as creditable_{{ amount }}_amount{{ ',' if not loop.last }}
        {%- endfor %}
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
        case
            when -sum(document_net_amount) over (partition by named_ids) <= creditable_net_amount
                then 0.01 * (count(*) over (partition by named_ids) - 1)
            else 0
        end as rounding_amount,
        row_number() over (partition by named_ids order by event_date desc, invoice_id desc) as latest_rank
    from compared
)

{{ findings('judged', [
    {'code': 'credit_above_invoice', 'when': 'latest_rank = 1 and credited_gross_amount > creditable_gross_amount + rounding_amount', 'stake': 'credited_gross_amount - creditable_gross_amount',
     'evidence': told("{figure credited_gross_amount} credited on {named_ids} of {figure creditable_gross_amount}",
                      "{figure credited_gross_amount} gecrediteerd op {named_ids} van {figure creditable_gross_amount}")},
]) }}
