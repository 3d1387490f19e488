with night as (
    select * from {{ ref('stg_company__night') }}
),

write_offs as (
    select * from {{ ref('stg_order_to_cash__write_offs') }}
),

invoices as (
    select * from {{ ref('int_invoices_valued') }}
)

select
    write_offs.write_off_id,
    write_offs.invoice_id,
    invoices.invoice_id is not null as has_known_invoice,
    invoices.customer_id,
    invoices.salesperson_id,
    write_offs.written_off_date,
    write_offs.amount as document_amount,
    write_offs.reason_code,
    case when write_offs.recovered_date <= night.report_date then write_offs.recovered_amount end as document_recovered_amount,
    case when write_offs.recovered_date <= night.report_date then write_offs.recovered_date end as recovered_date,
    {{ converted('write_offs.amount', 'invoices.booking_rate') }} as amount,
    case
        when write_offs.recovered_date <= night.report_date
            then {{ converted('write_offs.recovered_amount', 'invoices.booking_rate') }}
    end as recovered_amount
from write_offs
cross join night
left join invoices on write_offs.invoice_id = invoices.invoice_id
where write_offs.written_off_date <= night.report_date
