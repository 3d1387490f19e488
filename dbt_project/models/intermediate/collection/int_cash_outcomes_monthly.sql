-- What the invoices that were open at a month end brought and lost in the months after it. The seventh month is all that came later.
{%- set last_month, lost_days = 7, 365 %}
with open_items as (
    select * from {{ ref('int_invoices_open_monthly') }} where not is_held_out and open_amount > 0 and late_days <= {{ lost_days }}
),

moved as (
    select * from {{ ref('int_ageing_items_moved') }}
)

select
    open_items.month_start_date,
    least(cast({{ months_between('open_items.month_start_date', 'moved.month_start_date') }} as integer), {{ last_month }}) as month_number,
    cast(sum(moved.paid_amount) as decimal(18, 4)) as collected_amount,
    cast(sum(moved.lost_amount) as decimal(18, 4)) as lost_amount
from open_items
inner join moved
    on
        open_items.invoice_id = moved.invoice_id
        and coalesce(open_items.instalment_number, '') = moved.instalment_number
        and open_items.month_start_date < moved.month_start_date
group by 1, 2
