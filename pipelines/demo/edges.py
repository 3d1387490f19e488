"""What stands at the edge of a rule: near misses that nothing may report, and errors that are only just errors.

A tolerance has entries at it and below it, which are right, and one a cent, a day or a piece beyond it, which is wrong. What would be
held out of the KPIs beyond its edge has a count of 0: it is planted in worlds that plant everything. Keep out: errors as they are usually
made (``errors.py``) and how all is planted (``planting.py``).
"""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pipelines.demo.planting import (
    DOCUMENT,
    ISSUED_WITH_ORDER,
    LINE,
    ORDER,
    ORDER_LINE,
    OWES,
    PLAIN,
    RECOMPUTE,
    TOTALS,
    TWICE_ON_ONE_DAY,
    Planted,
    allowance,
    copied,
    copied_payment_key,
    credited_beside,
    document_key,
    in_instalments,
    line_key,
    near,
    order_key,
    paid,
    paid_again,
    paid_with_discount,
    payment_key,
    prepaid,
    repriced,
    rows,
    totals,
)


def around(
    code: str,
    plant: str,
    *,
    within: tuple[str, ...],
    beyond: str,
    note: str,
    key: Callable[..., str] = document_key,
    stake: str = "null",
    count: int = 2,
    **chosen: str,
) -> tuple[Planted, ...]:
    """Near misses of ``code`` for each value of ``within`` and an error for ``beyond``: what ``{off}`` stands for in all its SQL.

    ``count`` is of the error; a near miss is planted twice in a typical world.
    """

    def at(value: str, name: str) -> tuple[str, str, str]:
        return f"{code}_{name}", plant.replace("{off}", value), key(stake, f"'{note}'", code=code).replace("{off}", value)

    entries = []
    for number, value in enumerate(within, start=1):
        name, sql, answer = at(value, f"within_{number}")
        entries.append(Planted(name, sql, near=answer, count=2, **chosen))
    name, sql, answer = at(beyond, "just_beyond")
    return (*entries, Planted(name, sql, key=answer, count=count, **chosen))


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


def delivered_days_ago(days: str) -> str:
    """SQL by which the picked orders were delivered ``days`` before the last day and are not invoiced yet."""
    return f"""delete from work.documents where {DOCUMENT}; delete from work.document_lines where {DOCUMENT};
        update work.orders set first_shipped_date = last_date() - {days} - 1, first_delivered_date = last_date() - {days},
            promised_date = greatest(promised_date, last_date()), first_issued_date = last_date() + 1 where {ORDER};"""


def returned(quantity: str, day: str, which: str = ORDER_LINE) -> str:
    return f"insert into work.returns select order_key, line_number, {quantity}, {day} from work.lines join work.orders using (order_key) where {which};"


#: The copies in slot 5 name the order of their originals in the header.
ORDER_IN_THE_HEADER = """update work.documents set order_key = o.order_key, customer_order_number = o.customer_order_number
    from work.documents as o where documents.doc_key = o.doc_key + 5 and o.doc_key in (select doc_key from {picked});"""

LINE_COUNT = "(select count(*) from work.document_lines as l where l.doc_key = documents.doc_key)"

EDGES: tuple[Planted, ...] = (
    # ---------------------------------------------------------------------------------------------- quantity and delivery
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
    # ---------------------------------------------------------------------------------------------- price, discount, terms
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
    # ---------------------------------------------------------------------------------------------- references and parties
    Planted(
        "order_number_as_customers_write_it",
        f"update work.documents set customer_order_number = ' 0' || lower(customer_order_number) where {DOCUMENT};",
        near=near(
            "the number of the order in lower case, with a space and a zero before it", "order_number_differs", "order_number_missing"
        ),
        where="customer_order_number is not null",
    ),
    Planted(
        "order_number_not_asked_for",
        f"update work.documents set customer_order_number = null where {DOCUMENT};",
        near=near(
            "the customer does not ask for its order number", "order_number_missing", "order_number_differs", "missing_required_field"
        ),
        where="customer_order_number is not null and not is_order_number_required",
        count=2,
    ),
    Planted(
        "sent_to_the_parent",
        f"""update work.documents set customer_key = c.parent_key from work.customers as c
            where c.customer_key = documents.customer_key and {DOCUMENT};
        insert into work.agreements by name
        select (select max(agreement_key) from work.agreements) + row_number() over (order by p.doc_key) as agreement_key,
            c.parent_key as customer_key, 'family' as agreement_kind, year(p.ordered_date) as agreement_year, r.family_key, r.family,
            p.ordered_date as valid_from_date, p.ordered_date + 1 as valid_until_date, 0.25 as discount_share
        from work.plantable as p join work.products as r on r.product_key = p.first_product_key
        join work.customers as c using (customer_key) where p.doc_key in (select doc_key from {{picked}});""",
        near=near(
            "sent to the parent, which has an agreement that the customer who ordered has not",
            *("wrong_bill_to", "order_of_other_customer", "discount_not_applied"),
        ),
        where="""not is_recent and gross_amount < 350 and exists (select 1 from work.customers as c
            join work.customers as p on p.customer_key = c.parent_key and p.terms_days = c.terms_days and p.since_date < first_date()
                and p.insolvency_date is null and p.ended_date is null and not p.is_order_number_required and p.agreement_kind <> 'family'
                and p.customer_key not in (select o.customer_key from work.orders as o where o.ordered_date = plantable.ordered_date)
            where c.customer_key = plantable.customer_key)""",
        count=2,
    ),
    Planted(
        "vat_id_not_needed",
        """create or replace table work.without_vat_id as select customer_key from work.plantable where country = 'NL' and size_class = 'small'
            and customer_key not in (select d.customer_key from work.documents as d join work.document_lines as l using (doc_key)
                where l.vat_category = 'K' and d.customer_key is not null)
            group by customer_key order by hash(customer_key) limit 2;
        update work.customers set vat_id = null where customer_key in (select customer_key from work.without_vat_id);""",
        near="""select 'invoice' as document_kind, doc_key, null as line_number, order_key, null::decimal(18, 4) as stake_amount,
            'Dutch VAT at home needs no VAT id of the customer' as note, 'vat_id_missing_or_invalid' as error_code
        from work.documents where issued_date <= last_date() and customer_key in (select customer_key from work.without_vat_id)""",
        where="false",
    ),
    Planted(
        "ordered_on_the_last_day_of_the_relation",
        """create or replace table work.ended_later as select customer_key, max(ordered_date) as last_ordered_date from work.orders
            where customer_key in (select customer_key from work.customers where ended_date is null
                and churn_month is not null and return_month is null and insolvency_date is null)
                and customer_key not in (select customer_key from work.ended_early)
            group by customer_key having count(*) > 2 order by hash(customer_key) limit 2;
        update work.customers set ended_date = e.last_ordered_date from work.ended_later as e where e.customer_key = customers.customer_key;""",
        near=rows(
            """select 'order' as document_kind, null::bigint as doc_key, null as line_number, o.order_key, null::decimal(18, 4) as stake_amount,
                'ordered on the last day of the relation' as note, 'customer_blocked_or_ended' as error_code
            from work.orders as o join work.ended_later as e on e.customer_key = o.customer_key and o.ordered_date = e.last_ordered_date""",
            """select 'invoice' as document_kind, d.doc_key, null as line_number, d.order_key, null::decimal(18, 4) as stake_amount,
                'the customer has left since' as note, 'unknown_customer' as error_code
            from work.documents as d join work.ended_later as e using (customer_key)""",
        ),
        where="false",
    ),
    Planted(
        "child_with_the_number_of_its_parent",
        """create or replace table work.families as
        select c.customer_key, c.parent_key from work.customers as c
        where c.parent_key < c.customer_key and not exists (select 1 from work.doubles as d where c.customer_key in (d.customer_key, d.other_key)
            or c.parent_key in (d.customer_key, d.other_key))
        order by hash(c.customer_key) limit 2;
        update work.customers set registration_number = p.registration_number
        from work.families as f join work.customers as p on p.customer_key = f.parent_key where f.customer_key = customers.customer_key;""",
        near="""select 'customer' as document_kind, null::bigint as doc_key, null as line_number, null::bigint as order_key, null::decimal(18, 4) as stake_amount,
            format('C{:05d}', customer_key) || ' and ' || format('C{:05d}', parent_key) || ': a child has the number of its parent' as note,
            'customer_twice' as error_code from work.families""",
        where="false",
    ),
    Planted(
        "foreign_money",
        near=rows(
            *(
                f"""select 'invoice' as document_kind, doc_key, null as line_number, order_key, null::decimal(18, 4) as stake_amount,
                    'a dollar invoice of a dollar order, to a country that knows no VAT id' as note, '{code}' as error_code
                from work.documents where currency = 'USD' and order_key is not null and issued_date <= last_date()"""
                for code in ("currency_differs", "currency_unknown_or_mixed", "vat_id_missing_or_invalid")
            )
        ),
        where="false",
    ),
    Planted(
        "rebilled_without_order",
        TWICE_ON_ONE_DAY
        + copied(6, 2, document_type="credit_note", reason="administrative", keeps_order=False, corrects=True)
        + "update work.documents set corrects_doc_key = doc_key - 1 where doc_key in (select doc_key + 6 from {picked});",
        near=near("billed again on the day on which the first was credited, without an order", "duplicate_invoice", slot=7),
        where="not is_order_number_required",
        count=2,
    ),
    *around(
        "duplicate_invoice",
        copied(5, "{off}", keeps_order=False, on_workdays=False) + ORDER_IN_THE_HEADER,
        within=("31",),
        beyond="30",
        note="the amount of the order once more after {off} days, without its lines",
        key=partial(document_key, slot=5),
        stake="d.gross_amount",
        where="issued_date < last_date() - 35",
    ),
    Planted(
        "order_in_the_header_only",
        copied(5, 40, keeps_order=False) + ORDER_IN_THE_HEADER,
        near=near("the header names an order that exists, the lines name none", "line_refers_header_does_not", "unknown_order", slot=5),
        where="issued_date < last_date() - 45",
        count=2,
    ),
    # ---------------------------------------------------------------------------------------------- arithmetic and tax
    *around(
        "line_net_wrong",
        f"update work.document_lines set net_amount = net_amount + {{off}} where {LINE};" + TOTALS,
        within=("0.02", "-0.02", "0.01"),
        beyond="0.03",
        note="{off} off",
        key=line_key,
        stake="{off}",
        count=0,
    ),
    Planted(
        "sum_of_thousandths",
        f"""update work.lines set unit_price = unit_price - 0.01 where {ORDER_LINE};
        update work.document_lines set unit_price = unit_price - 0.005 where {LINE};"""
        + RECOMPUTE
        + f"""update work.documents set net_amount = floor(net_amount * 100 + 0.5) / 100,
            gross_amount = (floor(net_amount * 100 + 0.5) / 100)::decimal(18, 4) + vat_amount where {DOCUMENT};""",
        key=line_key("0.005", "'half a cent off the order: within every price tolerance'", "too_many_decimals"),
        near=near("its lines sum to half a cent, which the document rounds up", "lines_not_sum_of_total", "gross_not_net_plus_vat"),
        where=PLAIN + " and first_quantity = 1",
        count=2,
    ),
    Planted(
        "price_of_half_a_cent",
        f"update work.document_lines set unit_price = unit_price + 0.005 where {LINE};" + RECOMPUTE,
        near=near("an even number of pieces at half a cent: whole cents", "too_many_decimals", "price_differs_from_order"),
        where=PLAIN + " and first_quantity % 2 = 0",
        count=2,
    ),
    Planted(
        "net_one_cent_off",
        f"update work.documents set net_amount = net_amount + 0.01, gross_amount = gross_amount + 0.01 where {DOCUMENT};",
        key=document_key("0.01", code="lines_not_sum_of_total"),
        count=0,
    ),
    Planted(
        "gross_one_cent_off",
        f"update work.documents set gross_amount = gross_amount + 0.01 where {DOCUMENT};",
        key=document_key("0.01", code="gross_not_net_plus_vat"),
        count=0,
    ),
    *around(
        "allowance_or_charge_total_wrong",
        allowance("2 + {off}", base="100", share="0.02"),
        within=("0.02", "0.01"),
        beyond="0.03",
        note="{off} off its percentage",
        stake="{off}",
        count=0,
        where=PLAIN + " and gross_amount > 120",
    ),
    Planted(
        "allowance_sum_one_cent_off",
        allowance("4", total="0.01"),
        key=document_key("0.01", code="allowance_or_charge_total_wrong"),
        where=PLAIN + " and gross_amount > 120",
        count=0,
    ),
    Planted(
        "prepaid_and_rounded",
        prepaid(rounding="0.02", is_applied=True),
        near=near("gross less what was paid in advance, rounded up by two cents", "amount_due_wrong", "prepayment_not_applied"),
    ),
    Planted(
        "due_amount_one_cent_off",
        prepaid(due_difference="0.01", is_applied=True),
        key=document_key("0.01", code="amount_due_wrong"),
        count=0,
    ),
    *around(
        "prepayment_not_applied",
        prepaid("{off}"),
        within=("0.05",),
        beyond="0.06",
        note="{off} paid in advance by the document",
        stake="{off}",
    ),
    *around(
        "payment_schedule_differs",
        in_instalments("{off}"),
        within=("0.00", "0.05", "-0.05"),
        beyond="0.06",
        note="instalments of {off} more than what is due",
        stake="{off}",
    ),
    *around(
        "credit_note_not_found",
        credited_beside("{off}"),
        within=("0.05",),
        beyond="0.06",
        note="{off} of credit without a credit note",
        stake="{off}",
        stage="cash",
    ),
    Planted(
        "credit_applied_by_one_row",
        """insert into work.unsaid_sides select a.allocation_key from work.allocations as a join work.documents as d using (doc_key)
            where a.kind = 'credit_note' and a.amount < 0 and d.corrects_doc_key is not null and not d.is_extra
            order by hash(a.doc_key) limit 4;""",
        near="""select 'invoice' as document_kind, d.corrects_doc_key as doc_key, null as line_number, d.order_key, null::decimal(18, 4) as stake_amount,
                'only the side of the invoice came' as note, 'credit_note_not_found' as error_code
            from work.unsaid_sides as u join work.allocations as a using (allocation_key) join work.documents as d on d.doc_key = a.doc_key""",
        where="false",
        stage="cash",
    ),
    *around(
        "vat_breakdown_tight",
        f"""update work.documents set vat_amount = vat_amount + 0.01 * ({LINE_COUNT} + {{off}}),
            gross_amount = gross_amount + 0.01 * ({LINE_COUNT} + {{off}}) where {DOCUMENT};""",
        within=("0", "-1"),
        beyond="1",
        note="a cent a line and {off} cents",
        stake="0.01 * ((select count(*) from work.document_lines as x where x.doc_key = d.doc_key) + {off})",
        where="country = 'NL'",
    ),
    Planted(
        "vat_a_cent_below_the_official_tolerance",
        f"update work.documents set vat_amount = vat_amount + 0.99, gross_amount = gross_amount + 0.99 where {DOCUMENT};",
        key=document_key("0.99", "'within the official tolerance, beyond a cent a line'", code="vat_breakdown_tight"),
        near=near("0.99 off", "vat_breakdown_wrong"),
        where="country = 'NL'",
        count=2,
    ),
    Planted(
        "vat_at_the_official_tolerance",
        f"update work.documents set vat_amount = vat_amount + 1, gross_amount = gross_amount + 1 where {DOCUMENT};",
        key=document_key("1", code="vat_breakdown_wrong"),
        where="country = 'NL'",
        count=0,
    ),
    Planted(
        "reduced_rate",
        f"update work.document_lines set vat_share = 0.09 where {DOCUMENT};" + TOTALS,
        near=near("the reduced rate is in force too", "vat_rate_not_valid", "vat_category_inconsistent"),
        where="country = 'NL'",
        count=2,
    ),
    Planted(
        "exempt",
        f"update work.document_lines set vat_category = 'E', vat_share = 0 where {DOCUMENT};" + TOTALS,
        near=near("exempt, and without VAT", "vat_category_inconsistent", "vat_rate_not_valid", "vat_breakdown_wrong"),
        where="country = 'NL'",
        count=2,
    ),
    Planted(
        "negative_invoice_after_another",
        copied(6, 6, keeps_order=False, corrects=True, only_first_line=True)
        + """update work.document_lines set quantity = -quantity, discount_amount = -discount_amount, net_amount = -net_amount where doc_key in (select doc_key + 6 from {picked});"""
        + totals(6)
        + "update work.documents set is_settled = false where doc_key in (select doc_key + 6 from {picked});",
        near=near(
            "negative, but about an invoice before it: a credit note in all but name",
            "sign_against_type",
            "negative_quantity_on_invoice",
            slot=6,
        ),
        where="not is_order_number_required",
        count=2,
    ),
    Planted(
        "price_a_cent_below_zero",
        f"""insert into work.document_lines select doc_key, 90, null, null, null, null, 'Rounding', 1, -0.01, 0, 0, -0.01,
            vat_category, vat_share from work.document_lines where {LINE};"""
        + TOTALS,
        key=document_key("-0.01", line="90", code="negative_price"),
        count=0,
    ),
    # ---------------------------------------------------------------------------------------------- documents and numbering
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
    # ---------------------------------------------------------------------------------------------- credit notes
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
    # ---------------------------------------------------------------------------------------------- cash
    Planted(
        "delivered_again_unchanged",
        """update work.numbers set recalled_date = workday(d.issued_date + 3), recalled_line_number = 1, recalled_difference = 0,
            recalled_net_amount = d.net_amount, recalled_vat_amount = d.vat_amount
        from work.documents as d where d.doc_key = numbers.doc_key and numbers.doc_key in (select doc_key from {picked});""",
        near=near("delivered again three days later as it was", "changed_after_publication"),
        where="issued_date > opening_date() and issued_date + 6 <= last_date()",
        stage="cash",
        count=2,
        is_scarce=True,
    ),
    Planted(
        "commission_on_the_day_of_payment",
        """insert into work.early_commissions select a.doc_key, max(a.allocated_date), null from work.allocations as a
            where a.doc_key in (select doc_key from {picked}) group by a.doc_key;""",
        near=near("booked on the day of the payment itself", "commission_before_payment"),
        where="salesperson_key % 3 = 0",
        stage="cash",
    ),
    *around(
        "commission_before_payment",
        f"insert into work.early_commissions select doc_key, issued_date + 5, {{off}} from work.plantable_cash where {DOCUMENT};",
        within=("0.01",),
        beyond="0.02",
        note="{off} booked five days after issue, before any cash",
        stake="{off}",
        where="salesperson_key % 3 = 0 and received_date > issued_date + 8",
        stage="cash",
    ),
    *around(
        "payment_duplicate",
        paid_again("p.received_date + {off}"),
        within=("8",),
        beyond="7",
        note="the same once more after {off} days",
        key=copied_payment_key,
        stake="p.amount",
        where="received_date between last_date() - 24 and last_date() - 9",
        stage="cash",
    ),
    Planted(
        "payment_with_a_reference_of_its_own",
        paid_again("p.received_date + 2", piece=5),
        near=copied_payment_key(code="payment_duplicate", piece=5),
        where="received_date between last_date() - 24 and last_date() - 4",
        stage="cash",
        count=2,
    ),
    *around(
        "payment_before_invoice",
        paid("c.issued_date - {off}"),
        within=("0",),
        beyond="1",
        note="paid {off} days before issue",
        key=payment_key,
        stake="c.amount",
        stage="cash",
    ),
    *around(
        "overallocated",
        "update work.allocations set amount = amount + {off} where kind = 'cash' and doc_key in (select doc_key from {picked});",
        within=("0.00", "0.05", "-0.05"),
        beyond="0.06",
        note="{off} more than paid and than invoiced",
        key=lambda stake, note, code: rows(document_key(stake, note, code=code), payment_key(stake, note, code)),
        stake="{off}",
        where="received_date > last_date() - 7",
        stage="cash",
        count=0,
    ),
    Planted(
        "paid_by_the_parent",
        near="""select 'payment' as document_kind, min(a.doc_key) as doc_key, null as line_number, null::bigint as order_key,
            min(p.amount) as stake_amount,
            format('PM{:07d}', p.payment_key) as note, 'allocated_to_other_customer' as error_code
        from work.payments as p join work.allocations as a using (payment_key) join work.documents as d on d.doc_key = a.doc_key
        join work.customers as c on c.customer_key = d.customer_key and c.parent_key = p.payer_key where c.parent_pays
            group by p.payment_key""",
        where="false",
        stage="cash",
    ),
    Planted(
        "account_with_spaces",
        r"""update work.payments set iban_override = lower(regexp_replace(c.iban, '(.{4})', '\1 ', 'g')) from work.plantable_cash as c
            where c.payment_key = payments.payment_key and c.doc_key in (select doc_key from {picked});""",
        near=payment_key(code="iban_invalid_or_not_master"),
        where="iban is not null",
        stage="cash",
        count=2,
    ),
    *around(
        "short_payment",
        paid("last_date() - {off}", "c.amount - 0.06"),
        within=("7", "6"),
        beyond="8",
        note="six cents short, {off} days ago",
        stake="0.06",
        where="received_date > last_date() - 60 and issued_date < last_date() - 20",
        stage="cash",
    ),
    Planted(
        "five_cents_short",
        paid("last_date() - 9", "c.amount - 0.05"),
        near=near("five cents short: within what a settlement may differ", "short_payment"),
        where="received_date > last_date() - 60 and issued_date < last_date() - 20",
        stage="cash",
        count=2,
    ),
    *around(
        "cash_discount_taken_late",
        paid_with_discount("c.issued_date + {off}"),
        within=("10", "9"),
        beyond="11",
        note="2% taken after {off} days",
        stake="round(d.gross_amount * 0.02, 2)",
        where="terms_days >= 14 and issued_date + 11 <= last_date()",
        stage="cash",
    ),
    *around(
        "unapplied_cash_aged",
        paid("last_date() - {off}") + "delete from work.allocations where doc_key in (select doc_key from {picked});",
        within=("30", "29"),
        beyond="31",
        note="unapplied for {off} days",
        key=payment_key,
        stake="c.amount",
        where="issued_date < last_date() - 31 and received_date > last_date() - 90 and " + OWES,
        stage="cash",
    ),
    *around(
        "credit_limit_passed",
        """insert into work.limits_reached select customer_key, {off} from work.open_balances
            where customer_key not in (select customer_key from work.limits_passed union all select customer_key from work.limits_reached)
            order by hash(customer_key) limit 2;
        update work.credit_limits set limit_amount = b.open_amount + l.room from work.open_balances as b join work.limits_reached as l using (customer_key)
            where l.room = {off} and b.customer_key = credit_limits.customer_key;""",
        within=("0.00", "0.01"),
        beyond="-0.01",
        note="",
        key=lambda stake, note, code: (
            f"""select 'customer' as document_kind, null::bigint as doc_key, null as line_number, null::bigint as order_key,
            null::decimal(18, 4) as stake_amount, format('C{{:05d}}', customer_key) || ' has a limit of what it owes, and {{off}}' as note,
            '{code}' as error_code from work.limits_reached where room = {{off}}"""
        ),
        where="false",
        stage="limits",
    ),
)
