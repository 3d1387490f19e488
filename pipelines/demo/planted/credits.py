"""Credit notes: errors as they are usually made, and what stands at the edge of a rule.

Keep out: rules that find errors, and how all is planted (``planting.py``).
"""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from functools import partial

from pipelines.demo.planted.changes import LINE, ORDER, PLAIN, RECOMPUTE, SMALL, copied, returned, totals
from pipelines.demo.planted.entry import Planted, around, document_key, line_key, near, rows

ERRORS: tuple[Planted, ...] = (
    Planted(
        "credit_without_reference",
        copied(6, 8, document_type="credit_note", reason="goodwill", keeps_order=False, corrects=True, only_first_line=True)
        + "update work.document_lines set net_amount = net_amount - 0.37, discount_amount = discount_amount + 0.37 where doc_key in (select doc_key + 6 from {picked});"
        + totals(6)
        + "update work.documents set corrects_doc_key = null where doc_key in (select doc_key + 6 from {picked});",
        document_key(slot=6, note="'open credit: it is not set against any invoice'"),
        where="""line_count >= 2 and first_quantity_price > 5 and doc_key not in (select p.doc_key from work.plantable as p
            join work.document_lines as l on l.doc_key = p.doc_key and l.line_number = 1
            join work.documents as o on o.customer_key = p.customer_key
                and o.gross_amount = l.net_amount - 0.37 + round((l.net_amount - 0.37) * l.vat_share, 2))""",
        count=4,
    ),
    Planted(
        "credit_above_invoice",
        copied(6, 8, document_type="credit_note", reason="goodwill", keeps_order=False, corrects=True)
        + "update work.document_lines set net_amount = net_amount + 25, unit_price = net_amount + 25, quantity = 1, discount_amount = 0 where doc_key in (select doc_key + 6 from {picked});"
        + totals(6),
        """select 'invoice' as document_kind, c.doc_key, null as line_number, c.order_key,
            (c.gross_amount - d.gross_amount)::decimal(18, 4) as stake_amount, null as note
        from work.documents as c join work.documents as d on d.doc_key = c.doc_key - 6 where d.doc_key in (select doc_key
            from {picked})""",
        count=2,
    ),
    Planted(
        "needless_credit",
        copied(6, 7, document_type="credit_note", reason="administrative", corrects=True) + copied(5, 9),
        document_key(slot=6, note="'same lines billed again two days later'"),
        count=12,
    ),
    Planted(
        "credit_for_own_error",
        f"update work.document_lines set unit_price = round(unit_price * 1.07, 2) + 0.10 where {LINE};"
        + RECOMPUTE
        + copied(6, 9, document_type="credit_note", reason="price_error", corrects=True)
        + copied(5, 11)
        + """update work.document_lines set unit_price = o.unit_price, net_amount = document_lines.quantity::decimal(7,
            0) * o.unit_price
        from work.lines as o where document_lines.order_key = o.order_key
            and document_lines.order_line_number = o.line_number and document_lines.line_number = 1
            and document_lines.doc_key in (select doc_key + 5 from {picked});"""
        + totals(5),
        rows(
            """select 'invoice' as document_kind, c.doc_key, null as line_number, c.order_key,
                (c.net_amount - r.net_amount)::decimal(18, 4) as stake_amount, 'credited for price_error, billed again' as note
            from work.documents as c join work.documents as r on r.doc_key = c.doc_key - 1
            where c.doc_key in (select doc_key + 6 from {picked})""",
            line_key(
                "l.net_amount - l.quantity * (select o.unit_price from work.lines as o where o.order_key = l.order_key and o.line_number = l.order_line_number)",
                "'follows from credit_for_own_error: the credited invoice'",
                "price_differs_from_order",
            ),
        ),
        where=PLAIN,
        count=60,
    ),
    Planted(
        "rebilled_without_credit",
        copied(5, 6, only_first_line=True) + totals(5),
        rows(
            document_key(slot=5),
            document_key("d.net_amount", "'follows from rebilled_without_credit'", "1", "quantity_above_delivered", 5),
            document_key("d.net_amount", "'follows from rebilled_without_credit'", "1", "quantity_above_ordered", 5),
        ),
        where="line_count >= 2",
        count=4,
    ),
    Planted(
        "cancellation_not_netted",
        copied(4, 5, document_type="cancellation", reason="administrative", corrects=True)
        + """update work.document_lines set net_amount = net_amount - 2, discount_amount = discount_amount + 2 where doc_key in (select doc_key + 4 from {picked}) and line_number = 1;"""
        + totals(4),
        rows(
            """select 'invoice' as document_kind, c.doc_key, null as line_number, c.order_key,
                (d.gross_amount - c.gross_amount)::decimal(18, 4) as stake_amount, 'the customer pays the difference' as note
            from work.documents as c join work.documents as d on d.doc_key = c.doc_key - 4
            where d.doc_key in (select doc_key from {picked})""",
            """select 'order' as document_kind, null::bigint as doc_key, null as line_number, d.order_key, d.net_amount as stake_amount,
                'follows from cancellation_not_netted: delivered, and billed no more' as note, 'delivered_not_invoiced' as error_code
            from work.documents as d where d.doc_key in (select doc_key from {picked})""",
        ),
        where=SMALL + " and first_discount = 0",
        count=2,
    ),
)

EDGES: tuple[Planted, ...] = (
    Planted(
        "credit_note_of_many_kinds",
        copied(6, 8, document_type="credit_note", reason="goodwill", keeps_order=False, corrects=True, only_first_line=True)
        + """update work.document_lines set charge_amount = 5, net_amount = net_amount + 5 where doc_key in (select doc_key + 6 from {picked});
        insert into work.document_lines select doc_key + 6, line_number, null, null, null, null, description, quantity, price, 0, 0, quantity * price,
            vat_category, vat_share
        from (select doc_key, vat_category, vat_share from work.document_lines where line_number = 1 and doc_key in (select doc_key from {picked})) as l
        cross join (values (90, 'Correction', -1, 5), (91, 'No charge', 1, 0)) as added(line_number, description, quantity, price);"""
        + totals(6),
        near=near(
            "a charge given back, a negative quantity and a price of zero, all on a credit note",
            *("surcharge_not_agreed", "negative_quantity_on_invoice", "zero_price", "credit_above_invoice"),
            slot=6,
        ),
        where="line_count >= 3 and gross_amount > 100",
        count=2,
    ),
    Planted(
        "credit_that_matches_one_invoice",
        copied(6, 8, document_type="credit_note", reason="goodwill", keeps_order=False),
        near=near("names no invoice, but one has its amount", "credit_without_reference", slot=6),
        where="""not exists (select 1 from work.documents as o where o.customer_key = plantable.customer_key
            and o.gross_amount = plantable.gross_amount and o.doc_key <> plantable.doc_key)""",
        count=2,
    ),
    *around(
        "credit_above_invoice",
        copied(6, 8, document_type="credit_note", reason="goodwill", keeps_order=False, corrects=True)
        + """update work.document_lines set discount_amount = discount_amount - {off}, net_amount = net_amount + {off}
            where line_number = 1 and doc_key in (select doc_key + 6 from {picked});"""
        + totals(6),
        within=("0.00", "-0.01"),
        beyond="0.01",
        note="credited in full and {off}",
        key=partial(document_key, slot=6),
        stake="d.gross_amount - (select i.gross_amount from work.documents as i where i.doc_key = d.doc_key - 6)",
    ),
    *around(
        "needless_credit",
        copied(6, 7, document_type="credit_note", reason="administrative", corrects=True, on_workdays=False)
        + copied(5, "7 + {off}", on_workdays=False),
        within=("31",),
        beyond="30",
        note="billed again {off} days after the credit note",
        key=partial(document_key, slot=6),
        where="issued_date < last_date() - 45",
    ),
    Planted(
        "credit_and_rebill_that_is_right",
        copied(6, 7, document_type="credit_note", reason="administrative", corrects=True)
        + copied(5, 9)
        + "update work.document_lines set unit_price = unit_price - 0.01, net_amount = net_amount - 0.01 * quantity where line_number = 1 and doc_key in (select doc_key + 5 from {picked});"
        + totals(5),
        near=rows(
            near("billed again at the price that was meant", "needless_credit", "credit_for_own_error", slot=6),
            near("billed again after a credit note", "rebilled_without_credit", "duplicate_invoice", slot=5),
        ),
        where=PLAIN,
        count=2,
    ),
    Planted(
        "split_invoice",
        f"update work.document_lines set quantity = quantity - 1 where {LINE};"
        + RECOMPUTE
        + copied(5, 2, only_first_line=True)
        + "update work.document_lines set quantity = 1, net_amount = unit_price where doc_key in (select doc_key + 5 from {picked});"
        + totals(5),
        near=near(
            "the last piece of the order, on an invoice of its own",
            *("rebilled_without_credit", "duplicate_invoice", "quantity_above_ordered", "quantity_above_delivered"),
            slot=5,
        ),
        where="first_discount = 0 and first_quantity >= 3",
        count=2,
    ),
    *around(
        "cancellation_not_netted",
        returned("quantity", "workday(ordered_date + 9)", ORDER)
        + copied(4, 10, document_type="cancellation", reason="return", corrects=True)
        + """update work.document_lines set net_amount = net_amount - {off}, discount_amount = discount_amount + {off}
            where line_number = 1 and doc_key in (select doc_key + 4 from {picked});"""
        + totals(4),
        within=("0.00",),
        beyond="0.01",
        note="all goods came back, the cancellation is {off} short",
        key=partial(document_key, slot=4),
        stake="(select i.gross_amount from work.documents as i where i.doc_key = d.doc_key - 4) - d.gross_amount",
        count=0,
    ),
)
