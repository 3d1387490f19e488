-- The yearly maximum is a share of the credit sales of the last twelve months. At risk: more burnt than of the year has passed.
with months as (
    select * from {{ ref('int_receivables_scoped_monthly') }}
),

calendar as (
    select * from {{ ref('dim_months') }}
),

coverage as (
    select * from {{ ref('stg_company__entity_coverage') }} where entity = 'write_offs' and is_delivered
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

cumulated as (
    select
        months.scope_type,
        months.scope_id,
        months.month_start_date,
        months.is_complete,
        months.month_end_date,
        calendar.year_start_date,
        {%- for measure in ['written_off_amount', 'recovered_amount', 'held_out_written_off_amount', 'held_out_recovered_amount'] %}
        sum(months.{{ measure }}) over (
            partition by months.scope_type, months.scope_id, calendar.year_start_date order by months.month_start_date
        ) as {{ measure }},
        {%- endfor %}
        {%- for measure in ['credit_sales_gross_amount', 'held_out_credit_sales_gross_amount', 'unvalued_document_count'] %}
        sum(months.{{ measure }}) over (
            partition by months.scope_type, months.scope_id order by months.month_start_date rows between 11 preceding and current row
        ) as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from months
    inner join calendar on months.month_start_date = calendar.month_start_date
    cross join coverage
),

budgets as (
    select
        cumulated.*,
        {%- for maximum, sales in [
            ('maximum_amount', 'cumulated.credit_sales_gross_amount'),
            ('bounded_maximum_amount', '(cumulated.credit_sales_gross_amount + cumulated.held_out_credit_sales_gross_amount)'),
        ] %}
        {{ rounded_half_up('cast(' ~ sales ~ ' as decimal(38, 4)) * parameters.annual_write_off_maximum_share') }} as {{ maximum }},
        {%- endfor %}
        cumulated.written_off_amount - cumulated.recovered_amount as net_written_off_amount,
        cumulated.held_out_written_off_amount - cumulated.held_out_recovered_amount as held_out_net_written_off_amount,
        {{ days_between('cumulated.year_start_date', 'cumulated.month_end_date') }} + 1 as elapsed_days,
        {{ days_between('cumulated.year_start_date', months_later('cumulated.year_start_date', 12)) }} as year_days
    from cumulated
    cross join parameters
)

select
    month_start_date,
    scope_type,
    scope_id,
    is_complete,
    cast(written_off_amount as decimal(18, 4)) as written_off_amount,
    cast(recovered_amount as decimal(18, 4)) as recovered_amount,
    cast(net_written_off_amount as decimal(18, 4)) as net_written_off_amount,
    cast(credit_sales_gross_amount as decimal(18, 4)) as credit_sales_gross_amount,
    maximum_amount,
    {{ safe_share('net_written_off_amount', 'maximum_amount') }} as burnt_share,
    {{ safe_share('elapsed_days', 'year_days') }} as elapsed_share,
    case
        when maximum_amount <= 0 then 'no maximum'
        when net_written_off_amount > maximum_amount then 'exceeded'
        when net_written_off_amount * year_days > maximum_amount * elapsed_days then 'at risk'
        else 'on course'
    end as budget_status,
    cast(held_out_net_written_off_amount as decimal(18, 4)) as held_out_net_written_off_amount,
    cast(bounded_maximum_amount - maximum_amount as decimal(18, 4)) as held_out_maximum_amount,
    cast(unvalued_document_count as bigint) as unvalued_document_count
from budgets
