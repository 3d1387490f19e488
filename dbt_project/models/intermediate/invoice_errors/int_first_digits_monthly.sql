-- First digits of the gross amounts of a team's or series' month, beside those of its other months. Judged are months of 60 invoices
-- and more, with 150 beside them: fewer say nothing.
with salespeople as (
    select
        salesperson_id,
        team
    from {{ ref('dim_salespeople') }}
),

invoices as (
    select
        salespeople.team,
        invoices.series,
        invoices.issued_month,
        invoices.issued_date,
        left(cast(cast(invoices.document_gross_amount * 10000 as bigint) as varchar), 1) as first_digit
    from {{ ref('int_invoices_valued') }} as invoices
    left join salespeople on invoices.salesperson_id = salespeople.salesperson_id
    where invoices.document_class = 'invoice' and invoices.document_gross_amount > 0
),

scoped as (
    {%- for scope in ('team', 'series') %}
    select
        '{{ scope }}' as scope_type,
        {{ scope }} as scope_id,
        issued_month,
        first_digit,
        count(*) as month_count,
        max(issued_date) as last_date
    from invoices
    where {{ scope }} is not null
    group by {{ scope }}, issued_month, first_digit
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

months as (
    select
        scope_type,
        scope_id,
        issued_month,
        max(last_date) as event_date,
        sum(month_count) as month_size,
        sum(sum(month_count)) over (partition by scope_type, scope_id) - sum(month_count) as rest_size
    from scoped
    group by scope_type, scope_id, issued_month
),

digits as (
    select
        scope_type,
        scope_id,
        first_digit,
        sum(month_count) as total_count
    from scoped
    group by scope_type, scope_id, first_digit
),

compared as (
    select
        months.*,
        digits.first_digit,
        coalesce(scoped.month_count, 0) as month_count,
        digits.total_count - coalesce(scoped.month_count, 0) as rest_count
    from months
    inner join digits on months.scope_type = digits.scope_type and months.scope_id = digits.scope_id
    left join scoped
        on
            months.scope_type = scoped.scope_type and months.scope_id = scoped.scope_id
            and months.issued_month = scoped.issued_month and digits.first_digit = scoped.first_digit
    where months.month_size >= 60 and months.rest_size >= 150
)

select * from compared
