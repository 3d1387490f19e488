-- Disputes, payments, allocations, write-offs, collection activities. Keep out: wrong cash (``planted/``).

-- one row per disputed document; closed_date may lie after the last date (still open)
create or replace table work.disputes as
with drawn as (
    select
        d.doc_key, d.issued_date, d.due_date, d.gross_amount,
        case when exists_goodwill then 'damaged goods'
            else pick(['price', 'quantity', 'discount', 'late delivery', 'terms'], rnd(d.doc_key, 'dispute reason')) end as reason_code,
        case when exists_goodwill then 'valid' else 'invalid' end as outcome
    from (
        select d.*, o.aftermath = 'goodwill' as exists_goodwill
        from work.documents as d left join work.orders as o on o.order_key = d.order_key
        where d.document_type = 'invoice' and d.is_settled and not d.is_extra and d.customer_key < 900000
    ) as d
    left join work.planted as p on p.doc_key = d.doc_key
    where p.doc_key is null and (exists_goodwill or rnd(d.doc_key, 'dispute') < 0.009)
    union all
    select
        d.doc_key, d.issued_date, d.due_date, d.gross_amount,
        case when p.code in ('quantity_above_delivered', 'quantity_above_ordered', 'item_not_ordered', 'item_not_delivered', 'duplicate_line') then 'quantity'
            when p.code in ('discount_not_applied', 'volume_tier_missed') then 'discount'
            when p.code in ('order_number_missing', 'order_number_differs') then 'order number'
            when p.code like 'price%' then 'price' when p.code like 'due%' or p.code like 'terms%' then 'terms' else 'wrong invoice' end,
        'valid'
    from work.planted as p join work.documents as d using (doc_key)
    where p.code in ('quantity_above_delivered', 'quantity_above_ordered', 'item_not_ordered', 'item_not_delivered', 'duplicate_line', 'discount_not_applied',
        'volume_tier_missed', 'order_number_missing', 'order_number_differs', 'price_differs_from_order', 'price_differs_from_agreement',
        'due_date_not_by_terms', 'duplicate_invoice')
        and d.document_type = 'invoice' and rnd(p.doc_key, 'planted dispute') < 0.6
),
placed as (
    select
        *,
        workday(issued_date + 4 + floor(15 * rnd(doc_key, 'dispute day'))::integer) as opened_date
    from drawn
    qualify row_number() over (partition by doc_key order by outcome desc, reason_code) = 1
)
select
    row_number() over (order by opened_date, doc_key)::integer as dispute_key,
    *,
    workday(opened_date + 3 + floor(34 * pow(rnd(doc_key, 'dispute length'), 1.5))::integer) as closed_date,
    case when outcome = 'valid' then round(gross_amount * 0.2, 2) else gross_amount end as amount,
    case when reason_code in ('quantity', 'damaged goods', 'late delivery') then 'logistics' when reason_code in ('price', 'discount', 'order number') then 'sales' else 'finance' end as owner_department
from placed
where opened_date <= last_date();

-- one row per credit note or cancellation that is set against its invoice; never more than the invoice
create or replace table work.credit_applications as
select
    c.doc_key as credit_doc_key, c.corrects_doc_key as doc_key, c.applied_date as applied_date,
    least(c.gross_amount, d.gross_amount)::decimal(18, 4) as amount
from work.documents as c
join work.documents as d on d.doc_key = c.corrects_doc_key
where c.document_type in ('credit_note', 'cancellation') and c.is_settled and c.gross_amount > 0;

-- one row per invoice: when and how it will be paid, in the payer's manner
create or replace table work.settlements as
with credits as (
    select doc_key, sum(amount) as credited_amount, max(applied_date) as applied_date from work.credit_applications group by doc_key
),
drawn as (
    select
        d.doc_key, d.issued_date, d.due_date, d.gross_amount, d.currency,
        greatest(d.gross_amount - coalesce(s.prepaid_amount, 0) + coalesce(s.rounding_amount, 0) - coalesce(r.credited_amount, 0), 0)::decimal(18, 2) as payable_amount,
        case when c.parent_pays then c.parent_key else d.customer_key end as payer_key,
        coalesce(c.pays_in_batches or c.parent_pays, false) as pays_in_batches,
        c.insolvency_date,
        coalesce(c.takes_early_discount, false) and r.doc_key is null and q.doc_key is null as takes_early_discount,
        greatest(
            d.due_date + case coalesce(c.payer_type, 'prompt')
                when 'prompt' then floor(9 * rnd(d.doc_key, 'days late'))::integer - 6
                when 'average' then 2 + floor(15 * rnd(d.doc_key, 'days late'))::integer
                when 'slow' then 10 + floor(32 * rnd(d.doc_key, 'days late'))::integer
                when 'worsening' then floor((4 + 60.0 * date_diff('day', first_date(), d.issued_date) / date_diff('day', first_date(), last_date() + 1))
                    * (0.6 + 0.6 * rnd(d.doc_key, 'days late')))::integer
                else 18 + floor(60 * rnd(d.doc_key, 'days late'))::integer end,
            d.issued_date + 2, r.applied_date + 3, case when q.doc_key is not null then q.closed_date + 4 end
        ) as intended_date,
        manner_of_payment(d.doc_key) as manner,
        is_never_paid(d.doc_key) as is_never_paid
    from work.documents as d
    left join work.customers as c on c.customer_key = d.customer_key
    left join credits as r on r.doc_key = d.doc_key
    left join work.document_sums as s on s.doc_key = d.doc_key
    left join work.disputes as q on q.doc_key = d.doc_key
    where d.document_type in ('invoice', 'debit_note') and d.is_settled
),
dated as (
    select
        * replace (case when takes_early_discount then 'full' else manner end as manner),
        case when takes_early_discount then workday(issued_date + 3 + floor(4 * rnd(doc_key, 'early'))::integer)
            -- batch payers pay on Thursdays
            when pays_in_batches then intended_date + ((11 - isodow(intended_date)) % 7)::integer
            else workday(intended_date) end as paid_date
    from drawn
)
select
    *,
    is_never_paid or coalesce(paid_date >= insolvency_date - 12, false) as is_lost,
    case when is_never_paid and coalesce(insolvency_date > paid_date, true) then workday(due_date + 170 + floor(60 * rnd(doc_key, 'give up'))::integer)
        else workday(insolvency_date + 40 + floor(50 * rnd(payer_key, 'give up'))::integer) end as given_up_date
from dated
where payable_amount > 0;

-- one row per piece of money and invoice; batch pieces of one payer and day arrive as one payment (solo_key null)
create or replace table work.receipts as
with paid as (
    select *, case when pays_in_batches and not takes_early_discount and manner = 'full' then null else doc_key end as solo_key
    from work.settlements where not is_lost
),
pieces as (
    select doc_key, payer_key, currency, solo_key, 0 as piece, 'cash' as kind, paid_date as received_date, paid_date as allocated_date,
        case when takes_early_discount then payable_amount - round(payable_amount * 0.02, 2) else payable_amount end as amount
    from paid
    where manner = 'full' or (manner = 'instalments' and workday(paid_date + 21) > last_date()) or manner = 'reversed'
    union all
    select doc_key, payer_key, currency, solo_key, 1, 'cash', paid_date, paid_date, round(payable_amount * 0.4, 2)
    from paid where manner = 'instalments' and workday(paid_date + 21) <= last_date()
    union all
    select doc_key, payer_key, currency, solo_key, 2, 'cash', workday(paid_date + 21), workday(paid_date + 21), payable_amount - round(payable_amount * 0.4, 2)
    from paid where manner = 'instalments' and workday(paid_date + 21) <= last_date()
    union all
    select doc_key, payer_key, currency, solo_key, 3, 'reversal', workday(paid_date + 3), workday(paid_date + 3), -payable_amount
    from paid where manner = 'reversed'
    union all
    select doc_key, payer_key, currency, solo_key, 4, 'cash', workday(paid_date + 17), workday(paid_date + 17), payable_amount
    from paid where manner = 'reversed'
    union all
    select doc_key, payer_key, currency, solo_key, 5, 'cash', paid_date, workday(paid_date + 3 + floor(9 * rnd(doc_key, 'on account'))::integer), payable_amount
    from paid where manner = 'on_account'
)
select * from pieces where received_date <= last_date();

-- one row per payment
create or replace table work.payments as
with grouped as (
    select payer_key, currency, received_date, solo_key, piece, sum(amount)::decimal(18, 4) as amount, min(doc_key) as first_doc_key, count(*) as documents
    from work.receipts group by all
)
select
    row_number() over (order by received_date, payer_key, first_doc_key, piece) as payment_key,
    *,
    null::varchar as iban_override,
    false as is_extra
from grouped;

-- one row per application of money, discount or credit
create or replace table work.allocations as
with applied as (
    select p.payment_key, r.kind, r.doc_key, r.allocated_date, r.amount
    from work.receipts as r
    join work.payments as p
        on p.payer_key is not distinct from r.payer_key and p.received_date = r.received_date and p.currency = r.currency
        and p.piece = r.piece and p.solo_key is not distinct from r.solo_key
    where r.allocated_date <= last_date()
    union all
    select null, 'discount', doc_key, paid_date, round(payable_amount * 0.02, 2)
    from work.settlements where takes_early_discount and not is_lost and paid_date <= last_date() and round(payable_amount * 0.02, 2) > 0
    union all
    select null, 'credit_note', doc_key, applied_date, amount from work.credit_applications where applied_date <= last_date()
    union all
    select null, 'credit_note', credit_doc_key, applied_date, -amount from work.credit_applications where applied_date <= last_date()
    union all
    select null, 'prepayment', a.doc_key, d.issued_date, a.amount from work.advances as a join work.documents as d using (doc_key)
)
select
    row_number() over (order by allocated_date, doc_key, kind, payment_key, amount) as allocation_key,
    payment_key, kind, doc_key, allocated_date, amount::decimal(18, 4) as amount
from applied;

drop table work.receipts;

-- one row per invoice given up; part of it sometimes still arrives, booked as a recovery and not as a payment
create or replace table work.write_offs as
select
    row_number() over (order by given_up_date, doc_key) as write_off_key,
    doc_key, given_up_date as written_off_date, payable_amount as amount,
    case when insolvency_date is not null and insolvency_date <= given_up_date then 'insolvency' else 'uncollectable' end as reason_code,
    case when rnd(doc_key, 'recovery') < 0.25 then round(payable_amount * (0.1 + 0.3 * rnd(doc_key, 'recovered'))::decimal(4, 2), 2) end as recovered_amount,
    case when rnd(doc_key, 'recovery') < 0.25 then workday(given_up_date + 20 + floor(160 * rnd(doc_key, 'recovery day'))::integer) end as recovered_date
from work.settlements
where is_lost and given_up_date <= last_date();

-- one row per reminder, call or visit. Levels 1-4 follow 7, 21, 40 and 60 days after the due date while money is out
create or replace table work.collections as
with open_until as (
    select
        s.doc_key, s.payer_key as customer_key, s.issued_date, s.due_date,
        case when s.is_lost then s.given_up_date when s.manner = 'reversed' then s.paid_date + 17 else s.paid_date end as end_date
    from work.settlements as s where s.payer_key is not null and s.payer_key < 900000
),
steps as (
    select doc_key, customer_key, level, workday(due_date + days) as day, end_date, due_date, kind, 'finance' as department, false as is_before_due
    from open_until
    cross join (values (1, 7, 'mail'), (2, 21, 'letter'), (3, 40, 'call'), (4, 60, 'stop')) as levels(level, days, kind)
    where workday(due_date + days) < end_date
    union all
    select doc_key, customer_key, null, workday(due_date + 24), end_date, due_date, case when rnd(doc_key, 'visit') < 0.2 then 'visit' else 'call' end, 'sales', false
    from open_until
    where workday(due_date + 24) < end_date and rnd(doc_key, 'sales helps') < 0.22
    union all
    select doc_key, customer_key, null, greatest(workday(due_date - 7), issued_date), end_date, due_date, 'call', 'finance', true
    from open_until
    where rnd(doc_key, 'early call') < 0.05 and due_date - 5 > issued_date and greatest(workday(due_date - 7), issued_date) < end_date
)
select
    row_number() over (order by day, doc_key, level, department) as activity_key,
    doc_key, customer_key, level, day, kind, department, is_before_due,
    day + to_seconds(25200 + floor(30000 * rnd(doc_key * 10 + coalesce(level, 7), 'hour'))::bigint) as happened_at,
    case when (kind = 'call' or department = 'sales') and rnd(doc_key * 10 + coalesce(level, 7), 'promise') < 0.55
        then case when rnd(doc_key * 10 + coalesce(level, 7), 'kept') < 0.75 then greatest(end_date, day + 1) else day + 7 end end as promised_date
from steps
where day <= last_date();
