-- Number series, over all document types that share one, and with documents of later days: their numbers are not missing.
-- A number that stands in quarantine is not missing either.
-- A series whose numbers fill less than half of its span, or with fewer than ten documents, is not taken for gapless. Numbers that begin again
-- each year, month or branch are a series each. Numbers of self-billed invoices are the customer's own, who bills others with them as well.
with night as (
    select
        *,
        greatest(report_date, coalesce(complete_until_date, report_date)) as last_known_date
    from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

delivered as (
    select
        invoice_id,
        order_id,
        customer_id,
        document_type,
        delivered_document_type,
        series,
        issued_date,
        currency,
        gross_amount as document_gross_amount,
        false as is_rejected
    from {{ ref('stg_order_to_cash__invoices') }}
    union all
    select
        invoice_id,
        order_id,
        customer_id,
        document_type,
        document_type as delivered_document_type,
        series,
        issued_date,
        currency,
        document_gross_amount,
        true as is_rejected
    from {{ ref('int_invoices_rejected') }}
),

documents as (
    select
        *,
        issued_date as event_date,
        {{ number_in_block('invoice_id', 'issued_date') }} as running_number,
        series || ' ' || {{ number_block('invoice_id', 'issued_date') }} as block
    from delivered
),

numbered as (
    select
        *,
        count(*) over (partition by block) as series_count,
        max(running_number) over (partition by block) - min(running_number) over (partition by block) + 1 as series_span
    from documents
    where series is not null and running_number is not null and issued_date <= (select last_known_date from night)
        and coalesce(delivered_document_type, '') not in ('self_billed', '389')
),

neighbours as (
    select
        numbered.*,
        numbered.series_count >= 10 and numbered.series_count * 2 >= numbered.series_span as is_gapless_series,
        lag(numbered.running_number) over by_number as previous_number,
        case when lag(numbered.issued_date, 1) over by_number > numbered.issued_date + parameters.number_date_tolerance_days then 1 else 0 end
        + case when lag(numbered.issued_date, 2) over by_number > numbered.issued_date + parameters.number_date_tolerance_days then 1 else 0 end
        + case when lag(numbered.issued_date, 3) over by_number > numbered.issued_date + parameters.number_date_tolerance_days then 1 else 0 end as later_dated_count,
        lag(numbered.issued_date, 1) over by_number as previous_date
    from numbered
    cross join parameters
    window by_number as (partition by numbered.block order by numbered.running_number, numbered.invoice_id)
),

rated as (
    select
        neighbours.*,
        cast(1 as decimal(18, 8)) as booking_rate
    from neighbours
    cross join night
    where neighbours.issued_date <= night.report_date and not neighbours.is_rejected
),

future_rated as (
    select
        documents.*,
        cast(1 as decimal(18, 8)) as booking_rate
    from documents
    cross join night
    where documents.issued_date > night.last_known_date and not documents.is_rejected
)

{{ findings('rated', [
    {'code': 'number_gap', 'when': 'is_gapless_series and running_number - previous_number > 1',
     'evidence': told("{running_number - previous_number - 1} number(s) missing in series {series} after {previous_number}",
                      "{running_number - previous_number - 1} nummer(s) ontbreken in reeks {series} na {previous_number}")},
    {'code': 'number_date_disorder', 'when': 'is_gapless_series and later_dated_count >= 2', 'evidence': told("issued on {day issued_date}, the number before it on {day previous_date}",
                      "uitgegeven op {day issued_date}, het nummer ervoor op {day previous_date}")},
]) }}
union all
{{ findings('future_rated', [
    {'code': 'issued_in_future_or_closed_period', 'when': 'true', 'stake': 'document_gross_amount', 'evidence': told("issued on {day issued_date}, after the last day that was delivered", "uitgegeven op {day issued_date}, na de laatste aangeleverde dag")},
]) }}
