"""How errors and near misses are planted into a demo world: which documents may be spoiled, which are chosen, the answer key.

What is planted before numbers and cash are made (stage ``documents``) shapes identities, payments and the ledger as a wrong document
would in a real company; errors of cash are planted after them (stage ``cash``), passed credit limits last (stage ``limits``).
Keep out: what is planted (``planted/``).
"""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from collections.abc import Iterable

import duckdb

from pipelines.demo.planted.entry import Planted


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """The documents that may be spoiled: plain invoices of one delivery in euro (20,000 or 8%), with their features."""
    con.execute("""
        -- Errors become a third fewer over the years, and are twice as many in the two months after new prices (at 5/9 of the time). The
        -- first and the last month have days on which nothing is planted: their other days have more.
        create or replace macro work.passed(day) as (date_diff('day', first_date(), day) / date_diff('day', first_date(), last_date() + 1));
        create or replace macro work.error_weight(day) as (
            (1 - work.passed(day) / 3) * case when work.passed(day) between 0.555 and 0.611 then 2 else 1 end
            * case when day < first_date() + 31 then 2.5 when day > last_date() - 31 then 1.5 else 1 end
        );
        create or replace table work.planted (code varchar, doc_key bigint);
        create or replace table work.skipped_numbers (skipped_after_date date);
        create or replace table work.uninvoiced (doc_key bigint, net_amount decimal(18, 4));
        create or replace table work.invalid_vat (customer_key integer);
        create or replace table work.ended_early (customer_key integer, last_ordered_date date);
        create or replace table work.doubles (customer_key integer, other_key integer);
        create or replace table work.dozens (order_key bigint, line_number integer);
        create or replace table work.renamed_units (doc_key bigint, line_number integer);
        create or replace table work.wrong_price_discounts (doc_key bigint, line_number integer, difference decimal(18, 4));
        create or replace table work.early_commissions (doc_key bigint, booked_date date, amount decimal(18, 4));
        create or replace table work.limits_reached (customer_key integer, room decimal(18, 4));
        create or replace table work.advances (doc_key bigint, amount decimal(18, 4));
        create or replace table work.instalments (doc_key bigint, instalment_number integer, due_date date, amount decimal(18, 4));
        create or replace table work.unsaid_sides (allocation_key bigint);
        create or replace table work.answers (
            error_code varchar, document_kind varchar, doc_key bigint, line_number integer, order_key bigint,
                stake_amount decimal(18, 4), note varchar, is_near_miss boolean);
        create or replace table work.plantable as
        with sample as (
            select d.*, o.line_count, o.ordered_date, o.promised_date, o.first_delivered_date as delivered_date
            from work.documents as d
            join work.orders as o on o.order_key = d.order_key
            where d.slot = 0 and not o.is_split and o.aftermath = 'none' and d.currency = 'EUR'
                and d.doc_key not in (select corrects_doc_key from work.bonuses) and d.doc_key not in (select doc_key from work.allowances)
                and d.issued_date between first_date() + 20 and last_date() - 16
            and rnd(d.doc_key, 'plantable') < greatest(0.08, 20000.0 / (select count(*) from work.documents))
        )
        select
            s.*, c.country, c.size_class, c.agreement_kind, c.is_order_number_required, c.iban,
            s.issued_date > last_date() - 45 as is_recent,
            l.product_key as first_product_key, l.quantity as first_quantity, l.quantity * l.unit_price as first_quantity_price,
                w.discount_share as first_discount,
            coalesce(l.unit_price <> round(p.list_price, 2) and c.agreement_kind = 'net_price', false) as has_net_price,
            case when o.country = c.country and o.customer_key <> c.customer_key and o.parent_key is null
                and g.root_key <> o.customer_key and o.way = 'single_orders'
                and o.insolvency_date is null and o.since_date < s.issued_date
                    and coalesce(o.ended_date > s.issued_date, true) then o.customer_key end as other_key
        from sample as s
        join work.customers as c on c.customer_key = s.customer_key and c.insolvency_date is null and not c.parent_pays
            and c.payer_type in ('prompt', 'average', 'slow')
            and not c.takes_early_discount and c.way = 'single_orders'
        join work.groups as g on g.customer_key = c.customer_key
        join work.document_lines as l on l.doc_key = s.doc_key and l.line_number = 1
        join work.lines as w on w.order_key = s.order_key and w.line_number = 1
        join work.products as p on p.product_key = l.product_key and p.price_base = 1
        left join work.customers as o on o.customer_key = 1 + hash(s.customer_key) % customer_count()
        where s.gross_amount between 40 and 4000;
        -- some large invoices are due in two halves, a month apart
        insert into work.instalments
        select d.doc_key, part, d.due_date + 30 * (part - 1), case part when 1 then round(d.gross_amount / 2, 2) else d.gross_amount - round(d.gross_amount / 2, 2) end
        from work.documents as d cross join (values (1), (2)) as parts(part)
        where d.slot = 0 and d.document_type = 'invoice' and d.gross_amount > 1500 and rnd(d.doc_key, 'instalments') < 0.03
            and d.doc_key not in (select doc_key from work.allowances);
        delete from work.plantable where doc_key in (select doc_key from work.instalments);
        create or replace table work.plantable_abroad as
        select c.customer_key from work.customers as c where c.country in ('BE', 'DE') and c.weight < 1.5
            and not c.orders_often_and_little
            and exists (select 1 from work.plantable as p where p.customer_key = c.customer_key);
    """)


def prepare_cash(con: duckdb.DuckDBPyConnection) -> None:
    """The payments that may be spoiled: one payment in full for one plantable invoice that is not spoiled yet.

    And what customers owe who have nothing on order.
    """
    con.execute("""
        create or replace table work.plantable_cash as
        select
            p.* exclude (is_recent), a.payment_key, m.received_date, m.amount, m.received_date > last_date() - 45 as is_recent,
            (l.net_amount + round(l.net_amount * l.vat_share, 2))::decimal(18, 4) as short
        from work.plantable as p
        join work.settlements as s on s.doc_key = p.doc_key and s.manner = 'full' and s.payable_amount = s.gross_amount
        join work.allocations as a on a.doc_key = p.doc_key
        join work.payments as m on m.payment_key = a.payment_key and m.documents = 1 and m.solo_key = p.doc_key
        join work.document_lines as l on l.doc_key = p.doc_key and l.line_number = 1
        where p.doc_key not in (select doc_key from work.planted) and p.doc_key not in (select doc_key from work.disputes);
        create or replace view work.open_balances as
        with open_documents as (
            select d.customer_key, d.issued_date, d.currency,
                case when d.document_type in ('invoice', 'debit_note') then d.gross_amount else -d.gross_amount end
                - coalesce(a.amount, 0) - coalesce(w.amount, 0) - coalesce(s.prepaid_amount, 0) + coalesce(s.rounding_amount, 0)
                + coalesce(v.amount, 0) as rest_amount
            from work.documents as d
            left join work.document_sums as s using (doc_key)
            left join work.advances as v using (doc_key)
            left join (select doc_key, sum(amount) as amount from work.allocations group by doc_key) as a using (doc_key)
            left join (select doc_key, sum(amount) as amount from work.write_offs group by doc_key) as w using (doc_key)
        )
        select customer_key, sum(case when abs(rest_amount) > 0.05 then rest_amount else 0 end) as open_amount
        from open_documents
        where customer_key in (select customer_key from work.plantable)
            and customer_key not in (select customer_key from work.orders where cancelled_at is null
                and greatest(first_issued_date, coalesce(second_issued_date, first_issued_date)) > last_date())
        group by customer_key
        having open_amount > 100 and max(issued_date) <= last_date() and count(*) = count(case when currency = 'EUR' then 1 end);
    """)


def choose(con: duckdb.DuckDBPyConnection, entry: Planted, number: int, planted: str, source: str) -> None:
    """Chooses documents for one entry, the frequent ones as many as the world has documents (their counts are written for 16,000).

    They lie evenly over what ``work.error_weight`` leaves of the time, and begin where the golden section puts entry ``number``: all
    entries together follow that weight, month by month, although most of them are two or four documents in three years.
    """
    count = entry.count if planted == "typical" else max(entry.count, 6 if entry.key else 2)
    quota = f"ceil({count} * (select count(*) from work.documents) / 16000.0)" if count >= 60 else f"{count}.0"
    con.execute(f"""
        insert into work.planted
        with candidates as (
            select
                doc_key, count(*) over () as candidate_count,
                sum(work.error_weight(issued_date)) over (order by issued_date, hash(doc_key, '{entry.code}'), doc_key) as reached
            from {source}
            where ({entry.where}) and doc_key not in (select doc_key from work.planted)
        ),
        places as (
            select (select max(reached) from candidates) * ((rnd(0, 'errors begin') + {number * 0.6180339887:.10f} + place / {quota}) % 1) as reached
            from range({quota}::bigint) as places(place)
        )
        select '{entry.code}', doc_key from candidates where candidate_count <= {quota}
        union
        select '{entry.code}', c.doc_key from places as p asof join candidates as c on p.reached <= c.reached
    """)


def picked(query: str, entry: Planted) -> str:
    """SQL of an entry about the documents that were chosen for it."""
    return query.replace("{picked}", f"(select doc_key from work.planted where code = '{entry.code}')")


def plant(con: duckdb.DuckDBPyConnection, entries: Iterable[Planted], planted: str, stage: str) -> None:
    """Plants the entries of one stage into the work tables; ``none`` plants nothing."""
    if planted == "none":
        return
    numbered = list(enumerate(entries))
    if stage == "documents":
        for number, entry in numbered:
            if entry.is_scarce:
                choose(con, entry, number, planted, "work.plantable")
    elif stage == "cash":
        prepare_cash(con)
    for number, entry in numbered:
        if entry.stage != stage:
            continue
        if not entry.is_scarce:
            choose(con, entry, number, planted, "work.plantable" if stage == "documents" else "work.plantable_cash")
        if entry.plant:
            con.execute(picked(entry.plant, entry))


def answer(con: duckdb.DuckDBPyConnection, entries: Iterable[Planted], planted: str) -> None:
    """``work.planted_errors`` and ``work.near_misses``, with the identifiers as delivered.

    ``document_id`` is the document that the finding names: an invoice, an order, a payment, or the later of two customers.
    """
    answers = [(entry, query, is_near) for entry in entries for query, is_near in ((entry.key, False), (entry.near, True)) if query]
    for entry, query, is_near_miss in answers if planted != "none" else ():
        con.execute(f"""
            insert into work.answers by name
            select * replace (coalesce(error_code, '{entry.code}') as error_code), {is_near_miss} as is_near_miss
            from (select null::varchar as error_code where false union all by name {picked(query, entry)})
        """)
    for table, is_near_miss in (("planted_errors", False), ("near_misses", True)):
        con.execute(f"""
            create or replace table work.{table} as
            with numbered as (
                select a.*, n.invoice_id, 'SO' || format('{{:07d}}', a.order_key::bigint) as order_id
                from work.answers as a left join work.numbers as n using (doc_key)
                where a.is_near_miss = {is_near_miss}
            )
            select
                error_code, document_kind, invoice_id, line_number, order_id, stake_amount, note,
                case document_kind when 'invoice' then invoice_id when 'month' then split_part(note, ':', 1) when 'payment' then regexp_extract(note, 'PM[0-9]+')
                    when 'customer' then greatest(note[1:6], regexp_extract(note, ' and (C[0-9]+)', 1)) else order_id end as document_id
            from numbered
        """)
