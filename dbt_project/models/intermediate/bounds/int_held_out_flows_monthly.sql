-- What was sold, paid, written off and earned of each document that is held out, in the month in which it happened.
with invoices as (
    select * from {{ ref('fct_invoices') }} where is_held_out
),

events as (
    select
        events.*,
        items.industry_code,
        items.size_class,
        {{ days_between('items.issued_date', 'events.event_date') }} as age_days
    from {{ ref('fct_receivable_events') }} as events
    inner join {{ ref('int_receivable_items_settled') }} as items on events.invoice_id = items.invoice_id
    where events.is_held_out and events.event_type in ('cash_applied', 'reversed', 'written_off', 'discount_taken', 'fx_booked')
),

recoveries as (
    select
        write_offs.invoice_id,
        write_offs.recovered_date,
        write_offs.salesperson_id,
        invoices.industry_code,
        invoices.size_class,
        write_offs.recovered_amount
    from {{ ref('fct_write_offs') }} as write_offs
    inner join invoices on write_offs.invoice_id = invoices.invoice_id
    where write_offs.recovered_date is not null
),

lines as (
    select * from {{ ref('int_lines_costed') }} where is_held_out and goods_amount is not null
),

{%- set parts = [
    ('invoices', 'issued_month', "'net'", 'revenue_amount', 'true'),
    ('invoices', 'issued_month', "document_class || ' net'", 'revenue_amount', 'true'),
    ('invoices', 'issued_month', "'credit sales'", 'sales_gross_amount', "document_class <> 'adjustment'"),
    ('events', month_start('event_date'), "'collected'", '-amount', "event_type in ('cash_applied', 'reversed')"),
    ('events', month_start('event_date'), "'collected days'", '-amount * age_days', "event_type in ('cash_applied', 'reversed')"),
    ('events', month_start('event_date'), "'written off'", '-amount', "event_type = 'written_off'"),
    ('events', month_start('event_date'), "'uncollected'", '-amount', "event_type in ('written_off', 'discount_taken', 'fx_booked')"),
    ('recoveries', month_start('recovered_date'), "'recovered'", 'recovered_amount', 'true'),
    ('lines', 'month_start_date', "'result'", 'net_amount - goods_amount', 'true'),
] %}
amounts as (
    {%- for relation, month, measure, amount, condition in parts %}
    select
        invoice_id as document_id,
        {{ month }} as month_start_date,
        {{ "'unknown'" if relation == 'lines' else 'salesperson_id' }} as salesperson_id,
        industry_code,
        size_class,
        {{ measure }} as measure,
        {{ amount }} as amount
    from {{ relation }}
    where {{ condition }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    document_id,
    month_start_date,
    salesperson_id,
    industry_code,
    size_class,
    measure,
    sum(amount) as amount
from amounts
where amount is not null
group by 1, 2, 3, 4, 5, 6
