"""SQL that changes the picked documents, orders and payments of an entry, as several entries share it.

``{picked}`` is the set of chosen documents. Keep out: what is planted with it, and its answer rows (``entry.py``).
"""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

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


SMALL = "gross_amount < 350"  # held out of the KPIs: together clearly below 1% of a month
#: What is paid in advance is the smaller part of the document: nothing is at stake beyond what is due.
PREPAYABLE = "gross_amount between 80 and 350"
PLAIN = "agreement_kind = 'none'"
#: Numbers out of their order stand apart: a few of them side by side would be an order of their own.
ONE_A_DAY = "doc_key = (select min(p.doc_key) from work.plantable as p where p.issued_date = plantable.issued_date)"
#: Nothing that the customer has to its credit outweighs what it owes.
OWES = """customer_key not in (select customer_key from work.documents where customer_key is not null
    and (gross_amount < 0 or document_type = 'credit_note' and corrects_doc_key is null))"""


def returned(quantity: str, day: str, which: str = ORDER_LINE) -> str:
    return f"insert into work.returns select order_key, line_number, {quantity}, {day} from work.lines join work.orders using (order_key) where {which};"
