"""How errors and near misses are planted into a demo world: the shape of an entry, the SQL that entries share, the answer key.

What is planted before numbers and cash are made (stage ``documents``) shapes identities, payments and the ledger as a wrong document
would in a real company; errors of cash are planted after them (stage ``cash``), passed credit limits last (stage ``limits``).
Keep out: what is planted (``errors.py``, ``edges.py``).

In all SQL of an entry, ``{picked}`` is the set of chosen documents.
"""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import duckdb


@dataclass(frozen=True)
class Planted:
    """One thing that is planted, with its answer key.

    ``code``: its name, and the error code of answer rows that name no other. ``plant``: SQL that changes the chosen documents; nothing
    where they are at an edge as they stand. ``key`` and ``near``: queries with the columns document_kind, doc_key, line_number,
    order_key, stake_amount, note and, where a row shows under another code, error_code: what rules must find, and what they must leave
    alone; notes of errors that come along begin with 'follows from'. ``where``: which rows of work.plantable (or work.plantable_cash)
    may be chosen. ``count``: documents in a typical world, none at 0; where all is planted six of each error and two of each near miss
    at least.
    """

    code: str
    plant: str = ""
    key: str = ""
    near: str = ""
    where: str = "true"
    stage: Literal["documents", "cash", "limits"] = "documents"
    count: int = 4
    is_scarce: bool = False  # few documents fit: chosen before all others


def rows(*queries: str) -> str:
    """Answer rows of several queries."""
    return " union all by name ".join(queries)


def document_key(stake: str = "d.gross_amount", note: str = "null", line: str = "null", code: str | None = None, slot: int = 0) -> str:
    """Answer rows for the picked documents themselves (or the copy of them in ``slot``)."""
    extra = f", '{code}' as error_code" if code else ""
    return f"""select 'invoice' as document_kind, d.doc_key, {line} as line_number, d.order_key, ({stake})::decimal(18,
        4) as stake_amount, {note} as note{extra}
        from work.documents as d left join work.document_lines as l on l.doc_key = d.doc_key and l.line_number = 1
        where d.doc_key in (select doc_key + {slot} from {{picked}})"""


def near(note: str, *codes: str, slot: int = 0) -> str:
    """Answer rows that say: these documents are near misses of ``codes``."""
    return rows(*(document_key("null", f"'{note}'", code=code, slot=slot) for code in codes))


def line_key(stake: str, note: str = "null", code: str | None = None) -> str:
    return document_key(stake, note, "1", code)


def order_key(stake: str = "null", note: str = "null", code: str | None = None) -> str:
    extra = f", '{code}' as error_code" if code else ""
    return f"""select 'order' as document_kind, null::bigint as doc_key, null as line_number, p.doc_key // 16 as order_key,
        {stake}::decimal(18, 4) as stake_amount, {note} as note{extra}
        from {{picked}} as p"""


def payment_key(stake: str = "c.amount", note: str = "null", code: str | None = None) -> str:
    """Answer rows for the payments of the picked documents; their note is the payment's number, whatever ``note`` says."""
    extra = f", '{code}' as error_code" if code else ""
    return f"""select 'payment' as document_kind, c.doc_key, null as line_number, null::bigint as order_key,
        ({stake})::decimal(18, 4) as stake_amount, format('PM{{:07d}}', c.payment_key) as note{extra}
        from work.plantable_cash as c where c.doc_key in (select doc_key from {{picked}})"""


LINE = "doc_key in (select doc_key from {picked}) and line_number = 1"
DOCUMENT = "doc_key in (select doc_key from {picked})"
ORDER = "order_key in (select doc_key // 16 from {picked})"
ORDER_LINE = ORDER + " and line_number = 1"

#: Lines and totals follow quantity, price, discount and charge again; totals also the allowances and charges of the document.
RECOMPUTE = """
    update work.document_lines set net_amount = quantity::decimal(7, 0) * unit_price - discount_amount + charge_amount
        where doc_key in (select doc_key from {picked});
""" + (
    TOTALS := """
    update work.documents set net_amount = s.net_amount, vat_amount = round(s.net_amount * s.vat_share, 2),
        gross_amount = s.net_amount + round(s.net_amount * s.vat_share, 2)
    from (select l.doc_key, (sum(l.net_amount) - coalesce(any_value(d.allowance_amount), 0)
              + coalesce(any_value(d.charge_amount), 0))::decimal(18, 4) as net_amount, max(l.vat_share) as vat_share
          from work.document_lines as l left join work.document_sums as d on d.doc_key = l.doc_key
          where l.doc_key in (select doc_key from {picked}) group by l.doc_key) as s
    where documents.doc_key = s.doc_key;
"""
)


def allowance(
    amount: str, *, is_charge: bool = False, base: str = "null", share: str = "null", total: str = "0", reason: str = "Order bonus"
) -> str:
    """SQL that puts an allowance or charge on each picked document; the document's own sum says ``total`` more than it."""
    return (
        f"""
    insert into work.allowances
    select d.doc_key, 1, {is_charge}, {amount}, {base}, {share}, l.vat_category, l.vat_share, '{reason}'
    from work.documents as d join work.document_lines as l on l.doc_key = d.doc_key and l.line_number = 1
    where d.doc_key in (select doc_key from {{picked}});
    insert into work.document_sums (doc_key, allowance_amount, charge_amount)
    select doc_key, case when is_charge then 0 else amount + {total} end, case when is_charge then amount + {total} else 0 end
    from work.allowances where {DOCUMENT};
    """
        + TOTALS
    )


def copied(
    slot: int,
    days: int | str,
    *,
    document_type: str = "invoice",
    reason: str | None = None,
    override: str = "null",
    keeps_order: bool = True,
    corrects: bool = False,
    only_first_line: bool = False,
    on_workdays: bool = True,
) -> str:
    """SQL that copies each picked document to ``slot`` of its order, issued ``days`` later or, on workdays, on the next one."""
    day = f"workday(issued_date + {days})" if on_workdays else f"issued_date + {days}"
    lines = f"* exclude (order_key, order_line_number, delivery_part, product_key, description) replace (doc_key + {slot} as doc_key)"
    return f"""
    insert into work.documents by name
    select * replace (doc_key + {slot} as doc_key, '{document_type}' as document_type,
        {day} as issued_date, {day} + terms_days as due_date, {slot} as slot, true as is_extra,
        {f"'{reason}'" if reason else "null"} as reason_code, {"doc_key" if corrects else "null"} as corrects_doc_key,
        {day if corrects else "null"} as applied_date,
        {override} as number_override{"" if keeps_order else ", null as order_key, null as customer_order_number"})
    from work.documents where {DOCUMENT};
    insert into work.document_lines by name
    select {f"* replace (doc_key + {slot} as doc_key)" if keeps_order else lines + ", null::bigint as order_key, null::integer as order_line_number, null::utinyint as delivery_part, null::integer as product_key, 'As agreed' as description"}
    from work.document_lines where {LINE if only_first_line else DOCUMENT};
    """


#: Two invoices of one day, amount and content without an order, in slots 5 and 7, whose numbers are far from each other.
TWICE_ON_ONE_DAY = copied(5, 2, keeps_order=False, override="'AB-' || doc_key") + copied(
    7, 2, keeps_order=False, override="'ZY-' || doc_key || '-990'"
)


def totals(slot: int) -> str:
    """SQL by which the totals of the copies in ``slot`` follow their lines."""
    return TOTALS.replace("select doc_key from {picked}", f"select doc_key + {slot} from {{picked}}")


def prepaid(amount: str = "20", *, rounding: str = "null", due_difference: str = "null", is_applied: bool = False) -> str:
    """SQL by which the picked documents say that ``amount`` was paid in advance; without ``is_applied`` no allocation says so."""
    return f"""insert into work.document_sums (doc_key, prepaid_amount, rounding_amount, due_difference)
            select doc_key, {amount}, {rounding}, {due_difference} from work.documents where {DOCUMENT};
        {f"insert into work.advances select doc_key, {amount} from work.documents where {DOCUMENT};" if is_applied else ""}"""


def in_instalments(beyond: str) -> str:
    """SQL by which the picked documents are due in two halves, which sum to ``beyond`` more than what is due."""
    return f"""insert into work.instalments
        select d.doc_key, part, case part when 1 then d.issued_date + d.terms_days // 2 else d.due_date end,
            case part when 1 then round(d.gross_amount / 2, 2) else d.gross_amount - round(d.gross_amount / 2, 2) + {beyond} end
        from work.documents as d cross join (values (1), (2)) as parts(part) where d.doc_key in (select doc_key from {{picked}});"""


def credited_beside(amount: str) -> str:
    """SQL by which ``amount`` of the picked invoices is settled by a credit for which there is no credit note."""
    return (
        paid("c.received_date", f"c.amount - {amount}")
        + f"""insert into work.allocations select (select max(allocation_key) from work.allocations) + row_number() over (order by c.doc_key),
            null, 'credit_note', c.doc_key, c.received_date, {amount}
        from work.plantable_cash as c where c.doc_key in (select doc_key from {{picked}});"""
    )


#: The day of issue of the picked documents follows that of their orders.
ISSUED_WITH_ORDER = f"""
    update work.documents set issued_date = o.first_issued_date, due_date = o.first_issued_date + documents.terms_days
    from work.orders as o where documents.order_key = o.order_key and documents.{DOCUMENT};
"""


def repriced(price: str) -> str:
    """SQL that gives line 1 of the picked orders and invoices another price; ``price`` may name unit_price and the product p."""
    return (
        "".join(
            f"""update work.{table} set unit_price = {price} from work.products as p
            where p.product_key = {table}.product_key and {table}.{lines};"""
            for table, lines in (("lines", ORDER_LINE), ("document_lines", LINE))
        )
        + RECOMPUTE
    )


def paid(day: str, amount: str = "c.amount") -> str:
    """SQL by which the picked invoices are paid on ``day`` with ``amount``; both may name the payment c as it was."""
    return "".join(
        f"""update work.{table} set {column} = {day}, amount = {amount} from work.plantable_cash as c
            where c.payment_key = {table}.payment_key and c.doc_key in (select doc_key from {{picked}});"""
        for table, column in (("allocations", "allocated_date"), ("payments", "received_date"))
    )


def paid_with_discount(day: str) -> str:
    """SQL by which the picked invoices are paid on ``day`` less 2% for early payment."""
    return (
        paid(day, "c.amount - round(c.amount * 0.02, 2)")
        + f"""insert into work.allocations select (select max(allocation_key) from work.allocations) + row_number() over (order by c.doc_key),
            null, 'discount', c.doc_key, {day}, round(c.amount * 0.02, 2)
        from work.plantable_cash as c where c.doc_key in (select doc_key from {{picked}});"""
    )


def paid_again(day: str, piece: int = 9) -> str:
    """SQL that copies the payments p of the picked invoices, received on ``day``; piece 5 has a reference of its own."""
    return f"""insert into work.payments by name select p.* replace ((select max(payment_key) from work.payments) + row_number() over (
            order by p.payment_key) as payment_key, {day} as received_date, {piece} as piece, true as is_extra)
        from work.payments as p where p.payment_key in (select payment_key from work.plantable_cash where {DOCUMENT});"""


def copied_payment_key(stake: str = "p.amount", note: str = "null", code: str | None = None, piece: int = 9) -> str:
    """Answer rows for the copies of payments; as with ``payment_key`` their note is the payment's number."""
    extra = f", '{code}' as error_code" if code else ""
    return f"""select 'payment' as document_kind, p.first_doc_key as doc_key, null as line_number, null::bigint as order_key,
            ({stake})::decimal(18, 4) as stake_amount, format('PM{{:07d}}', p.payment_key) as note{extra}
        from work.payments as p where p.piece = {piece} and p.is_extra and p.first_doc_key in (select doc_key from {{picked}})"""


SMALL = "gross_amount < 350"  # held out of the KPIs: together clearly below 1% of a month
#: What is paid in advance is the smaller part of the document: nothing is at stake beyond what is due.
PREPAYABLE = "gross_amount between 80 and 350"
PLAIN = "agreement_kind = 'none'"
#: Numbers out of their order stand apart: a few of them side by side would be an order of their own.
ONE_A_DAY = "doc_key = (select min(p.doc_key) from work.plantable as p where p.issued_date = plantable.issued_date)"
#: Nothing that the customer has to its credit outweighs what it owes.
OWES = """customer_key not in (select customer_key from work.documents where customer_key is not null
    and (gross_amount < 0 or document_type = 'credit_note' and corrects_doc_key is null))"""


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """The documents that may be spoiled: plain invoices of one delivery in euro (20,000 or 8%), with their features."""
    con.execute("""
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
                and c.parent_key is distinct from o.customer_key
                and o.insolvency_date is null and o.since_date < s.issued_date
                    and coalesce(o.ended_date > s.issued_date, true) then o.customer_key end as other_key
        from sample as s
        join work.customers as c on c.customer_key = s.customer_key and c.insolvency_date is null and not c.parent_pays
            and c.payer_type in ('prompt', 'average', 'slow')
            and not c.takes_early_discount
        join work.document_lines as l on l.doc_key = s.doc_key and l.line_number = 1
        join work.lines as w on w.order_key = s.order_key and w.line_number = 1
        join work.products as p on p.product_key = l.product_key
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


def choose(con: duckdb.DuckDBPyConnection, entry: Planted, planted: str, source: str) -> None:
    """Chooses documents for one entry: half of the last 45 days, half earlier; the frequent ones as the world's documents lie."""
    count = entry.count if planted == "typical" else max(entry.count, 6 if entry.key else 2)
    is_frequent = count >= 60
    quota = f"{count} * 0.5"
    if is_frequent:  # written for 16,000 documents
        quota = f"{count} * (select count(*) from work.documents) / 16000.0 * case when is_recent then 0.08 else 0.92 end"
    con.execute(f"""
        insert into work.planted
        select '{entry.code}', doc_key from (
            select doc_key, is_recent, row_number() over (partition by is_recent
                order by hash(doc_key, '{entry.code}')) as position
            from {source}
            where ({entry.where}) and doc_key not in (select doc_key from work.planted)
        ) as ranked
        where position <= ceil({quota})
    """)


def picked(query: str, entry: Planted) -> str:
    """SQL of an entry about the documents that were chosen for it."""
    return query.replace("{picked}", f"(select doc_key from work.planted where code = '{entry.code}')")


def plant(con: duckdb.DuckDBPyConnection, entries: Iterable[Planted], planted: str, stage: str) -> None:
    """Plants the entries of one stage into the work tables; ``none`` plants nothing."""
    if planted == "none":
        return
    if stage == "documents":
        for entry in (entry for entry in entries if entry.is_scarce):
            choose(con, entry, planted, "work.plantable")
    elif stage == "cash":
        prepare_cash(con)
    for entry in (entry for entry in entries if entry.stage == stage):
        if not entry.is_scarce:
            choose(con, entry, planted, "work.plantable" if stage == "documents" else "work.plantable_cash")
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
