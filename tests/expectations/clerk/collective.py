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

#: A credit note over 121 of an invoice over 605.
CREDITED = [customer(), invoice("INV-1", TEN), credit("CN-1", item(2, 50), of="INV-1", on="2025-05-14", reason_code="goodwill")]
#: A credit note over 60.50 of the first of two invoices, over 242 and 363.
ON_ACCOUNT = [
    customer(), invoice("INV-11", item(2, 100)), invoice("INV-22", item(3, 100)),
    credit("CN-1", item(1, 50, None), of="INV-11", on="2025-05-20", reason_code="goodwill"),
]  # fmt: skip


def set_off(number: int, against: str, on: str) -> list:
    """Both sides of the credit note that is set off in full against an invoice."""
    return [
        applied(f"A{number}", against, "60.50", on, kind="credit_note"),
        applied(f"B{number}", "CN-1", "-60.50", on, kind="credit_note"),
    ]


CREDITS_TAKEN_BACK = [
    Scenario("credit cancelled by a document below zero", [
        *CREDITED, invoice("CAN-1", item(-2, 50), kind="cancellation", on="2025-05-15", days=None, corrects_invoice_id="CN-1"),
    ]),
    Scenario("credit cancelled by a document above zero, which credits it once more", [
        *CREDITED, invoice("CAN-1", item(2, 50), kind="cancellation", on="2025-05-15", days=None, corrects_invoice_id="CN-1"),
    ], finds={"cancellation_not_netted"}),
    Scenario("credit cancelled by another amount", [
        *CREDITED, invoice("CAN-1", item(-1, 50), kind="cancellation", on="2025-05-15", days=None, corrects_invoice_id="CN-1"),
    ], finds={"cancellation_not_netted"}),
    Scenario("credit cancelled, then all of the invoice credited", [
        *CREDITED, invoice("CAN-1", item(-2, 50), kind="cancellation", on="2025-05-15", days=None, corrects_invoice_id="CN-1"),
        credit("CN-2", TEN, of="INV-1", on="2025-05-20", reason_code="return"),
    ]),
    Scenario("credit taken back by a debit note, then all of the invoice credited", [
        *CREDITED, invoice("DN-1", item(2, 50), kind="debit_note", on="2025-05-15", corrects_invoice_id="CN-1"),
        credit("CN-2", TEN, of="INV-1", on="2025-05-20", reason_code="return"),
    ]),
    Scenario("half of a credit taken back by a debit note, then all of the invoice credited", [
        *CREDITED, invoice("DN-1", item(1, 50), kind="debit_note", on="2025-05-15", corrects_invoice_id="CN-1"),
        credit("CN-2", TEN, of="INV-1", on="2025-05-20", reason_code="return"),
    ], finds={"credit_above_invoice"}),
    Scenario("credited in two halves, the VAT of each rounded up", [
        customer(), invoice("INV-1", item(2, "12.50", vat_share="0.09")),
        *[credit(f"CN-{n}", item(1, "12.50", vat_share="0.09"), of="INV-1", on=f"2025-05-1{n}", reason_code="return") for n in (4, 6)],
    ]),
    Scenario("credited in two parts, a cent of net beyond the invoice", [
        customer(), invoice("INV-1", item(2, "12.50", vat_share="0.09")),
        *[credit(f"CN-{n}", item(1, price, vat_share="0.09"), of="INV-1", on=f"2025-05-1{n}", reason_code="return")
          for n, price in ((4, "12.50"), (6, "12.51"))],
    ], finds={"credit_above_invoice"}),
    Scenario("credit note set off against two invoices, both times in full", [
        *ON_ACCOUNT, set_off(1, "INV-11", "2025-06-02"), set_off(2, "INV-22", "2025-06-05"),
        paid("P1", "INV-11", "181.50", "2025-06-02"), paid("P2", "INV-22", "302.50", "2025-06-05"),
    ], finds={"overallocated"}),
    Scenario("credit note set off against one invoice, taken off it and set off against another", [
        *ON_ACCOUNT, set_off(1, "INV-11", "2025-06-02"), applied("A3", "INV-11", "-60.50", "2025-06-04", kind="credit_note"),
        applied("A4", "CN-1", "60.50", "2025-06-04", kind="credit_note"), set_off(2, "INV-22", "2025-06-05"),
        paid("P1", "INV-11", "242.00", "2025-06-04"), paid("P2", "INV-22", "302.50", "2025-06-05"),
    ]),
    Scenario("credit note paid out twice", [
        *ON_ACCOUNT, paid("P1", "INV-11", 242, "2025-05-15"),
        *[row for n in (3, 6) for row in (payment(f"P{n}", "-60.50", f"2025-05-2{n}"),
                                          applied(f"A{n}", "CN-1", "-60.50", f"2025-05-2{n}", f"P{n}"))],
    ], finds={"overallocated"}),
    Scenario("credit note set off in part, the rest of it paid out", [
        *ON_ACCOUNT, paid("P1", "INV-11", 242, "2025-05-15"), applied("A2", "INV-22", 40, "2025-05-26", kind="credit_note"),
        applied("A3", "CN-1", -40, "2025-05-26", kind="credit_note"), payment("P2", "-20.50", "2025-05-28"),
        applied("A4", "CN-1", "-20.50", "2025-05-28", "P2"), paid("P3", "INV-22", 323, "2025-05-28"),
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

SCENARIOS = [*AGREEMENTS, *CREDITS, *CREDITS_TAKEN_BACK, *PREPAYMENTS]
