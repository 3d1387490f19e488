-- Two families of scopes: whose invoices they are (company, salesperson, team, customer, industry, segment), and what was
-- wrong with them (error_code, step, owner). The denominator of the second family is every invoice of the month.
{%- set measures = ['invoice_count', 'error_invoice_count', 'finding_count', 'stake_amount', 'gross_amount', 'right_first_time_count',
    'open_cohort_count', 'undecided_count', 'held_out_count', 'held_out_gross_amount'] %}
with invoices as (
    select * from {{ ref('int_invoices_judged') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

errors as (
    select * from {{ ref('fct_invoice_errors') }} where document_kind = 'invoice' and severity in ('quarantines', 'disputable') and not is_approved
),

measured as (
    select
        invoices.issued_month as month_start_date,
        invoices.customer_id,
        invoices.salesperson_id,
        invoices.industry_code,
        invoices.size_class,
        1 as invoice_count,
        case when invoices.has_error then 1 else 0 end as error_invoice_count,
        invoices.error_count as finding_count,
        invoices.stake_amount,
        invoices.gross_amount,
        case when invoices.is_right_first_time then 1 else 0 end as right_first_time_count,
        case when invoices.is_cohort_complete and not invoices.is_undecided then 0 else 1 end as open_cohort_count,
        case when invoices.is_undecided then 1 else 0 end as undecided_count,
        case when invoices.is_held_out then 1 else 0 end as held_out_count,
        case when invoices.is_held_out then invoices.gross_amount end as held_out_gross_amount
    from invoices
),

by_party as (
    {{ scoped_sums('measured', ['month_start_date'], measures) }}
    union all
    select 'customer' as scope_type, customer_id as scope_id, month_start_date, {% for measure in measures %}sum({{ measure }}) as {{ measure }}{{ ', ' if not loop.last }}{% endfor %}
    from measured
    group by 2, 3
),

months as (
    select * from by_party where scope_type = 'company'
),

causes as (
    {%- for scope_type, column in [('error_code', 'error_code'), ('step', 'step'), ('owner', 'owner_department')] %}
    select
        '{{ scope_type }}' as scope_type,
        errors.{{ column }} as scope_id,
        invoices.issued_month as month_start_date,
        count(distinct errors.invoice_id) as error_invoice_count,
        count(*) as finding_count,
        sum(errors.stake_amount) as stake_amount
    from errors
    inner join invoices on errors.invoice_id = invoices.invoice_id
    group by 2, 3
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

scoped as (
    select * from by_party
    union all
    select
        causes.scope_type, causes.scope_id, causes.month_start_date, months.invoice_count, causes.error_invoice_count, causes.finding_count,
        causes.stake_amount, months.gross_amount, months.invoice_count - causes.error_invoice_count, months.open_cohort_count,
        months.undecided_count,
        cast(null as bigint), cast(null as decimal(38, 4))
    from causes
    inner join months on causes.month_start_date = months.month_start_date
)

select
    month_start_date,
    scope_type,
    scope_id,
    cast(invoice_count as bigint) as invoice_count,
    cast(error_invoice_count as bigint) as error_invoice_count,
    {{ safe_share('error_invoice_count', 'invoice_count') }} as error_share,
    cast(finding_count as bigint) as finding_count,
    cast(coalesce(stake_amount, 0) as decimal(18, 4)) as stake_amount,
    cast(coalesce(gross_amount, 0) as decimal(18, 4)) as gross_amount,
    cast(right_first_time_count as bigint) as right_first_time_count,
    {{ safe_share('right_first_time_count', 'invoice_count') }} as first_time_right_share,
    open_cohort_count > 0 as is_provisional,
    cast(undecided_count as bigint) as undecided_count,
    cast(coalesce(held_out_count, 0) as bigint) as held_out_count,
    cast(coalesce(held_out_gross_amount, 0) as decimal(18, 4)) as held_out_gross_amount
from scoped
