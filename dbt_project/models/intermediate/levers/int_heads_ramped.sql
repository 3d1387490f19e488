-- What new heads brought by month since they came: those whose hire has a cost, each as far as whole months have passed.
with hires as (
    select
        salesperson_id,
        min({{ month_start('invested_date') }}) as hired_month,
        sum(cost_amount) as cost_amount
    from {{ ref('fct_sales_investments') }}
    where kind = 'hire' and salesperson_id is not null
    group by 1
),

margins as (
    select * from {{ ref('int_salesperson_margins_monthly') }}
)

select
    hires.salesperson_id,
    hires.cost_amount,
    cast({{ months_between('hires.hired_month', 'margins.month_start_date') }} as integer) as month_number,
    margins.margin_amount,
    cast(sum(margins.margin_amount) over (
        partition by hires.salesperson_id order by margins.month_start_date
    ) as decimal(18, 4)) as cumulative_margin_amount
from hires
inner join margins on hires.salesperson_id = margins.salesperson_id and hires.hired_month < margins.month_start_date
