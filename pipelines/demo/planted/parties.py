"""References and parties: errors as they are usually made, and what stands at the edge of a rule.

Keep out: rules that find errors, and how all is planted (``planting.py``).
"""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from functools import partial

from pipelines.demo.planted.changes import DOCUMENT, LINE, ORDER, ORDER_LINE, PLAIN, SMALL, TWICE_ON_ONE_DAY, allowance, copied, totals
from pipelines.demo.planted.entry import Planted, around, document_key, line_key, near, rows

#: The copies in slot 5 name the order of their originals in the header.
ORDER_IN_THE_HEADER = """update work.documents set order_key = o.order_key, customer_order_number = o.customer_order_number
    from work.documents as o where documents.doc_key = o.doc_key + 5 and o.doc_key in (select doc_key from {picked});"""

ERRORS: tuple[Planted, ...] = (
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
)

EDGES: tuple[Planted, ...] = (
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
                and p.insolvency_date is null and p.ended_date is null and p.way not in ('month_end_terms', 'german_stock') and not p.is_order_number_required and p.agreement_kind <> 'family'
                and p.customer_key not in (select o.customer_key from work.orders as o where o.ordered_date = plantable.ordered_date)
            where c.customer_key = plantable.customer_key)""",
        count=2,
        is_scarce=True,
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
)
