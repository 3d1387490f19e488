-- What was applied to an invoice against what it says.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

settlements as (
    select * from {{ ref('int_invoice_settlements') }}
),

discounts as (
    select * from {{ ref('int_cash_discounts') }}
),

measured as (
    select
        invoices.*,
        settlements.document_applied_amount,
        coalesce(settlements.last_cash_date, settlements.last_applied_date) as event_date,
        discounts.document_discount_amount,
        discounts.document_discount_amount - discounts.document_allowed_amount as document_excess_discount_amount,
        settlements.last_cash_date,
        discounts.taken_date,
        discounts.last_discount_date,
        invoices.document_gross_amount - settlements.document_applied_amount as document_open_amount,
        case
            when invoices.document_class = 'credit' then settlements.document_applied_amount + parameters.settlement_tolerance_amount < invoices.document_gross_amount
            else settlements.document_applied_amount - parameters.settlement_tolerance_amount
                > greatest({{ rounded_half_up('invoices.document_gross_amount') }}, invoices.document_gross_amount)
        end as is_overallocated,
        coalesce(asked.document_asked_amount, invoices.document_gross_amount) - settlements.document_applied_amount as document_short_amount,
        least({{ rounded_half_up('coalesce(asked.document_asked_amount, invoices.document_gross_amount)') }}, invoices.document_gross_amount)
        > settlements.document_applied_amount + parameters.settlement_tolerance_amount
        and settlements.document_cash_amount > 0 and invoices.document_class = 'invoice'
        and settlements.document_credited_amount = 0
        and disputed.invoice_id is null
        and settlements.last_cash_date + parameters.short_payment_grace_days < night.report_date as is_short,
        coalesce(discounts.taken_date > discounts.last_discount_date, false) as is_discount_late,
        coalesce(
            discounts.taken_date <= discounts.last_discount_date
            and discounts.document_discount_amount > discounts.document_allowed_amount + parameters.settlement_tolerance_amount, false
        ) as is_discount_too_large
    from {{ ref('int_invoices_valued') }} as invoices
    cross join night
    cross join parameters
    inner join settlements on invoices.invoice_id = settlements.invoice_id
    left join {{ ref('int_instalments_asked') }} as asked on invoices.invoice_id = asked.invoice_id
    left join discounts on case when invoices.document_class = 'invoice' then invoices.invoice_id end = discounts.invoice_id
    left join (select distinct invoice_id from {{ ref('fct_disputes') }} where closed_date is null) as disputed on invoices.invoice_id = disputed.invoice_id
    where (invoices.document_class = 'invoice' and invoices.document_gross_amount > 0) or (invoices.document_class = 'credit' and invoices.document_gross_amount < 0)
),

suspects as (
    select * from measured
    where is_overallocated or is_short or is_discount_late or is_discount_too_large
),

-- A line whose net with its VAT equals the difference is named; then the VAT as a whole.
explained as (
    select
        suspects.invoice_id,
        min(lines.line_number) as line_number
    from suspects
    inner join {{ ref('fct_invoice_lines') }} as lines on suspects.invoice_id = lines.invoice_id
    where
        suspects.is_short
        and abs(lines.document_net_amount + {{ rounded_half_up('cast(lines.document_net_amount as decimal(38, 4)) * coalesce(lines.vat_share, 0)') }} - suspects.document_short_amount) <= 0.01
    group by suspects.invoice_id
),

judged as (
    select
        suspects.*,
        explained.line_number as unpaid_line_number
    from suspects
    left join explained on suspects.invoice_id = explained.invoice_id
)

{%- set unpaid = ['{figure document_short_amount} unpaid since {day last_cash_date}: ', '{figure document_short_amount} onbetaald sinds {day last_cash_date}: '] %}

{{ findings('judged', [
    {'code': 'overallocated', 'when': 'is_overallocated', 'stake': 'abs(document_open_amount)',
     'evidence': told("{figure document_applied_amount} applied to a document of {figure document_gross_amount}",
                      "{figure document_applied_amount} verrekend met een document van {figure document_gross_amount}")},
    {'code': 'short_payment', 'line': 'unpaid_line_number', 'when': 'is_short', 'stake': 'document_short_amount',
     'evidence': told_when('unpaid_line_number is not null', told(unpaid[0] ~ 'equals line {unpaid_line_number}', unpaid[1] ~ 'gelijk aan regel {unpaid_line_number}'),
         told_when('document_short_amount = document_vat_amount', told(unpaid[0] ~ 'equals the VAT', unpaid[1] ~ 'gelijk aan de btw'), told(unpaid[0] ~ 'equals no line', unpaid[1] ~ 'gelijk aan geen regel')))},
    {'code': 'short_payment', 'when': 'is_discount_too_large and not is_short', 'stake': 'document_excess_discount_amount',
     'evidence': told("discount of {figure document_discount_amount} taken on {day taken_date}, {figure document_discount_amount - document_excess_discount_amount} is agreed",
                      "korting van {figure document_discount_amount} genomen op {day taken_date}, {figure document_discount_amount - document_excess_discount_amount} is afgesproken")},
    {'code': 'cash_discount_taken_late', 'when': 'is_discount_late', 'stake': 'document_discount_amount',
     'evidence': told("discount taken on {day taken_date}, it was agreed until {day last_discount_date}",
                      "korting genomen op {day taken_date}, afgesproken was tot en met {day last_discount_date}")},
]) }}
