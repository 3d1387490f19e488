"""Scenarios of prices, terms, VAT and cash."""

from __future__ import annotations

from tests.expectations.clerk.billing import TEN, billed
from tests.expectations.clerk.builders import (
    Scenario,
    applied,
    credit,
    customer,
    dutch_vat_id,
    german_vat_id,
    invoice,
    item,
    order,
    paid,
    payment,
    product,
)

ABROAD = {"vat_category": "K", "vat_share": 0}
REVERSED = {"vat_category": "AE", "vat_share": 0}
DISCOUNT_OF_2 = [
    ("payment_terms", {"payment_terms_id": "T2", "net_days": 30}),
    ("payment_terms_steps", {"payment_terms_id": "T2", "kind": "discount", "step_number": 1, "days": 10, "share": "0.02"}),
]


GERMAN = {"deliver_to_country": "DE", "seller_country": "DE"}
AT_SIXTEEN = invoice("INV-1", item(10, 50, vat_share="0.16"), on="2020-11-10", **GERMAN)


def halves(*days: str, amount: str = "302.50") -> list:
    """Equal payments that name INV-1 and are applied to it."""
    return [
        row
        for number, day in enumerate(days, start=1)
        for row in (
            payment(f"P{number}", amount, day, reference_text="INV-1"),
            applied(f"A{number}", "INV-1", amount, day, f"P{number}"),
        )
    ]


def terms(**values) -> tuple[str, dict]:
    return "payment_terms", {"payment_terms_id": "T1"} | values


def with_discount(amount: str, received: str, booked: str, less: str) -> list:
    return [payment("P1", amount, received), applied("A1", "INV-1", amount, booked, "P1"),
            applied("A2", "INV-1", less, booked, kind="discount")]  # fmt: skip


def agreed(**values) -> tuple[str, dict]:
    return "price_agreements", {"agreement_id": "A1", "customer_id": "C1", "product_id": "P1", "valid_from_date": "2025-01-01"} | values


SCENARIOS = [
    Scenario("free sample: price 0 on order and invoice", [
        customer(), order("O1", TEN, item(1, 0, "P2")), invoice("INV-1", billed(), billed(1, 0, "O1/2", product_id="P2"), order_id="O1"),
    ]),
    Scenario("free goods by the line itself", [customer(), invoice("INV-1", TEN, item(1, 0, "P2", is_free="true"))]),
    Scenario("price zero that nobody ordered so", [
        customer(), order("O1", TEN, item(1, 30, "P2")), invoice("INV-1", billed(), billed(1, 0, "O1/2", product_id="P2"), order_id="O1"),
    ], finds={"zero_price"}, also={"price_differs_from_order"}),
    Scenario("price per 1000 pieces", [
        customer(), order("O1", item(100000, "12.3456", price_base_quantity=1000)),
        invoice("INV-1", billed(100000, "12.3456", price_base_quantity=1000), order_id="O1"),
    ]),
    Scenario("price of one piece, rounded at its sixth decimal", [
        customer(), invoice("INV-1", item(120000, "0.458333", net_amount="55000.00", vat_share="0.09")),
    ]),
    Scenario("line net wrong by its own price", [
        customer(), invoice("INV-1", item(120, "45.83", net_amount="5500.10")),
    ], finds={"line_net_wrong"}),
    Scenario("agreement in EUR, invoiced in USD at the agreed value", [
        customer(), agreed(net_price_amount=50, currency="EUR"), invoice("INV-1", item(10, "54.35"), currency="USD"),
        *[("exchange_rates", {"rate_date": f"2025-05-{d:02}", "currency": "USD", "rate": "0.92"}) for d in (1, 8, 15)],
    ]),
    Scenario("price against an agreement in the same currency", [
        customer(), agreed(net_price_amount=50, currency="EUR"), invoice("INV-1", item(10, "54.35")),
    ], finds={"price_differs_from_agreement"}),
    Scenario("minimum-order surcharge of the general terms, as a charge on the document", [
        customer(),
        ("agreed_charges", {"agreed_charge_id": "G1", "amount": 15, "order_amount_below": 100}),
        invoice("INV-1", item(1, 60), charges=({"amount": 15, "reason_text": "Minimum order"},)),
    ]),
    Scenario("the surcharge on an order that is large enough", [
        customer(),
        ("agreed_charges", {"agreed_charge_id": "G1", "amount": 15, "order_amount_below": 100}),
        invoice("INV-1", item(4, 60), charges=({"amount": 15, "reason_text": "Minimum order"},)),
    ], finds={"surcharge_not_agreed"}),
    Scenario("line discount of 5% printed as a lower unit price", [
        customer(), product("P1", list_price_amount=40, currency="EUR"), agreed(discount_share="0.05"),
        invoice("INV-1", item(10, 38)),
    ]),
    Scenario("the same, seen from the order", [
        customer(), agreed(discount_share="0.05"), order("O1", item(10, 40, discount_share="0.05")),
        invoice("INV-1", billed(10, 38), order_id="O1"),
    ]),
    Scenario("agreed discount not given", [
        customer(), product("P1", list_price_amount=40, currency="EUR"), agreed(discount_share="0.05"), invoice("INV-1", item(10, 40)),
    ], finds={"discount_not_applied"}),
    Scenario("tier from 100 reached by two order lines of 60 in one month", [
        customer(),
        agreed(discount_share="0.05", minimum_quantity=1, tier_basis="month"),
        agreed(agreement_id="A2", discount_share="0.10", minimum_quantity=100, tier_basis="month"),
        order("O1", item(60, 10, discount_share="0.05"), on="2025-05-02"),
        order("O2", item(60, 10, discount_share="0.05"), on="2025-05-20"),
        invoice("INV-1", billed(60, 10, discount_amount=30), on="2025-05-03", order_id="O1"),
        invoice("INV-2", billed(60, 10, "O2/1", discount_amount=30), on="2025-05-21", order_id="O2"),
    ], finds={"volume_tier_missed"}, also={"discount_not_applied"}),
    # ------------------------------------------------------------------------------------------------------------- terms
    Scenario("terms of one month: 31 January to 29 February", [
        customer(), terms(net_months=1),
        invoice("INV-1", TEN, on="2024-01-31", days=29, payment_terms_id="T1"),
    ]),
    Scenario("30 days end of month: 12 May to 30 June", [
        customer(payment_terms_id="T1"), terms(net_days=30, is_end_of_month="true"), invoice("INV-1", TEN, on="2025-05-12", days=49),
    ]),
    Scenario("30 days end of month, due two weeks too early", [
        customer(payment_terms_id="T1"), terms(net_days=30, is_end_of_month="true"), invoice("INV-1", TEN, on="2025-05-12", days=35),
    ], finds={"due_date_not_by_terms"}),
    Scenario("a fixed day of the next month", [
        customer(payment_terms_id="T1"), terms(net_days=10, fixed_day_of_month=15), invoice("INV-1", TEN, on="2025-05-12", days=34),
    ]),
    Scenario("due on a holiday, moved to the next business day", [
        customer(payment_terms_id="T1"), terms(net_days=30, business_day_rule="following", holiday_country="NL"),
        invoice("INV-1", TEN, on="2025-05-10", days=31),
    ]),
    Scenario("leap day: 30 January and 30 days", [
        customer(payment_terms_days=30), invoice("INV-1", TEN, on="2024-01-30", days=30),
    ]),
    # --------------------------------------------------------------------------------------------------------------- VAT
    Scenario("intra-EU delivery to Germany, its name delivered", [
        customer(country="Germany", vat_id=german_vat_id(10000100)), invoice("INV-1", item(10, 50, **ABROAD)),
    ]),
    Scenario("intra-EU delivery to Duitsland", [
        customer(country="Duitsland", vat_id=german_vat_id(10000200)), invoice("INV-1", item(10, 50, **ABROAD)),
    ]),
    Scenario("intra-EU delivery to Northern Ireland", [
        customer(country="GB", vat_id="XI123456789"), invoice("INV-1", item(10, 50, **ABROAD)),
    ]),
    Scenario("intra-EU delivery to Switzerland", [
        customer(country="CH", vat_id="CHE123456788"), invoice("INV-1", item(10, 50, **ABROAD)),
    ], finds={"vat_category_inconsistent"}),
    Scenario("reverse charge at home, with a valid VAT id", [
        customer(vat_id=dutch_vat_id(10000400)), invoice("INV-1", item(10, 50, **REVERSED)),
    ]),
    Scenario("reverse charge at home, with a legal registration instead", [
        customer(registration_number="12345678"), invoice("INV-1", item(10, 50, **REVERSED)),
    ]),
    Scenario("intra-EU delivery, German buyer with a valid VAT id", [
        customer(country="DE", vat_id=german_vat_id(10000300)), invoice("INV-1", item(10, 50, **ABROAD)),
    ]),
    Scenario("buyer without VAT id, reverse charge on a charge of the document alone", [
        customer(), invoice("INV-1", TEN, charges=({"amount": 20, "reason_text": "Freight", **REVERSED},)),
    ], finds={"vat_id_missing_or_invalid"}),
    Scenario("two rates, the lower one no longer in force since 2019", [
        customer(), invoice("INV-1", item(10, 50), item(1, 100, vat_share="0.06")),
    ], finds={"vat_rate_not_valid"}),
    Scenario("exempt line beside a standard line at 19%", [
        customer(), invoice("INV-1", item(10, 50, vat_category="E", vat_share=0), item(1, 100, vat_share="0.19")),
    ], finds={"vat_rate_not_valid"}),
    Scenario("exempt line beside a standard line", [
        customer(), invoice("INV-1", item(10, 50, vat_category="E", vat_share=0), item(1, 100)),
    ]),
    Scenario("VAT category that the standard does not know", [
        customer(), invoice("INV-1", item(10, 50, vat_category="X")),
    ], finds={"vat_category_inconsistent"}),
    Scenario("a valid rate of another class than the product's", [
        customer(), product("P1", vat_category="S", vat_share="0.21"), invoice("INV-1", item(10, 50, vat_share="0.09")),
    ], finds={"vat_rate_not_valid"}),
    Scenario("standard rate of the country to which was delivered", [
        customer(), invoice("INV-1", item(10, 50, vat_share="0.19"), deliver_to_country="DE", seller_country="DE"),
    ]),
    Scenario("VAT rounded per line: 7 lines of 1.19", [
        customer(), invoice("INV-1", *[item(1, "1.19", None) for _ in range(7)]),
    ]),
    Scenario("VAT rounded per line: 7 lines of 1.21, 1.75 against 1.78", [
        customer(), invoice("INV-1", *[item(1, "1.21", None) for _ in range(7)], vat_amount="1.75", gross_amount="10.22"),
    ]),
    Scenario("credit at the rate of its invoice, after the rate has ended", [
        customer(country="DE"), AT_SIXTEEN,
        credit("CN-1", item(2, 50, vat_share="0.16"), of="INV-1", on="2021-02-10", reason_code="return", **GERMAN),
    ]),
    Scenario("cancellation at the rate of its invoice, after the rate has ended", [
        customer(country="DE"), AT_SIXTEEN,
        invoice("CAN-1", item(10, 50, vat_share="0.16"), kind="cancellation", corrects_invoice_id="INV-1", on="2021-02-10", days=None,
                **GERMAN),
    ]),
    Scenario("corrected invoice by its code at the rate of what it corrects", [
        customer(country="DE"), AT_SIXTEEN,
        invoice("INV-9", item(10, 5, vat_share="0.16"), kind="384", corrects_invoice_id="INV-1", on="2021-02-10", **GERMAN),
    ]),
    Scenario("credit at the rate of its own day, which its invoice never had", [
        customer(country="DE"), AT_SIXTEEN,
        credit("CN-1", item(2, 50, vat_share="0.19"), of="INV-1", on="2021-02-10", reason_code="return", **GERMAN),
    ], finds={"vat_rate_not_valid"}),
    Scenario("final invoice at the rate of its day that names a prepayment at the rate before", [
        customer(country="DE"), order("O1", TEN, on="2020-11-01"),
        invoice("DEP-1", item(1, 150, None, "O1", vat_share="0.16"), kind="386", on="2020-12-02", order_id="O1", **GERMAN),
        invoice("FIN-1", billed(vat_share="0.19"), kind="final", on="2021-02-20", order_id="O1", corrects_invoice_id="DEP-1", **GERMAN),
    ]),
    # -------------------------------------------------------------------------------------------------------------- cash
    *[Scenario(f"2/10 net 30, the tenth day is a Saturday, money on {name}", [
        customer(payment_terms_id="T1"), terms(net_days=30, business_day_rule="following", holiday_country="NL"),
        ("payment_terms_steps", {"payment_terms_id": "T1", "kind": "discount", "step_number": 1, "days": 10, "share": "0.02"}),
        invoice("INV-1", TEN, on="2025-05-07"), *with_discount("592.90", day, day, "12.10"),
    ], finds=finds) for name, day, finds in (("Monday", "2025-05-19", set()), ("Tuesday", "2025-05-20", {"cash_discount_taken_late"}))],
    Scenario("two equal halves in two days, each names its invoice", [
        customer(), invoice("INV-1", TEN), halves("2025-06-02", "2025-06-04"),
    ]),
    Scenario("two equal halves and the same once more", [
        customer(), invoice("INV-1", TEN), halves("2025-06-02", "2025-06-04"),
        payment("P9", "302.50", "2025-06-06", reference_text="INV-1"),
    ], finds={"payment_duplicate"}),
    Scenario("a part of the invoice paid twice in two days", [
        customer(), invoice("INV-1", item(20, 50)), halves("2025-06-02", "2025-06-04"),
    ], finds={"payment_duplicate"}, also={"short_payment"}),
    Scenario("paid with the order by terms of prepayment, invoiced the day after", [
        customer(payment_terms_id="T1"), terms(net_days=0, is_prepayment="true"), order("O1", TEN, on="2025-05-08"),
        invoice("INV-1", billed(), days=0, order_id="O1"), paid("P1", "INV-1", 605, "2025-05-09"),
    ]),
    Scenario("discount for cash on day 10 that is booked on day 13", [
        customer(), invoice("INV-1", TEN), *with_discount("592.90", "2025-05-20", "2025-05-23", "12.10"),
    ]),
    Scenario("discount for cash of 2% on day 9", [
        customer(), invoice("INV-1", TEN), *with_discount("592.90", "2025-05-19", "2025-05-19", "12.10"),
    ]),
    Scenario("discount for cash of 2% on day 25", [
        customer(), invoice("INV-1", TEN), *with_discount("592.90", "2025-06-04", "2025-06-04", "12.10"),
    ], finds={"cash_discount_taken_late"}),
    Scenario("2/10 net 30: 4% deducted within ten days", [
        customer(payment_terms_id="T2"), *DISCOUNT_OF_2, invoice("INV-1", TEN),
        *with_discount("580.80", "2025-05-18", "2025-05-18", "24.20"),
    ], finds={"short_payment"}),
    Scenario("2/10 net 30: 2% deducted within ten days", [
        customer(payment_terms_id="T2"), *DISCOUNT_OF_2, invoice("INV-1", TEN),
        *with_discount("592.90", "2025-05-18", "2025-05-18", "12.10"),
    ]),
    Scenario("gross 1210.02 rounded to 1210.00 and paid so", [
        customer(),
        invoice("INV-1", item(1, "1000.02", None), rounding_amount="-0.02", due_amount="1210.00",
                gross_amount="1210.02", vat_amount="210.00"),
        *paid("P1", "INV-1", "1210.00", "2025-06-02"),
    ]),
    Scenario("one cent too much paid and applied", [
        customer(), invoice("INV-1", item(1, 1000, None)), *paid("P1", "INV-1", "1210.01", "2025-06-02"),
    ]),
    Scenario("six cents too much", [
        customer(), invoice("INV-1", item(1, 1000, None)), payment("P1", "1210.00", "2025-06-02"),
        applied("A1", "INV-1", "1210.06", "2025-06-02", "P1"),
    ], finds={"overallocated"}),
    Scenario("bank charges deducted, nothing booked", [
        customer(), invoice("INV-1", item(1, 1000, None)), *paid("P1", "INV-1", "1197.50", "2025-06-02"),
    ], finds={"short_payment"}),
]  # fmt: skip
