"""Price, discount, terms: errors as they are usually made, and what stands at the edge of a rule.

Keep out: rules that find errors, and how all is planted (``planting.py``).
"""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from pipelines.demo.planted.changes import DOCUMENT, LINE, ORDER, ORDER_LINE, PLAIN, RECOMPUTE, SMALL, allowance, repriced
from pipelines.demo.planted.entry import Planted, around, document_key, line_key, near, rows


def discounted(cents: str) -> str:
    """SQL that gives line 1 a discount of ``cents``, which may name ``agreed``: the agreed discount in cents, unrounded."""
    agreed = "(document_lines.quantity::decimal(7, 0) * document_lines.unit_price * o.discount_share * 100)"
    return (
        f"""update work.document_lines set discount_amount = (({cents.replace("agreed", agreed)}) / 100)::decimal(12, 2) from work.lines as o
            where document_lines.order_key = o.order_key and document_lines.order_line_number = o.line_number
                and document_lines.line_number = 1 and document_lines.doc_key in (select doc_key from {{picked}});"""
        + RECOMPUTE
    )


def below_the_tier(pieces: int) -> str:
    """SQL by which ``pieces`` of line 1 are ordered, delivered and invoiced at the discount below 24 pieces."""
    return (
        f"""update work.lines set quantity = {pieces}, first_quantity = {pieces}, discount_share = 0.04 where {ORDER_LINE};
        update work.document_lines set quantity = {pieces}, discount_amount = round({pieces} * unit_price * 0.04, 2) where {LINE};"""
        + RECOMPUTE
    )


ERRORS: tuple[Planted, ...] = (
    Planted(
        "discount_not_applied",
        f"update work.document_lines set discount_amount = 0 where {LINE}; update work.lines set discount_share = 0 where {ORDER_LINE};"
        + RECOMPUTE,
        line_key(
            "round(l.net_amount * (select max(discount_share) from work.agreements as a join work.plantable as c on a.customer_key = c.customer_key"
            " where c.doc_key = d.doc_key and a.agreement_year = year(c.ordered_date)), 2)"
        ),
        where="agreement_kind = 'family' and first_discount > 0",
        count=10,
    ),
    Planted(
        "discount_above_agreement",
        f"""update work.lines set discount_share = discount_share + 0.03 where {ORDER_LINE};
        update work.document_lines set discount_amount = round(document_lines.quantity::decimal(7,
            0) * document_lines.unit_price * o.discount_share, 2) from work.lines as o
        where document_lines.order_key = o.order_key and document_lines.order_line_number = o.line_number
            and document_lines.line_number = 1 and document_lines.doc_key in (select doc_key from {{picked}});"""
        + RECOMPUTE,
        line_key("round(l.quantity * l.unit_price * 0.03, 2)"),
        where="agreement_kind = 'family' and first_discount between 0.03 and 0.14",
    ),
    Planted(
        "discount_given_twice",
        allowance("round(l.net_amount * l.discount_amount / (l.quantity * l.unit_price), 2)"),
        document_key("(select a.amount from work.allowances as a where a.doc_key = d.doc_key)", line="1"),
        where="agreement_kind = 'family' and first_discount between 0.01 and 0.12 and line_count = 1",
    ),
    Planted(
        "volume_tier_missed",
        f"""update work.lines set discount_share = 0.04 where {ORDER_LINE};
        update work.document_lines set discount_amount = round(quantity::decimal(7, 0) * unit_price * 0.04, 2)
            where {LINE};"""
        + RECOMPUTE,
        rows(
            line_key("round(l.quantity * l.unit_price * 0.05, 2)"),
            line_key("round(l.quantity * l.unit_price * 0.05, 2)", "'follows from volume_tier_missed'", "discount_not_applied"),
        ),
        where="agreement_kind = 'tier' and first_discount = 0.09",
    ),
    Planted(
        "price_differs_from_order",
        f"update work.document_lines set unit_price = round(unit_price * 1.08, 2) + 0.10 where {LINE};" + RECOMPUTE,
        line_key(
            "l.net_amount - l.quantity * (select o.unit_price from work.lines as o where o.order_key = l.order_key and o.line_number = l.order_line_number)"
        ),
        where=PLAIN,
        count=10,
    ),
    Planted(
        "price_differs_from_agreement",
        repriced("round(unit_price * 1.06, 2) + 0.10"),
        line_key(
            "l.quantity * (l.unit_price - (select a.net_price from work.agreements as a join work.plantable as c on a.customer_key = c.customer_key"
            " and a.agreement_year = year(c.ordered_date) where c.doc_key = d.doc_key and a.product_key = l.product_key))"
        ),
        where="agreement_kind = 'net_price' and has_net_price",
        count=6,
    ),
    Planted(
        "price_below_cost",
        repriced("round(p.unit_cost * 0.9, 2)"),
        line_key("l.quantity * ((select unit_cost from work.products as p where p.product_key = l.product_key) - l.unit_price)"),
        where=PLAIN,
    ),
    Planted(
        "zero_price",
        f"update work.document_lines set unit_price = 0 where {LINE};" + RECOMPUTE,
        rows(
            line_key(
                "l.quantity * (select list_price from work.products as p where p.product_key = l.product_key)",
                "'a zero price is below cost too: price_below_cost leaves it to this rule'",
            ),
            line_key(
                "-l.quantity * (select o.unit_price from work.lines as o where o.order_key = l.order_key and o.line_number = l.order_line_number)",
                "'follows from zero_price'",
                "price_differs_from_order",
            ),
        ),
        where=PLAIN + " and line_count >= 2",
    ),
    Planted(
        "price_discount_wrong",
        "insert into work.wrong_price_discounts select doc_key, 1, 0.01 from {picked};",
        line_key("0.01 * l.quantity", "'a cent more discount in the price than its gross price bears out'"),
        where=PLAIN,
    ),
    Planted(
        "terms_differ",
        f"update work.documents set terms_days = terms_days + 14, due_date = issued_date + terms_days + 14 where {DOCUMENT};",
        document_key(note="'invoice 14 days longer than order and customer'"),
        where="size_class <> 'large' and terms_days <= 30",
    ),
    Planted(
        "terms_above_legal_maximum",
        f"""update work.documents set terms_days = 45, due_date = issued_date + 45 where {DOCUMENT}; update work.orders set terms_days = 45 where {ORDER};""",
        rows(document_key(), document_key(note="'follows from terms_above_legal_maximum'", code="terms_differ")),
        where="size_class = 'large' and country = 'NL'",
        count=2,
    ),
    Planted(
        "due_date_not_by_terms",
        f"update work.documents set due_date = due_date - 10 where {DOCUMENT};",
        document_key(),
        where="terms_days = 30",
    ),
    Planted(
        "due_before_issue",
        f"update work.documents set due_date = issued_date - 5 where {DOCUMENT};",
        rows(document_key(), document_key(note="'follows from due_before_issue'", code="due_date_not_by_terms")),
        where=SMALL,
        count=2,
    ),
    Planted(
        "surcharge_not_agreed",
        f"update work.document_lines set charge_amount = 12.50 where {LINE};" + RECOMPUTE,
        line_key("12.50", "'the net unit price of the line differs from the order by the charge only'"),
        where="first_discount = 0",
    ),
)

EDGES: tuple[Planted, ...] = (
    *around(
        "discount_not_applied",
        discounted("ceil(agreed - 2) - {off} + 2"),
        within=("2", "1"),
        beyond="3",
        note="{off} cents less than agreed, the fraction of a cent left to the customer",
        key=line_key,
        stake="{off} * 0.01",
        where="agreement_kind = 'family' and first_discount > 0 and first_quantity >= 4",
    ),
    *around(
        "discount_above_agreement",
        discounted("floor(agreed + 2) + {off} - 2"),
        within=("2", "1"),
        beyond="3",
        note="{off} cents more than agreed, the fraction of a cent left to us",
        key=line_key,
        stake="{off} * 0.01",
        where="agreement_kind = 'family' and first_discount > 0 and first_quantity >= 4",
    ),
    Planted(
        "agreement_of_other_days",
        """insert into work.agreements by name
        select (select max(agreement_key) from work.agreements) + row_number() over (order by p.doc_key, d.days, k.kind) as agreement_key,
            p.customer_key, k.kind as agreement_kind, year(p.ordered_date) as agreement_year, r.family_key, r.family,
            case k.kind when 'net_price' then r.product_key end as product_key, p.ordered_date + d.days as valid_from_date,
            p.ordered_date + d.days + 1 as valid_until_date, case k.kind when 'net_price' then round(r.list_price * 0.8, 2) end as net_price,
            case k.kind when 'family' then 0.05 end as discount_share
        from work.plantable as p join work.products as r on r.product_key = p.first_product_key
        cross join (values (-1), (1)) as d(days) cross join (values ('family'), ('net_price')) as k(kind)
        where p.doc_key in (select doc_key from {picked});""",
        near=near(
            "agreed until the day of the order, and again from the day after it", "discount_not_applied", "price_differs_from_agreement"
        ),
        where=PLAIN
        + """ and not exists (select 1 from work.orders as o where o.customer_key = plantable.customer_key
            and o.ordered_date in (plantable.ordered_date - 1, plantable.ordered_date + 1))""",
        count=2,
    ),
    Planted(
        "discount_on_the_document",
        f"create or replace table work.moved as select doc_key, discount_amount from work.document_lines where {LINE};"
        + f"update work.document_lines set discount_amount = 0 where {LINE};"
        + RECOMPUTE
        + allowance("(select m.discount_amount from work.moved as m where m.doc_key = d.doc_key)", reason="Agreed discount"),
        near=near("the agreed discount stands on the document instead of the line", "discount_not_applied", "price_differs_from_order"),
        where="agreement_kind = 'family' and first_discount > 0 and line_count = 1",
    ),
    Planted(
        "discount_half_on_the_document",
        f"create or replace table work.moved as select doc_key, round(discount_amount / 2, 2)::decimal(12, 2) as discount_amount from work.document_lines where {LINE};"
        + "update work.document_lines set discount_amount = document_lines.discount_amount - m.discount_amount from work.moved as m where m.doc_key = document_lines.doc_key and document_lines.line_number = 1;"
        + RECOMPUTE
        + allowance("(select m.discount_amount from work.moved as m where m.doc_key = d.doc_key)", reason="Agreed discount"),
        near=near("half of the agreed discount on the line, half on the document", "discount_given_twice", "discount_not_applied"),
        where="agreement_kind = 'family' and first_discount > 0 and line_count = 1",
        count=2,
    ),
    Planted(
        "two_cents_beside_the_discount",
        allowance("0.02", reason="Rounding"),
        near=near("in full on the line, and two cents on the document", "discount_given_twice", "discount_above_agreement"),
        where="agreement_kind = 'family' and first_discount > 0 and line_count = 1 and round(first_quantity_price * first_discount, 2) <= first_quantity_price * first_discount",
        count=2,
    ),
    Planted(
        "one_piece_below_the_tier",
        below_the_tier(23),
        near=near("23 pieces at the discount below 24", "volume_tier_missed", "discount_not_applied"),
        where="agreement_kind = 'tier' and first_discount = 0.09",
        count=2,
    ),
    Planted(
        "first_piece_of_the_tier",
        below_the_tier(24),
        key=rows(
            line_key("24 * l.unit_price * 0.05", "'24 pieces at the discount below 24'", "volume_tier_missed"),
            line_key("24 * l.unit_price * 0.05", "'follows from volume_tier_missed'", "discount_not_applied"),
        ),
        where="agreement_kind = 'tier' and first_discount = 0.09",
        count=2,
    ),
    *around(
        "price_differs_from_order",
        f"update work.document_lines set unit_price = unit_price + {{off}} where {LINE};" + RECOMPUTE,
        within=("0.01", "-0.01"),
        beyond="0.02",
        note="{off} a piece beside the order",
        key=line_key,
        stake="{off} * l.quantity",
        where=PLAIN,
    ),
    *around(
        "price_differs_from_agreement",
        repriced("unit_price + {off}"),
        within=("0.01", "-0.01"),
        beyond="0.02",
        note="{off} a piece beside the agreed price",
        key=line_key,
        stake="{off} * l.quantity",
        where="agreement_kind = 'net_price' and has_net_price",
    ),
    *around(
        "price_below_cost",
        repriced("p.unit_cost - {off}"),
        within=("0.00",),
        beyond="0.01",
        note="{off} a piece below its cost",
        key=line_key,
        stake="{off} * l.quantity",
        where=PLAIN,
    ),
    Planted(
        "free_by_the_order",
        repriced("0"),
        near=near("at price zero on the order too: agreed so", "zero_price", "price_below_cost", "price_differs_from_order"),
        where=PLAIN + " and line_count >= 2",
        count=2,
    ),
    Planted(
        "line_of_text",
        f"""insert into work.document_lines select doc_key, 90, null, null, null, null, 'With thanks for your order', 0, 0, 0, 0, 0,
            vat_category, vat_share from work.document_lines where {LINE};""",
        near=near(
            "nothing of nothing: a line of text",
            "zero_price",
            "negative_quantity_on_invoice",
            "negative_price",
            "unknown_product",
            "item_not_ordered",
        ),
        count=2,
    ),
    Planted(
        "price_after_its_discount",
        near=near("the gross price less its discount is the price to the cent", "price_discount_wrong"),
        where="first_discount = 0",
        count=2,
    ),
    Planted(
        "terms_left_to_the_order",
        f"update work.documents set terms_days = null where {DOCUMENT};",
        near=near("names no terms, and is due by those of the order", "terms_differ", "due_date_not_by_terms"),
        count=2,
    ),
    Planted(
        "due_a_day_later",
        f"update work.documents set due_date = due_date + 1 where {DOCUMENT};",
        key=document_key(note="'one day after its terms'", code="due_date_not_by_terms"),
        count=2,
    ),
    Planted(
        "due_on_the_day_of_issue",
        f"update work.documents set due_date = issued_date where {DOCUMENT};",
        key=document_key(note="'due on the day of issue, against its terms'", code="due_date_not_by_terms"),
        near=near("due on the day of issue, not before it", "due_before_issue"),
        count=2,
    ),
    Planted(
        "due_a_day_before_issue",
        f"update work.documents set due_date = issued_date - 1 where {DOCUMENT};",
        key=rows(
            document_key(note="'one day before its issue'", code="due_before_issue"),
            document_key(note="'follows from due_before_issue'", code="due_date_not_by_terms"),
        ),
        count=0,
    ),
    Planted(
        "terms_at_the_legal_maximum",
        near=near("thirty days for a large customer", "terms_above_legal_maximum", "terms_differ"),
        where="size_class = 'large' and country = 'NL' and terms_days = 30",
        count=2,
    ),
    Planted(
        "long_terms_where_the_law_allows_them",
        near=near("a large customer abroad", "terms_above_legal_maximum", "terms_differ"),
        where="size_class = 'large' and country <> 'NL' and terms_days > 30",
        count=2,
    ),
    Planted(
        "terms_a_day_above_the_legal_maximum",
        f"update work.documents set terms_days = 31, due_date = issued_date + 31 where {DOCUMENT}; update work.orders set terms_days = 31 where {ORDER};",
        key=rows(
            document_key(note="'thirty-one days for a large customer'", code="terms_above_legal_maximum"),
            document_key(note="'follows from terms_above_legal_maximum'", code="terms_differ"),
        ),
        where="size_class = 'large' and country = 'NL'",
        count=2,
    ),
)
