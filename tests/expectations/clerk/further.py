"""Sixty further events of the same kinds: right ones and wrong ones, with rows of their own."""

from __future__ import annotations

from tests.expectations.clerk.billing import TEN, billed
from tests.expectations.clerk.builders import (
    Scenario,
    applied,
    credit,
    customer,
    day_after,
    delivery,
    dutch_vat_id,
    invoice,
    item,
    order,
    paid,
    payment,
    product,
)
from tests.expectations.clerk.money import ABROAD, REVERSED, agreed, terms

PERIOD = {"period_start_date": "2025-05-01", "period_end_date": "2025-05-31"}
FUEL = ("agreed_charges", {"agreed_charge_id": "G1", "customer_id": "C1", "charge_share": "0.02"})

BILLING = [
    Scenario("one order to two sites on one day, a delivery and an equal invoice each", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 5, "2025-05-05"), delivery("D2", "O1/1", 5, "2025-05-05"),
        invoice("INV-1", billed(5, delivery_id="D1"), on="2025-05-06", order_id="O1"),
        invoice("INV-8", billed(5, delivery_id="D2"), on="2025-05-06", order_id="O1"),
    ]),
    Scenario("collective invoice over two deliveries of one order, a line each", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 5, "2025-05-05"), delivery("D2", "O1/1", 5, "2025-05-08"),
        invoice("INV-1", billed(5, delivery_id="D1"), billed(5, delivery_id="D2"), on="2025-05-09", order_id="O1"),
    ]),
    Scenario("quarterly service by its period, the same amount each time", [
        customer(), product("P1", kind="service"),
        *[invoice(f"2025-00{n}", item(1, 240, **{"period_start_date": day, "period_end_date": day_after(day, 88)}), on=day)
          for n, day in ((1, "2025-01-01"), (2, "2025-04-01"))],
    ]),
    Scenario("the quarter to come, billed on the last day before it", [
        customer(), product("P1", kind="subscription"),
        invoice("S-1", item(3, 99, period_start_date="2025-07-01", period_end_date="2025-09-30"), on="2025-06-30"),
    ]),
    Scenario("the same month of a subscription billed twice", [
        customer(), product("P1", kind="subscription"),
        invoice("S-104", item(1, 99, **PERIOD), on="2025-05-01"), invoice("S-219", item(1, 99, **PERIOD), on="2025-05-01"),
    ], finds={"duplicate_invoice"}),
    Scenario("ordered by the box of 12, invoiced by the piece", [
        customer(), product("P1"), ("unit_conversions", {"product_id": "P1", "unit": "BX", "base_quantity": 12}),
        order("O1", item(10, 60, unit="BX")), invoice("INV-1", billed(120, 5, unit="C62"), order_id="O1"),
    ]),
    Scenario("ordered by the box of 12, invoiced by the piece at the price of a box", [
        customer(), product("P1"), ("unit_conversions", {"product_id": "P1", "unit": "BX", "base_quantity": 12}),
        order("O1", item(10, 60, unit="BX")), invoice("INV-1", billed(120, 60, unit="C62"), order_id="O1"),
    ], finds={"price_differs_from_order"}, also={"unit_mismatch"}),
    Scenario("ordered at a price per piece, invoiced at a price per hundred", [
        customer(), order("O1", item(200, "0.45")), invoice("INV-1", billed(200, 45, price_base_quantity=100), order_id="O1"),
    ]),
    Scenario("price per dozen on order and invoice", [
        customer(), order("O1", item(60, 24, price_base_quantity=12)),
        invoice("INV-1", billed(60, 24, price_base_quantity=12), order_id="O1"),
    ]),
    Scenario("price per hundred taken for a price per piece", [
        customer(), order("O1", item(20, 45, price_base_quantity=100)), invoice("INV-1", billed(20, 45), order_id="O1"),
    ], finds={"price_differs_from_order"}),
    Scenario("price per hundred with a discount that the invoice rounds to the cent", [
        customer(), order("O1", item(9, 845, price_base_quantity=100, discount_share="0.07")),
        invoice("INV-1", billed(9, 845, price_base_quantity=100, discount_amount="5.32"), order_id="O1"),
    ]),
    Scenario("eleven for the price of ten, the eleventh as a free line", [
        customer(), order("O1", TEN, item(1, 50, is_free="true")),
        invoice("INV-1", billed(), billed(1, 0, "O1/2", is_free="true"), order_id="O1"),
    ]),
    Scenario("debit note for freight that was forgotten", [
        customer(), order("O1", TEN), invoice("INV-1", billed(), order_id="O1"),
        invoice("DN-1", item(1, 25, None, description="Freight"), kind="383", corrects_invoice_id="INV-1", on="2025-05-14"),
    ]),
    Scenario("everything came back, and the invoice was cancelled", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-05"), delivery("R1", "O1/1", -10, "2025-05-12"),
        invoice("INV-1", billed(), on="2025-05-06", order_id="O1"),
        invoice("CAN-1", billed(), kind="cancellation", on="2025-05-13", days=None, order_id="O1", corrects_invoice_id="INV-1"),
    ]),
    Scenario("credit note of a euro more than its invoice", [
        customer(), invoice("INV-1", TEN), credit("CN-1", item(1, 501, None), of="INV-1", on="2025-05-20", reason_code="goodwill"),
    ], finds={"credit_above_invoice"}),
    Scenario("goodwill for damaged goods", [
        customer(), invoice("INV-1", TEN), credit("CN-1", item(1, 40, None), of="INV-1", on="2025-05-20", reason_code="goodwill"),
    ]),
    Scenario("eight of ten delivered and invoiced, the order is still open", [
        customer(), order("O1", TEN, status="open"), delivery("D1", "O1/1", 8, "2025-05-05"),
        invoice("INV-1", billed(8), on="2025-05-06", order_id="O1"),
    ]),
    Scenario("eight of ten delivered, ten invoiced", [
        customer(), order("O1", TEN, status="open"), delivery("D1", "O1/1", 8, "2025-05-05"),
        invoice("INV-1", billed(10), on="2025-05-06", order_id="O1"),
    ], finds={"quantity_above_delivered"}),
    Scenario("catch weight by the product: 102 of 100", [
        customer(), product("P1", quantity_tolerance_share="0.02"), order("O1", item(100, 8)), delivery("D1", "O1/1", 102, "2025-05-09"),
        invoice("INV-1", billed(102, 8), order_id="O1"),
    ]),
    Scenario("catch weight by the product: 103 of 100", [
        customer(), product("P1", quantity_tolerance_share="0.02"), order("O1", item(100, 8)), delivery("D1", "O1/1", 103, "2025-05-09"),
        invoice("INV-1", billed(103, 8), order_id="O1"),
    ], finds={"quantity_above_ordered"}),
    Scenario("weekly billing agreed: delivered on Monday, invoiced on Friday of the week after", [
        customer(billing_rhythm="weekly"), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-05"),
        invoice("INV-1", billed(), on="2025-05-16", order_id="O1"),
    ]),
    Scenario("shipped the day after the invoice", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-11"), invoice("INV-1", billed(), on="2025-05-10", order_id="O1"),
    ], finds={"item_not_delivered"}),
    Scenario("a service on the order is not delivered", [
        customer(), product("P1"), product("P2", kind="service"), order("O1", TEN, item(2, 80, "P2"), status="closed"),
        delivery("D1", "O1/1", 10, "2025-05-09"), invoice("INV-1", billed(), billed(2, 80, "O1/2", product_id="P2"), order_id="O1"),
    ]),
    Scenario("self-billed invoice by its code", [
        customer(), order("O1", TEN), invoice("K-2025-44", billed(), kind="389", order_id="O1"),
    ]),
    Scenario("corrected invoice by its code, below zero, after the goods came back", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-04-05"), delivery("R1", "O1/1", -4, "2025-04-20"),
        invoice("INV-1", billed(), on="2025-04-06", order_id="O1"),
        invoice("INV-8", billed(-4), kind="384", on="2025-04-25", order_id="O1", corrects_invoice_id="INV-1", days=None),
    ]),
    Scenario("deposits of two orders, each deducted from its own final invoice", [
        customer(), *[row for n in (1, 2) for row in (
            order(f"O{n}", item(10, 50 + n)),
            invoice(f"DEP-{n}", item(1, 150 + n, None, f"O{n}"), kind="prepayment", on=f"2025-05-0{n}", order_id=f"O{n}"),
            invoice(f"FIN-{n}9", billed(10, 50 + n, f"O{n}/1"), item(-1, 150 + n, None, f"O{n}"), on="2025-05-20", order_id=f"O{n}"),
        )],
    ]),
]  # fmt: skip

MONEY = [
    Scenario("fuel surcharge of 2%, as agreed", [
        customer(), FUEL, invoice("INV-1", TEN, charges=({"amount": 10, "reason_text": "Fuel"},)),
    ]),
    Scenario("fuel surcharge of 3% where 2% is agreed", [
        customer(), FUEL, invoice("INV-1", TEN, charges=({"amount": 15, "reason_text": "Fuel"},)),
    ], finds={"surcharge_not_agreed"}),
    Scenario("price agreed by the day of the invoice", [
        customer(), agreed(net_price_amount=50, valid_until_date="2025-05-06", price_date="invoice"),
        agreed(agreement_id="A2", net_price_amount=52, valid_from_date="2025-05-06", price_date="invoice"),
        order("O1", item(10, 52), on="2025-05-02"), invoice("INV-1", billed(10, 52), on="2025-05-10", order_id="O1"),
    ]),
    Scenario("price of a later agreement for an order of before", [
        customer(), agreed(net_price_amount=50, valid_until_date="2025-05-06"),
        agreed(agreement_id="A2", net_price_amount=52, valid_from_date="2025-05-06"),
        order("O1", item(10, 52), on="2025-05-02"), invoice("INV-1", billed(10, 52), on="2025-05-10", order_id="O1"),
    ], finds={"price_differs_from_agreement"}),
    Scenario("tier of the quarter that is not reached", [
        customer(), agreed(discount_share="0.05", minimum_quantity=1, tier_basis="quarter"),
        agreed(agreement_id="A2", discount_share="0.10", minimum_quantity=100, tier_basis="quarter"),
        order("O1", item(60, 10, discount_share="0.05"), on="2025-03-02"),
        order("O2", item(60, 10, discount_share="0.05"), on="2025-05-20"),
        invoice("INV-1", billed(60, 10, discount_amount=30), on="2025-03-03", order_id="O1"),
        invoice("INV-2", billed(60, 10, "O2/1", discount_amount=30), on="2025-05-21", order_id="O2"),
    ]),
    Scenario("due on the 25th of the next month", [
        customer(payment_terms_id="T1"), terms(net_days=0, fixed_day_of_month=25), invoice("INV-1", TEN, on="2025-05-26", days=30),
    ]),
    Scenario("due on a Saturday, moved to the Friday before", [
        customer(payment_terms_id="T1"), terms(net_days=30, business_day_rule="preceding", holiday_country="NL"),
        invoice("INV-1", TEN, on="2025-05-15", days=29),
    ]),
    Scenario("due on a Saturday that should have moved", [
        customer(payment_terms_id="T1"), terms(net_days=30, business_day_rule="preceding", holiday_country="NL"),
        invoice("INV-1", TEN, on="2025-05-15", days=30),
    ], finds={"due_date_not_by_terms"}),
    Scenario("45 days end of month: 10 January to 28 February", [
        customer(payment_terms_id="T1"), terms(net_days=45, is_end_of_month="true"), invoice("INV-1", TEN, on="2025-01-10", days=49),
    ]),
    Scenario("terms of the order against those of the customer, by which it is due", [
        customer(payment_terms_id="T1"), terms(net_days=30), ("payment_terms", {"payment_terms_id": "T9", "net_days": 60}),
        order("O1", TEN, payment_terms_id="T9"), invoice("INV-1", billed(), order_id="O1", days=60),
    ]),
    Scenario("reverse charge at home, and nothing that says who the buyer is", [
        customer(), invoice("INV-1", item(10, 50, **REVERSED)),
    ], finds={"vat_id_missing_or_invalid"}),
    Scenario("intra-EU delivery to Belgium", [
        customer(country="BE", vat_id="BE0123456749"), invoice("INV-1", item(10, 50, **ABROAD)),
    ]),
    Scenario("intra-EU delivery to Belgium, a wrong check digit in the VAT id", [
        customer(country="BE", vat_id="BE0123456748"), invoice("INV-1", item(10, 50, **ABROAD)),
    ], finds={"vat_id_missing_or_invalid"}),
    Scenario("intra-EU category for a customer at home", [
        customer(vat_id=dutch_vat_id(10000500)), invoice("INV-1", item(10, 50, **ABROAD), seller_country="NL"),
    ], finds={"vat_category_inconsistent"}),
    Scenario("intra-EU category for a customer at home, delivered to Germany", [
        customer(vat_id=dutch_vat_id(10000600)), invoice("INV-1", item(10, 50, **ABROAD), seller_country="NL", deliver_to_country="DE"),
    ]),
    Scenario("export to the United States", [
        customer(country="US"), invoice("INV-1", item(10, 50, vat_category="G", vat_share=0)),
    ]),
    Scenario("export category within the EU", [
        customer(country="FR"), invoice("INV-1", item(10, 50, vat_category="G", vat_share=0)),
    ], finds={"vat_category_inconsistent"}),
    Scenario("reduced rate at home", [customer(), invoice("INV-1", item(10, 50, vat_share="0.09"))]),
    Scenario("reduced rate of Belgium, delivered and sold there", [
        customer(country="BE"), invoice("INV-1", item(10, 50, vat_share="0.06"), deliver_to_country="BE", seller_country="BE"),
    ]),
    Scenario("German rate of the second half of 2020, in its time", [
        customer(country="DE"),
        invoice("INV-1", item(10, 50, vat_share="0.16"), on="2020-09-10", deliver_to_country="DE", seller_country="DE"),
    ]),
    Scenario("German rate of the second half of 2020, five years later", [
        customer(country="DE"), invoice("INV-1", item(10, 50, vat_share="0.16"), deliver_to_country="DE", seller_country="DE"),
    ], finds={"vat_rate_not_valid"}),
    Scenario("five euros of VAT too few", [
        customer(), invoice("INV-1", TEN, vat_amount="100.00", gross_amount="600.00"),
    ], finds={"vat_breakdown_wrong"}),
    Scenario("exempt line with a rate", [
        customer(), invoice("INV-1", item(10, 50, vat_category="E", vat_share="0.21")),
    ], finds={"vat_category_inconsistent"}),
]  # fmt: skip

CASH = [
    Scenario("two invoices paid by one transfer", [
        customer(), invoice("INV-1", item(4, 50)), invoice("INV-2", TEN), payment("P1", 847, "2025-06-02"),
        applied("A1", "INV-1", 242, "2025-06-02", "P1"), applied("A2", "INV-2", 605, "2025-06-02", "P1"),
    ]),
    Scenario("paid in two halves", [
        customer(), invoice("INV-1", TEN), *paid("P1", "INV-1", "302.50", "2025-05-25"), *paid("P2", "INV-1", "302.50", "2025-06-09"),
    ]),
    Scenario("the same payment twice in two days", [
        customer(), invoice("INV-1", TEN), payment("P1", 605, "2025-06-02", reference_text="INV-1"),
        applied("A1", "INV-1", 605, "2025-06-02", "P1"), payment("P2", 605, "2025-06-04", reference_text="INV-1"),
    ], finds={"payment_duplicate"}),
    Scenario("two payments of one amount that say nothing of what they are for", [
        customer(), invoice("INV-1", TEN), invoice("INV-2", item(10, 50, "P2")), *paid("P1", "INV-1", 605, "2025-06-02"),
        *paid("P2", "INV-2", 605, "2025-06-04"),
    ]),
    Scenario("two customers pay one amount with the same words", [
        customer(), customer("C2"), invoice("INV-1", TEN), invoice("INV-2", TEN, to="C2"),
        payment("P1", 605, "2025-06-02", reference_text="May"), applied("A1", "INV-1", 605, "2025-06-02", "P1"),
        payment("P2", 605, "2025-06-03", by="C2", reference_text="May"), applied("A2", "INV-2", 605, "2025-06-03", "P2"),
    ]),
    Scenario("paid nine days before the invoice was made", [
        customer(), invoice("INV-1", TEN), payment("P1", 605, "2025-05-01"), applied("A1", "INV-1", 605, "2025-05-01", "P1"),
    ], finds={"payment_before_invoice"}),
    Scenario("five cents short", [customer(), invoice("INV-1", TEN), *paid("P1", "INV-1", "604.95", "2025-06-02")]),
    Scenario("ten cents short", [
        customer(), invoice("INV-1", TEN), *paid("P1", "INV-1", "604.90", "2025-06-02"),
    ], finds={"short_payment"}),
    Scenario("credit note set off against the next invoice", [
        customer(), invoice("INV-1", TEN, on="2025-04-01"), *paid("P1", "INV-1", 605, "2025-05-01"),
        credit("CN-1", item(1, 100, None), of="INV-1", on="2025-05-05", reason_code="goodwill"), invoice("INV-2", item(6, 50)),
        applied("A7", "INV-2", 121, "2025-05-12", kind="credit_note"), applied("A8", "CN-1", -121, "2025-05-12", kind="credit_note"),
        payment("P2", 242, "2025-06-05"), applied("A9", "INV-2", 242, "2025-06-05", "P2"),
    ]),
    Scenario("uncollectable, and written off", [
        customer(), invoice("INV-1", TEN, on="2025-01-10"), *paid("P1", "INV-1", 5, "2025-03-01"),
        applied("W1", "INV-1", 600, "2025-06-06", kind="write_off"),
    ]),
]  # fmt: skip

PARTIES = [
    Scenario("invoice to a number that was merged into the customer's", [
        customer(), customer("C7", merged_into_customer_id="C1"), order("O1", TEN), invoice("INV-1", billed(), to="C7", order_id="O1"),
    ]),
    Scenario("ordered by a child, invoiced to its parent", [
        customer("C2"), customer(parent_customer_id="C2"), order("O1", TEN), invoice("INV-1", billed(), to="C2", order_id="O1"),
    ]),
    Scenario("invoiced to a sister of who ordered", [
        customer("C0"), customer(parent_customer_id="C0"), customer("C2", parent_customer_id="C0"),
        order("O1", TEN), invoice("INV-1", billed(), to="C2", order_id="O1"),
    ], finds={"wrong_bill_to"}),
    Scenario("invoiced to a stranger", [
        customer(), customer("C2"), order("O1", TEN), invoice("INV-1", billed(), to="C2", order_id="O1"),
    ], finds={"order_of_other_customer"}, also={"wrong_bill_to"}),
    Scenario("ordered the day after the relation ended", [
        customer(ended_date="2025-04-30"), order("O1", TEN), invoice("INV-1", billed(), order_id="O1"),
    ], finds={"customer_blocked_or_ended"}),
    Scenario("order number in lower case with a space before it", [
        customer(), order("O1", TEN, customer_order_number="PO77-A"),
        invoice("INV-1", billed(), order_id="O1", customer_order_number=" po77-a"),
    ]),
    Scenario("two digits of the order number changed places", [
        customer(), order("O1", TEN, customer_order_number="450012"),
        invoice("INV-1", billed(), order_id="O1", customer_order_number="450021"),
    ], finds={"order_number_differs"}),
    Scenario("collective invoice, each line with its order, one order number on the header that is none of theirs", [
        customer(), order("O1", TEN, customer_order_number="PO-1"), order("O2", item(2, 50), customer_order_number="PO-2"),
        invoice("INV-1", billed(), billed(2, 50, "O2/1"), customer_order_number="PO-9"),
    ], finds={"order_number_differs"}),
    Scenario("collective invoice with the order number of one of its orders", [
        customer(), order("O1", TEN, customer_order_number="PO-1"), order("O2", item(2, 50), customer_order_number="PO-2"),
        invoice("INV-1", billed(), billed(2, 50, "O2/1"), customer_order_number="PO-2"),
    ]),
    Scenario("an order that nobody knows", [
        customer(), order("O1", TEN), invoice("INV-1", item(10, 50, of="O8/1"), order_id="O8"),
    ], finds={"unknown_order"}),
]  # fmt: skip

#: A company for which one rule does not hold, with the reason.
SWITCHED_OFF = Scenario("delivered on 2 May, invoiced on 31 May, where the rule is switched off", [
    customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-02"), invoice("INV-1", billed(), on="2025-05-31", order_id="O1"),
], declares={"switched_off_rules": [
    {"error_code": "late_invoicing", "switched_off_by": "J. Smit", "reason": "we bill when the project ends"},
]})  # fmt: skip

SCENARIOS = [SWITCHED_OFF, *BILLING, *MONEY, *CASH, *PARTIES]
