"""Planted errors: one entry per error code, with the SQL that plants it and the SQL of its answer key.

Keep out: rules that find errors, what stands just within or beyond a rule (``edges.py``), and how it is planted (``planting.py``).
"""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from pipelines.demo.planting import (
    DOCUMENT,
    ISSUED_WITH_ORDER,
    LINE,
    ONE_A_DAY,
    ORDER,
    ORDER_LINE,
    OWES,
    PLAIN,
    PREPAYABLE,
    RECOMPUTE,
    SMALL,
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

ERRORS: tuple[Planted, ...] = (
    # ---------------------------------------------------------------------------------------------- quantity and delivery
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
    # ---------------------------------------------------------------------------------------------- price, discount, terms
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
    # ---------------------------------------------------------------------------------------------- references and parties
    Planted(
        "surcharge_on_the_document",
        allowance("15", is_charge=True, reason="Freight"),
        document_key("15", code="surcharge_not_agreed"),
        count=2,
    ),
    Planted(
        "order_number_missing",
        f"update work.documents set customer_order_number = null where {DOCUMENT};",
        document_key(),
        where="is_order_number_required",
        count=10,
    ),
    Planted(
        "order_number_differs",
        f"update work.documents set customer_order_number = 'PO1' || right(customer_order_number, 4) where {DOCUMENT};",
        document_key(),
        where="customer_order_number is not null",
        count=6,
    ),
    Planted(
        "unknown_customer",
        f"update work.documents set customer_key = 900000 + customer_key % 90000 where {DOCUMENT}; update work.orders set customer_key = 900000 + customer_key % 90000 where {ORDER};",
        document_key(),
        near=document_key("null", "'a customer is named, though nobody knows it'", code="missing_customer"),
        where=SMALL,
        count=2,
    ),
    Planted(
        "missing_customer",
        f"update work.documents set customer_key = null, is_settled = false where {DOCUMENT};",
        document_key(),
        near="""select 'invoice' as document_kind, n.next_key as doc_key, null as line_number, null::bigint as order_key,
            null::decimal(18, 4) as stake_amount, 'the number before it stands in quarantine' as note, 'number_gap' as error_code
        from (select doc_key, lead(doc_key) over (partition by series order by invoice_id) as next_key from work.numbers) as n
        where n.doc_key in (select doc_key from {picked})""",
        where=SMALL,
        count=2,
    ),
    Planted(
        "order_of_other_customer",
        """update work.documents set customer_key = other_key from work.plantable as p where p.doc_key = documents.doc_key and documents.doc_key in (select doc_key from {picked});""",
        rows(
            document_key(),
            document_key(note="'follows from order_of_other_customer'", code="wrong_bill_to"),
            document_key(note="'follows from order_of_other_customer: terms of the other customer'", code="terms_differ")
            + " and d.terms_days <> (select c.terms_days from work.customers as c where c.customer_key = d.customer_key)",
            # Terms with a discount stand in the customer master, and the due day follows from them.
            document_key(note="'follows from order_of_other_customer: due by its own terms'", code="due_date_not_by_terms")
            + """ and d.terms_days <> (select c.terms_days from work.customers as c
                where c.customer_key = d.customer_key and c.takes_early_discount)""",
        ),
        where=SMALL + " and other_key is not null and customer_order_number is not null",
        count=2,
    ),
    Planted(
        "vat_id_missing_or_invalid",
        """create or replace table work.invalid_vat as select customer_key from work.plantable_abroad
            order by hash(customer_key) limit 2;
        update work.customers set vat_id = case when customer_key % 2 = 0 then null else left(vat_id,
            length(vat_id) - 2) || lpad(((right(vat_id, 2)::integer + 1) % 100)::varchar, 2, '0') end
        where customer_key in (select customer_key from work.invalid_vat);""",
        """select 'invoice' as document_kind, doc_key, null as line_number, order_key, null::decimal(18, 4) as stake_amount,
            'all documents of the customer' as note
        from work.documents where issued_date <= last_date() and customer_key in (select customer_key from work.invalid_vat)""",
        where="false",
    ),
    Planted(
        "customer_blocked_or_ended",
        """create or replace table work.ended_early as select customer_key, max(ordered_date) as last_ordered_date
            from work.orders
            where customer_key in (select customer_key from work.customers where ended_date is null
                and churn_month is not null and return_month is null and insolvency_date is null)
            group by customer_key having count(*) > 2 order by hash(customer_key) limit 3;
        update work.customers set ended_date = e.last_ordered_date - 1 from work.ended_early as e
            where e.customer_key = customers.customer_key;""",
        """select 'order' as document_kind, null::bigint as doc_key, null as line_number, o.order_key, null::decimal(18,
            4) as stake_amount, 'accepted after the end of the relation' as note
        from work.orders as o join work.ended_early as e on e.customer_key = o.customer_key
            and o.ordered_date > e.last_ordered_date - 1""",
        where="false",
    ),
    Planted(
        "line_refers_header_does_not",
        f"update work.documents set order_key = null where {DOCUMENT};",
        "select 'invoice' as document_kind, l.doc_key, l.line_number, l.order_key, l.net_amount as stake_amount, null as note from work.document_lines as l where "
        + DOCUMENT,
    ),
    Planted("currency_differs", f"update work.orders set currency = 'USD' where {ORDER};", document_key(), where=SMALL, count=2),
    Planted(
        "customer_twice",
        """create or replace table work.doubles as
        select customer_key, other_key from (select any_value(customer_key) as customer_key, other_key from work.plantable
            where other_key is not null group by other_key)
        where customer_key % 2 = 0 and other_key % 2 = 1 order by hash(other_key) limit 3;
        update work.customers set registration_number = o.registration_number
        from work.doubles as w join work.customers as o on o.customer_key = w.other_key
            where w.customer_key = customers.customer_key;""",
        """select 'customer' as document_kind, null::bigint as doc_key, null as line_number, null::bigint as order_key,
            null::decimal(18, 4) as stake_amount,
            format('C{:05d}', customer_key) || ' and ' || format('C{:05d}',
                other_key) || ' share a registration number' as note from work.doubles""",
        where="false",
    ),
    Planted(
        "unknown_order",
        copied(7, 2, keeps_order=False)
        + "update work.documents set order_key = 9000000 + order_key_of_copy from (select doc_key + 7 as copy_key, doc_key // 16 as order_key_of_copy from {picked}) as c where c.copy_key = documents.doc_key;"
        + "update work.document_lines set net_amount = net_amount + 0.01, unit_price = net_amount + 0.01, quantity = 1, discount_amount = 0 where doc_key in (select doc_key + 7 from {picked});"
        + totals(7),
        document_key(slot=7),
        where="not is_order_number_required",
        count=2,
    ),
    Planted(
        "unknown_product",
        f"update work.lines set product_key = 9999 where {ORDER_LINE}; update work.document_lines set product_key = 9999, description = 'Special' where {LINE};",
        line_key("l.net_amount"),
        where=PLAIN,
        count=2,
    ),
    # ---------------------------------------------------------------------------------------------- arithmetic and tax
    Planted(
        "line_net_wrong",
        f"update work.document_lines set net_amount = net_amount + 10 where {LINE};" + TOTALS,
        line_key("10"),
        where=SMALL,
        count=2,
    ),
    Planted(
        "lines_not_sum_of_total",
        f"update work.documents set net_amount = net_amount + 7, gross_amount = gross_amount + 7 where {DOCUMENT};",
        document_key("7"),
        where=SMALL,
        count=2,
    ),
    Planted(
        "gross_not_net_plus_vat",
        f"update work.documents set gross_amount = gross_amount + 3 where {DOCUMENT};",
        document_key("3"),
        where=SMALL,
        count=2,
    ),
    Planted(
        "vat_breakdown_wrong",
        f"update work.documents set vat_amount = vat_amount + 5, gross_amount = gross_amount + 5 where {DOCUMENT};",
        document_key("5"),
        where=SMALL,
        count=2,
    ),
    Planted(
        "vat_breakdown_tight",
        f"update work.documents set vat_amount = vat_amount + 0.50, gross_amount = gross_amount + 0.50 where {DOCUMENT};",
        document_key("0.50", "'within the official tolerance, beyond a cent a line'"),
        where="country = 'NL'",
        count=2,
    ),
    Planted(
        "vat_rate_not_valid",
        f"update work.document_lines set vat_share = 0.19 where {DOCUMENT};" + TOTALS,
        document_key("round(d.net_amount * 0.21, 2) - d.vat_amount"),
        where="country = 'NL'",
    ),
    Planted(
        "vat_category_inconsistent",
        f"update work.document_lines set vat_category = 'K' where {DOCUMENT};",
        document_key("d.vat_amount"),
        where="country = 'NL'",
    ),
    Planted(
        "allowance_or_charge_total_wrong",
        allowance("4", total="0.03"),
        document_key("0.03", "'the sum says three cents more than the allowance itself'"),
        where="not is_recent and " + SMALL + " and gross_amount > 120 and " + PLAIN,
        count=2,
    ),
    Planted(
        "allowance_off_its_percentage",
        allowance("2.03", base="100", share="0.02"),
        document_key("0.03", "'2% of 100.00 is three cents less: a cent above the tolerance'", code="allowance_or_charge_total_wrong"),
        where="not is_recent and " + SMALL + " and gross_amount > 120 and " + PLAIN,
        count=2,
    ),
    Planted(
        "amount_due_wrong",
        prepaid(due_difference="20"),
        rows(
            document_key("20", "'the prepaid amount was not taken off'"),
            document_key("20", "'follows from amount_due_wrong'", code="prepayment_not_applied"),
        ),
        where="not is_recent and " + PREPAYABLE,
        count=2,
    ),
    Planted(
        "sign_against_type",
        copied(6, 6, document_type="credit_note", reason="goodwill", keeps_order=False, corrects=True, only_first_line=True)
        + """update work.document_lines set quantity = -quantity, discount_amount = -discount_amount, net_amount = -net_amount where doc_key in (select doc_key + 6 from {picked});"""
        + totals(6)
        + "update work.documents set is_settled = false where doc_key in (select doc_key + 6 from {picked});",
        document_key("2 * d.gross_amount", slot=6),
        where=SMALL,
        count=2,
    ),
    Planted(
        "negative_price",
        """insert into work.document_lines select doc_key, 90, null, null, null, null, 'Correction', 1, -4, 0, 0, -4,
            vat_category, vat_share
        from work.document_lines where """
        + LINE
        + ";"
        + TOTALS,
        document_key("-4", line="90"),
        where=SMALL + " and gross_amount > 60",
        count=2,
    ),
    Planted(
        "too_many_decimals",
        f"""update work.lines set unit_price = unit_price - 0.01 where {ORDER_LINE};
        update work.document_lines set unit_price = unit_price - 0.005 where {LINE};"""
        + RECOMPUTE,
        line_key("0.005", "'half a cent off the order: within every price tolerance'"),
        where=PLAIN + " and first_quantity = 1",
        count=2,
    ),
    Planted(
        "currency_unknown_or_mixed",
        f"update work.documents set currency = 'XXX', is_settled = false where {DOCUMENT}; update work.orders set currency = 'XXX' where {ORDER};",
        document_key(),
        where=SMALL,
        count=2,
    ),
    # ---------------------------------------------------------------------------------------------- documents and numbering
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
    # ---------------------------------------------------------------------------------------------- credit notes
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
    # ---------------------------------------------------------------------------------------------- cash
    Planted(
        "changed_after_publication",
        """update work.numbers set recalled_date = workday(d.issued_date + 3), recalled_line_number = 1, recalled_difference = -4,
            recalled_net_amount = d.net_amount - 4, recalled_vat_amount = round((d.net_amount - 4) * d.vat_share, 2)
        from (select x.doc_key, x.issued_date, x.net_amount, l.vat_share from work.documents as x
            join work.document_lines as l on l.doc_key = x.doc_key and l.line_number = 1
              where x.doc_key in (select doc_key from {picked})) as d where d.doc_key = numbers.doc_key;""",
        document_key(
            "4 - round((d.net_amount - 4) * l.vat_share, 2) + d.vat_amount",
            "'delivered again three days later without the discount of 4.00 on line 1'",
        ),
        where="issued_date > opening_date() and issued_date + 6 <= last_date() and gross_amount < 900 and first_quantity_price > 12",
        stage="cash",
        count=8,
        is_scarce=True,
    ),
    Planted(
        "commission_before_payment",
        "insert into work.early_commissions select doc_key, issued_date + 5, null from work.plantable_cash where doc_key in (select doc_key from {picked});",
        """select 'invoice' as document_kind, doc_key, null as line_number, null::bigint as order_key, amount as stake_amount,
            'booked five days after issue, before any cash' as note
        from work.commission_bookings where doc_key in (select doc_key from {picked})""",
        where="salesperson_key % 3 = 0 and received_date > issued_date + 8",
        stage="cash",
    ),
    Planted(
        "payment_duplicate",
        paid_again("workday(p.received_date + 2)"),
        copied_payment_key(),
        where="received_date between last_date() - 24 and last_date() - 4",
        stage="cash",
        count=8,
    ),
    Planted(
        "payment_before_invoice",
        paid("c.issued_date - 4"),
        payment_key(),
        where="issued_date > first_date() + 20",
        stage="cash",
        count=4,
    ),
    Planted(
        "prepayment_not_applied",
        prepaid("30"),
        document_key("30", "'paid in advance, and applied by nothing'"),
        where=PREPAYABLE,
        count=2,
    ),
    Planted(
        "payment_schedule_differs",
        in_instalments("-5"),
        document_key("-5", "'instalments of 5.00 less than what is due'"),
        where=SMALL,
        count=2,
    ),
    Planted(
        "credit_note_not_found",
        credited_beside("12.50"),
        document_key("12.50", "'12.50 of credit without a credit note'"),
        where="amount < 350",
        stage="cash",
        count=2,
    ),
    Planted(
        "overallocated",
        "update work.allocations set amount = amount + 25 where doc_key in (select doc_key from {picked}) and kind = 'cash';",
        rows(document_key("25", "'allocated 25.00 more than paid and than invoiced'"), payment_key("25")),
        where=SMALL,
        stage="cash",
        count=2,
    ),
    Planted(
        "allocated_to_other_customer",
        """update work.payments set payer_key = c.other_key from work.plantable_cash as c where c.payment_key = payments.payment_key and c.doc_key in (select doc_key from {picked});""",
        payment_key(),
        where="other_key is not null",
        stage="cash",
        count=4,
    ),
    Planted(
        "iban_invalid_or_not_master",
        """update work.payments set iban_override = left(c.iban, 2) || lpad(((substr(c.iban, 3, 2)::integer + 1) % 97)::varchar,
            2, '0') || substr(c.iban, 5)
        from work.plantable_cash as c where c.payment_key = payments.payment_key and c.doc_key in (select doc_key
            from {picked});""",
        payment_key(),
        where=SMALL,
        stage="cash",
        count=2,
    ),
    Planted(
        "short_payment",
        paid("c.received_date", "c.amount - c.short"),
        """select 'invoice' as document_kind, doc_key, 1 as line_number, null::bigint as order_key, short as stake_amount,
            'paid without line 1' as note
        from work.plantable_cash where doc_key in (select doc_key from {picked})""",
        where="line_count >= 3 and short < amount * 0.6 and received_date < last_date() - 20",
        stage="cash",
        count=8,
    ),
    Planted(
        "cash_discount_taken_late",
        paid_with_discount("c.received_date"),
        """select 'invoice' as document_kind, doc_key, null as line_number, null::bigint as order_key, round(amount * 0.02,
            2)::decimal(18, 4) as stake_amount, '2% taken after the due date' as note
        from work.plantable_cash where doc_key in (select doc_key from {picked})""",
        where="received_date > due_date + 4",
        stage="cash",
        count=4,
    ),
    Planted(
        "unapplied_cash_aged",
        "delete from work.allocations where doc_key in (select doc_key from {picked});",
        payment_key(),
        where="received_date between last_date() - 150 and last_date() - 95 and " + OWES,
        stage="cash",
        count=8,
    ),
    Planted(
        "credit_limit_passed",
        """create or replace table work.limits_passed as
        select customer_key, open_amount from work.open_balances order by hash(customer_key) limit 3;
        update work.credit_limits set limit_amount = 50 where customer_key in (select customer_key from work.limits_passed);""",
        """select 'customer' as document_kind, null::bigint as doc_key, null as line_number, null::bigint as order_key,
            null::decimal(18, 4) as stake_amount, format('C{:05d}', customer_key) || ' owes more than its limit of 50.00' as note
        from work.limits_passed""",
        where="false",
        stage="limits",
    ),
)
