-- Commission that is booked while its invoice is open, beyond what the cash of that day had earned: rate x net amount x share paid.
-- A plan that pays on invoicing does so by agreement and is left alone.
with plans as (
    select
        *,
        lead(valid_from_date) over (partition by salesperson_id order by valid_from_date) as next_valid_from_date
    from {{ ref('fct_commission_plans') }}
),

bookings as (
    select
        bookings.*,
        sum(bookings.amount) over (
            partition by bookings.salesperson_id, bookings.invoice_id order by bookings.booked_date, bookings.booking_id
        ) as booked_amount
    from {{ ref('fct_commission_bookings') }} as bookings
),

-- An invoice that was settled by the day of booking needs no second look.
suspects as (
    select
        bookings.*,
        invoices.order_id,
        invoices.customer_id,
        invoices.net_amount,
        invoices.document_gross_amount,
        plans.rate_share
    from bookings
    inner join {{ ref('int_invoices_valued') }} as invoices on bookings.invoice_id = invoices.invoice_id
    inner join plans
        on
            bookings.salesperson_id = plans.salesperson_id
            and invoices.issued_date >= plans.valid_from_date
            and (plans.next_valid_from_date is null or invoices.issued_date < plans.next_valid_from_date)
    left join {{ ref('int_invoice_settlements') }} as settlements on bookings.invoice_id = settlements.invoice_id
    where
        plans.basis = 'cash'
        and bookings.amount > 0
        and invoices.document_gross_amount > 0
        and not coalesce(settlements.document_applied_amount >= invoices.document_gross_amount and settlements.last_applied_date <= bookings.booked_date, false)
),

applied as (
    select
        suspects.booking_id,
        sum(applications.document_amount) as document_applied_amount
    from suspects
    inner join {{ ref('fct_payment_applications') }} as applications
        on suspects.invoice_id = applications.invoice_id and applications.applied_date <= suspects.booked_date
    group by suspects.booking_id
),

judged as (
    select
        suspects.*,
        suspects.booked_date as event_date,
        cast(1 as decimal(18, 8)) as booking_rate,
        coalesce(applied.document_applied_amount, 0) as document_applied_amount,
        {{ rounded_ratio(
            'cast(cast(suspects.net_amount as decimal(18, 4)) * suspects.rate_share as decimal(20, 4)) * cast(coalesce(applied.document_applied_amount, 0) as decimal(18, 4))',
            'suspects.document_gross_amount'
        ) }} as earned_amount
    from suspects
    left join applied on suspects.booking_id = applied.booking_id
),

-- One finding per invoice and salesperson: the latest booking that is ahead of the cash.
ahead as (
    select *
    from judged
    where document_applied_amount < document_gross_amount and booked_amount > earned_amount + 0.01
    qualify row_number() over (partition by invoice_id, salesperson_id order by booked_date desc, booking_id desc) = 1
)

{{ findings('ahead', [
    {'code': 'commission_before_payment', 'line': 'salesperson_id', 'when': 'true', 'stake': 'least(amount, booked_amount - earned_amount)',
     'evidence': told("{figure booked_amount} of commission booked for {salesperson_id} by {day booked_date}, while {figure document_applied_amount} of {figure document_gross_amount} was paid; that earned {figure earned_amount} at most",
                      "{figure booked_amount} provisie geboekt voor {salesperson_id} tot en met {day booked_date}, terwijl {figure document_applied_amount} van {figure document_gross_amount} betaald was; dat gaf recht op hoogstens {figure earned_amount}")},
]) }}
