-- Invoices of one customer with one amount, two and two, and what tells them apart: the goods, deliveries or periods that they bill.
-- The later one is told to be a duplicate only where nothing does. Compared are those that have an order, a day or a period with its lines, or nearly
-- a number in common, each with the fifty before it: a thousand equal invoices of one customer are half a million pairs.
{%- set compared = 50 %}
with invoices as (
    select * from {{ ref('int_invoices_alike') }}
),

exhausted as (
    select * from {{ ref('int_orders_exhausted') }}
),

-- Numbers that are one edit apart are one when a character of each, or of one of them, is left out.
keys as (
    select
        invoice_id,
        'order ' || order_id as shared_key
    from invoices
    where order_id is not null
    union all
    select
        invoice_id,
        'day ' || cast(issued_date as varchar) || ' ' || cast(line_fingerprint as varchar)
    from invoices
    where line_fingerprint is not null
    union all
    select
        invoice_id,
        'period ' || cast(served_from_date as varchar) || ' ' || cast(line_fingerprint as varchar)
    from invoices
    where served_from_date is not null
    union all
    select distinct
        invoice_id,
        unnest(list_transform(range(1, length(normalised_number) + 2), place -> 'number ' || left(normalised_number, place - 1) || substr(normalised_number, place + 1)))
    from invoices
),

placed as (
    select
        keys.invoice_id,
        dense_rank() over (order by invoices.customer_id, invoices.currency, invoices.document_gross_amount, invoices.document_type, keys.shared_key) as group_number,
        row_number() over (
            partition by invoices.customer_id, invoices.currency, invoices.document_gross_amount, invoices.document_type, keys.shared_key
            order by invoices.issued_date, invoices.invoice_id
        ) as place
    from keys
    inner join invoices on keys.invoice_id = invoices.invoice_id
),

-- By stretches of fifty places: whoever is compared stands in the same one or in the one before it.
pairs as (
    select distinct
        later.invoice_id,
        earlier.invoice_id as earlier_invoice_id
    from placed as later
    inner join (select *, unnest([place // {{ compared }}, place // {{ compared }} + 1]) as stretch from placed) as earlier
        on
            later.group_number = earlier.group_number
            and later.place // {{ compared }} = earlier.stretch
            and later.place - earlier.place between 1 and {{ compared }}
)

select
    later.invoice_id,
    later.order_id,
    later.customer_id,
    later.issued_date as event_date,
    later.booking_rate,
    later.document_gross_amount,
    earlier.invoice_id as earlier_invoice_id,
    earlier.issued_date as earlier_date,
    coalesce(later.order_id = earlier.order_id, false) as is_same_order,
    later.order_id is null or earlier.order_id is null as is_order_unsaid,
    later.normalised_number = earlier.normalised_number as is_same_number,
    levenshtein(later.normalised_number, earlier.normalised_number) <= 1 as is_one_edit_apart,
    -- Numbers of one series that follow their days are one edit apart by themselves.
    later.issued_date > earlier.issued_date
    and {{ running_number('later.invoice_id') }} > {{ running_number('earlier.invoice_id') }}
    and regexp_replace(later.invoice_id, '[0-9]', '', 'g') = regexp_replace(earlier.invoice_id, '[0-9]', '', 'g') as is_next_in_series,
    {{ days_between('earlier.issued_date', 'later.issued_date') }} as days_apart,
    coalesce(later.line_fingerprint = earlier.line_fingerprint, false) as has_same_lines,
    coalesce(later.served_from_date = earlier.served_from_date, false) as is_same_period,
    coalesce(later.line_fingerprint <> earlier.line_fingerprint, false) as has_other_lines,
    coalesce(later.delivery_ids <> earlier.delivery_ids, false)
    or coalesce(later.billed_from_date <> earlier.billed_from_date, false)
    or coalesce(later.project_id <> earlier.project_id, false)
    or coalesce(later.contract_id <> earlier.contract_id, false)
    or coalesce(later.corrects_invoice_id = earlier.invoice_id, false)
    or coalesce(later.order_id is null and earlier.order_id is null and later.printed_number <> earlier.printed_number, false) as bills_something_else,
    coalesce(exhausted.is_exhausted, true) as is_order_exhausted
from pairs
inner join invoices as later on pairs.invoice_id = later.invoice_id
inner join invoices as earlier on pairs.earlier_invoice_id = earlier.invoice_id
left join exhausted on later.invoice_id = exhausted.invoice_id and later.order_id = exhausted.order_id
where {{ days_between('earlier.issued_date', 'later.issued_date') }} <= 400
