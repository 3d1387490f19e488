-- What stands on the bank's statements: an entry per payment as its payer worded it, and entries that are no payments of customers.
-- Payers write numbers in full, without their sign, wrongly or not at all, or give the creditor's reference (ISO 11649).

create or replace table work.bank_entries as
with named as (
    select
        a.payment_key,
        count(*) as documents,
        min(n.invoice_id) as invoice_id,
        string_agg(n.invoice_id, ', ' order by n.invoice_id) as invoice_ids
    from work.allocations as a
    join work.numbers as n using (doc_key)
    where a.payment_key is not null and a.kind = 'cash'
    group by a.payment_key
),
worded as (
    select
        p.*,
        n.invoice_id,
        n.invoice_ids,
        n.documents as named_documents,
        regexp_replace(n.invoice_id, '[^0-9]', '', 'g') as digits,
        rnd(p.payment_key, 'wording') as wording,
        case
            when p.piece = 3 then 'reversal'
            when n.invoice_id is null then 'account'
            when n.documents > 1 then case when rnd(p.payment_key, 'wording') < 0.03 then 'nothing' else 'list' end
            when p.piece in (1, 2) or rnd(p.payment_key, 'wording') > 0.34 then 'number'
            when rnd(p.payment_key, 'wording') < 0.04 then 'nothing'
            when rnd(p.payment_key, 'wording') < 0.06 then 'typing error'
            when rnd(p.payment_key, 'wording') < 0.07 and p.piece = 0 then 'unknown payer'
            when rnd(p.payment_key, 'wording') < 0.22 then 'reference'
            else 'bare'
        end as manner
    from work.payments as p
    left join named as n using (payment_key)
)
select
    w.payment_key::varchar as entry_number,
    w.received_date, w.currency, w.amount,
    w.manner,
    case when w.manner <> 'unknown payer' then upper(c.name) end as counterparty_name,
    case when w.manner <> 'unknown payer' then coalesce(w.iban_override, c.iban) end as iban,
    'E' || coalesce(w.solo_key, w.payment_key) || case when w.piece in (1, 2, 4) then '-' || w.piece else '' end as end_to_end_id,
    case when w.manner = 'reference' then 'RF' || lpad((98 - (w.digits || '271500')::hugeint % 97)::varchar, 2, '0') || w.digits end as structured_reference,
    case w.manner
        when 'number' then 'Factuur ' || w.invoice_id
        when 'bare' then 'betaling ' || w.digits
        when 'list' then 'Facturen ' || w.invoice_ids
        -- two digits in the wrong order, or none wrong where they are the same
        when 'typing error' then 'fact ' || left(w.invoice_id, length(w.invoice_id) - 2) || right(w.invoice_id, 1)
            || substr(w.invoice_id, length(w.invoice_id) - 1, 1)
        when 'account' then 'Betaling op rekening'
        when 'reversal' then 'storno'
    end as remittance_text,
    case when w.amount < 0 then 'PMNT/RCDT/RRTN' else 'PMNT/RCDT/ESCT' end as transaction_code,
    w.amount < 0 as is_reversal
from worded as w
left join work.customers as c on c.customer_key = w.payer_key
union all
-- The other entries of a statement: what the bank charged and paid, what went to another account of ours, and all that we paid.
select
    'other-' || kind, received_date, currency,
    case kind
        when 'charge' then -4.75
        when 'interest' then 0.35
        when 'own' then case when currency = 'EUR' then -100 else 0 end
        else other_amount + 4.75 - 0.35 + case when currency = 'EUR' then 100 else 0 end
    end,
    kind,
    case kind when 'own' then 'Demo wholesaler' when 'paid' then 'Leveranciers' end,
    case when kind = 'own' then 'NL63INGB0001234569' end,
    null, null, null,
    case kind when 'charge' then 'PMNT/MCOP/CHRG' when 'interest' then 'ACMT/MCOP/INTR' else 'PMNT/ICDT/ESCT' end,
    false
from work.bank_statements
cross join (values ('charge'), ('interest'), ('own'), ('paid')) as kinds(kind)
where other_amount <> 0 and (kind <> 'own' or currency = 'EUR');
