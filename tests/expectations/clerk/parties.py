"""Scenarios of references and parties: orders of several kinds, groups, branches, order numbers."""

from __future__ import annotations

from tests.expectations.clerk.billing import TEN, billed
from tests.expectations.clerk.builders import (
    Scenario,
    applied,
    customer,
    delivery,
    dutch_vat_id,
    invoice,
    item,
    order,
    paid,
    payment,
    product,
)

THREE_ORDERS = [order(f"O{n}", item(n, 50)) for n in (1, 2, 3)]

SCENARIOS = [
    Scenario("collective invoice over three orders, the header names none", [
        customer(), *THREE_ORDERS, invoice("INV-1", *[billed(n, 50, f"O{n}/1") for n in (1, 2, 3)]),
    ]),
    Scenario("collective invoice: one of its three orders belongs to another customer", [
        customer(), customer("C2"), *THREE_ORDERS[:2], order("O3", item(3, 50), by="C2"),
        invoice("INV-1", *[billed(n, 50, f"O{n}/1") for n in (1, 2, 3)]),
    ], finds={"order_of_other_customer"}, also={"wrong_bill_to"}),
    Scenario("the header names the own order, one line an order of another customer", [
        customer(), customer("C2"), order("O1", TEN), order("O2", item(2, 50), by="C2"),
        invoice("INV-1", billed(), billed(2, 50, "O2/1"), order_id="O1"),
    ], finds={"order_of_other_customer"}, also={"wrong_bill_to"}),
    Scenario("weekly collective invoice of a week with one order", [
        customer(billing_rhythm="weekly"), order("O1", TEN), invoice("INV-1", billed()),
    ]),
    Scenario("product that is not on the order, the line names the order and no order line", [
        customer(), product("P1"), product("P2"), order("O1", TEN), invoice("INV-1", billed(), item(1, 20, "P2", "O1"), order_id="O1"),
    ], finds={"item_not_ordered"}),
    Scenario("freight as an invoice line without order line", [
        customer(), product("P1"), product("FRT"), order("O1", TEN), invoice("INV-1", billed(), item(1, 20, "FRT"), order_id="O1"),
    ]),
    Scenario("freight that names the order, and is known for freight", [
        customer(), product("P1"), product("FRT", kind="freight"), order("O1", TEN),
        invoice("INV-1", billed(), item(1, 20, "FRT", "O1"), order_id="O1"),
    ]),
    Scenario("freight as an order line that is never delivered", [
        customer(), product("P1", kind="goods"), product("FRT", kind="freight"), order("O1", TEN, item(1, 20, "FRT"), status="closed"),
        delivery("D1", "O1/1", 10, "2025-05-09"), invoice("INV-1", billed(), billed(1, 20, "O1/2", product_id="FRT"), order_id="O1"),
    ]),
    Scenario("a third party delivers", [
        customer(), product("P1"), order("O1", TEN, item(1, 20, is_drop_shipped="true")),
        delivery("D1", "O1/1", 10, "2025-05-09"), invoice("INV-1", billed(), billed(1, 20, "O1/2"), order_id="O1"),
    ]),
    Scenario("prepayment by agreement: invoiced before delivery", [
        customer(payment_terms_id="PRE"), ("payment_terms", {"payment_terms_id": "PRE", "net_days": 0, "is_prepayment": "true"}),
        order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-20"), invoice("INV-1", billed(), on="2025-05-02", days=0, order_id="O1"),
    ]),
    Scenario("prepayment by the kind of the document", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-20"),
        invoice("INV-1", billed(), kind="prepayment", on="2025-05-02", order_id="O1"),
    ]),
    Scenario("invoiced before delivery without such an agreement", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-20"),
        invoice("INV-1", billed(), on="2025-05-02", order_id="O1"),
    ], finds={"item_not_delivered"}),
    Scenario("two branches of one legal entity", [
        customer(vat_id=dutch_vat_id(10000100), legal_entity_id="E1"),
        customer("C2", vat_id=dutch_vat_id(10000100), legal_entity_id="E1"),
        invoice("INV-1", TEN), invoice("INV-2", TEN, to="C2"),
    ]),
    Scenario("two branches under one parent", [
        customer("C0"), customer(vat_id=dutch_vat_id(10000200), parent_customer_id="C0"),
        customer("C2", vat_id=dutch_vat_id(10000200), parent_customer_id="C0"), invoice("INV-1", TEN),
    ]),
    Scenario("the same customer twice", [
        customer(vat_id=dutch_vat_id(10000300)), customer("C2", vat_id=dutch_vat_id(10000300).replace("NL", "nl ")), invoice("INV-1", TEN),
    ], finds={"customer_twice"}),
    Scenario("customer number with leading zeros on the invoice", [
        customer("123"), invoice("LZ-1", TEN, to="000123"), order("LO-1", TEN, by="00123"),
    ], plain_ids=True),
    Scenario("customer number by an alias", [
        customer(), ("customer_aliases", {"alias_id": "DEB-77", "customer_id": "C1"}), invoice("INV-1", TEN, to="DEB-77"),
    ]),
    Scenario("a customer that nobody knows", [customer(), invoice("INV-1", TEN, to="C9")], finds={"unknown_customer"}),
    Scenario("order number missing at a customer that requires it", [
        customer(is_order_number_required="true"), order("O1", TEN), invoice("INV-1", billed(), order_id="O1"),
    ], finds={"order_number_missing"}),
    Scenario("collection costs outside VAT, no order", [
        customer(), invoice("INV-1", item(1, 40, None, vat_category="O", vat_share=0, description="Collection costs")),
    ]),
    Scenario("collection costs to a customer that requires order numbers", [
        customer(is_order_number_required="true"),
        invoice("INV-1", item(1, 40, None, vat_category="O", vat_share=0, description="Collection costs")),
    ]),
    Scenario("a debit note to a customer that requires order numbers on invoices", [
        customer(is_order_number_required="true", order_number_document_types="invoice, prepayment"), order("O1", TEN),
        invoice("INV-1", billed(), order_id="O1", customer_order_number="PO1"),
        invoice("DN-1", item(1, 15, None), kind="debit_note", corrects_invoice_id="INV-1", on="2025-05-12"),
    ]),
    Scenario("order number with other punctuation", [
        customer(), order("O1", TEN, customer_order_number="PO-2025/0012"),
        invoice("INV-1", billed(), order_id="O1", customer_order_number="PO 2025.0012"),
    ]),
    Scenario("order number read wrong: O for 0", [
        customer(), order("O1", TEN, customer_order_number="4500012O"),
        invoice("INV-1", billed(), order_id="O1", customer_order_number="45000120"),
    ], finds={"order_number_differs"}),
    Scenario("the top holding pays for its grandchild", [
        customer("C3"), customer("C2", parent_customer_id="C3"), customer(parent_customer_id="C2"),
        invoice("INV-1", TEN), payment("P1", 605, "2025-06-01", by="C3"), applied("A1", "INV-1", 605, "2025-06-01", "P1"),
    ]),
    Scenario("a parent pays for its child", [
        customer("C2"), customer(parent_customer_id="C2"),
        invoice("INV-1", TEN), payment("P1", 605, "2025-06-01", by="C2"), applied("A1", "INV-1", 605, "2025-06-01", "P1"),
    ]),
    Scenario("a third party pays while it may", [
        customer("C2"), customer(),
        ("third_party_payers", {"customer_id": "C1", "payer_customer_id": "C2", "valid_from_date": "2025-01-01",
                                "valid_until_date": "2025-06-02"}),
        invoice("INV-1", TEN), payment("P1", 605, "2025-06-01", by="C2"), applied("A1", "INV-1", 605, "2025-06-01", "P1"),
    ]),
    Scenario("a third party pays when it may no longer", [
        customer("C2"), customer(),
        ("third_party_payers", {"customer_id": "C1", "payer_customer_id": "C2", "valid_from_date": "2025-01-01",
                                "valid_until_date": "2025-06-01"}),
        invoice("INV-1", TEN), payment("P1", 605, "2025-06-01", by="C2"), applied("A1", "INV-1", 605, "2025-06-01", "P1"),
    ], finds={"allocated_to_other_customer"}),
    Scenario("invoice to the grandparent of the customer who ordered", [
        customer("C3"), customer("C2", parent_customer_id="C3"), customer(parent_customer_id="C2"),
        order("O1", TEN), invoice("INV-1", billed(), to="C3", order_id="O1"),
    ]),
    Scenario("order accepted from a blocked customer", [
        customer(is_blocked="true"), order("O1", TEN), invoice("INV-1", billed(), order_id="O1"),
    ], finds={"customer_blocked_or_ended"}),
    Scenario("order accepted before the customer was blocked", [
        customer(is_blocked="true", blocked_date="2025-05-02"), order("O1", TEN), invoice("INV-1", billed(), order_id="O1"),
    ]),
    Scenario("order in USD, invoice in EUR at the rate agreed in the order", [
        customer(), order("O1", item(10, "55"), currency="USD", invoice_currency="EUR", invoice_rate="0.9"),
        invoice("INV-1", billed(10, "49.50"), order_id="O1"),
    ]),
    Scenario("order in USD, invoice in EUR without such an agreement", [
        customer(), order("O1", item(10, "55"), currency="USD"), invoice("INV-1", billed(10, "49.50"), order_id="O1"),
    ], finds={"currency_differs"}),
    Scenario("monthly billing agreed: delivered on 2 May, invoiced on 31 May", [
        customer(billing_rhythm="monthly"), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-02"),
        invoice("INV-1", billed(), on="2025-05-31", order_id="O1"),
    ]),
    Scenario("the same without such an agreement", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-02"),
        invoice("INV-1", billed(), on="2025-05-31", order_id="O1"),
    ], finds={"late_invoicing"}),
    Scenario("catch weight: 98.7 of 100 kg", [
        customer(), order("O1", item(100, 8, unit="KGM"), status="closed"), delivery("D1", "O1/1", "98.7", "2025-05-09"),
        invoice("INV-1", billed("98.7", 8, unit="KGM"), order_id="O1"), *paid("P1", "INV-1", "955.42", "2025-06-05"),
    ]),
    Scenario("catch weight: 101.2 of 100 kg, delivered and invoiced", [
        customer(), order("O1", item(100, 8, unit="kg"), status="closed"), delivery("D1", "O1/1", "101.2", "2025-05-09"),
        invoice("INV-1", billed("101.2", 8, unit="kg"), order_id="O1"),
    ]),
    Scenario("agreed over-delivery of 10%: 105 of 100", [
        customer(quantity_tolerance_share="0.10"), order("O1", item(100, 8)), delivery("D1", "O1/1", 105, "2025-05-09"),
        invoice("INV-1", billed(105, 8), order_id="O1"),
    ]),
    Scenario("over-delivery beyond what is agreed", [
        customer(quantity_tolerance_share="0.04"), order("O1", item(100, 8)), delivery("D1", "O1/1", 105, "2025-05-09"),
        invoice("INV-1", billed(105, 8), order_id="O1"),
    ], finds={"quantity_above_ordered"}),
]  # fmt: skip
