-- What each application took of its payment, in the payment's currency. Where the document has another currency and the company
-- does not say it, the amount is valued on the day of receipt; applications within the tolerance of the whole payment took all of it.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

rates as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

paired as (
    select
        applications.application_id,
        applications.payment_id,
        applications.applied_date,
        applications.document_amount,
        payments.document_amount as payment_document_amount,
        payments.amount as payment_value,
        case
            when coalesce(applications.currency, payments.currency) = payments.currency then applications.document_amount
            else applications.payment_amount
        end as stated_amount,
        {{ converted('applications.document_amount', 'case when applications.currency = night.reporting_currency then 1 else rates.rate end') }}
            as document_value
    from {{ ref('int_applications_delivered') }} as applications
    cross join night
    inner join {{ ref('int_payments_valued') }} as payments on applications.payment_id = payments.payment_id
    left join rates on applications.currency = rates.currency and payments.received_date = rates.valid_date
    where applications.kind in {{ cash_kinds() }}
),

-- Without a rate the documents' own amounts are the measure.
measured as (
    select
        *,
        case when payment_value is null or document_value is null then document_amount else document_value end as measure,
        count(stated_amount) over (partition by payment_id) = 0 as is_all_unstated
    from paired
),

totals as (
    select
        *,
        sum(measure) over (partition by payment_id) as total_measure,
        sum(measure) over (
            partition by payment_id order by applied_date, application_id rows between unbounded preceding and current row
        ) as running_measure
    from measured
),

shared as (
    select
        totals.*,
        case
            when payment_value is null or document_value is null then total_measure
            when is_all_unstated and abs(total_measure - payment_value) <= parameters.exchange_tolerance_share * abs(payment_value) then total_measure
            else payment_value
        end as whole_measure
    from totals
    cross join parameters
)

select
    application_id,
    payment_id,
    case
        when stated_amount is not null or coalesce(whole_measure, 0) = 0 then coalesce(stated_amount, document_amount)
        else {{ rounded_part(
            'cast(sign(whole_measure) * payment_document_amount as decimal(38, 4))',
            'cast(running_measure - measure as decimal(18, 4))', 'cast(running_measure as decimal(18, 4))', 'abs(whole_measure)'
        ) }}
    end as payment_amount
from shared
