"""Customers, products, agreements, orders, deliveries and documents: how each contract's columns are read from the work tables. Keep out: drawing (``sql/``)."""

# ruff: noqa: E501 (SQL expressions are kept on one line where a break would hide their shape)
from __future__ import annotations

from pipelines.demo.entities.entity import Entity, campaign, customer, known, number, opportunity, order, product, salesperson

DELIVERY = "'DN' || format('{:07d}', order_key::bigint) || '-' || (delivery_part + 1)"

ALIAS = number("OLD", 5, "customer_key")
PRICE_BASE = "nullif(price_base, 1)"

ENTITIES: dict[str, Entity] = {
    "customers": Entity(
        """(select c.*, l.limit_amount, a.campaign_key,
                   case when c.seat = 5 then work.leaves_first() + 1 when c.seat = 9 then work.leaves_second() + 1 end
                       as handed_over_date
            from work.customers as c
            left join work.credit_limits as l using (customer_key)
            left join (select p.customer_key, any_value(l.campaign_key) as campaign_key
                       from work.opportunities as p join work.leads as l using (opportunity_key)
                       where p.kind = 'new' and p.customer_key is not null group by all) as a using (customer_key)
            where c.since_date <= last_date())""",
        ("since_date", "case when handed_over_date > since_date then handed_over_date end", "ended_date"),
        {
            "customer_id": customer(),
            "parent_customer_id": customer("parent_key"),
            "payment_terms_days": "terms_days",
            "payment_terms_id": "case when takes_early_discount then 'N' || terms_days when way = 'month_end_terms' then 'E' || terms_days end",
            "billing_rhythm": "case when way = 'collective_invoices' then 'monthly' end",
            "quantity_tolerance_share": "case when way = 'over_delivery' then 0.05 end",
            "credit_limit_amount": "limit_amount",
            "account_owner_id": salesperson("work.owner_at(seat, known_on)"),
            "acquired_by_campaign_id": campaign(),
            "ended_date": known("ended_date", "ended_date"),
            "is_blocked": "coalesce(insolvency_date <= known_on and ended_date <= known_on, false)",
        },
        (
            "blocked_date",
            "legal_entity_id",
            "merged_into_customer_id",
            "order_number_document_types",
            "price_tolerance_share",
            "withholding_share",
        ),
    ),
    "products": Entity(
        "work.products",
        ("date '2000-01-01'",),
        {"product_id": product(), "list_price_amount": "list_price", "unit_cost_amount": "unit_cost", "currency": "'EUR'"},
        ("quantity_tolerance_share", "vat_category", "vat_share"),
    ),
    "price_agreements": Entity(
        "(select * exclude (family), case when agreement_kind = 'family' then family end as family from work.agreements)",
        ("valid_from_date - 14",),
        {
            "agreement_id": number("PA", 6, "agreement_key"),
            "customer_id": customer(),
            "product_id": product(),
            "net_price_amount": "net_price",
        },
        ("currency", "price_date", "tier_basis", "quantity_tolerance_share"),
    ),
    "agreed_charges": Entity(
        "(select 'AC1' as agreed_charge_id, 7.50 as amount, 25 as order_amount_below)",
        ("date '2000-01-01'",),
        {},
        ("customer_id", "reason_code", "charge_share", "valid_from_date", "valid_until_date"),
    ),
    "orders": Entity(
        """(select o.*, p.opportunity_key, greatest(o.first_issued_date, coalesce(o.second_issued_date,
            o.first_issued_date)) as closed_date
            from work.orders as o left join work.order_opportunities as p using (order_key))""",
        ("ordered_date", "cancelled_at::date", "case when cancelled_at is null then closed_date end"),
        {
            "order_id": order(),
            "customer_id": customer(),
            "salesperson_id": salesperson(),
            "opportunity_id": opportunity(),
            "payment_terms_days": "terms_days",
            "requested_delivery_date": "promised_date",
            "status": "case when cancelled_at::date <= known_on then 'cancelled' when closed_date <= known_on and cancelled_at is null then 'closed' else 'open' end",
            "cancelled_at": known("cancelled_at", "cancelled_at::date"),
        },
        ("payment_terms_id", "invoice_currency", "invoice_rate"),
    ),
    "order_lines": Entity(
        """(select l.*, o.ordered_date, case when z.order_key is null then 'C62' else 'DZN' end as unit, coalesce(p.price_base, 1) as price_base
            from work.lines as l join work.orders as o using (order_key) left join work.dozens as z using (order_key, line_number)
            left join work.products as p using (product_key))""",
        ("ordered_date",),
        {"order_id": order(), "product_id": product(), "unit_price_amount": "unit_price * price_base", "price_base_quantity": PRICE_BASE},
        ("is_free", "is_drop_shipped", "cancelled_at"),
    ),
    "deliveries": Entity(
        "(select * exclude (part), part as delivery_part from work.delivery_lines)",
        ("shipped_date", "delivered_date"),
        {
            "delivery_id": DELIVERY,
            "order_id": order(),
            "order_line_number": "line_number",
            "delivered_date": known("delivered_date", "delivered_date"),
            "has_proof_of_delivery": "delivered_date <= known_on and (delivery_part = 2 or hash(order_key, delivery_part) % 100 < 96)",
        },
    ),
    "invoices": Entity(
        """(select d.*, n.invoice_id, n.series, n.recalled_date, n.recalled_net_amount, n.recalled_vat_amount,
            c.invoice_id as corrects_invoice_id, coalesce(s.allowance_amount, 0) as allowance_amount,
            coalesce(s.charge_amount, 0) as charge_amount, s.prepaid_amount, s.rounding_amount,
            d.gross_amount - coalesce(s.prepaid_amount, 0) + coalesce(s.rounding_amount, 0) + coalesce(s.due_difference, 0) as due_amount,
            e.specification_id, k.way
            from work.documents as d join work.numbers as n using (doc_key) left join work.document_sums as s using (doc_key)
            left join work.specifications as e using (doc_key)
            left join work.numbers as c on c.doc_key = d.corrects_doc_key
            left join work.customers as k on k.customer_key = d.customer_key)""",
        ("least(issued_date, last_date())", "recalled_date"),
        {
            "document_type": "case when doc_key in (select doc_key from work.deposits) then 'prepayment' else document_type end",
            # by the number of its former system, now and then
            "customer_id": f"case when way is not null and customer_key % 50 = 0 and doc_key // 16 % 3 = 0 then {ALIAS} else {customer()} end",
            "order_id": order(),
            "salesperson_id": salesperson(),
            "payment_terms_days": "terms_days",
            "seller_country": "case when way = 'german_stock' then 'DE' end",
            "net_amount": "case when recalled_date > known_on then recalled_net_amount else net_amount end",
            "vat_amount": "case when recalled_date > known_on then recalled_vat_amount else vat_amount end",
            "gross_amount": "case when recalled_date > known_on then recalled_net_amount + recalled_vat_amount else gross_amount end",
            "due_amount": "case when recalled_date > known_on then recalled_net_amount + recalled_vat_amount else due_amount end",
        },
        (
            "payment_terms_id",
            "period_start_date",
            "period_end_date",
            "tax_point_date",
            "deliver_to_country",
            "buyer_vat_id",
            "buyer_registration_number",
            "project_id",
            "contract_id",
            "payment_reference",
        ),
    ),
    "invoice_lines": Entity(
        """(select l.* exclude (description), n.invoice_id, d.issued_date, coalesce(l.description, p.name) as description,
            n.recalled_date, n.recalled_line_number, n.recalled_difference,
            case when u.doc_key is not null then 'PCE' when l.product_key is not null then 'C62' end as unit,
            greatest(p.list_price, l.unit_price) as gross_unit_price, coalesce(w.difference, 0) as price_difference,
            coalesce(p.price_base, 1) as price_base, q.period_start_date, q.period_end_date
            from work.document_lines as l join work.documents as d using (doc_key) join work.numbers as n using (doc_key)
            left join work.renamed_units as u on u.doc_key = l.doc_key and u.line_number = l.line_number
            left join work.wrong_price_discounts as w on w.doc_key = l.doc_key and w.line_number = l.line_number
            left join work.line_periods as q on q.doc_key = l.doc_key and q.line_number = l.line_number
            left join work.products as p using (product_key))""",
        ("least(issued_date, last_date())", "case when line_number = recalled_line_number then recalled_date end"),
        {
            "order_id": order(),
            "delivery_id": DELIVERY,
            "product_id": product(),
            "unit_price_amount": "unit_price * price_base",
            "gross_unit_price_amount": "gross_unit_price * price_base",
            "price_discount_amount": "(gross_unit_price - unit_price) * price_base + price_difference",
            "price_base_quantity": PRICE_BASE,
            "discount_amount": "case when recalled_date > known_on and line_number = recalled_line_number then discount_amount - recalled_difference else discount_amount end",
            "net_amount": "case when recalled_date > known_on and line_number = recalled_line_number then net_amount + recalled_difference else net_amount end",
        },
        (
            "price_base_unit",
            "is_free",
            "buyers_item_id",
            "standard_item_id",
            "item_class",
            "origin_country",
            "line_kind",
        ),
    ),
    "invoice_allowances": Entity(
        "(select a.*, n.invoice_id, d.issued_date from work.allowances as a join work.documents as d using (doc_key) join work.numbers as n using (doc_key))",
        ("least(issued_date, last_date())",),
        {},
        ("reason_code", "line_number"),
    ),
    "invoice_references": Entity(
        """(select n.invoice_id, c.invoice_id as preceding_invoice_id, o.issued_date as preceding_issued_date, d.issued_date
            from work.documents as d join work.numbers as n using (doc_key)
            join work.numbers as c on c.doc_key = d.corrects_doc_key join work.documents as o on o.doc_key = d.corrects_doc_key)""",
        ("least(issued_date, last_date())",),
        {},
    ),
    "invoice_vat": Entity(
        """(select n.invoice_id, any_value(l.vat_category) as vat_category, any_value(l.vat_share) as vat_share, d.issued_date,
            d.net_amount as base_amount, d.vat_amount
            from work.document_lines as l join work.documents as d using (doc_key) join work.numbers as n using (doc_key)
            where d.vat_amount is not null group by n.invoice_id, d.issued_date, d.net_amount, d.vat_amount
            having count(distinct (l.vat_category, l.vat_share)) = 1)""",
        ("least(issued_date, last_date())",),
        {},
        ("exemption_reason",),
    ),
    "invoice_verdicts": Entity(
        "(select v.*, n.invoice_id, d.issued_date from work.verdicts as v join work.documents as d using (doc_key) join work.numbers as n using (doc_key))",
        ("least(issued_date, last_date())",),
        {"place_number": "1"},
        ("place_text",),
    ),
    "invoice_fields": Entity(
        "(select n.invoice_id, d.issued_date from work.documents as d join work.numbers as n using (doc_key) where d.doc_key % 160 = 0)",
        ("least(issued_date, last_date())",),
        {"field_path": "'BuyerReference'", "occurrences": "1", "value_text": "'Purchasing'"},
    ),
    "payment_terms": Entity(
        """(select distinct terms_days, 'N' || terms_days as payment_terms_id, terms_days || ' days net' as name, null::boolean as is_end_of_month
                from work.customers
            union all
            select distinct terms_days, 'E' || terms_days, terms_days || ' days, end of month', true
                from work.customers where way = 'month_end_terms')""",
        ("date '2000-01-01'",),
        {"net_days": "terms_days"},
        ("net_months", "fixed_day_of_month", "business_day_rule", "holiday_country", "is_prepayment"),
    ),
    "payment_terms_steps": Entity(
        "(select distinct 'N' || terms_days as payment_terms_id from work.customers where terms_days >= 14)",
        ("date '2000-01-01'",),
        {"kind": "'discount'", "step_number": "1", "days": "10", "share": "0.02"},
    ),
    "unit_conversions": Entity(
        "work.products",
        ("date '2000-01-01'",),
        {"product_id": product(), "unit": "'BX'", "base_quantity": "6"},
    ),
    "customer_aliases": Entity(
        "(select customer_key from work.customers where customer_key % 50 = 0)",
        ("date '2000-01-01'",),
        {"alias_id": ALIAS, "customer_id": customer()},
    ),
    "third_party_payers": Entity(
        "(select c.customer_key, 1 + c.customer_key % customer_count() as payer_key from work.customers as c where c.customer_key % 60 = 0)",
        ("date '2000-01-01'",),
        {
            "customer_id": customer(),
            "payer_customer_id": customer("payer_key"),
            "valid_from_date": "first_date()",
            "valid_until_date": "first_date()",
        },
    ),
}
