"""Order lines that are billed together, prepayments across a change of rates, prices below a cent, and taxes of islands."""

from __future__ import annotations

from tests.expectations.clerk.billing import TEN, billed
from tests.expectations.clerk.builders import Scenario, credit, customer, delivery, invoice, item, order
from tests.expectations.clerk.collective import names
from tests.expectations.clerk.money import GERMAN, agreed

TWO_LINES = [customer(), order("O1", TEN, item(5, 50))]
DELIVERED = [*TWO_LINES, delivery("D1", "O1/1", 10, "2025-05-05"), delivery("D2", "O1/2", 5, "2025-05-05")]
TWO_PRICES = [customer(), order("O1", TEN, item(5, 45))]
OLD_RATE = [customer(), order("O1", TEN, on="2018-12-01")]
ASKED = [*OLD_RATE, invoice("DEP-1", item(1, 150, None, "O1", vat_share="0.06"), kind="386", on="2018-12-05", order_id="O1")]
ASKS_NUMBERS = {"is_order_number_required": "true"}
NUMBERED = order("O1", TEN, customer_order_number="4500012")
DEPOSIT = invoice("DEP-1", item(1, 150, None, "O1"), kind="386", on="2025-05-02", order_id="O1")


def loose(quantity: float, price: float = 50, **extra) -> dict:
    """A line that names its order and no line of it."""
    return item(quantity, price, of="O1", **extra)


def deducted(*, at: str = "0.09", less: str = "0.06", **extra) -> list:
    """The final invoice of January, and the deposit of December as a line below zero."""
    lines = (billed(vat_share=at), item(-1, 150, None, "O1", vat_share=less))
    return invoice("INV-1", *lines, on="2019-01-10", order_id="O1", **extra)


def many(invoiced: str, ordered: str = "0.004", quantity: int = 100000) -> list:
    return [customer(), order("O1", item(quantity, ordered)), invoice("INV-1", item(quantity, invoiced, of="O1/1"), order_id="O1")]


def sold_in(country: str, share: str) -> list:
    where = {"seller_country": country, "deliver_to_country": country}
    return [customer(country=country), invoice("INV-1", item(10, 50, vat_share=share), **where)]


TOGETHER = [
    Scenario(
        "two order lines of one product, billed by two lines that name neither",
        [
            *DELIVERED,
            invoice("INV-1", loose(10), loose(5), on="2025-05-06", order_id="O1"),
        ],
    ),
    Scenario(
        "two order lines of one product, billed by one line", [*DELIVERED, invoice("INV-1", loose(15), on="2025-05-06", order_id="O1")]
    ),
    Scenario(
        "the same, the order stands on the header alone",
        [
            *DELIVERED,
            invoice("INV-1", item(10, 50), item(5, 50), on="2025-05-06", order_id="O1"),
        ],
    ),
    Scenario(
        "one of two order lines billed by its number, the other one without",
        [
            *DELIVERED,
            invoice("INV-1", billed(), on="2025-05-06", order_id="O1"),
            invoice("INV-2", loose(5), on="2025-05-06", order_id="O1"),
        ],
    ),
    Scenario(
        "two order lines of one product at two prices, each billed at its own",
        [*TWO_PRICES, invoice("INV-1", loose(10), loose(5, 45), order_id="O1")],
    ),
    Scenario(
        "two order lines of one product at two prices, billed at their mean",
        [*TWO_PRICES, invoice("INV-1", loose(15, "48.3333"), order_id="O1")],
    ),
    Scenario(
        "a sold and a free line of one product, billed without their numbers",
        [
            customer(),
            order("O1", TEN, item(1, 0, is_free="true")),
            delivery("D1", "O1/1", 10, "2025-05-05"),
            delivery("D2", "O1/2", 1, "2025-05-05"),
            invoice("INV-1", loose(10), loose(1, 0, is_free="true"), on="2025-05-06", order_id="O1"),
        ],
    ),
    Scenario(
        "two of fifteen came back and are credited without a number",
        [
            *DELIVERED,
            invoice("INV-1", loose(15), on="2025-05-06", order_id="O1"),
            delivery("R1", "O1/2", -2, "2025-05-12"),
            credit("CN-1", loose(2), of="INV-1", on="2025-05-14", reason_code="return", order_id="O1"),
        ],
    ),
    Scenario(
        "sixteen billed of two order lines of fifteen", [*TWO_LINES, invoice("INV-1", loose(16), order_id="O1")], {"quantity_above_ordered"}
    ),
    Scenario(
        "two order lines of one product, billed five euros a piece too dear",
        [
            *TWO_LINES,
            invoice("INV-1", loose(15, 55), order_id="O1"),
        ],
        {"price_differs_from_order"},
    ),
    Scenario(
        "two order lines at two prices, billed above both",
        [
            *TWO_PRICES,
            invoice("INV-1", loose(10, 55), loose(5, 45), order_id="O1"),
        ],
        {"price_differs_from_order"},
    ),
    Scenario(
        "two order lines delivered, and one of them billed without its number",
        [
            *DELIVERED,
            invoice("INV-1", loose(10), on="2025-05-06", order_id="O1"),
        ],
        {"delivered_not_invoiced"},
    ),
    Scenario(
        "one of two order lines delivered, both billed without their numbers",
        [
            *TWO_LINES,
            delivery("D1", "O1/1", 10, "2025-05-05"),
            invoice("INV-1", loose(15), on="2025-05-06", order_id="O1"),
        ],
        {"quantity_above_delivered"},
    ),
    Scenario(
        "an order that is billed by its lines, and once more without them",
        [
            *TWO_LINES,
            invoice("INV-1", billed(), billed(5, 50, "O1/2"), order_id="O1"),
            invoice("INV-7", loose(15), on="2025-05-20", order_id="O1"),
        ],
        {"quantity_above_ordered", "duplicate_invoice", "rebilled_without_credit"},
    ),
]
DISCOUNTED = order("O1", item(10, 50, discount_share="0.10"), item(5, 50, discount_share="0.20"))
SEVERAL = [
    Scenario(
        "two order lines at two discounts, given as one allowance of the document",
        [
            customer(),
            DISCOUNTED,
            invoice(
                "INV-1", loose(10), loose(5), order_id="O1", charges=({"is_charge": "false", "amount": "100", "reason_code": "95"},),
                net_amount=650, vat_amount="136.50", gross_amount="786.50", allowance_amount=100, charge_amount=0,
            ),
        ],
    ),
    Scenario(
        "a third party delivers one of two order lines, one line bills both",
        [
            customer(), order("O1", TEN, item(5, 50, is_drop_shipped="true")), delivery("D1", "O1/1", 10, "2025-05-05"),
            invoice("INV-1", loose(15), on="2025-05-06", order_id="O1"),
        ],
    ),
    Scenario(
        "by the piece and by the box, the invoice says no units",
        [
            customer(), order("O1", item(10, 50, unit="C62"), item(1, 600, unit="BX")), delivery("D1", "O1/1", 10, "2025-05-05"),
            delivery("D2", "O1/2", 1, "2025-05-05"), invoice("INV-1", loose(10), loose(1, 600), on="2025-05-06", order_id="O1"),
        ],
    ),
    Scenario(
        "at a price per piece and at one per ten",
        [
            customer(), order("O1", TEN, item(100, 500, price_base_quantity=10)), delivery("D1", "O1/1", 10, "2025-05-05"),
            delivery("D2", "O1/2", 100, "2025-05-05"),
            invoice("INV-1", loose(10), loose(100, 500, price_base_quantity=10), on="2025-05-06", order_id="O1"),
        ],
    ),
    Scenario(
        "one of two order lines cancelled after two pieces of it were delivered",
        [
            customer(), order("O1", TEN),
            ("order_lines", {"order_id": "O1", "line_number": "2", "product_id": "P1", "quantity": 5, "unit_price_amount": 50,
                             "cancelled_at": "2025-05-08 10:00:00"}),
            delivery("D1", "O1/1", 10, "2025-05-05"), delivery("D2", "O1/2", 2, "2025-05-05"),
            invoice("INV-1", loose(12), on="2025-05-06", order_id="O1"),
        ],
    ),
]  # fmt: skip
AT_SIXTEEN = billed(vat_share="0.16")
SUPPLIED = [
    Scenario(
        "delivered in December, invoiced in January at the rate of December",
        [
            customer(country="DE"), order("O1", TEN, on="2020-12-01"), delivery("D1", "O1/1", 10, "2020-12-28"),
            invoice("INV-1", AT_SIXTEEN, on="2021-01-04", order_id="O1", **GERMAN),
        ],
    ),
    Scenario(
        "delivered in January, invoiced in January at the rate of December",
        [
            customer(country="DE"), order("O1", TEN, on="2020-12-01"), delivery("D1", "O1/1", 10, "2021-01-04"),
            invoice("INV-1", AT_SIXTEEN, on="2021-01-05", order_id="O1", **GERMAN),
        ],
        {"vat_rate_not_valid"},
    ),
    Scenario(
        "work of December by its period, invoiced in January, no day of the tax",
        [
            customer(country="DE"),
            invoice("INV-1", item(1, 500, None, vat_share="0.16", period_start_date="2020-12-01", period_end_date="2020-12-31"),
                    on="2021-01-05", **GERMAN),
        ],
    ),
    Scenario(
        "bonus of a year by its period, credited in January at the rate of December",
        [
            customer(country="DE"), invoice("INV-1", item(10, 50, vat_share="0.16"), on="2020-12-10", **GERMAN),
            invoice("CN-1", item(1, 50, None, vat_share="0.16"), kind="credit_note", days=None, on="2021-01-20", reason_code="bonus",
                    period_start_date="2020-07-01", period_end_date="2020-12-31", **GERMAN),
        ],
    ),
]  # fmt: skip
RATES = [
    Scenario("prepayment at the rate of December, deducted in January", [*ASKED, deducted()]),
    Scenario("the same, the final invoice names it", [*ASKED, deducted(), names("INV-1", "DEP-1")]),
    Scenario(
        "the same, what was asked was no prepayment invoice",
        [
            *OLD_RATE,
            invoice("DEP-1", item(1, 150, None, "O1", vat_share="0.06"), on="2018-12-05", order_id="O1"),
            deducted(),
        ],
    ),
    Scenario(
        "the same, deducted as an allowance",
        [
            *ASKED,
            invoice(
                "INV-1",
                billed(vat_share="0.09"),
                on="2019-01-10",
                order_id="O1",
                charges=({"is_charge": "false", "amount": "150", "vat_share": "0.06"},),
                net_amount=350,
                vat_amount=36,
                gross_amount=386,
                allowance_amount=150,
                charge_amount=0,
            ),
        ],
    ),
    Scenario(
        "prepayment at the rate of December, and the goods of January at it too", [*ASKED, deducted(at="0.06")], {"vat_rate_not_valid"}
    ),
    Scenario(
        "a rate of December taken back that nobody had billed",
        [
            *OLD_RATE,
            invoice("DEP-1", item(1, 150, None, "O1"), kind="386", on="2018-12-05", order_id="O1"),
            deducted(),
        ],
        {"vat_rate_not_valid"},
    ),
    Scenario("paraffin of Corsica", sold_in("FR", "0.13")),
    Scenario("the standard rate of Martinique", sold_in("FR", "0.085")),
    Scenario("a rate of Corsica that ended with 2013", sold_in("FR", "0.08"), {"vat_rate_not_valid"}),
]
PRICES = [
    Scenario("a price of four tenths of a cent", many("0.004")),
    Scenario("a price of four tenths of a cent at three times as much", many("0.012"), {"price_differs_from_order"}),
    Scenario("two cents a piece where one was ordered", many("0.02", "0.01"), {"price_differs_from_order"}),
    Scenario("a third of a euro, printed in cents", many("0.33", "0.3333", 100)),
    Scenario("a cent more on a price of twelve euros", many("12.36", "12.35", 100)),
    Scenario(
        "four tenths of a cent agreed, and three times as much billed",
        [
            customer(),
            agreed(net_price_amount="0.004"),
            invoice("INV-1", item(100000, "0.012")),
        ],
        {"price_differs_from_agreement"},
    ),
]
FINE = [
    Scenario("two digits of a price of energy changed places", many("0.2543", "0.2534"), {"price_differs_from_order"}),
    Scenario("an eighth of a euro, printed in cents", many("0.13", "0.125", 100)),
    Scenario("half a euro, and a cent more", many("0.51", "0.50", 100)),
]
NUMBERS = [
    Scenario(
        "a prepayment invoice without the number of its order", [customer(**ASKS_NUMBERS), NUMBERED, DEPOSIT], {"order_number_missing"}
    ),
    Scenario(
        "the same to a customer that wants it on invoices",
        [
            customer(**ASKS_NUMBERS, order_number_document_types="invoice"),
            NUMBERED,
            DEPOSIT,
        ],
    ),
]
SCENARIOS = [*TOGETHER, *SEVERAL, *SUPPLIED, *RATES, *PRICES, *FINE, *NUMBERS]
