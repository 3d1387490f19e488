"""Documents and numbering: errors as they are usually made, and what stands at the edge of a rule.

Keep out: rules that find errors, and how all is planted (``planting.py``).
"""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from functools import partial

from pipelines.demo.planted.changes import (
    DOCUMENT,
    ISSUED_WITH_ORDER,
    LINE,
    ONE_A_DAY,
    ORDER,
    RECOMPUTE,
    SMALL,
    TOTALS,
    TWICE_ON_ONE_DAY,
    copied,
    totals,
)
from pipelines.demo.planted.entry import Planted, around, document_key, near, rows

ERRORS: tuple[Planted, ...] = (
    Planted(
        "duplicate_invoice",
        copied(5, 3),
        rows(
            document_key(slot=5),
            document_key("d.gross_amount", "'follows from duplicate_invoice'", code="rebilled_without_credit", slot=5),
            *(
                f"""select 'invoice' as document_kind, l.doc_key, l.line_number, l.order_key, l.net_amount::decimal(18, 4) as stake_amount,
                'follows from duplicate_invoice' as note, '{code}' as error_code
                from work.document_lines as l where l.doc_key in (select doc_key + 5 from {{picked}})"""
                for code in ("quantity_above_delivered", "quantity_above_ordered")
            ),
        ),
        count=6,
    ),
    Planted(
        "duplicate_without_order",
        TWICE_ON_ONE_DAY,
        document_key(slot=7, code="duplicate_invoice", note="'customer, day, amount and lines of another one, and no order'"),
        where="not is_order_number_required",
        count=2,
    ),
    Planted(
        "near_duplicate_number",
        copied(7, 4, keeps_order=False, override="'near'"),
        document_key(slot=7, note="'same digits as the original, other separator, no order'"),
        where="not is_order_number_required",
        count=2,
    ),
    Planted(
        "duplicate_number",
        copied(7, 3, keeps_order=False, override="'same'", only_first_line=True)
        + "update work.document_lines set net_amount = net_amount - 0.01, discount_amount = discount_amount + 0.01 where doc_key in (select doc_key + 7 from {picked});"
        + totals(7),
        document_key(slot=7, note="'the number of the original without leading zeros, in the same series'"),
        where="line_count >= 2 and not is_order_number_required and month(issued_date + 5) = month(issued_date) and " + ONE_A_DAY,
        count=2,
    ),
    Planted(
        "duplicate_line",
        "insert into work.document_lines by name select * replace (50 as line_number) from work.document_lines where "
        + LINE
        + ";"
        + TOTALS,
        rows(
            document_key("l.net_amount", line="50"),
            document_key("l.net_amount", "'follows from duplicate_line'", "50", "quantity_above_delivered"),
            document_key("l.net_amount", "'follows from duplicate_line'", "50", "quantity_above_ordered"),
        ),
        count=6,
    ),
    Planted(
        "number_gap",
        "insert into work.skipped_numbers select issued_date from work.documents where " + DOCUMENT + ";",
        """select 'invoice' as document_kind, min(d.doc_key) as doc_key, null as line_number, null::bigint as order_key,
            null::decimal(18, 4) as stake_amount,
            'the number before this one is missing' as note
        from work.skipped_numbers as s join work.documents as d on d.doc_key = (
            select min_by(x.doc_key, n.invoice_id) from work.documents as x join work.numbers as n using (doc_key)
            where coalesce(x.number_date, x.issued_date) > s.skipped_after_date
                and year(coalesce(x.number_date, x.issued_date)) = year(s.skipped_after_date) and x.number_override is null)
        group by s.skipped_after_date""",
        where="month(issued_date) < 12 or day(issued_date) < 20",
        count=2,
    ),
    Planted(
        "number_date_disorder",
        f"update work.documents set number_date = least(issued_date + 14, last_date()) where {DOCUMENT};",
        document_key(note="'its number belongs to a day two weeks later'"),
        where="issued_date + 14 <= last_date() and year(issued_date + 14) = year(issued_date) and " + ONE_A_DAY,
        count=2,
    ),
    Planted(
        "issued_in_future_or_closed_period",
        f"update work.documents set issued_date = last_date() + 9, due_date = last_date() + 9 + terms_days, number_date = last_date(), document_type = 'invoice', is_settled = false, slot = 0 where {DOCUMENT};",
        rows(
            document_key(),
            """select 'order' as document_kind, null::bigint as doc_key, null as line_number, d.order_key,
                d.net_amount as stake_amount, 'follows from issued_in_future_or_closed_period: not invoiced yet' as note,
                'delivered_not_invoiced' as error_code
            from work.documents as d join work.orders as o using (order_key)
            where d.doc_key in (select doc_key from {picked}) and o.first_delivered_date + 7 < last_date()""",
        ),
        where=SMALL + " and is_recent",
        count=4,
        is_scarce=True,
    ),
    Planted(
        "missing_required_field",
        f"update work.documents set currency = null, is_settled = false where {DOCUMENT};",
        document_key(note="'no currency'"),
        where=SMALL,
        count=2,
    ),
    Planted(
        "late_invoicing",
        f"""update work.orders set first_issued_date = workday(first_delivered_date + 12 + (order_key % 15)::integer)
            where {ORDER};"""
        + ISSUED_WITH_ORDER,
        document_key("null"),
        where="delivered_date + 30 <= last_date()",
        count=80,
    ),
    Planted(
        "statistical_anomaly",
        """create or replace table work.strange_month as
        select s.team, date_trunc('month', last_date() - 62)::date as month, min(s.salesperson_key) as salesperson_key
        from work.documents as d join work.salespeople as s using (salesperson_key)
        where date_trunc('month', d.issued_date) = date_trunc('month', last_date() - 62) group by s.team order by count(*) desc, s.team limit 1;
        create or replace table work.strange as
        select *, 75 + position * 0.1 as net_amount, round((75 + position * 0.1) * 0.21, 2) as vat_amount
        from (select p.doc_key, p.customer_key, p.currency, p.terms_days, row_number() over (order by p.doc_key) as position
            from work.plantable as p where p.country = 'NL' and not p.is_order_number_required order by p.doc_key limit 70) as numbered;
        delete from work.strange as s where exists (select 1 from work.documents as d
            where d.customer_key = s.customer_key and d.gross_amount = s.net_amount + s.vat_amount);
        insert into work.documents by name
        select d.* replace (s.doc_key + 8 as doc_key, 8 as slot, true as is_extra, true as is_settled, 'invoice' as document_type,
            s.customer_key as customer_key, s.currency as currency, s.terms_days as terms_days, m.salesperson_key as salesperson_key,
            null as order_key, null as customer_order_number, null as corrects_doc_key, null as number_date, null as number_override,
            workday((m.month + (s.position % 27)::integer)::date) as issued_date,
            workday((m.month + (s.position % 27)::integer)::date) + s.terms_days as due_date,
            s.net_amount as net_amount, s.vat_amount as vat_amount, s.net_amount + s.vat_amount as gross_amount)
        from work.strange as s join work.documents as d using (doc_key) cross join work.strange_month as m;
        insert into work.document_lines
        select s.doc_key + 8, 1, null, null, null, null, 'Call-out', 1, s.net_amount, 0, 0, s.net_amount, 'S', 0.21
        from work.strange as s where s.doc_key + 8 in (select doc_key from work.documents);""",
        """select 'month' as document_kind, null::bigint as doc_key, null as line_number, null::bigint as order_key,
            null::decimal(18, 4) as stake_amount, scope || ' ' || left(month::varchar, 7) || ': seventy amounts that begin with 9' as note
        from (select month, unnest(['team ' || team, 'series ' || year(month)]) as scope from work.strange_month)""",
        near="""select 'month' as document_kind, null::bigint as doc_key, null as line_number, null::bigint as order_key,
            null::decimal(18, 4) as stake_amount, scope || ' ' || left(other_month::varchar, 7) || ': a month as it comes' as note
        from (select (month + to_months(shift))::date as other_month, unnest(['team ' || team, 'series ' || year(month + to_months(shift))]) as scope
            from work.strange_month cross join (values (-1), (1)) as other(shift))""",
        where="false",
    ),
)

EDGES: tuple[Planted, ...] = (
    Planted(
        "same_number_in_another_series",
        copied(7, 4, keeps_order=False, override="'near'", only_first_line=True)
        + "update work.document_lines set net_amount = net_amount - 0.01, discount_amount = discount_amount + 0.01 where doc_key in (select doc_key + 7 from {picked});"
        + totals(7),
        near=near("the number of an invoice in another series, for another amount", "duplicate_number", "near_duplicate_number", slot=7),
        where="line_count >= 2 and not is_order_number_required",
        count=2,
    ),
    *around(
        "near_duplicate_number",
        copied(7, "{off}", keeps_order=False, override="'near'", on_workdays=False),
        within=("91",),
        beyond="90",
        note="the same digits and amount after {off} days",
        key=partial(document_key, slot=7),
        stake="d.gross_amount",
        where="issued_date < last_date() - 95 and not is_order_number_required",
    ),
    Planted(
        "line_in_two_halves",
        f"update work.document_lines set quantity = quantity // 2 where {LINE};"
        + f"insert into work.document_lines by name select * replace (50 as line_number) from work.document_lines where {LINE};"
        + RECOMPUTE,
        near=near("two lines of half the quantity", "duplicate_line", "quantity_above_ordered", "quantity_above_delivered"),
        where="first_quantity % 2 = 0 and first_discount = 0",
        count=2,
    ),
    Planted(
        "number_three_days_ahead",
        f"update work.documents set number_date = issued_date + 3 where {DOCUMENT};",
        near=near("its number belongs to a day three days later", "number_date_disorder"),
        where="""year(issued_date + 3) = year(issued_date) and not exists (select 1 from work.documents as o
            where o.number_date between plantable.issued_date - 30 and plantable.issued_date + 30)""",
        count=2,
    ),
    Planted(
        "issued_on_the_last_day",
        near="""select 'invoice' as document_kind, doc_key, null as line_number, order_key, null::decimal(18, 4) as stake_amount,
            'issued on the last day that was delivered' as note, 'issued_in_future_or_closed_period' as error_code
        from work.documents where issued_date = last_date()""",
        where="false",
    ),
    *around(
        "late_invoicing",
        f"update work.orders set first_issued_date = first_delivered_date + {{off}} where {ORDER};" + ISSUED_WITH_ORDER,
        within=("7", "6"),
        beyond="8",
        note="invoiced {off} days after delivery",
        where="delivered_date + 8 <= last_date()",
    ),
)
