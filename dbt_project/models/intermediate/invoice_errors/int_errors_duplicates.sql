-- Documents that stand twice. Equal partial deliveries, call-offs, instalments and periods are no duplicates: what they bill differs. Without
-- any order, one customer, amount and content of one day is one, or of one period of a service. Numbers that follow each other in a series are near each other by themselves.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

credited as (
    select
        corrects_invoice_id as invoice_id,
        -sum(document_gross_amount) as document_gross_amount
    from {{ ref('int_invoices_valued') }}
    where document_class = 'credit' and corrects_invoice_id is not null
    group by corrects_invoice_id
),

pairs as (
    select
        twins.*,
        coalesce(credited.document_gross_amount >= twins.document_gross_amount - parameters.settlement_tolerance_amount, false) as is_earlier_credited,
        twins.days_apart <= parameters.duplicate_invoice_days as is_near,
        twins.days_apart <= parameters.near_duplicate_days as is_within_window
    from {{ ref('int_invoice_twins') }} as twins
    cross join parameters
    left join credited on twins.earlier_invoice_id = credited.invoice_id
),

numbered as (
    select
        *,
        issued_date as event_date,
        {{ normalised_number('invoice_id') }} as normalised_number
    from {{ ref('int_invoices_valued') }}
    where document_class = 'invoice' and document_gross_amount > 0
),

-- Without a series, one number may stand in two ranges of one customer; another customer or amount behind it is a typing error.
same_numbers as (
    select
        *,
        min(invoice_id) over same_number as first_invoice_id,
        count(*) over same_number as same_number_count,
        series is not null
        or (
            delivered_document_type not in ('self_billed', '389')
            and (min(customer_id) over same_number <> max(customer_id) over same_number)
        ) as is_series_known
    from numbered
    window same_number as (partition by series, document_type, normalised_number)
),

judged as (
    select
        invoice_id,
        any_value(order_id) as order_id,
        any_value(customer_id) as customer_id,
        any_value(event_date) as event_date,
        any_value(booking_rate) as booking_rate,
        any_value(document_gross_amount) as document_gross_amount,
        max(case
            when
                is_near and not is_earlier_credited and not bills_something_else
                and ((is_same_order and is_order_exhausted) or (order_id is null and (days_apart = 0 or is_same_period) and has_same_lines and not is_same_number))
                then earlier_invoice_id
        end) as duplicate_of,
        max(case
            when
                is_within_window and not is_earlier_credited and not is_same_order and not bills_something_else
                and (is_same_number or (is_one_edit_apart and is_order_unsaid and not is_next_in_series and not has_other_lines))
                then earlier_invoice_id
        end) as near_duplicate_of
    from pairs
    group by invoice_id
)

{{ findings('judged', [
    {'code': 'duplicate_invoice', 'when': 'duplicate_of is not null', 'stake': 'document_gross_amount',
     'evidence': told_when('order_id is null',
         told("same customer, day, lines and amount as {duplicate_of}", "zelfde klant, dag, regels en bedrag als {duplicate_of}"),
         told("same customer, order and amount as {duplicate_of}", "zelfde klant, order en bedrag als {duplicate_of}"))},
    {'code': 'near_duplicate_number', 'when': 'near_duplicate_of is not null', 'stake': 'document_gross_amount',
     'evidence': told("same customer and amount as {near_duplicate_of}, and nearly its number", "zelfde klant en bedrag als {near_duplicate_of}, en bijna hetzelfde nummer")},
]) }}
union all
{{ findings('same_numbers', [
    {'code': 'duplicate_number', 'when': 'same_number_count > 1 and first_invoice_id <> invoice_id and is_series_known', 'stake': 'document_gross_amount',
     'evidence': told("the same number as {first_invoice_id}{coalesce(' in series ' || series, '')}", "hetzelfde nummer als {first_invoice_id}{coalesce(' in reeks ' || series, '')}")},
]) }}
