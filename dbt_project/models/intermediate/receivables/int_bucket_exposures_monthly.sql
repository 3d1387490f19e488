-- What stands in each bucket at month end, and which part of it a valid credit insurance covers: cover x the smaller of open
-- invoices and limit, spread over the customer's buckets by their euros. Spread twice: without what is held out, and with it.
{%- set buckets = ['not_due', 'overdue_1_30', 'overdue_31_60', 'overdue_61_90', 'overdue_91_120', 'overdue_over_120'] %}
{%- set bases = ['', 'bounded_'] %}
with ageing as (
    select * from {{ ref('receivables_ageing_monthly') }}
),

covers as (
    select * from {{ ref('int_insured_revenue_monthly') }}
),

balances as (
    {%- for bucket in buckets %}
    select
        month_start_date,
        customer_id,
        salesperson_id,
        industry_code,
        size_class,
        '{{ bucket }}' as bucket,
        {{ bucket }}_amount as exposure_amount,
        {{ bucket }}_amount + held_out_{{ bucket }}_amount as bounded_exposure_amount
    from ageing
    where {{ bucket }}_amount <> 0 or held_out_{{ bucket }}_amount <> 0
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

summed as (
    select
        *,
        {%- for prefix in bases %}
        sum({{ prefix }}exposure_amount) over (partition by month_start_date, customer_id) as {{ prefix }}customer_amount{{ ',' if not loop.last }}
        {%- endfor %}
    from balances
),

covered as (
    select
        summed.*,
        {%- for prefix in bases %}
        case
            when summed.{{ prefix }}customer_amount > 0 and covers.coverage_share > 0
                then cast(covers.coverage_share * least(covers.insured_limit_amount, summed.{{ prefix }}customer_amount) as decimal(18, 4))
            else 0
        end as {{ prefix }}insured_customer_amount{{ ',' if not loop.last }}
        {%- endfor %}
    from summed
    left join covers on summed.customer_id = covers.customer_id and summed.month_start_date = covers.month_start_date
)

select
    month_start_date,
    customer_id,
    salesperson_id,
    industry_code,
    size_class,
    bucket,
    {%- for prefix in bases %}
    {{ prefix }}exposure_amount,
    case
        when {{ prefix }}insured_customer_amount > 0
            then {{ rounded_ratio(
                ['cast(' ~ prefix ~ 'exposure_amount as decimal(38, 4))', prefix ~ 'insured_customer_amount'],
                prefix ~ 'customer_amount'
            ) }}
        else cast(0 as decimal(18, 4))
    end as {{ prefix }}insured_amount{{ ',' if not loop.last }}
    {%- endfor %}
from covered
