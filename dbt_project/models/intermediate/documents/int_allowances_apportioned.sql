-- A document's allowances and charges over its lines, by net, within the same VAT category and rate (EN 16931); one that says no
-- category, or whose category no line has, goes over all lines. Unsigned, and rounded on the cumulative: the parts sum to the whole.
with allowances as (
    select * from {{ ref('stg_order_to_cash__invoice_allowances') }} where line_number is null
),

totals as (
    select
        invoice_id,
        vat_category,
        vat_share,
        sum(case when is_charge then 0 else amount end) as allowance_amount,
        sum(case when is_charge then amount else 0 end) as charge_amount
    from allowances
    group by invoice_id, vat_category, vat_share
),

lines as (
    select
        invoice_id,
        line_number,
        net_amount,
        vat_category,
        vat_share
    from {{ ref('stg_order_to_cash__invoice_lines') }}
    where invoice_id in (select allowances.invoice_id from allowances)
),

matched as (
    select
        totals.*,
        lines.line_number,
        lines.net_amount,
        lines.vat_category = totals.vat_category and lines.vat_share = totals.vat_share as is_of_the_category
    from totals
    inner join lines on totals.invoice_id = lines.invoice_id
),

chosen as (
    select *
    from matched
    qualify
        is_of_the_category
        or not coalesce(bool_or(is_of_the_category) over (partition by invoice_id, vat_category, vat_share), false)
),

running as (
    select
        *,
        sum(net_amount) over (partition by invoice_id, vat_category, vat_share) as total_net_amount,
        sum(net_amount) over up_to_here as running_net_amount,
        lead(line_number) over up_to_here is null as is_last_line
    from chosen
    window up_to_here as (partition by invoice_id, vat_category, vat_share order by length(line_number), line_number)
),

shared as (
    select
        invoice_id,
        line_number,
        vat_category,
        vat_share,
        {%- for kind in ('allowance', 'charge') %}
        case
            when is_last_line then {{ kind }}_amount
            when total_net_amount <= 0 then 0
            else {{ rounded_ratio(['cast(running_net_amount as decimal(28, 4))', 'cast(' ~ kind ~ '_amount as decimal(18, 4))'], 'total_net_amount') }}
        end as running_{{ kind }}_amount{{ ',' if not loop.last }}
        {%- endfor %}
    from running
),

parts as (
    select
        invoice_id,
        line_number,
        running_allowance_amount - coalesce(lag(running_allowance_amount) over up_to_here, 0) as allowance_amount,
        running_charge_amount - coalesce(lag(running_charge_amount) over up_to_here, 0) as charge_amount
    from shared
    window up_to_here as (partition by invoice_id, vat_category, vat_share order by length(line_number), line_number)
)

select
    invoice_id,
    line_number,
    cast(sum(allowance_amount) as decimal(18, 4)) as allowance_amount,
    cast(sum(charge_amount) as decimal(18, 4)) as charge_amount
from parts
group by invoice_id, line_number
