"""Events that a clerk meets seldom, by documents, terms, agreements and rules: half of them right, half wrong."""

from __future__ import annotations

from tests.expectations.clerk.billing import TEN, billed
from tests.expectations.clerk.builders import (
    Scenario,
    credit,
    customer,
    delivery,
    german_vat_id,
    invoice,
    item,
    order,
    paid,
    product,
)
from tests.expectations.clerk.money import ABROAD, DISCOUNT_OF_2, REVERSED, agreed, terms, with_discount
from tests.expectations.clerk.rarer import FREIGHT, allowance
from tests.expectations.clerk.trade import due_part

SCENARIOS = [
    Scenario(
        "credit note less an allowance on the whole of it",
        [
            customer(),
            invoice("INV-1", TEN),
            *credit(
                "CN-1",
                item(10, 50),
                of="INV-1",
                on="2025-05-20",
                reason_code="return",
                net_amount=475,
                vat_amount="99.75",
                gross_amount="574.75",
                allowance_amount=25,
                charge_amount=0,
            ),
            allowance("CN-1", 25),
        ],
    ),
    Scenario(
        "self-billed invoice credited in part",
        [customer(), invoice("K-1", TEN, kind="389"), credit("K-2", item(2, 50), of="K-1", on="2025-05-20", reason_code="return")],
    ),
    Scenario(
        "three partial invoices by their code that come to the order",
        [
            customer(),
            order("O1", item(1, 1000)),
            invoice("T-1", item(1, 300, of="O1/1"), kind="326", on="2025-04-02", order_id="O1"),
            invoice("T-22", item(1, 300, of="O1/1"), kind="326", on="2025-05-02", order_id="O1"),
            invoice("T-43", item(1, 400, of="O1/1"), kind="326", on="2025-06-02", order_id="O1"),
        ],
    ),
    Scenario(
        "ten at fifty, charged for eleven",
        [customer(), invoice("INV-1", item(10, 50, price_base_quantity=1, net_amount=550))],
        finds={"line_net_wrong"},
        also={"lines_not_sum_of_total"},
    ),
    Scenario(
        "invoice in pounds",
        [
            customer(country="GB"),
            *[("exchange_rates", {"rate_date": f"2025-05-{d:02}", "currency": "GBP", "rate": "1.18"}) for d in (1, 8, 15)],
            invoice("INV-1", item(10, 50), currency="GBP"),
        ],
    ),
    Scenario(
        "VAT that forgets the charge on the document",
        [
            customer(),
            FREIGHT,
            invoice(
                "INV-1",
                TEN,
                charges=({"amount": 25, "reason_code": "FC", "vat_share": "0.21"},),
                vat_amount="105.00",
                gross_amount="630.00",
            ),
        ],
        finds={"vat_breakdown_wrong"},
    ),
    Scenario("one piece at a discount of all of its price", [customer(), invoice("INV-1", TEN, item(1, 50, "P2", discount_amount=50))]),
    Scenario(
        "gross price less the discount within it",
        [customer(), invoice("INV-1", item(10, 45, gross_unit_price_amount=50, price_discount_amount=5))],
    ),
    Scenario(
        "gross price less the discount within it is another price",
        [customer(), invoice("INV-1", item(10, 46, gross_unit_price_amount=50, price_discount_amount=5))],
        finds={"price_discount_wrong"},
    ),
    Scenario("eight days by terms", [customer(payment_terms_id="T1"), terms(net_days=8), invoice("INV-1", TEN, days=8)]),
    Scenario(
        "terms of the invoice against those of the customer",
        [
            customer(payment_terms_id="T1"),
            terms(net_days=30),
            ("payment_terms", {"payment_terms_id": "T5", "net_days": 14}),
            invoice("INV-1", TEN, payment_terms_id="T5", days=14),
        ],
        also={"terms_differ"},
    ),
    Scenario(
        "due on the 31st of a month of thirty days",
        [customer(payment_terms_id="T1"), terms(net_days=0, fixed_day_of_month=31), invoice("INV-1", TEN, on="2025-06-02", days=28)],
    ),
    Scenario(
        "due on the 30th of February",
        [customer(payment_terms_id="T1"), terms(net_days=0, fixed_day_of_month=30), invoice("INV-1", TEN, on="2025-02-03", days=25)],
    ),
    Scenario(
        "terms of two halves, the first of them paid",
        [
            customer(payment_terms_id="T6"),
            ("payment_terms", {"payment_terms_id": "T6", "net_days": 60}),
            *[
                ("payment_terms_steps", {"payment_terms_id": "T6", "kind": "instalment", "step_number": n, "days": d, "share": "0.5"})
                for n, d in ((1, 30), (2, 60))
            ],
            invoice("INV-1", TEN, on="2025-05-02", days=60),
            *paid("P1", "INV-1", "302.50", "2025-06-01"),
        ],
    ),
    Scenario(
        "a schedule that leaves ten euros out",
        [
            customer(),
            invoice("INV-1", item(3, 100), on="2025-04-01", days=90),
            due_part(1, "2025-05-01", 121),
            due_part(2, "2025-05-31", 121),
            due_part(3, "2025-06-30", 111),
        ],
        finds={"payment_schedule_differs"},
    ),
    Scenario(
        "discount on the tenth day, booked on the eleventh",
        [
            customer(payment_terms_id="T2"),
            *DISCOUNT_OF_2,
            invoice("INV-1", TEN),
            *with_discount("592.90", "2025-05-20", "2025-05-21", "12.10"),
        ],
    ),
    Scenario(
        "discount on the thirteenth day of ten",
        [
            customer(payment_terms_id="T2"),
            *DISCOUNT_OF_2,
            invoice("INV-1", TEN),
            *with_discount("592.90", "2025-05-23", "2025-05-23", "12.10"),
        ],
        finds={"cash_discount_taken_late"},
        also={"short_payment"},
    ),
    Scenario(
        "delivered in June at the price of May, where the day of delivery decides",
        [
            customer(),
            agreed(net_price_amount=50, valid_until_date="2025-06-01", price_date="delivery"),
            agreed(agreement_id="A2", net_price_amount=55, valid_from_date="2025-06-01", price_date="delivery"),
            order("O1", item(10, 50), on="2025-05-20"),
            delivery("D1", "O1/1", 10, "2025-06-03"),
            invoice("INV-1", billed(10, 50), on="2025-06-04", order_id="O1"),
        ],
        finds={"price_differs_from_agreement"},
    ),
    Scenario(
        "a member's own agreement beside that of its holding",
        [
            customer(parent_customer_id="C0"),
            customer("C0"),
            agreed(customer_id="C0", net_price_amount=50),
            agreed(agreement_id="A2", net_price_amount=55),
            invoice("INV-1", item(10, 55)),
        ],
    ),
    Scenario(
        "agreed with a number that was merged into the customer's, and not given",
        [
            customer(),
            customer("C7", merged_into_customer_id="C1"),
            agreed(customer_id="C7", net_price_amount=50),
            invoice("INV-1", item(10, 55)),
        ],
        finds={"price_differs_from_agreement"},
    ),
    Scenario(
        "tier of the year reached by the second order, and given",
        [
            customer(),
            agreed(discount_share="0.05", minimum_quantity=1, tier_basis="year"),
            agreed(agreement_id="A2", discount_share="0.10", minimum_quantity=100, tier_basis="year"),
            order("O1", item(60, 10, discount_share="0.05"), on="2025-02-02"),
            order("O2", item(60, 10, discount_share="0.10"), on="2025-05-02"),
            invoice("INV-1", billed(60, 10, discount_amount=30), on="2025-02-03", order_id="O1"),
            invoice("INV-2", billed(60, 10, "O2/1", discount_amount=60), on="2025-05-03", order_id="O2"),
        ],
    ),
    Scenario(
        "freight dearer than agreed",
        [customer(), FREIGHT, invoice("INV-1", TEN, charges=({"amount": 35, "reason_code": "FC"},))],
        finds={"surcharge_not_agreed"},
    ),
    Scenario(
        "weekly collective invoice with a delivery of three weeks before",
        [
            customer(billing_rhythm="weekly"),
            order("O1", TEN),
            order("O2", item(4, 50)),
            delivery("D1", "O1/1", 10, "2025-04-28"),
            delivery("D2", "O2/1", 4, "2025-05-14"),
            invoice("INV-1", billed(), billed(4, 50, "O2/1"), on="2025-05-16"),
        ],
        finds={"late_invoicing"},
    ),
    Scenario(
        "credit over two invoices within their sum",
        [
            customer(),
            invoice("INV-1", TEN),
            invoice("INV-2", item(2, 50, "P2")),
            credit("CN-1", item(1, 550, None), on="2025-05-20", reason_code="return"),
            ("invoice_references", {"invoice_id": "CN-1", "preceding_invoice_id": "INV-1"}),
            ("invoice_references", {"invoice_id": "CN-1", "preceding_invoice_id": "INV-2"}),
        ],
    ),
    Scenario(
        "price credit, and two of the pieces came back",
        [
            customer(),
            order("O1", TEN),
            delivery("D1", "O1/1", 10, "2025-05-05"),
            delivery("R1", "O1/1", -2, "2025-05-12"),
            invoice("INV-1", billed(10, 55), on="2025-05-06", order_id="O1"),
            credit("CN-1", billed(10, 5), of="INV-1", on="2025-05-14", order_id="O1", reason_code="price"),
            credit("CN-2", billed(2, 50), of="INV-1", on="2025-05-15", order_id="O1", reason_code="return"),
        ],
        finds={"price_differs_from_order"},
        also={"credit_for_own_error"},
    ),
    Scenario(
        "prepayment invoice credited, and the final invoice in full",
        [
            customer(),
            order("O1", TEN),
            invoice("DEP-1", item(1, 150, None, "O1"), kind="386", on="2025-05-02", order_id="O1"),
            credit("CN-1", item(1, 150, None, "O1"), of="DEP-1", on="2025-05-19", order_id="O1", reason_code="administrative"),
            invoice("FIN-1", billed(), on="2025-05-20", order_id="O1"),
        ],
        also={"needless_credit"},
    ),
    Scenario(
        "retention billed later as the last part of the work",
        [
            customer(),
            order("O1", item(1, 1000)),
            invoice("W-1", item(1, 950, of="O1/1"), kind="875", on="2025-03-10", order_id="O1"),
            invoice("W-99", item(1, 50, of="O1/1"), kind="877", on="2025-06-10", order_id="O1"),
        ],
    ),
    Scenario(
        "ten per cent retained where five are agreed",
        [
            customer(payment_terms_days=30),
            invoice("INV-1", item(1, 1000, None), on="2025-03-01"),
            due_part(1, "2025-03-31", "1149.50"),
            due_part(2, "2026-03-01", "60.50", kind="retention"),
            *paid("P1", "INV-1", "1089.00", "2025-03-30"),
        ],
        finds={"short_payment"},
    ),
    Scenario(
        "the rest of a cancelled order billed all the same",
        [
            customer(),
            order("O1", TEN, cancelled_at="2025-05-12 09:00:00"),
            delivery("D1", "O1/1", 6, "2025-05-05"),
            invoice("INV-1", billed(6), on="2025-05-06", order_id="O1"),
            invoice("INV-8", billed(4), on="2025-05-20", order_id="O1"),
        ],
        finds={"invoiced_after_cancellation"},
        also={"quantity_above_delivered", "quantity_above_ordered"},
    ),
    Scenario(
        "collective invoice in euros over an order in dollars",
        [customer(), order("O1", TEN), order("O2", item(4, 50), currency="USD"), invoice("INV-1", billed(), billed(4, 50, "O2/1"))],
        finds={"currency_differs"},
    ),
    Scenario(
        "dollars for a euro invoice, thirty short",
        [
            customer(),
            *[("exchange_rates", {"rate_date": d, "currency": "USD", "rate": "0.92"}) for d in ("2025-05-08", "2025-05-31", "2025-06-02")],
            invoice("INV-1", TEN),
            ("payments", {"payment_id": "P1", "received_date": "2025-06-02", "amount": "625.00", "currency": "USD", "customer_id": "C1"}),
            (
                "payment_allocations",
                {
                    "allocation_id": "A1",
                    "payment_id": "P1",
                    "kind": "cash",
                    "invoice_id": "INV-1",
                    "allocated_date": "2025-06-02",
                    "amount": 575,
                    "payment_amount": "625.00",
                },
            ),
        ],
        finds={"short_payment"},
    ),
    Scenario(
        "intra-EU delivery, a blank VAT id on the document and a valid one in the master",
        [
            customer(country="DE", vat_id=german_vat_id(30000100)),
            invoice("INV-1", item(10, 50, **ABROAD), deliver_to_country="DE", seller_country="NL", buyer_vat_id=" "),
        ],
    ),
    Scenario(
        "service to Germany under reverse charge",
        [
            customer(country="DE", vat_id=german_vat_id(30000200)),
            product("P1", kind="service"),
            invoice("INV-1", item(10, 50, **REVERSED), seller_country="NL"),
        ],
    ),
    Scenario(
        "order number with the apostrophe of a spreadsheet",
        [
            customer(),
            order("O1", TEN, customer_order_number="4500012"),
            invoice("INV-1", billed(), order_id="O1", customer_order_number="'4500012"),
        ],
    ),
    Scenario(
        "order number that a spreadsheet wrote as a decimal",
        [
            customer(),
            order("O1", TEN, customer_order_number="4500012"),
            invoice("INV-1", billed(), order_id="O1", customer_order_number="4500012.0"),
        ],
    ),
    Scenario(
        "delivered by the box, invoiced by the piece",
        [
            customer(),
            product("P1"),
            ("unit_conversions", {"product_id": "P1", "unit": "BX", "base_quantity": 12}),
            order("O1", item(10, 60, unit="BX")),
            delivery("D1", "O1/1", 10, "2025-05-05"),
            invoice("INV-1", billed(120, 5, unit="C62"), on="2025-05-06", order_id="O1"),
        ],
    ),
    Scenario(
        "boxes invoiced as so many pieces for the same money",
        [
            customer(),
            product("P1"),
            ("unit_conversions", {"product_id": "P1", "unit": "BX", "base_quantity": 12}),
            order("O1", item(10, 60, unit="BX")),
            invoice("INV-1", billed(10, 60, unit="C62"), order_id="O1"),
        ],
    ),
    Scenario(
        "delivered by a third party beside a delivery of ours",
        [
            customer(),
            order("O1", item(10, 50, is_drop_shipped="true")),
            delivery("D9", "O1/9", 1, "2025-05-05"),
            invoice("INV-1", billed(), order_id="O1"),
        ],
    ),
    Scenario("an invoice of free goods alone", [customer(), invoice("INV-1", item(1, 0, "P1", is_free="true"))]),
    Scenario(
        "one number in lower and upper case",
        [customer(), invoice("inv-7a", item(3, 70), on="2025-05-02"), invoice("INV-7A", item(3, 70), on="2025-05-20")],
        finds={"near_duplicate_number"},
        also={"duplicate_invoice", "duplicate_number"},
    ),
]
