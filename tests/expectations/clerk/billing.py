"""Scenarios of billing: deposits, instalments, subscriptions, call-offs, returns, and what stands twice."""

from __future__ import annotations

from tests.expectations.clerk.builders import (
    Scenario,
    applied,
    credit,
    customer,
    day_after,
    delivery,
    invoice,
    item,
    order,
    paid,
    payment,
    product,
)

TEN = item(10, 50)


def billed(quantity: float = 10, price: float = 50, of: str = "O1/1", **extra) -> dict:
    return item(quantity, price, of=of, **extra)


SCENARIOS = [
    Scenario("pro-forma first, then the real invoice", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-09"),
        invoice("PF-1", billed(), kind="pro_forma", on="2025-05-02", order_id="O1"), invoice("INV-1", billed(), order_id="O1"),
    ]),
    Scenario("pro-forma by its code of the standard", [
        customer(), order("O1", TEN), invoice("7001", billed(), kind="325", on="2025-05-02", order_id="O1"),
        invoice("INV-1", billed(), kind="380", order_id="O1"),
    ]),
    Scenario("deposit of 30%, and a final invoice that deducts it", [
        customer(), order("O1", TEN),
        invoice("DEP-1", item(1, 150, None, "O1"), on="2025-05-02", order_id="O1"),
        invoice("FIN-9", billed(), item(-1, 150, None, "O1"), on="2025-05-20", order_id="O1"),
    ]),
    Scenario("two deposits of an order, deducted as one line", [
        customer(), order("O1", TEN),
        invoice("DEP-1", item(1, 150, None), kind="prepayment", on="2025-05-02", order_id="O1"),
        invoice("DEP-5", item(1, 100, None), kind="386", on="2025-05-06", order_id="O1"),
        invoice("FIN-9", billed(), item(-1, 250, None), kind="final", on="2025-05-20", order_id="O1"),
    ]),
    Scenario("a prepayment invoice that is paid, and a final invoice that states it as paid in advance", [
        customer(), order("O1", TEN), invoice("DEP-1", item(1, 150, None), kind="386", on="2025-05-02", order_id="O1"),
        *paid("P1", "DEP-1", "181.50", "2025-05-09"),
        invoice("FIN-9", billed(), kind="final", on="2025-05-20", order_id="O1", prepaid_amount="181.50", due_amount="423.50"),
        *paid("P2", "FIN-9", "423.50", "2025-06-10"),
    ]),
    Scenario("the same, the money of the prepayment invoice applied to the final one", [
        customer(), order("O1", TEN), invoice("DEP-1", item(1, 150, None), kind="386", on="2025-05-02", order_id="O1"),
        invoice("FIN-9", billed(), kind="final", on="2025-05-20", order_id="O1", prepaid_amount="181.50", due_amount="423.50"),
        payment("P1", "181.50", "2025-05-09"), applied("A1", "FIN-9", "181.50", "2025-05-20", "P1", kind="prepayment"),
        *paid("P2", "FIN-9", "423.50", "2025-06-10"),
    ]),
    Scenario("an advance on the final invoice that is more than what was asked before", [
        customer(), order("O1", TEN), invoice("DEP-1", item(1, 150, None), kind="386", on="2025-05-02", order_id="O1"),
        *paid("P1", "DEP-1", "181.50", "2025-05-09"),
        invoice("FIN-9", billed(), kind="final", on="2025-05-20", order_id="O1", prepaid_amount="201.50", due_amount="403.50"),
        *paid("P2", "FIN-9", "403.50", "2025-06-10"),
    ], finds={"prepayment_not_applied"}),
    Scenario("a negative line that takes back what was never billed", [
        customer(), order("O1", TEN), invoice("INV-1", billed(), item(-1, 5, None), order_id="O1"),
    ], finds={"negative_quantity_on_invoice"}),
    Scenario("instalments: an order line of 1 at 1200 billed in three thirds of its price", [
        customer(payment_terms_id="T3"), order("O1", item(1, 1200, "P1")),
        ("payment_terms", {"payment_terms_id": "T3", "net_days": 30}),
        *[("payment_terms_steps", {"payment_terms_id": "T3", "kind": "instalment", "step_number": n, "days": 30 * n, "share": share})
          for n, share in ((1, "0.333333"), (2, "0.333333"), (3, "0.333334"))],
        *[invoice(f"INV-{n}", item(1, 400, of="O1/1"), kind="partial", on=f"2025-0{n + 2}-10", order_id="O1") for n in (1, 2, 3)],
    ]),
    Scenario("instalments in fractions of the quantity", [
        customer(), order("O1", item(1, 1200)),
        invoice("INV-1", item("0.3333", 1200, of="O1/1"), on="2025-05-01", order_id="O1"),
        invoice("INV-5", item("0.3333", 1200, of="O1/1"), on="2025-05-20", order_id="O1"),
        invoice("INV-9", item("0.3334", 1200, of="O1/1"), on="2025-06-10", order_id="O1"),
    ]),
    Scenario("an order of 10 delivered and invoiced in two halves", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 5, "2025-05-05"), delivery("D2", "O1/1", 5, "2025-05-12"),
        invoice("INV-1", billed(5), on="2025-05-06", order_id="O1"), invoice("INV-8", billed(5), on="2025-05-13", order_id="O1"),
    ]),
    Scenario("one of the halves billed twice", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 5, "2025-05-05"),
        invoice("INV-1", billed(5), on="2025-05-06", order_id="O1"), invoice("INV-8", billed(5), on="2025-05-07", order_id="O1"),
    ], finds={"duplicate_invoice"}, also={"quantity_above_delivered", "rebilled_without_credit"}),
    Scenario("blanket order over 12 months, called off and billed by the month", [
        customer(), order("O1", item(120, 50), on="2025-01-02"),
        *[delivery(f"D{m}", "O1/1", 10, f"2025-0{m}-05") for m in range(1, 6)],
        *[invoice(f"INV-{m}{m}", billed(10), on=f"2025-0{m}-06", order_id="O1") for m in range(1, 6)],
    ]),
    Scenario("blanket order without deliveries, header names the order alone", [
        customer(), order("O1", item(120, 50), on="2025-01-02"),
        *[invoice(f"INV-{m}{m}", item(10, 50), on=f"2025-05-{m:02}", order_id="O1") for m in (1, 11, 21)],
    ]),
    Scenario("subscription with an order line of 12 months, billed by the month", [
        customer(), product("P1", kind="subscription"), order("O1", item(12, 99), on="2025-01-01"), delivery("D0", "O9/1", 1, "2025-01-01"),
        order("O9", item(1, 1), on="2025-01-01"),
        invoice("INV-90", item(1, 1, of="O9/1"), on="2025-01-01", order_id="O9"),
        *[invoice(f"INV-{m}{m}", item(1, 99, of="O1/1"), on=f"2025-0{m}-01", order_id="O1") for m in range(1, 6)],
    ]),
    Scenario("subscription without order: the same amount every month, numbers of a small seller", [
        customer(), *[invoice(f"2025-00{m}", item(1, 99, None), on=f"2025-0{m}-01") for m in range(1, 6)],
    ]),
    Scenario("weekly standing delivery without order reference", [
        customer(), *[invoice(f"F{n}", item(4, 25), on=day_after("2025-05-01", 7 * i)) for i, n in enumerate((1040, 1391, 1777, 2106))],
    ]),
    Scenario("duplicate with a suffix: 0001 and 0001A", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-05"),
        invoice("0001", billed(), on="2025-05-06", order_id="O1"), invoice("0001A", billed(), on="2025-05-08", order_id="O1"),
    ], finds={"duplicate_invoice", "quantity_above_delivered", "quantity_above_ordered", "rebilled_without_credit"}),
    Scenario("duplicate with a suffix without order: INV-1 and INV1", [
        customer(), invoice("INV-1", item(1, 80, None), on="2025-05-06"), invoice("INV1", item(1, 80, None), on="2025-05-09"),
    ], finds={"near_duplicate_number"}),
    Scenario("the same number typed INV-2 and INV2, for another amount and customer, no series", [
        customer(), customer("C2"), invoice("INV-2", item(1, 80, None), on="2025-05-06"),
        invoice("INV2", item(1, 95, None), to="C2", on="2025-05-09"),
    ], finds={"duplicate_number"}),
    Scenario("numbers of two parts that only look alike without their separators", [
        customer(), customer("C2"), invoice("2025-1-12", item(1, 80, None), on="2025-05-06"),
        invoice("2025-11-2", item(1, 95, None), to="C2", on="2025-05-09"),
    ]),
    Scenario("billed twice without order on one day, numbers far apart", [
        customer(), invoice("INV-104", item(4, 20)), invoice("INV-877", item(4, 20)),
    ], finds={"duplicate_invoice"}),
    Scenario("two equal jobs of one day, described apart", [
        customer(), invoice("INV-104", item(1, 80, None, description="Repair of lift 1")),
        invoice("INV-877", item(1, 80, None, description="Repair of lift 2")),
    ]),
    Scenario("debit note that raises the price by 5 a piece", [
        customer(), product("P1", unit_cost_amount=30, list_price_amount=60, currency="EUR"),
        order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-05"),
        invoice("INV-1", billed(), on="2025-05-06", order_id="O1"),
        invoice("DN-1", billed(10, 5), kind="debit_note", on="2025-05-16", order_id="O1", corrects_invoice_id="INV-1"),
    ]),
    Scenario("return as a negative line of the next invoice, the goods came back", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-04-05"), delivery("R1", "O1/1", -2, "2025-04-20"),
        invoice("INV-1", billed(), on="2025-04-06", order_id="O1"),
        order("O2", item(3, 50), on="2025-05-20"), delivery("D2", "O2/1", 3, "2025-05-22"),
        invoice("INV-7", billed(3, 50, "O2/1"), billed(-2, 50, "O1/1"), on="2025-05-23", order_id="O2"),
    ]),
    Scenario("the same, the line names no order", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-04-05"), delivery("R1", "O1/1", -2, "2025-04-20"),
        invoice("INV-1", billed(), on="2025-04-06", order_id="O1"),
        order("O2", item(3, 70, "P2"), on="2025-05-20"), delivery("D2", "O2/1", 3, "2025-05-22"),
        invoice("INV-7", billed(3, 70, "O2/1", product_id="P2"), item(-2, 50), on="2025-05-23", order_id="O2"),
    ]),
    Scenario("correcting invoice, negative, that names the invoice it corrects", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-04-05"), delivery("R1", "O1/1", -10, "2025-04-20"),
        invoice("INV-1", billed(), on="2025-04-06", order_id="O1"),
        invoice("INV-8", billed(-10), on="2025-05-06", order_id="O1", corrects_invoice_id="INV-1", days=None),
    ]),
    Scenario("price credit, then the same pieces billed again at another price", [
        customer(), order("O1", TEN), invoice("INV-1", billed(10, 55), on="2025-05-06", order_id="O1"),
        credit("CN-1", billed(10, 5), of="INV-1", on="2025-05-12", order_id="O1", reason_code="price_error"),
        invoice("INV-5", billed(10, 52), on="2025-05-14", order_id="O1"),
    ], finds={"rebilled_without_credit"},
        also={"credit_for_own_error", "price_differs_from_order", "quantity_above_ordered"}),
    Scenario("price credit: 10 pieces x 5.00 too much", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-05"),
        invoice("INV-1", billed(10, 55), on="2025-05-06", order_id="O1"),
        credit("CN-1", billed(10, 5), of="INV-1", on="2025-05-12", order_id="O1", reason_code="price_error"),
    ], finds={"credit_for_own_error", "price_differs_from_order"}),
    Scenario("partial credit by quantity: 2 of 10 came back", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-05"), delivery("R1", "O1/1", -2, "2025-05-15"),
        invoice("INV-1", billed(), on="2025-05-06", order_id="O1"),
        credit("CN-1", billed(2), of="INV-1", on="2025-05-20", order_id="O1", reason_code="return"),
    ]),
    Scenario("credit and re-bill over the month end at the same amount", [
        customer(), order("O1", TEN), invoice("INV-1", billed(), on="2025-05-20", order_id="O1"),
        credit("CN-1", billed(), of="INV-1", on="2025-05-28", order_id="O1", reason_code="administrative"),
        invoice("INV-9", billed(), on="2025-06-02", order_id="O1"),
    ], finds={"needless_credit"}),
    Scenario("year-end bonus over many invoices", [
        customer(), invoice("INV-1", item(10, 50), on="2025-02-06"), invoice("INV-2", item(14, 50), on="2025-03-06"),
        credit("CN-1", item(1, 60, None), on="2025-06-12", reason_code="volume_bonus"),
        credit("CN-2", item(1, 61, None), on="2025-06-13", period_start_date="2025-01-01", period_end_date="2025-06-12"),
    ]),
    Scenario("credit note that names several invoices by reference", [
        customer(), invoice("INV-1", item(10, 50), on="2025-02-06"), invoice("INV-2", item(14, 50), on="2025-03-06"),
        credit("CN-1", item(1, 60, None), on="2025-06-12"),
        *[("invoice_references", {"invoice_id": "CN-1", "preceding_invoice_id": number}) for number in ("INV-1", "INV-2")],
    ]),
    Scenario("a part of the order cancelled after it was delivered in part", [
        customer(), order("O1", TEN, cancelled_at="2025-05-08 09:00:00"), delivery("D1", "O1/1", 6, "2025-05-05"),
        invoice("INV-1", billed(6), on="2025-05-10", order_id="O1"),
    ]),
    Scenario("an invoice of what was cancelled", [
        customer(), order("O1", TEN, cancelled_at="2025-05-08 09:00:00"), delivery("D1", "O9/1", 6, "2025-05-05"),
        order("O9", item(6, 50)), invoice("INV-2", billed(6, 50, "O9/1"), on="2025-05-10", order_id="O9"),
        invoice("INV-1", billed(6), on="2025-05-10", order_id="O1"),
    ], finds={"invoiced_after_cancellation"}, also={"item_not_delivered"}),
    Scenario("self-billing in the customer's own numbers", [
        customer(), order("O1", TEN), invoice("SB/2025/0004", billed(), kind="self_billed", order_id="O1"),
        *paid("P1", "SB/2025/0004", 605, "2025-06-05"),
    ]),
    Scenario("bank charges deducted and written off", [
        customer(), invoice("INV-1", item(10, 50)), *paid("P1", "INV-1", "592.50", "2025-06-05"),
        applied("W1", "INV-1", "12.50", "2025-06-06", kind="write_off"),
    ]),
]  # fmt: skip
