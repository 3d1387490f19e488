"""What one party agrees or is asked for others or beforehand: errors as they are usually made, and what stands at the edge of a rule.

Keep out: rules that find errors, and how all is planted (``planting.py``).
"""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from pipelines.demo.planted.changes import PLAIN
from pipelines.demo.planted.entry import Planted, document_key, line_key, near


def _agreed_by(owner: str) -> str:
    """SQL by which ``owner`` agreed for its group, on the day of the order alone, half a euro less than the first line is invoiced at."""
    return f"""insert into work.agreements by name
        select (select max(agreement_key) from work.agreements) + row_number() over (order by p.doc_key) as agreement_key,
            ({owner}) as customer_key, 'net_price' as agreement_kind, year(p.ordered_date) as agreement_year, r.family_key, r.family, r.product_key,
            p.ordered_date as valid_from_date, p.ordered_date + 1 as valid_until_date, (l.unit_price - 0.5)::decimal(9, 2) as net_price,
            true as holds_for_group
        from work.plantable as p join work.products as r on r.product_key = p.first_product_key
        join work.customers as c using (customer_key) join work.document_lines as l on l.doc_key = p.doc_key and l.line_number = 1
        where p.doc_key in (select doc_key from {{picked}});"""


def _asked_before(order: str) -> str:
    """SQL by which a prepayment invoice of ``order`` asked 30% of the picked invoices on the day of their orders; they deduct nothing."""
    return f"""insert into work.deposits select p.order_key, p.doc_key + 14, p.ordered_date, l.vat_category, l.vat_share, round(p.net_amount * 0.3, 2)
        from work.plantable as p join work.document_lines as l on l.doc_key = p.doc_key and l.line_number = 1 where p.doc_key in (select doc_key from {{picked}});
        insert into work.document_lines select doc_key, 1, {order}, null, null, null, 'Deposit of 30%', 1, amount, 0, 0, amount, vat_category, vat_share
        from work.deposits where doc_key in (select doc_key + 14 from {{picked}});
        insert into work.documents by name select d.* replace (s.doc_key as doc_key, s.issued_date as issued_date, s.issued_date + d.terms_days as due_date,
            s.amount as net_amount, round(s.amount * s.vat_share, 2) as vat_amount, s.amount + round(s.amount * s.vat_share, 2) as gross_amount,
            {order.replace("order_key", "d.order_key")} as order_key, 14 as slot, true as is_extra)
        from work.documents as d join work.deposits as s on s.doc_key = d.doc_key + 14 where d.doc_key in (select doc_key from {{picked}});"""


#: A member of a group in euros of which nobody else ordered on the day.
MEMBER = (
    PLAIN
    + """ and first_quantity_price > first_quantity and exists (
        select 1 from work.customers as c join work.customers as p on p.customer_key = c.parent_key and p.currency = 'EUR'
        join work.groups as g on g.customer_key = c.customer_key
        where c.customer_key = plantable.customer_key and not exists (
            select 1 from work.orders as o join work.groups as og on og.customer_key = o.customer_key
            where og.root_key = g.root_key and o.ordered_date = plantable.ordered_date and o.order_key <> plantable.order_key))"""
)

#: An invoice of whose order a prepayment was paid by now, and in full: only such a one is forgotten.
PREPAYMENT_PAID = """issued_date <= last_date() - 90 and gross_amount > 100 and ordered_date > first_date()
    and not is_never_paid(doc_key + 14) and manner_of_payment(doc_key + 14) = 'full'"""

ENTRIES: tuple[Planted, ...] = (
    Planted(
        "agreement_of_a_sister",
        _agreed_by(
            "select min(s.customer_key) from work.customers as s where s.parent_key = c.parent_key and s.customer_key <> c.customer_key"
        ),
        near=near("agreed by a sister for those that belong to it", "price_differs_from_agreement"),
        where=MEMBER
        + """ and exists (select 1 from work.customers as s join work.customers as c on s.parent_key = c.parent_key and s.customer_key <> c.customer_key
            where c.customer_key = plantable.customer_key)""",
        count=0,
        is_scarce=True,
    ),
    Planted(
        "agreement_of_the_parent",
        _agreed_by("c.parent_key"),
        line_key("l.quantity * 0.5", "'agreed by the parent for its group'", "price_differs_from_agreement"),
        where=MEMBER,
        count=0,
        is_scarce=True,
    ),
    Planted(
        "prepayment_not_deducted",
        _asked_before("order_key"),
        document_key("(select s.gross_amount from work.documents as s where s.doc_key = d.doc_key + 14)"),
        where=PREPAYMENT_PAID,
        count=2,
    ),
    Planted(
        "prepayment_of_no_order",
        _asked_before("null"),
        near=near("paid in advance, and nobody says for which order", "prepayment_not_deducted"),
        where="not is_recent and gross_amount > 100 and ordered_date > first_date() and not is_order_number_required",
        count=0,
    ),
)
