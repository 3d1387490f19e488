"""Parts of a month, boxes and pieces, gifts, text among the lines and currencies as people write them."""

from __future__ import annotations

from tests.expectations.clerk.billing import TEN, billed
from tests.expectations.clerk.builders import (
    Scenario,
    applied,
    customer,
    delivery,
    invoice,
    item,
    order,
    product,
)
from tests.expectations.clerk.money import agreed

BOX = [
    product("P1", unit_cost_amount=4, list_price_amount=5, currency="EUR", family="bolts"),
    ("unit_conversions", {"product_id": "P1", "unit": "BX", "base_quantity": 12}),
]


def rent(price: str | float = "154.84", of: str | None = None, until: str = "2025-05-31", since: str = "2025-05-16") -> dict:
    """A line for a period; half of May where nothing else is said."""
    return item(1, price, of=of, period_start_date=since, period_end_date=until)


SCENARIOS = [
    Scenario(
        "rent of half a month by its days, agreed by the month",
        [customer(), product("P1", kind="subscription"), agreed(net_price_amount=300), invoice("INV-1", rent(), on="2025-05-16")],
    ),
    Scenario(
        "rent of half a month and then of a whole one, ordered by the month",
        [
            customer(),
            product("P1", kind="subscription"),
            order("O1", item(12, 300), on="2025-05-10"),
            invoice("INV-1", rent(of="O1/1"), on="2025-05-16", order_id="O1"),
            invoice(
                "INV-2",
                item(1, 300, of="O1/1", period_start_date="2025-06-01", period_end_date="2025-06-30"),
                on="2025-06-01",
                order_id="O1",
            ),
        ],
    ),
    Scenario(
        "rent of half a month that is no half of what is agreed",
        [
            customer(),
            product("P1", kind="subscription"),
            agreed(net_price_amount=300),
            invoice("INV-1", rent(price="194.84"), on="2025-05-16"),
        ],
        finds={"price_differs_from_agreement"},
    ),
    Scenario(
        "rent of half a month that is no half of what was ordered",
        [
            customer(),
            product("P1", kind="subscription"),
            order("O1", item(12, 300), on="2025-05-10"),
            invoice("INV-1", rent(of="O1/1", price="194.84"), on="2025-05-16", order_id="O1"),
        ],
        finds={"price_differs_from_order"},
    ),
    Scenario(
        "a quarter at three months' price",
        [
            customer(),
            product("P1", kind="subscription"),
            agreed(net_price_amount=300),
            invoice("INV-1", rent(price=900, since="2025-04-01", until="2025-06-30"), on="2025-04-01"),
        ],
    ),
    Scenario(
        "rent of half a month by thirtieths",
        [customer(), product("P1", kind="service"), agreed(net_price_amount=300), invoice("INV-1", rent(price=160), on="2025-05-16")],
    ),
    Scenario(
        "a box below the cost of its pieces", [customer(), *BOX, invoice("INV-1", item(10, 40, unit="BX"))], finds={"price_below_cost"}
    ),
    Scenario("a box above the cost of its pieces", [customer(), *BOX, invoice("INV-1", item(10, 60, unit="BX"))]),
    Scenario(
        "agreed 5% within the price of a box, listed by the piece",
        [customer(), *BOX, agreed(discount_share="0.05"), invoice("INV-1", item(10, 57, unit="BX"))],
    ),
    Scenario(
        "agreed 5% that the price of a box does not hold",
        [customer(), *BOX, agreed(discount_share="0.05"), invoice("INV-1", item(10, 60, unit="BX"))],
        finds={"discount_not_applied"},
    ),
    Scenario(
        "a box of a product that nobody converts",
        [customer(), product("P1", unit_cost_amount=4, currency="EUR"), invoice("INV-1", item(10, 60, unit="BX"))],
    ),
    Scenario(
        "ordered by the box, listed by the piece",
        [customer(), *BOX, order("O1", item(10, 60, unit="BX")), invoice("INV-1", billed(10, 60, unit="BX"), order_id="O1")],
    ),
    Scenario(
        "the currency in lower case, with spaces around it",
        [
            customer(currency="eur"),
            order("O1", TEN, currency="eur"),
            invoice("INV-1", billed(), order_id="O1", currency=" eur "),
            ("payments", {"payment_id": "P1", "received_date": "2025-06-02", "amount": 605, "currency": "Eur", "customer_id": "C1"}),
            applied("A1", "INV-1", 605, "2025-06-02", "P1"),
        ],
    ),
    Scenario("a currency that nobody knows", [customer(), invoice("INV-1", TEN, currency="eux")], finds={"currency_unknown_or_mixed"}),
    Scenario(
        "ordered in dollars, invoiced in euros, both in lower case",
        [customer(), order("O1", TEN, currency="usd"), invoice("INV-1", billed(), order_id="O1", currency="eur")],
        finds={"currency_differs"},
    ),
    Scenario(
        "two more delivered as a gift, as a free line of the order line",
        [
            customer(),
            order("O1", TEN),
            delivery("D1", "O1/1", 12, "2025-05-05"),
            invoice("INV-1", billed(), item(2, 0, of="O1/1", is_free="true"), on="2025-05-06", order_id="O1"),
        ],
    ),
    Scenario(
        "a gift that stands on the order as a free line",
        [
            customer(),
            order("O1", TEN, item(2, 0, is_free="true")),
            delivery("D1", "O1/1", 10, "2025-05-05"),
            delivery("D2", "O1/2", 2, "2025-05-05"),
            invoice("INV-1", billed(), on="2025-05-06", order_id="O1"),
        ],
    ),
    Scenario(
        "a gift as a free line that names the order alone",
        [
            customer(),
            order("O1", TEN),
            delivery("D1", "O1/1", 12, "2025-05-05"),
            invoice("INV-1", billed(), item(2, 0, is_free="true"), on="2025-05-06", order_id="O1"),
        ],
    ),
    Scenario(
        "two more delivered, and nobody says that they are a gift",
        [
            customer(),
            order("O1", TEN),
            delivery("D1", "O1/1", 12, "2025-05-05"),
            invoice("INV-1", billed(), on="2025-05-06", order_id="O1"),
        ],
        finds={"delivered_not_invoiced"},
    ),
    Scenario(
        "a gift at its price less all of it, marked",
        [
            customer(),
            order("O1", TEN),
            delivery("D1", "O1/1", 12, "2025-05-05"),
            invoice("INV-1", billed(), item(2, 50, of="O1/1", discount_amount=100, is_free="true"), on="2025-05-06", order_id="O1"),
        ],
    ),
    Scenario(
        "agreed over-delivery of which a hundred are invoiced and five are not",
        [
            customer(quantity_tolerance_share="0.10"),
            order("O1", item(100, 8)),
            delivery("D1", "O1/1", 105, "2025-05-05"),
            invoice("INV-1", billed(100, 8), on="2025-05-06", order_id="O1"),
        ],
        finds={"delivered_not_invoiced"},
    ),
    Scenario(
        "a line of text with quantity and price zero", [customer(), invoice("INV-1", TEN, item(0, 0, None, description="Project De Kade"))]
    ),
    Scenario(
        "a line of text that says nothing but its words",
        [
            customer(),
            invoice("INV-1", TEN),
            ("invoice_lines", {"invoice_id": "INV-1", "line_number": "2", "description": "Project De Kade"}),
        ],
    ),
    Scenario(
        "a subtotal that nothing calls so",
        [
            customer(),
            invoice(
                "INV-1", TEN, item(0, 0, None, description="Subtotal", net_amount=500), net_amount=500, vat_amount=105, gross_amount=605
            ),
        ],
        finds={"line_net_wrong"},
        also={"lines_not_sum_of_total", "vat_breakdown_wrong"},
    ),
    Scenario(
        "a subtotal among the lines, called so",
        [
            customer(),
            invoice(
                "INV-1",
                TEN,
                item(0, 0, None, description="Subtotal", net_amount=500, line_kind="group"),
                item(2, 50, "P2"),
                net_amount=600,
                vat_amount=126,
                gross_amount=726,
            ),
        ],
    ),
    Scenario(
        "a month's rent, the period on line and document",
        [
            customer(),
            invoice(
                "INV-1", rent(price=300, since="2025-05-01"), on="2025-05-01", period_start_date="2025-05-01", period_end_date="2025-05-31"
            ),
        ],
    ),
    Scenario(
        "one month of a subscription billed twice in three weeks",
        [
            customer(),
            product("P1", kind="subscription"),
            invoice("R-1", rent(price=300, since="2025-05-01"), on="2025-05-01"),
            invoice("R-7", rent(price=300, since="2025-05-01"), on="2025-05-20"),
        ],
        finds={"duplicate_invoice"},
    ),
    Scenario(
        "subscription at last month's price",
        [
            customer(),
            product("P1", kind="subscription"),
            agreed(net_price_amount=300, valid_until_date="2025-06-01", price_date="invoice"),
            agreed(agreement_id="A2", net_price_amount=310, valid_from_date="2025-06-01", price_date="invoice"),
            invoice("R-1", rent(price=300, since="2025-05-01"), on="2025-05-01"),
            invoice("R-9", rent(price=300, since="2025-06-01", until="2025-06-30"), on="2025-06-01"),
        ],
        finds={"price_differs_from_agreement"},
    ),
]
