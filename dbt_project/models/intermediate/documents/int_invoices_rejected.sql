-- Invoices whose row stands in quarantine and that no later delivery has put right: they exist, although no KPI holds them.
with night as (
    select * from {{ ref('stg_company__night') }}
),

quarantine as (
    select * from {{ ref('stg_company__quarantine') }} where entity = 'invoices'
),

invoices as (
    select * from {{ ref('stg_order_to_cash__invoices') }}
),

rates as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

read_rows as (
    select
        {{ json_text('delivered_row', 'invoice_id') }} as invoice_id,
        {{ json_text('delivered_row', 'document_type') }} as document_type,
        {{ json_text('delivered_row', 'customer_id') }} as customer_id,
        {{ json_text('delivered_row', 'order_id') }} as order_id,
        {{ json_text('delivered_row', 'series') }} as series,
        {{ json_text('delivered_row', 'currency') }} as currency,
        try_cast({{ json_text('delivered_row', 'issued_date') }} as date) as issued_date,
        try_cast({{ json_text('delivered_row', 'gross_amount') }} as decimal(18, 4)) as document_gross_amount,
        case when rule = 'required' then column_name end as missing_column,
        path,
        row_number
    from quarantine
)

select
    read_rows.invoice_id,
    any_value(read_rows.document_type) as document_type,
    any_value(read_rows.customer_id) as customer_id,
    any_value(read_rows.order_id) as order_id,
    any_value(read_rows.series) as series,
    any_value(read_rows.currency) as currency,
    any_value(coalesce(read_rows.issued_date, night.report_date)) as issued_date,
    any_value(read_rows.document_gross_amount) as document_gross_amount,
    any_value(case when read_rows.currency = night.reporting_currency then cast(1 as decimal(18, 8)) else rates.rate end) as booking_rate,
    bool_or(coalesce(read_rows.missing_column = 'customer_id', false)) as is_customer_missing,
    string_agg(distinct read_rows.missing_column, ', ' order by read_rows.missing_column)
        filter (where read_rows.missing_column <> 'customer_id') as missing_columns,
    min(read_rows.path || ' row ' || read_rows.row_number) as place
from read_rows
cross join night
left join invoices on read_rows.invoice_id = invoices.invoice_id
left join rates on read_rows.currency = rates.currency and read_rows.issued_date = rates.valid_date
where regexp_matches(read_rows.invoice_id, '\S') and invoices.invoice_id is null and coalesce(read_rows.issued_date, night.report_date) <= night.report_date
group by read_rows.invoice_id
