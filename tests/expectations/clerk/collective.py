"""What one agrees, orders, is credited or asked beforehand for several: right events and wrong ones, with rows of their own."""

from __future__ import annotations

from tests.expectations.clerk.billing import TEN, billed
from tests.expectations.clerk.builders import Scenario, applied, credit, customer, delivery, invoice, item, order, paid, payment
from tests.expectations.clerk.money import agreed

HOLDING = [customer(parent_customer_id="C0"), customer("C0"), customer("C2", parent_customer_id="C0")]
FOR_THE_GROUP = {"customer_id": "C0", "holds_for_group": "true"}
TWO_INVOICES = [customer(), invoice("INV-1", TEN), invoice("INV-2", item(2, 50, "P2"))]
ASKED = [customer(), order("O1", TEN), invoice("DEP-1", item(1, 150, None, "O1"), kind="386", on="2025-05-02", order_id="O1")]
ASKED_AND_PAID = [*ASKED, paid("P1", "DEP-1", "181.50", "2025-05-09")]


def names(document: str, *earlier: str) -> list[tuple[str, dict]]:
    """The earlier documents that a document names (BG-3)."""
    return [("invoice_references", {"invoice_id": document, "preceding_invoice_id": number}) for number in earlier]


AGREEMENTS = [
    Scenario("price that the holding agreed, given to its member", [
        *HOLDING, agreed(net_price_amount=50, customer_id="C0"), invoice("INV-1", TEN),
    ]),
    Scenario("price that the holding agreed for its group, given to its member", [
        *HOLDING, agreed(net_price_amount=50, **FOR_THE_GROUP), invoice("INV-1", TEN),
    ]),
    Scenario("price that the holding agreed for its group, not given to its member", [
        *HOLDING, agreed(net_price_amount=50, **FOR_THE_GROUP), invoice("INV-1", item(10, 55)),
    ], finds={"price_differs_from_agreement"}),
    Scenario("price that the holding agreed for itself, and its member pays another", [
        *HOLDING, agreed(net_price_amount=50, customer_id="C0"), invoice("INV-1", item(10, 55)),
    ]),
    Scenario("price that a sister agreed", [
        *HOLDING, agreed(net_price_amount=50, customer_id="C2", holds_for_group="true"), invoice("INV-1", item(10, 55)),
    ]),
    Scenario("a member's own price where its holding agreed another for the group", [
        *HOLDING, agreed(net_price_amount=50, **FOR_THE_GROUP), agreed(agreement_id="A2", net_price_amount=55),
        invoice("INV-1", item(10, 55)),
    ]),
    Scenario("a member that agreed a price of its own pays that of its holding", [
        *HOLDING, agreed(net_price_amount=50, **FOR_THE_GROUP), agreed(agreement_id="A2", net_price_amount=55), invoice("INV-1", TEN),
    ], finds={"price_differs_from_agreement"}),
    Scenario("a member's own price that ended, then that of its holding", [
        *HOLDING, agreed(net_price_amount=50, **FOR_THE_GROUP),
        agreed(agreement_id="A2", net_price_amount=55, valid_until_date="2025-05-01"),
        order("O1", TEN, on="2025-05-02"), invoice("INV-1", billed(), order_id="O1"),
    ]),
    Scenario("discount that the top agreed for all, not given to a grandchild", [
        customer(parent_customer_id="C8"), customer("C8", parent_customer_id="C0"), customer("C0"),
        agreed(discount_share="0.05", **FOR_THE_GROUP), invoice("INV-1", TEN),
    ], finds={"discount_not_applied"}),
    Scenario("discount that the top agreed for all, given to a grandchild", [
        customer(parent_customer_id="C8"), customer("C8", parent_customer_id="C0"), customer("C0"),
        agreed(discount_share="0.05", **FOR_THE_GROUP), invoice("INV-1", item(10, 50, discount_amount=25)),
    ]),
    Scenario("over-delivery that the holding agreed", [
        *HOLDING, agreed(net_price_amount=8, quantity_tolerance_share="0.10", customer_id="C0"), order("O1", item(100, 8)),
        delivery("D1", "O1/1", 105, "2025-05-09"), invoice("INV-1", billed(105, 8), order_id="O1"),
    ]),
    Scenario("over-delivery that a sister agreed", [
        *HOLDING, agreed(net_price_amount=8, quantity_tolerance_share="0.10", customer_id="C2"), order("O1", item(100, 8)),
        delivery("D1", "O1/1", 105, "2025-05-09"), invoice("INV-1", billed(105, 8), order_id="O1"),
    ], finds={"quantity_above_ordered"}),
    Scenario("order on call of the holding, called off by two members", [
        *HOLDING, agreed(net_price_amount=50, **FOR_THE_GROUP), order("O1", item(100, 50), by="C0", on="2025-01-05"),
        *[delivery(f"D{n}", "O1/1", n, f"2025-05-0{n}") for n in (5, 8)],
        invoice("INV-1", billed(5), on="2025-05-06", order_id="O1"), invoice("INV-2", billed(8), on="2025-05-09", to="C2", order_id="O1"),
    ]),
    Scenario("order of the holding for itself, invoiced to a member", [
        *HOLDING, agreed(net_price_amount=50, customer_id="C0"), order("O1", TEN, by="C0"), invoice("INV-1", billed(), order_id="O1"),
    ], finds={"wrong_bill_to"}),
    Scenario("order of a member, invoiced to its sister, where the holding agreed for the group", [
        *HOLDING, agreed(net_price_amount=50, **FOR_THE_GROUP), order("O1", TEN), invoice("INV-1", billed(), to="C2", order_id="O1"),
    ], finds={"wrong_bill_to"}),
]  # fmt: skip

CREDITS = [
    Scenario("credit over two invoices, ten euros more than both", [
        *TWO_INVOICES, credit("CN-1", item(1, 610, None), on="2025-05-20", reason_code="return"), names("CN-1", "INV-1", "INV-2"),
    ], finds={"credit_above_invoice"}),
    Scenario("credit over two invoices, all of both", [
        *TWO_INVOICES, credit("CN-1", item(1, 600, None), on="2025-05-20", reason_code="return"), names("CN-1", "INV-1", "INV-2"),
    ]),
    Scenario("credit over two invoices, of which one was credited before", [
        *TWO_INVOICES, credit("CN-1", item(10, 50), of="INV-1", on="2025-05-14", reason_code="return"),
        credit("CN-2", item(1, 400, None), on="2025-05-20", reason_code="return"), names("CN-2", "INV-1", "INV-2"),
    ], finds={"credit_above_invoice"}),
    Scenario("credit over two invoices, of which one was credited in part before", [
        *TWO_INVOICES, credit("CN-1", item(4, 50), of="INV-1", on="2025-05-14", reason_code="return"),
        credit("CN-2", item(1, 400, None), on="2025-05-20", reason_code="return"), names("CN-2", "INV-1", "INV-2"),
    ]),
    Scenario("two credits over the same two invoices, together more than both", [
        *TWO_INVOICES, credit("CN-1", item(1, 350, None), on="2025-05-14", reason_code="return"), names("CN-1", "INV-1", "INV-2"),
        credit("CN-2", item(1, 350, None), on="2025-05-20", reason_code="return"), names("CN-2", "INV-2", "INV-1"),
    ], finds={"credit_above_invoice"}),
    Scenario("credit over an invoice and one of last year that is not delivered", [
        *TWO_INVOICES, credit("CN-1", item(1, 900, None), on="2025-05-20", reason_code="return"), names("CN-1", "INV-1", "2023-77"),
    ]),
    Scenario("credit over two invoices that names the first of them in its header", [
        *TWO_INVOICES, credit("CN-1", item(1, 590, None), of="INV-1", on="2025-05-20", reason_code="return"),
        names("CN-1", "INV-1", "INV-2"),
    ]),
]  # fmt: skip

PREPAYMENTS = [
    Scenario("final invoice in full beside a prepayment invoice that was paid", [
        *ASKED_AND_PAID, invoice("FIN-9", billed(), on="2025-05-20", order_id="O1"),
    ], finds={"prepayment_not_deducted"}),
    Scenario("final invoice in full, the prepayment invoice was never paid", [
        *ASKED, *paid("P1", "FIN-9", "605.00", "2025-06-09"), invoice("FIN-9", billed(), on="2025-05-20", order_id="O1"),
    ]),
    Scenario("final invoice in full beside a prepayment for another order", [
        *ASKED_AND_PAID, order("O2", item(4, 50)), invoice("FIN-9", billed(4, 50, "O2/1"), on="2025-05-20", order_id="O2"),
    ]),
    Scenario("prepayment that was paid, and the first of two partial deliveries", [
        *ASKED_AND_PAID, invoice("INV-9", billed(5), on="2025-05-20", order_id="O1"),
    ]),
    Scenario("prepayment that was paid, and both partial deliveries billed in full", [
        *ASKED_AND_PAID, invoice("INV-9", billed(5), on="2025-05-20", order_id="O1"),
        invoice("INV-21", billed(5), on="2025-06-05", order_id="O1"),
    ], finds={"prepayment_not_deducted"}),
    Scenario("prepayment deducted by the first of two partial deliveries", [
        *ASKED_AND_PAID, invoice("INV-9", billed(5), item(-1, 150, None, "O1"), on="2025-05-20", order_id="O1"),
        invoice("INV-21", billed(5), on="2025-06-05", order_id="O1"),
    ]),
    Scenario("prepayment that was paid back when the order was billed in full", [
        *ASKED_AND_PAID, payment("P2", "-181.50", "2025-05-19"), applied("A2", "DEP-1", "-181.50", "2025-05-19", "P2"),
        invoice("FIN-9", billed(), on="2025-05-20", order_id="O1"),
    ], also={"short_payment"}),
    Scenario("prepayment deducted by an allowance on the final invoice", [
        *ASKED_AND_PAID,
        invoice("FIN-9", billed(), on="2025-05-20", order_id="O1", net_amount=350, vat_amount="73.50", gross_amount="423.50",
                allowance_amount=150, charge_amount=0),
        ("invoice_allowances", {"invoice_id": "FIN-9", "allowance_number": "1", "is_charge": "false", "amount": 150,
                                "vat_category": "S", "vat_share": "0.21", "reason_text": "Prepayment DEP-1"}),
    ]),
    Scenario("forgotten prepayment, credited the week after", [
        *ASKED_AND_PAID, invoice("FIN-9", billed(), on="2025-05-20", order_id="O1"),
        credit("CN-1", item(1, 150, None), of="FIN-9", on="2025-05-27", reason_code="administrative"),
    ]),
    Scenario("collective final invoice that deducts the prepayment of one of its two orders", [
        *ASKED_AND_PAID, order("O2", item(4, 50)),
        invoice("DEP-7", item(1, 60, None, "O2"), kind="386", on="2025-05-03", order_id="O2"), paid("P7", "DEP-7", "72.60", "2025-05-10"),
        invoice("FIN-9", billed(), item(-1, 150, None, "O1"), billed(4, 50, "O2/1"), on="2025-05-20"),
    ], finds={"prepayment_not_deducted"}),
]  # fmt: skip

SCENARIOS = [*AGREEMENTS, *CREDITS, *PREPAYMENTS]
