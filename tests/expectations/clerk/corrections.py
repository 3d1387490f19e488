"""What is credited, cancelled or billed in other units: right events and wrong ones, with rows of their own."""

from __future__ import annotations

from tests.expectations.clerk.billing import TEN, billed
from tests.expectations.clerk.builders import Scenario, credit, customer, day_after, delivery, invoice, item, order, product
from tests.expectations.clerk.money import agreed
from tests.expectations.clerk.rarer import allowance

SCENARIOS = [
    Scenario(
        "credit in dollars of a euro invoice",
        [
            customer(),
            *[("exchange_rates", {"rate_date": f"2025-05-{d:02}", "currency": "USD", "rate": "0.90"}) for d in (2, 9, 16, 22)],
            invoice("INV-1", TEN),
            credit("CN-1", item(10, "55.55"), of="INV-1", on="2025-05-20", currency="USD", reason_code="return"),
        ],
        also={"credit_for_own_error"},
    ),
    Scenario(
        "credit includes the debit note",
        [
            customer(),
            invoice("INV-1", TEN),
            invoice("DN-1", item(10, 5), kind="debit_note", corrects_invoice_id="INV-1", on="2025-05-15"),
            credit("CN-1", item(10, 55), of="INV-1", on="2025-05-20", reason_code="return"),
        ],
    ),
    Scenario(
        "one month's call-off came back, next month's goes out",
        [
            customer(),
            order("O1", item(120, 50), on="2025-01-02"),
            *[delivery(f"D{m}", "O1/1", 10, f"2025-0{m}-05") for m in (4, 5, 6)],
            delivery("R1", "O1/1", -10, "2025-05-20"),
            *[invoice(f"INV-{m}{m}", billed(10), on=f"2025-0{m}-06", order_id="O1") for m in (4, 5, 6)],
            credit("CN-1", billed(10), of="INV-55", on="2025-05-22", order_id="O1", reason_code="return"),
        ],
    ),
    Scenario(
        "a month's subscription credited for an outage, next month billed",
        [
            customer(),
            product("P1", kind="subscription"),
            order("O1", item(12, 99), on="2025-01-01"),
            *[
                invoice(
                    f"INV-{m}{m}",
                    item(1, 99, of="O1/1", period_start_date=f"2025-0{m}-01", period_end_date=f"2025-0{m}-28"),
                    on=f"2025-0{m}-01",
                    order_id="O1",
                )
                for m in (4, 5, 6)
            ],
            credit("CN-1", item(1, 99, of="O1/1"), of="INV-55", on="2025-05-22", order_id="O1", reason_code="goodwill"),
        ],
    ),
    Scenario(
        "returned before the invoice: 8 of 10 billed",
        [
            customer(),
            order("O1", TEN),
            delivery("D1", "O1/1", 10, "2025-04-28"),
            delivery("R1", "O1/1", -2, "2025-05-02"),
            invoice("INV-1", billed(8), on="2025-05-05", order_id="O1"),
        ],
    ),
    Scenario(
        "exchange: two came back and two others went out",
        [
            customer(),
            order("O1", TEN),
            delivery("D1", "O1/1", 10, "2025-05-02"),
            delivery("R1", "O1/1", -2, "2025-05-08"),
            delivery("D2", "O1/1", 2, "2025-05-10"),
            invoice("INV-1", billed(), on="2025-05-03", order_id="O1"),
        ],
    ),
    Scenario(
        "credited and replaced by a number with a suffix, no order",
        [
            customer(),
            invoice("2025-0101", item(1, 80, None), on="2025-05-06"),
            credit("CN-1", item(1, 80, None), of="2025-0101", on="2025-05-08", reason_code="administrative"),
            invoice("2025-0101A", item(1, 80, None), on="2025-05-08"),
        ],
        also={"needless_credit"},
    ),
    Scenario(
        "duplicate although five euros were credited on the first",
        [
            customer(),
            invoice("INV-104", item(4, 20)),
            invoice("INV-877", item(4, 20)),
            credit("CN-1", item(1, 5, None), of="INV-104", on="2025-05-15", reason_code="goodwill"),
        ],
        finds={"duplicate_invoice"},
    ),
    Scenario(
        "cancelled and corrected by a 384",
        [
            customer(),
            order("O1", TEN),
            invoice("INV-1", billed(10, 55), order_id="O1"),
            invoice("CAN-1", billed(10, 55), kind="cancellation", on="2025-05-12", days=None, order_id="O1", corrects_invoice_id="INV-1"),
            invoice("INV-2", billed(10, 50), kind="384", on="2025-05-12", order_id="O1", corrects_invoice_id="INV-1"),
        ],
        finds={"price_differs_from_order"},
    ),
    Scenario(
        "two equal invoices of one day for two order numbers of the customer",
        [
            customer(),
            invoice("INV-104", item(4, 20), customer_order_number="PO-1"),
            invoice("INV-877", item(4, 20), customer_order_number="PO-2"),
        ],
    ),
    Scenario(
        "one order number billed twice on one day",
        [
            customer(),
            invoice("INV-104", item(4, 20), customer_order_number="PO-1"),
            invoice("INV-877", item(4, 20), customer_order_number="PO-1"),
        ],
        finds={"duplicate_invoice"},
    ),
    Scenario(
        "cancelled order, a fee for cancelling",
        [
            customer(),
            order("O1", TEN, cancelled_at="2025-05-08 09:00:00"),
            invoice("INV-1", item(1, 100, None, "O1", description="Cancellation fee 20%"), on="2025-05-10", order_id="O1"),
        ],
    ),
    Scenario(
        "cancelled order, a fee for cancelling, fee product",
        [
            customer(),
            product("P1"),
            product("FEE", kind="charge"),
            order("O1", TEN, cancelled_at="2025-05-08 09:00:00"),
            invoice("INV-1", item(1, 100, "FEE", "O1"), on="2025-05-10", order_id="O1"),
        ],
    ),
    Scenario(
        "subscription ended in May, May billed in arrears",
        [
            customer(),
            product("P1", kind="subscription"),
            order("O1", item(12, 99), on="2025-01-01", cancelled_at="2025-05-20 09:00:00"),
            invoice(
                "INV-1",
                item(1, 99, of="O1/1", period_start_date="2025-05-01", period_end_date="2025-05-31"),
                on="2025-05-31",
                order_id="O1",
            ),
        ],
    ),
    Scenario(
        "subscription ended in May, June billed",
        [
            customer(),
            product("P1", kind="subscription"),
            order("O1", item(12, 99), on="2025-01-01", cancelled_at="2025-05-20 09:00:00"),
            invoice(
                "INV-1",
                item(1, 99, of="O1/1", period_start_date="2025-06-01", period_end_date="2025-06-30"),
                on="2025-06-01",
                order_id="O1",
            ),
        ],
        finds={"invoiced_after_cancellation"},
    ),
    Scenario(
        "price per tonne, quantity in kg",
        [
            customer(),
            product("P1"),
            ("unit_conversions", {"product_id": "P1", "unit": "TNE", "base_quantity": 1000}),
            ("unit_conversions", {"product_id": "P1", "unit": "KGM", "base_quantity": 1}),
            invoice("INV-1", item(2500, 300, unit="KGM", price_base_quantity=1, price_base_unit="TNE", net_amount=750)),
        ],
    ),
    Scenario(
        "ordered in tonnes, billed in kg",
        [
            customer(),
            product("P1"),
            ("unit_conversions", {"product_id": "P1", "unit": "TNE", "base_quantity": 1000}),
            order("O1", item("2.5", 300, unit="TNE")),
            invoice("INV-1", billed(2500, "0.30", unit="KGM"), order_id="O1"),
        ],
    ),
    Scenario(
        "agreed per piece, billed per box",
        [
            customer(),
            product("P1"),
            agreed(net_price_amount=5),
            ("unit_conversions", {"product_id": "P1", "unit": "BX", "base_quantity": 12}),
            invoice("INV-1", item(10, 60, unit="BX")),
        ],
    ),
    Scenario(
        "agreed per piece, billed per box too dear",
        [
            customer(),
            product("P1"),
            agreed(net_price_amount=5),
            ("unit_conversions", {"product_id": "P1", "unit": "BX", "base_quantity": 12}),
            invoice("INV-1", item(10, 66, unit="BX")),
        ],
        finds={"price_differs_from_agreement"},
    ),
    Scenario(
        "agreed per piece, billed per hundred",
        [customer(), product("P1"), agreed(net_price_amount="0.45"), invoice("INV-1", item(200, 45, price_base_quantity=100))],
    ),
    Scenario(
        "half the boxes by the piece without conversion",
        [customer(), order("O1", item(10, 60, unit="BX")), invoice("INV-1", billed(60, 5, unit="C62"), order_id="O1")],
    ),
    Scenario(
        "cost per piece, billed per box",
        [
            customer(),
            product("P1", unit_cost_amount=4, list_price_amount=5, currency="EUR"),
            ("unit_conversions", {"product_id": "P1", "unit": "BX", "base_quantity": 12}),
            invoice("INV-1", item(10, 60, unit="BX")),
        ],
    ),
    Scenario(
        "free goods at 100% discount, marked",
        [
            customer(),
            product("P1", unit_cost_amount=4, list_price_amount=50, currency="EUR"),
            invoice("INV-1", TEN, item(1, 50, discount_amount=50, is_free="true")),
        ],
    ),
    Scenario(
        "a line of text with price zero", [customer(), invoice("INV-1", TEN, item(1, 0, None, description="As agreed with Mr Jansen"))]
    ),
    Scenario(
        "tier of net prices, below the tier",
        [
            customer(),
            agreed(net_price_amount=8, minimum_quantity=1),
            agreed(agreement_id="A2", net_price_amount="7.5", minimum_quantity=100),
            invoice("INV-1", item(60, 8)),
        ],
    ),
    Scenario(
        "tier of net prices reached and not given",
        [
            customer(),
            agreed(net_price_amount=8, minimum_quantity=1),
            agreed(agreement_id="A2", net_price_amount="7.5", minimum_quantity=100),
            invoice("INV-1", item(160, 8)),
        ],
        finds={"price_differs_from_agreement"},
        also={"volume_tier_missed"},
    ),
    Scenario(
        "indexation: agreement of next year",
        [
            customer(),
            agreed(net_price_amount=50, valid_until_date="2025-01-01", valid_from_date="2024-01-01"),
            agreed(agreement_id="A2", net_price_amount="51.60", valid_from_date="2025-01-01"),
            order("O1", item(10, 50), on="2024-12-30"),
            order("O2", item(10, "51.60"), on="2025-01-02"),
            invoice("INV-1", billed(10, 50), on="2025-01-05", order_id="O1"),
            invoice("INV-2", billed(10, "51.60", "O2/1"), on="2025-01-05", order_id="O2"),
        ],
    ),
    Scenario(
        "price supplement billed as an invoice that names the first",
        [
            customer(),
            order("O1", TEN),
            delivery("D1", "O1/1", 10, "2025-05-05"),
            invoice("INV-1", billed(), on="2025-05-06", order_id="O1"),
            invoice("INV-8", billed(10, 5), on="2025-05-16", order_id="O1", corrects_invoice_id="INV-1"),
        ],
    ),
    Scenario(
        "allowance and charge on one line",
        [customer(), invoice("INV-1", item(10, 50, discount_amount=25, charge_amount=10, net_amount=485))],
    ),
    Scenario(
        "freight allowance and packing charge of the document, two rates",
        [
            customer(),
            invoice(
                "INV-1",
                item(10, 50),
                item(10, 20, "P2", vat_share="0.09"),
                net_amount=695,
                vat_amount="124.35",
                gross_amount="819.35",
                allowance_amount=20,
                charge_amount=15,
            ),
            allowance("INV-1", 20, vat_share="0.09"),
            allowance("INV-1", 15, allowance_number="2", is_charge="true"),
        ],
    ),
    Scenario(
        "negative line: rebate in the invoice",
        [customer(), invoice("INV-1", TEN, item(-1, 25, None, description="Promotion rebate"))],
        also={"negative_quantity_on_invoice"},
    ),
    Scenario(
        "deposit deducted entirely: final invoice of zero",
        [
            customer(),
            order("O1", TEN),
            invoice("DEP-1", item(1, 500, None, "O1"), on="2025-05-02", order_id="O1"),
            invoice("FIN-1", billed(), item(-1, 500, None, "O1"), kind="final", on="2025-05-20", order_id="O1"),
        ],
    ),
    Scenario(
        "final invoice below zero, names the deposit",
        [
            customer(),
            order("O1", TEN),
            invoice("DEP-1", item(1, 600, None, "O1"), kind="386", on="2025-05-02", order_id="O1"),
            invoice("FIN-1", billed(8), item(-1, 600, None, "O1"), kind="final", on="2025-05-20", order_id="O1"),
            ("invoice_references", {"invoice_id": "FIN-1", "preceding_invoice_id": "DEP-1"}),
        ],
    ),
    Scenario(
        "time sheets against a budget of one",
        [
            customer(),
            product("P1", kind="service"),
            order("O1", item(1, 50000), on="2025-01-02"),
            *[
                invoice(f"2025-{n}", item(40, 80, of="O1/1", unit="HUR"), on=day_after("2025-05-02", 7 * n), order_id="O1")
                for n in range(4)
            ],
        ],
    ),
]
