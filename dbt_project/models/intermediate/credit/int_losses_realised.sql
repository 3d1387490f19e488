-- What was lost on a customer in fact: written off, less what was received after all, each on its day.
with write_offs as (
    select * from {{ ref('fct_write_offs') }} where customer_id is not null
)

select
    write_off_id,
    customer_id,
    written_off_date as loss_date,
    lower(reason_code) in ('insolvency', 'insolvent', 'bankruptcy', 'bankrupt', 'faillissement') as is_insolvency,
    amount
from write_offs
union all
select
    write_off_id,
    customer_id,
    recovered_date,
    false,
    -recovered_amount
from write_offs
where recovered_date is not null and recovered_amount is not null
