"""Terms, parties and VAT of trade between countries: right events and wrong ones, with rows of their own."""

from __future__ import annotations

from tests.expectations.clerk.billing import TEN, billed
from tests.expectations.clerk.builders import (
    Scenario,
    applied,
    credit,
    customer,
    day_after,
    dutch_vat_id,
    german_vat_id,
    invoice,
    item,
    order,
    paid,
    payment,
    product,
)
from tests.expectations.clerk.money import ABROAD, DISCOUNT_OF_2, REVERSED, terms
from tests.expectations.clerk.rarer import allowance, vat


def due_part(number: int, due: str, amount: float | str, kind: str = "instalment") -> tuple[str, dict]:
    """A part of INV-1 as its payment schedule tells it."""
    row = {"invoice_id": "INV-1", "instalment_number": number, "due_date": due, "amount": amount, "kind": kind}
    return "payment_schedule", row


SCENARIOS = [
    Scenario(
        "30 days end of month and the tenth",
        [
            customer(payment_terms_id="T1"),
            terms(net_days=30, is_end_of_month="true", fixed_day_of_month=10),
            invoice("INV-1", TEN, on="2025-05-12", days=59),
        ],
    ),
    Scenario(
        "60 days end of month over the turn of the year",
        [
            customer(payment_terms_id="T1", country="FR"),
            terms(net_days=60, is_end_of_month="true"),
            invoice("INV-1", item(10, 50, vat_share="0.20"), on="2024-12-31", days=90, seller_country="FR"),
        ],
    ),
    Scenario(
        "twelve months from 29 February",
        [customer(payment_terms_id="T1"), terms(net_months=12), invoice("INV-1", TEN, on="2024-02-29", days=365)],
    ),
    Scenario(
        "14 days on the invoice where the customer has 30 days end of month",
        [
            customer(payment_terms_id="T1"),
            terms(net_days=30, is_end_of_month="true"),
            invoice("INV-1", TEN, on="2025-05-12", days=14, payment_terms_days=14),
        ],
        also={"terms_differ"},
    ),
    Scenario(
        "60 days on the order where the customer has terms of 30",
        [
            customer(payment_terms_id="T1"),
            terms(net_days=30),
            order("O1", TEN, payment_terms_days=60),
            invoice("INV-1", billed(), order_id="O1", days=60),
        ],
        also={"terms_differ"},
    ),
    Scenario(
        "due on the spring bank holiday of Britain",
        [
            customer(payment_terms_id="T1", country="GB"),
            terms(net_days=30, business_day_rule="following", holiday_country="GB"),
            invoice("INV-1", item(10, 50, vat_share="0.20"), on="2025-04-26", days=31, seller_country="GB"),
        ],
    ),
    Scenario(
        "due on 3 October in Germany",
        [
            customer(payment_terms_id="T1", country="DE"),
            terms(net_days=30, business_day_rule="following", holiday_country="DE"),
            invoice("INV-1", item(10, 50, vat_share="0.19"), on="2024-09-03", days=31, seller_country="DE"),
        ],
    ),
    Scenario(
        "due on New Year's Day",
        [
            customer(payment_terms_id="T1"),
            terms(net_days=30, business_day_rule="following", holiday_country="NL"),
            invoice("INV-1", TEN, on="2024-12-02", days=31),
        ],
    ),
    Scenario(
        "due on Memorial Day",
        [
            customer(payment_terms_id="T1", country="US"),
            terms(net_days=30, business_day_rule="following", holiday_country="US"),
            invoice("INV-1", item(10, 50, vat_category="O", vat_share=0), on="2025-04-26", days=31),
        ],
    ),
    Scenario(
        "schedule of three instalments, due on the last",
        [
            customer(payment_terms_days=30),
            invoice("INV-1", item(3, 100), days=90, on="2025-04-01"),
            *[due_part(n, day_after("2025-04-01", 30 * n), 121) for n in (1, 2, 3)],
        ],
    ),
    Scenario(
        "schedule of three instalments, due on the first",
        [
            customer(payment_terms_days=30),
            invoice("INV-1", item(3, 100), days=30, on="2025-04-01"),
            *[due_part(n, day_after("2025-04-01", 30 * n), 121) for n in (1, 2, 3)],
        ],
    ),
    Scenario(
        "retention of 5% for a year, 95% paid",
        [
            customer(payment_terms_days=30),
            invoice("INV-1", item(1, 1000, None), on="2025-04-01"),
            due_part(1, "2025-05-01", "1149.50"),
            due_part(2, "2026-04-01", "60.50", kind="retention"),
            *paid("P1", "INV-1", "1149.50", "2025-05-02"),
        ],
    ),
    Scenario(
        "discount for cash on what a credit note left",
        [
            customer(payment_terms_id="T2"),
            *DISCOUNT_OF_2,
            invoice("INV-1", TEN),
            credit("CN-1", item(1, 100, None), of="INV-1", on="2025-05-12", reason_code="goodwill"),
            applied("A5", "INV-1", 121, "2025-05-12", kind="credit_note"),
            applied("A6", "CN-1", -121, "2025-05-12", kind="credit_note"),
            payment("P1", "474.32", "2025-05-18"),
            applied("A1", "INV-1", "474.32", "2025-05-18", "P1"),
            applied("A2", "INV-1", "9.68", "2025-05-18", kind="discount"),
        ],
    ),
    Scenario(
        "discount for cash on the half that was early",
        [
            customer(payment_terms_id="T2"),
            *DISCOUNT_OF_2,
            invoice("INV-1", TEN),
            payment("P1", "296.45", "2025-05-14"),
            applied("A1", "INV-1", "296.45", "2025-05-14", "P1"),
            applied("A2", "INV-1", "6.05", "2025-05-14", kind="discount"),
            payment("P2", "302.50", "2025-06-05"),
            applied("A3", "INV-1", "302.50", "2025-06-05", "P2"),
        ],
    ),
    Scenario(
        "billed under the old number, credited under the one that took it over",
        [
            customer(),
            customer("C7", merged_into_customer_id="C1"),
            invoice("INV-1", TEN, to="C7"),
            credit("CN-1", item(1, 100, None), of="INV-1", on="2025-05-20", reason_code="goodwill"),
            payment("P1", "484", "2025-06-01"),
            applied("A1", "INV-1", 484, "2025-06-01", "P1"),
        ],
    ),
    Scenario(
        "charge agreed with merged number",
        [
            customer(),
            customer("C7", merged_into_customer_id="C1"),
            ("agreed_charges", {"agreed_charge_id": "G1", "customer_id": "C7", "reason_code": "FC", "amount": 25}),
            invoice("INV-1", TEN, charges=({"amount": 25, "reason_code": "FC"},)),
        ],
    ),
    Scenario(
        "charge agreed with the holding",
        [
            customer(parent_customer_id="C0"),
            customer("C0"),
            ("agreed_charges", {"agreed_charge_id": "G1", "customer_id": "C0", "reason_code": "FC", "amount": 25}),
            invoice("INV-1", TEN, charges=({"amount": 25, "reason_code": "FC"},)),
        ],
    ),
    Scenario(
        "central payer gets the invoice of a member's order",
        [
            customer(),
            customer("C2"),
            ("third_party_payers", {"customer_id": "C1", "payer_customer_id": "C2", "valid_from_date": "2025-01-01"}),
            order("O1", TEN),
            invoice("INV-1", billed(), to="C2", order_id="O1"),
        ],
    ),
    Scenario(
        "order numbers of both orders on the header",
        [
            customer(),
            order("O1", TEN, customer_order_number="PO-1"),
            order("O2", item(2, 50), customer_order_number="PO-2"),
            invoice("INV-1", billed(), billed(2, 50, "O2/1"), customer_order_number="PO-1, PO-2"),
        ],
    ),
    Scenario(
        "order number within the buyer's reference",
        [
            customer(),
            order("O1", TEN, customer_order_number="4500012"),
            invoice("INV-1", billed(), order_id="O1", customer_order_number="Ihre Bestellung 4500012 / Meier"),
        ],
    ),
    Scenario(
        "number with a digit too much",
        [
            customer(),
            order("O1", TEN, customer_order_number="4500012"),
            invoice("INV-1", billed(), order_id="O1", customer_order_number="Ihre Bestellung 14500012 / Meier"),
        ],
        finds={"order_number_differs"},
    ),
    Scenario(
        "collective invoice, numbers required, lines name orders that have one",
        [
            customer(is_order_number_required="true"),
            order("O1", TEN, customer_order_number="PO-1"),
            order("O2", item(2, 50), customer_order_number="PO-2"),
            invoice("INV-1", billed(), billed(2, 50, "O2/1")),
        ],
    ),
    Scenario(
        "self-billed numbers of two customers equal",
        [customer(), customer("C2"), invoice("2025-001", TEN, kind="389"), invoice("2025/001", item(3, 70), to="C2", kind="389")],
    ),
    Scenario(
        "UK seller exports to NL",
        [customer(), invoice("INV-1", item(10, 50, vat_category="G", vat_share=0), seller_country="GB", deliver_to_country="NL")],
    ),
    Scenario(
        "Swiss seller uses K",
        [customer(vat_id=dutch_vat_id(20000500)), invoice("INV-1", item(10, 50, **ABROAD), seller_country="CH", deliver_to_country="NL")],
        finds={"vat_category_inconsistent"},
    ),
    Scenario(
        "UK seller exports to UK",
        [
            customer(country="GB"),
            invoice("INV-1", item(10, 50, vat_category="G", vat_share=0), seller_country="GB", deliver_to_country="GB"),
        ],
        finds={"vat_category_inconsistent"},
    ),
    Scenario("a German customer at our counter, nothing says where", [customer(country="DE"), invoice("INV-1", TEN)]),
    Scenario(
        "a German customer at our counter, the seller is in the Netherlands",
        [customer(country="DE"), invoice("INV-1", TEN, seller_country="NL")],
    ),
    Scenario(
        "a product of the standard rate at home, reduced in Belgium",
        [
            customer(country="BE"),
            product("P1", vat_category="S", vat_share="0.21"),
            invoice("INV-1", item(10, 50, vat_share="0.06"), seller_country="NL", deliver_to_country="BE"),
        ],
    ),
    Scenario(
        "of another class in France",
        [
            customer(country="FR"),
            product("P1", vat_category="S", vat_share="0.09"),
            invoice("INV-1", item(10, 50, vat_share="0.055"), seller_country="NL", deliver_to_country="FR"),
        ],
    ),
    Scenario(
        "the VAT id stands on the document and not in the master",
        [customer(country="DE"), invoice("INV-1", item(10, 50, **ABROAD), buyer_vat_id=german_vat_id(20000100))],
    ),
    Scenario(
        "VAT id of a Greek branch of a Swiss customer",
        [customer(country="CH", vat_id="EL123456789"), invoice("INV-1", item(10, 50, **ABROAD))],
    ),
    Scenario(
        "triangular trade: to a Belgian buyer, delivered in Germany",
        [
            customer(country="BE", vat_id="BE0400000185"),
            invoice("INV-1", item(10, 50, **ABROAD), seller_country="NL", deliver_to_country="DE"),
        ],
    ),
    Scenario(
        "margin scheme",
        [
            customer(),
            invoice("INV-1", item(1, 900, None, vat_category="E", vat_share=0)),
            vat("INV-1", "0", 900, 0, "E", exemption_reason="VATEX-EU-F"),
        ],
    ),
    Scenario(
        "13% in Luxembourg in 2023",
        [
            customer(country="LU"),
            invoice("INV-1", item(10, 50, vat_share="0.13"), on="2023-05-10", seller_country="LU", deliver_to_country="LU"),
        ],
    ),
    Scenario(
        "Belgium: VAT on the base less discount for cash",
        [
            customer(country="BE"),
            invoice(
                "INV-1",
                item(1, 1000, None),
                seller_country="BE",
                net_amount=1000,
                vat_amount="205.80",
                gross_amount="1205.80",
                allowance_amount=20,
                charge_amount=20,
            ),
            allowance("INV-1", 20, reason_code="66"),
            allowance("INV-1", 20, allowance_number="2", is_charge="true", vat_category="E", vat_share=0),
        ],
    ),
    Scenario(
        "an allowance that only the total tells",
        [customer(), invoice("INV-1", TEN, net_amount=475, vat_amount="99.75", gross_amount="574.75", allowance_amount=25)],
    ),
    Scenario(
        "thirty lines of 33 cents",
        [customer(), invoice("INV-1", *[item(1, "0.33", None) for _ in range(30)], vat_amount="2.10", gross_amount="12.00")],
    ),
    Scenario(
        "in dollars to the United States, outside VAT",
        [
            customer(country="US"),
            *[("exchange_rates", {"rate_date": f"2025-05-{d:02}", "currency": "USD", "rate": "0.92"}) for d in (1, 8, 15)],
            invoice("INV-1", item(10, 50, vat_category="O", vat_share=0), currency="USD"),
        ],
    ),
    Scenario(
        "VAT of 20% NL",
        [customer(), invoice("INV-1", item(10, 50, vat_share="0.20"), seller_country="NL", deliver_to_country="NL")],
        finds={"vat_rate_not_valid"},
    ),
    Scenario(
        "AE with rate",
        [customer(vat_id=dutch_vat_id(20000700)), invoice("INV-1", item(10, 50, vat_category="AE", vat_share="0.21"))],
        finds={"vat_category_inconsistent"},
    ),
    Scenario("standard rate zero", [customer(), invoice("INV-1", item(10, 50, vat_share="0"))], finds={"vat_category_inconsistent"}),
    Scenario(
        "reverse charge within Belgium",
        [
            customer(country="BE", vat_id="BE0400000284"),
            invoice("INV-1", item(10, 50, **REVERSED), seller_country="BE", deliver_to_country="BE"),
        ],
    ),
    Scenario("19% in the Netherlands in 2011", [customer(), invoice("INV-1", item(10, 50, vat_share="0.19"), on="2011-05-10")]),
]
