"""Quantity and delivery: errors as they are usually made, and what stands at the edge of a rule.

Keep out: rules that find errors, and how all is planted (``planting.py``).
"""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from pipelines.demo.planted.changes import (
    DOCUMENT,
    ISSUED_WITH_ORDER,
    LINE,
    ORDER,
    ORDER_LINE,
    PLAIN,
    RECOMPUTE,
    SMALL,
    TOTALS,
    copied,
    returned,
    totals,
)
from pipelines.demo.planted.entry import Planted, around, document_key, line_key, near, order_key, rows


def delivered_days_ago(days: str) -> str:
    """SQL by which the picked orders were delivered ``days`` before the last day and are not invoiced yet."""
    return f"""delete from work.documents where {DOCUMENT}; delete from work.document_lines where {DOCUMENT};
        update work.orders set first_shipped_date = last_date() - {days} - 1, first_delivered_date = last_date() - {days},
            promised_date = greatest(promised_date, last_date()), first_issued_date = last_date() + 1 where {ORDER};"""


ERRORS: tuple[Planted, ...] = (
    Planted(
        "quantity_above_delivered",
        f"update work.document_lines set quantity = quantity + 2 where {LINE};" + RECOMPUTE,
        rows(
            line_key("2 * (l.net_amount / l.quantity)"),
            line_key("2 * (l.net_amount / l.quantity)", "'follows from quantity_above_delivered'", "quantity_above_ordered"),
        ),
        where="first_discount = 0",
        count=10,
    ),
    Planted(
        "quantity_above_delivered_short",
        f"update work.lines set first_quantity = first_quantity - 1 where {ORDER_LINE};",
        rows(
            line_key("l.net_amount / l.quantity", "'ordered and invoiced in full, delivered short'", "quantity_above_delivered"),
            order_key("null", "'follows from quantity_above_delivered'", "delivered_short_unfulfilled"),
        ),
        where="first_discount = 0 and first_quantity >= 3",
        count=4,
    ),
    Planted(
        "item_not_ordered",
        f"""update work.document_lines set product_key = (select min_by(product_key, list_price) from work.products) where {LINE};""",
        line_key("l.net_amount"),
        where=PLAIN
        + " and order_key not in (select w.order_key from work.lines as w where w.product_key = (select min_by(product_key, list_price) from work.products)) and line_count <= 4 and gross_amount > 150",
        count=6,
    ),
    Planted(
        "item_not_delivered",
        f"""update work.orders set first_shipped_date = first_issued_date + 3, first_delivered_date = first_issued_date + 4, promised_date = first_issued_date + 6 where {ORDER};""",
        document_key("l.net_amount", "'delivered four days after the invoice; all lines'", "1"),
        count=4,
    ),
    Planted(
        "unit_mismatch",
        f"""insert into work.dozens select order_key, 1 from work.plantable where doc_key in (select doc_key from {{picked}});
        update work.document_lines set quantity = quantity * 12 where {LINE};"""
        + RECOMPUTE,
        rows(
            line_key("l.net_amount * 11 / 12", "'ordered by the dozen, invoiced in pieces at the price of a dozen'"),
            line_key("l.net_amount * 11 / 12", "'follows from unit_mismatch'", "quantity_above_delivered"),
            line_key("l.net_amount * 11 / 12", "'follows from unit_mismatch'", "quantity_above_ordered"),
        ),
        where="first_discount = 0 and gross_amount < 250 and " + PLAIN,
        count=2,
    ),
    Planted(
        "return_not_credited",
        """insert into work.returns select order_key, 1, 1, workday(issued_date + 9) from work.plantable where doc_key in (select doc_key from {picked});""",
        "select 'order' as document_kind, null::bigint as doc_key, 1 as line_number, l.order_key, (l.net_amount / l.quantity)::decimal(18, 4) as stake_amount, null as note from work.document_lines as l where "
        + LINE,
        where="first_quantity >= 3 and issued_date < last_date() - 40",
        count=4,
    ),
    Planted(
        "delivered_not_invoiced",
        f"create or replace table work.uninvoiced as select doc_key, net_amount from work.documents where {DOCUMENT}; delete from work.documents where {DOCUMENT}; delete from work.document_lines where {DOCUMENT};",
        "select 'order' as document_kind, null::bigint as doc_key, null as line_number, doc_key // 16 as order_key, net_amount as stake_amount, null as note from work.uninvoiced",
        where="issued_date < last_date() - 30",
        count=6,
    ),
    Planted(
        "delivered_short_unfulfilled",
        f"""update work.lines set first_quantity = first_quantity - 1 where {ORDER_LINE};
        update work.document_lines set quantity = quantity - 1 where {LINE};"""
        + RECOMPUTE,
        "select 'order' as document_kind, null::bigint as doc_key, 1 as line_number, l.order_key, l.unit_price::decimal(18, 4) as stake_amount, null as note from work.document_lines as l where "
        + LINE,
        where="first_discount = 0 and first_quantity >= 3",
        count=60,
    ),
    Planted(
        "delivered_late",
        f"""update work.orders set first_delivered_date = promised_date + 1 + (order_key % 7)::integer,
            first_shipped_date = promised_date + (order_key % 7)::integer,
            first_issued_date = workday(promised_date + 1 + (order_key % 7)::integer) where {ORDER};"""
        + ISSUED_WITH_ORDER,
        order_key(),
        where="promised_date + 10 <= last_date()",
        count=400,
    ),
    Planted(
        "invoiced_after_cancellation",
        f"update work.orders set cancelled_at = ordered_at + interval 1 hour where {ORDER};",
        document_key("d.net_amount"),
        where=SMALL,
        count=2,
    ),
    Planted(
        "negative_quantity_on_invoice",
        """insert into work.document_lines select doc_key, 90, null, null, null, null, 'Correction', -1, 5, 0, 0, -5,
            vat_category, vat_share
        from work.document_lines where """
        + LINE
        + ";"
        + TOTALS,
        document_key("-5", line="90"),
        where="gross_amount > 100",
    ),
)

EDGES: tuple[Planted, ...] = (
    Planted(
        "second_delivery_explains_the_quantity",
        f"""update work.lines set first_quantity = first_quantity - 1, second_quantity = 1 where {ORDER_LINE};
        update work.orders set second_shipped_date = first_shipped_date, second_delivered_date = first_delivered_date where {ORDER};""",
        near=rows(
            line_key("null", "'the last piece came with a second delivery'", "quantity_above_delivered"),
            order_key("null", "'the last piece came with a second delivery'", "delivered_short_unfulfilled"),
        ),
        where="first_quantity >= 2",
        count=2,
    ),
    Planted(
        "credit_explains_the_quantity",
        f"update work.document_lines set quantity = quantity + 1 where {LINE};"
        + RECOMPUTE
        + copied(6, 5, document_type="credit_note", reason="administrative", corrects=True, only_first_line=True)
        + "update work.document_lines set quantity = 1, net_amount = unit_price where doc_key in (select doc_key + 6 from {picked});"
        + totals(6),
        near=rows(
            near("one piece too many, and credited", "quantity_above_delivered", "quantity_above_ordered"),
            near("credited for no error of our own", "credit_for_own_error", slot=6),
        ),
        where="first_discount = 0",
        count=2,
    ),
    Planted(
        "product_of_the_other_order_line",
        """update work.document_lines set product_key = o.product_key
        from (select doc_key, 3 - line_number as line_number, product_key from work.document_lines
            where line_number <= 2 and doc_key in (select doc_key from {picked})) as o
        where o.doc_key = document_lines.doc_key and o.line_number = document_lines.line_number;""",
        near=near("its two products change places, and both were ordered", "item_not_ordered"),
        where=PLAIN
        + """ and doc_key in (select p.doc_key from work.plantable as p
            join work.document_lines as a on a.doc_key = p.doc_key and a.line_number = 1
            join work.document_lines as b on b.doc_key = p.doc_key and b.line_number = 2
            join work.products as pa on pa.product_key = a.product_key join work.products as pb on pb.product_key = b.product_key
            where a.unit_price > pb.unit_cost and b.unit_price > pa.unit_cost)""",
        count=2,
    ),
    *around(
        "item_not_delivered",
        f"""update work.orders set first_shipped_date = first_issued_date + {{off}}, first_delivered_date = first_issued_date + 2,
            promised_date = greatest(promised_date, first_issued_date + 2) where {ORDER};""",
        within=("0",),
        beyond="1",
        note="shipped {off} days after the invoice",
        key=line_key,
        stake="l.net_amount",
    ),
    Planted(
        "other_name_of_the_unit",
        "insert into work.renamed_units select doc_key, 1 from {picked};",
        near=near("another name for pieces, and the quantity of the order", "unit_mismatch"),
    ),
    *around(
        "return_not_credited",
        returned("1", "last_date() - {off}"),
        within=("14", "13"),
        beyond="15",
        note="came back {off} days ago",
        key=order_key,
        stake="(select w.unit_price * (1 - w.discount_share) from work.lines as w where w.order_key = p.doc_key // 16 and w.line_number = 1)",
        where="first_quantity >= 3 and issued_date < last_date() - 40",
    ),
    *around(
        "delivered_not_invoiced",
        delivered_days_ago("{off}"),
        within=("7", "6"),
        beyond="8",
        note="delivered {off} days ago",
        key=order_key,
        stake="(select sum(w.quantity * w.unit_price * (1 - w.discount_share)) from work.lines as w where w.order_key = p.doc_key // 16)",
    ),
    Planted(
        "delivered_on_the_promised_day",
        f"update work.orders set promised_date = first_delivered_date where {ORDER};",
        near=order_key(note="'delivered on the promised day itself'", code="delivered_late"),
        count=10,
    ),
    Planted(
        "cancelled_after_the_invoice",
        f"update work.orders set cancelled_at = first_issued_date + interval 9 hour + interval 1 day where {ORDER};",
        near=near("cancelled the day after the invoice", "invoiced_after_cancellation"),
        count=2,
    ),
    *around(
        "invoiced_after_cancellation",
        f"update work.orders set cancelled_at = first_shipped_date + interval 9 hour + {{off}} * interval 1 day where {ORDER};",
        within=("0",),
        beyond="-1",
        note="cancelled {off} days after the goods were shipped",
        stake="d.net_amount",
        count=0,
    ),
)
