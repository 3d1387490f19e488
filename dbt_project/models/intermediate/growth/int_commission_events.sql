-- Commission of each invoice on both bases, as dated changes. On cash: rate x commissionable x cumulative cash / gross, rounded on
-- the cumulative, at most the whole; credit notes and write-offs are no cash. A reversal takes it back, and so does a refund: money paid
-- back on a credit note is money of the invoice that it names. Without an exchange rate it is empty. What is settled without cash or paid
-- back can no longer be earned: `never_earned` is the whole less what the rest of the invoice can still bring. What a prepayment invoice asked
-- before is earned and invoiced there.
with invoices as (
    select * from {{ ref('int_invoices_commissionable') }} where commissionable_amount is not null or net_amount is null
),

credits as (
    select
        invoice_id,
        corrects_invoice_id
    from {{ ref('fct_invoices') }}
    where document_class = 'credit' and corrects_invoice_id is not null
),

applied as (
    select
        applications.applied_date,
        credits.corrects_invoice_id,
        applications.kind in {{ cash_kinds() }} as is_cash,
        coalesce(credits.corrects_invoice_id, applications.invoice_id) as invoice_id,
        applications.document_amount
    from {{ ref('fct_payment_applications') }} as applications
    left join credits on applications.invoice_id = credits.invoice_id
    union all
    select issued_date, null, false, invoice_id, -document_gross_amount from {{ ref('int_prepayments_invoiced') }}
),

applications as (
    select
        invoice_id,
        applied_date,
        sum(case when is_cash then document_amount end) as cash_amount,
        sum(case when is_cash = (corrects_invoice_id is null) then 0 when is_cash then -document_amount else document_amount end) as other_amount
    from applied
    group by 1, 2
),

{%- set gross = 'invoices.document_gross_amount' %}
{%- set so_far = '(partition by applications.invoice_id order by applications.applied_date rows between unbounded preceding and current row)' %}

cumulated as (
    select
        invoices.invoice_id,
        invoices.salesperson_id,
        invoices.basis,
        invoices.is_held_out,
        invoices.document_gross_amount,
        cast(cast(invoices.rate_share as decimal(18, 6)) * invoices.commissionable_amount as decimal(30, 10)) as full_commission,
        applications.applied_date,
        applications.cash_amount is not null as has_cash,
        {{ part_within('coalesce(sum(applications.cash_amount) over ' ~ so_far ~ ', 0)', '0', gross) }} as cash_amount,
        {{ part_within(gross ~ ' - coalesce(sum(applications.other_amount) over ' ~ so_far ~ ', 0)', '0', gross) }} as rest_amount
    from applications
    inner join invoices on applications.invoice_id = invoices.invoice_id
),

{%- set full_commission = 'cast(full_commission as decimal(28, 6))' %}

valued as (
    select
        *,
        {{ rounded_ratio([full_commission, 'cast(cash_amount as decimal(18, 4))'], 'document_gross_amount') }} as cash_commission,
        {{ rounded_half_up('full_commission') }}
        - {{ rounded_ratio([full_commission, 'cast(greatest(rest_amount, cash_amount) as decimal(18, 4))'], 'document_gross_amount') }} as never_commission
    from cumulated
),

changes as (
    select
        *,
        {%- set before = 'over (partition by invoice_id order by applied_date)' %}
        cash_commission - coalesce(lag(cash_commission) {{ before }}, 0) as cash_change,
        never_commission - coalesce(lag(never_commission) {{ before }}, 0) as never_change
    from valued
)

{% for event_type, amount, condition in [('cash', 'cash_change', 'has_cash'), ('never_earned', 'never_change', 'never_change <> 0')] -%}
select
    invoice_id,
    salesperson_id,
    basis,
    is_held_out,
    '{{ event_type }}' as event_type,
    applied_date as event_date,
    cast({{ amount }} as decimal(18, 4)) as commission_amount
from changes
where {{ condition }}
union all
{% endfor -%}
select
    invoice_id,
    salesperson_id,
    basis,
    is_held_out,
    'invoiced',
    issued_date,
    {{ rounded_half_up('cast(rate_share as decimal(18, 6)) * (commissionable_amount - coalesce(prepaid_net_amount, 0))') }}
from invoices
