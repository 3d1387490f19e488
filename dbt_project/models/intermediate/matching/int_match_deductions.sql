-- What a customer may keep of the documents that it names, where its receipt is less (or some cents more) than they are together: a rest
-- of cents, the discount that the terms allow on that day, the tax that it withholds, a charge of a bank up to the company's limit. Nothing
-- is kept of another customer's documents, nor where another open document of the payer, of anybody's where the payer is not known, has the
-- amount itself: a number may be mistyped.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

names as (
    select * from {{ ref('int_match_names') }}
),

receipts as (
    select * from {{ ref('int_receipts_told') }}
),

-- Where the payer is not known, one row per amount: a million subscriptions of one price are no million candidates.
amounts as (
    select currency, owed_amount, min(owed_from_date) as from_date, max(owed_until_date) as until_date from {{ ref('int_match_items') }} group by all
),

alike as (
    select receipts.payment_id
    from receipts
    inner join {{ ref('int_match_items') }} as items
        on receipts.pool_id = items.pool_id and receipts.currency = items.currency and receipts.amount = items.owed_amount
    where receipts.received_date >= items.owed_from_date and receipts.received_date < items.owed_until_date
    union
    select receipts.payment_id
    from receipts
    inner join amounts on receipts.currency = amounts.currency and receipts.amount = amounts.owed_amount
    where receipts.pool_id is null and receipts.received_date >= amounts.from_date and receipts.received_date < amounts.until_date
),

allowed as (
    select
        names.payment_id,
        names.invoice_id,
        receipts.amount as receipt_amount,
        names.owed_amount,
        coalesce({{ rounded_half_up('cast(names.owed_amount as decimal(38, 4)) * max(discounts.share)') }}, 0) as discount_amount,
        coalesce({{ rounded_half_up('cast(any_value(names.document_net_amount) as decimal(38, 4)) * any_value(withholdings.withholding_share)') }}, 0) as withholding_amount
    from names
    inner join receipts on names.payment_id = receipts.payment_id
    left join {{ ref('int_withholdings_known') }} as withholdings on names.payment_id = withholdings.payment_id and names.customer_id = withholdings.customer_id
    left join {{ ref('stg_order_to_cash__payment_terms_steps') }} as discounts
        on names.payment_terms_id = discounts.payment_terms_id and discounts.kind = 'discount' and {{ days_between('names.issued_date', 'receipts.received_date') }} <= discounts.days
    where names.is_own or receipts.pool_id is null
    group by names.payment_id, names.invoice_id, receipts.amount, names.owed_amount
),

summed as (
    select
        *,
        sum(owed_amount) over named - receipt_amount as missing_amount,
        sum(discount_amount) over named as all_discount_amount,
        sum(withholding_amount) over named as all_withholding_amount,
        row_number() over (partition by payment_id order by owed_amount desc, invoice_id) = 1 as is_largest
    from allowed
    window named as (partition by payment_id)
),

judged as (
    select
        summed.*,
        case
            when abs(summed.missing_amount) <= parameters.settlement_tolerance_amount then 'rounding'
            when
                summed.all_discount_amount > 0 and abs(summed.missing_amount - summed.all_discount_amount) <= parameters.settlement_tolerance_amount
                then 'discount'
            when
                summed.all_withholding_amount > 0 and abs(summed.missing_amount - summed.all_withholding_amount) <= parameters.settlement_tolerance_amount
                then 'withholding'
            when summed.missing_amount > 0 and summed.missing_amount <= parameters.bank_charge_limit_amount then 'bank_charge'
        end as kind
    from summed
    cross join parameters
    left join alike on summed.payment_id = alike.payment_id
    where summed.missing_amount <> 0 and alike.payment_id is null
),

kept as (
    select
        *,
        case
            when kind = 'discount' then discount_amount
            when kind = 'withholding' then withholding_amount
            when kind = 'bank_charge' and is_largest then missing_amount
            else 0
        end as deducted_amount
    from judged
    where kind is not null
)

select
    payment_id,
    invoice_id,
    kind,
    cast(deducted_amount as decimal(18, 4)) as deducted_amount,
    cast(
        owed_amount - deducted_amount - case when is_largest then missing_amount - sum(deducted_amount) over (partition by payment_id) else 0 end as decimal(18, 4)
    ) as cash_amount
from kept
