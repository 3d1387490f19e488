"""Events that a clerk meets a few times a year, by the sections of what the rules must know: documents, terms, agreements, rules."""

from __future__ import annotations

from tests.expectations.clerk.billing import TEN, billed
from tests.expectations.clerk.builders import (
    Scenario,
    applied,
    credit,
    customer,
    delivery,
    german_vat_id,
    invoice,
    item,
    order,
    paid,
    payment,
    product,
)
from tests.expectations.clerk.money import ABROAD, agreed, terms, with_discount

STEPS = [
    terms(net_days=30),
    *[("payment_terms_steps", {"payment_terms_id": "T1", "kind": "discount", "step_number": n, "days": days, "share": share})
      for n, days, share in ((1, 7, "0.03"), (2, 14, "0.02"))],
]  # fmt: skip
FREIGHT = ("agreed_charges", {"agreed_charge_id": "G1", "customer_id": "C1", "reason_code": "FC", "amount": 25})


def allowance(of: str, amount: float, **more) -> tuple[str, dict]:
    row = {"invoice_id": of, "allowance_number": "1", "is_charge": "false", "amount": amount, "vat_category": "S", "vat_share": "0.21"}
    return "invoice_allowances", row | more


def vat(of: str, share: str, base: float, amount: float, category: str = "S", **more) -> tuple[str, dict]:
    row = {"invoice_id": of, "vat_category": category, "vat_share": share, "base_amount": base, "vat_amount": amount}
    return "invoice_vat", row | more


DOCUMENTS = [
    Scenario("work billed by its progress and then as finished, by the codes of construction", [
        customer(), order("O1", item(1, 1000)),
        invoice("INV-1", item(1, 400, of="O1/1"), kind="875", on="2025-04-10", order_id="O1"),
        invoice("INV-5", item(1, 400, of="O1/1"), kind="875", on="2025-05-10", order_id="O1"),
        invoice("INV-9", item(1, 200, of="O1/1"), kind="877", on="2025-06-10", order_id="O1"),
    ]),
    Scenario("work billed by its progress beyond the order", [
        customer(), order("O1", item(1, 1000)),
        invoice("INV-1", item(1, 600, of="O1/1"), kind="875", on="2025-04-10", order_id="O1"),
        invoice("INV-5", item(1, 600, of="O1/1"), kind="875", on="2025-05-10", order_id="O1"),
    ], finds={"quantity_above_ordered"}, also={"duplicate_invoice", "rebilled_without_credit", "price_differs_from_order"}),
    Scenario("a collective final invoice that deducts the prepayment invoices of two orders, which it names", [
        customer(), *[row for n in (1, 2) for row in (
            order(f"O{n}", item(10, 50)), invoice(f"DEP-{n}", item(1, 100, None), kind="386", on=f"2025-05-0{n}", order_id=f"O{n}"),
        )],
        invoice("FIN-9", billed(), billed(10, 50, "O2/1"), kind="final", on="2025-05-20", prepaid_amount=242, due_amount=968),
        *[("invoice_references", {"invoice_id": "FIN-9", "preceding_invoice_id": f"DEP-{n}"}) for n in (1, 2)],
        *paid("P1", "DEP-1", 121, "2025-05-12"),
    ]),
    Scenario("an advance stated on the invoice that was asked for another order and not paid", [
        customer(), order("O1", TEN), order("O2", item(4, 50)), invoice("DEP-1", item(1, 100, None), kind="386", order_id="O2"),
        invoice("FIN-9", billed(), on="2025-05-20", order_id="O1", prepaid_amount=121, due_amount=484),
        *paid("P1", "FIN-9", 484, "2025-06-02"),
    ], finds={"prepayment_not_applied"}),
    Scenario("energy at a price of eight decimals", [
        customer(), invoice("INV-1", item("1234.567", "0.12345678", net_amount="152.42")),
    ]),
    Scenario("energy at a price of eight decimals, ten cents too much", [
        customer(), invoice("INV-1", item("1234.567", "0.12345678", net_amount="152.52")),
    ], finds={"line_net_wrong"}),
    Scenario("an allowance on one line, told apart with its reason", [
        customer(), invoice("INV-1", item(10, 50, discount_amount=25)), allowance("INV-1", 25, line_number="1", reason_code="95"),
    ]),
    Scenario("an allowance of 5% on the whole document", [
        customer(), invoice("INV-1", TEN, net_amount=475, vat_amount="99.75", gross_amount="574.75", allowance_amount=25, charge_amount=0),
        allowance("INV-1", 25, base_amount=500, allowance_share="0.05"),
    ]),
    Scenario("an allowance of 5% that takes off 4%", [
        customer(), invoice("INV-1", TEN, net_amount=480, vat_amount="100.80", gross_amount="580.80", allowance_amount=20, charge_amount=0),
        allowance("INV-1", 20, base_amount=500, allowance_share="0.05"),
    ], finds={"allowance_or_charge_total_wrong"}),
    Scenario("a VAT breakdown of two rates", [
        customer(), invoice("INV-1", TEN, item(2, 50, "P2", vat_share="0.09")), vat("INV-1", "0.21", 500, 105),
        vat("INV-1", "0.09", 100, 9),
    ]),
    Scenario("a VAT breakdown that leaves a hundred of its base out", [
        customer(), invoice("INV-1", TEN, item(2, 50, "P2", vat_share="0.09")), vat("INV-1", "0.21", 400, 105),
        vat("INV-1", "0.09", 100, 9),
    ], finds={"vat_breakdown_wrong"}),
    Scenario("credit note of returned goods less a fee for restocking, as a line below zero", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-05"), delivery("R1", "O1/1", -2, "2025-05-15"),
        invoice("INV-1", billed(), on="2025-05-06", order_id="O1"),
        credit("CN-1", billed(2), item(-1, 20, None), of="INV-1", on="2025-05-20", order_id="O1", reason_code="return"),
    ]),
    Scenario("corrected invoice below zero that names what it corrects by reference, after a return", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-04-05"), delivery("R1", "O1/1", -4, "2025-04-20"),
        invoice("INV-1", billed(), on="2025-04-06", order_id="O1"),
        invoice("INV-8", billed(-4), kind="corrected", on="2025-04-25", order_id="O1", days=None),
        ("invoice_references", {"invoice_id": "INV-8", "preceding_invoice_id": "INV-1"}),
    ]),
    Scenario("an invoice below zero that names nothing", [
        customer(), invoice("INV-1", item(-1, 80, None), days=None),
    ], finds={"sign_against_type"}, also={"negative_quantity_on_invoice"}),
    Scenario("invoiced in January for work of December, at the rate of December", [
        customer(country="DE"),
        invoice("INV-1", item(10, 50, vat_share="0.16"), on="2021-01-05", tax_point_date="2020-12-20", deliver_to_country="DE",
            seller_country="DE"),
    ]),
    Scenario("invoiced in December for work of January, at the rate of December", [
        customer(country="DE"),
        invoice("INV-1", item(10, 50, vat_share="0.16"), on="2020-12-28", tax_point_date="2021-01-05", deliver_to_country="DE",
            seller_country="DE"),
    ], finds={"vat_rate_not_valid"}),
]  # fmt: skip

TERMS = [
    Scenario("3% within seven days or 2% within fourteen: 2% on day 12", [
        customer(payment_terms_id="T1"), *STEPS, invoice("INV-1", TEN), *with_discount("592.90", "2025-05-22", "2025-05-22", "12.10"),
    ]),
    Scenario("3% within seven days or 2% within fourteen: 3% on day 12", [
        customer(payment_terms_id="T1"), *STEPS, invoice("INV-1", TEN), *with_discount("586.85", "2025-05-22", "2025-05-22", "18.15"),
    ], finds={"short_payment"}, also={"cash_discount_taken_late"}),
    Scenario("one month from 31 March",
        [customer(payment_terms_id="T1"), terms(net_months=1), invoice("INV-1", TEN, on="2025-03-31", days=30)]),
    Scenario("one month from 31 March, due on 1 May", [
        customer(payment_terms_id="T1"), terms(net_months=1), invoice("INV-1", TEN, on="2025-03-31", days=31),
    ], finds={"due_date_not_by_terms"}),
    Scenario("end of the month of issue", [
        customer(payment_terms_id="T1"), terms(net_days=0, is_end_of_month="true"), invoice("INV-1", TEN, on="2025-05-12", days=19),
    ]),
    Scenario("due on Saturday the last of May, not moved into June", [
        customer(payment_terms_id="T1"), terms(net_days=30, business_day_rule="modified_following", holiday_country="NL"),
        invoice("INV-1", TEN, on="2025-05-01", days=29),
    ]),
    Scenario("due on Ascension Day, moved to the Friday", [
        customer(payment_terms_id="T1"), terms(net_days=30, business_day_rule="following", holiday_country="NL"),
        invoice("INV-1", TEN, on="2025-04-29", days=31),
    ]),
    Scenario("prepayment by the terms of the order alone", [
        customer(), ("payment_terms", {"payment_terms_id": "PRE", "net_days": 0, "is_prepayment": "true"}),
        order("O1", TEN, payment_terms_id="PRE"), delivery("D1", "O1/1", 10, "2025-05-20"),
        invoice("INV-1", billed(), on="2025-05-02", days=0, order_id="O1"),
    ]),
    Scenario("the invoice gives sixty days where thirty are agreed", [
        customer(payment_terms_days=30, size_class="small"), invoice("INV-1", TEN, payment_terms_days=60, days=60),
    ], finds={"terms_differ"}),
    Scenario("sixty days for a large customer", [
        customer(payment_terms_days=60, size_class="large"), invoice("INV-1", TEN, payment_terms_days=60, days=60),
    ], finds={"terms_above_legal_maximum"}),
    Scenario("due the day before it was issued", [customer(), invoice("INV-1", TEN, days=-1)], finds={"due_before_issue"},
             also={"due_date_not_by_terms"}),
]  # fmt: skip

AGREEMENTS = [
    Scenario("price agreed by the day of delivery", [
        customer(), agreed(net_price_amount=50, valid_until_date="2025-05-06", price_date="delivery"),
        agreed(agreement_id="A2", net_price_amount=52, valid_from_date="2025-05-06", price_date="delivery"),
        order("O1", item(10, 52), on="2025-05-02"), delivery("D1", "O1/1", 10, "2025-05-08"),
        invoice("INV-1", billed(10, 52), on="2025-05-10", order_id="O1"),
    ]),
    Scenario("tier of the order reached by its two lines, and not given", [
        customer(), agreed(discount_share="0.05", minimum_quantity=1, tier_basis="order"),
        agreed(agreement_id="A2", discount_share="0.10", minimum_quantity=100, tier_basis="order"),
        order("O1", item(60, 10, discount_share="0.05"), item(60, 10, discount_share="0.05")),
        invoice("INV-1", billed(60, 10, discount_amount=30), billed(60, 10, "O1/2", discount_amount=30), order_id="O1"),
    ], finds={"volume_tier_missed"}, also={"discount_not_applied"}),
    Scenario("15% given where 5% is agreed", [
        customer(), product("P1", list_price_amount=40, currency="EUR"), agreed(discount_share="0.05"),
        invoice("INV-1", item(10, 40, discount_amount=60)),
    ], finds={"discount_above_agreement"}),
    Scenario("the agreed 5% on the line and again on the document", [
        customer(), product("P1", list_price_amount=40, currency="EUR"), agreed(discount_share="0.05"),
        invoice("INV-1", item(10, 40, discount_amount=20), net_amount=361, vat_amount="75.81", gross_amount="436.81", allowance_amount=19,
                charge_amount=0),
        allowance("INV-1", 19),
    ], finds={"discount_given_twice"}, also={"discount_above_agreement"}),
    Scenario("freight by its code, as this customer agreed", [
        customer(), FREIGHT, invoice("INV-1", TEN, charges=({"amount": 25, "reason_code": "FC"},)),
    ]),
    Scenario("packing by its code where freight is agreed", [
        customer(), FREIGHT, invoice("INV-1", TEN, charges=({"amount": 25, "reason_code": "PC"},)),
    ], finds={"surcharge_not_agreed"}),
    Scenario("a charge that was agreed until the day of the invoice", [
        customer(),
        ("agreed_charges", {"agreed_charge_id": "G1", "amount": 15, "valid_from_date": "2025-01-01", "valid_until_date": "2025-05-10"}),
        invoice("INV-1", TEN, charges=({"amount": 15, "reason_text": "Energy"},)),
    ], finds={"surcharge_not_agreed"}),
    Scenario("crates on deposit, and some of them taken back on the next invoice", [
        customer(), product("P1"), product("CRT", kind="deposit"),
        invoice("INV-1", TEN, item(10, "2.50", "CRT"), on="2025-05-02"),
        invoice("INV-7", item(6, 50), item(-8, "2.50", "CRT"), on="2025-05-09"),
    ]),
    Scenario("a price within what this customer accepts", [
        customer(price_tolerance_share="0.02"), order("O1", TEN), invoice("INV-1", billed(10, "50.80"), order_id="O1"),
    ]),
    Scenario("a price beyond what this customer accepts", [
        customer(price_tolerance_share="0.02"), order("O1", TEN), invoice("INV-1", billed(10, "51.50"), order_id="O1"),
    ], finds={"price_differs_from_order"}),
    Scenario("over-delivery by the agreement of the product", [
        customer(), agreed(net_price_amount=8, quantity_tolerance_share="0.05"), order("O1", item(100, 8)),
        delivery("D1", "O1/1", 105, "2025-05-09"), invoice("INV-1", billed(105, 8), order_id="O1"),
    ]),
    Scenario("a net price for one product within a family at a discount", [
        customer(), product("P1", family="bolts", list_price_amount=60, currency="EUR"), agreed(net_price_amount=50),
        agreed(agreement_id="A2", product_id=None, family="bolts", discount_share="0.10"), invoice("INV-1", TEN),
    ]),
]  # fmt: skip

RULES = [
    Scenario("two contracts of one customer, equal invoices on one day", [
        customer(), invoice("INV-104", item(1, 80, None), contract_id="K-1"), invoice("INV-877", item(1, 80, None), contract_id="K-2"),
    ]),
    Scenario("one project billed twice on one day", [
        customer(), invoice("INV-104", item(1, 80, None), project_id="X-1"), invoice("INV-877", item(1, 80, None), project_id="X-1"),
    ], finds={"duplicate_invoice"}),
    Scenario("VAT of a negative invoice, rounded as it is printed", [
        customer(country="DE"),
        invoice("INV-1", item(1, 200, None, vat_share="0.19"), on="2025-04-10", seller_country="DE", deliver_to_country="DE"),
        invoice("INV-9", item(-1, "72.50", None, vat_share="0.19"), on="2025-05-10", seller_country="DE", deliver_to_country="DE",
                corrects_invoice_id="INV-1", vat_amount="-13.78", gross_amount="-86.28", days=None),
    ]),
    Scenario("VAT of an invoice in forint, in whole ones", [
        customer(country="HU"),
        *[("exchange_rates", {"rate_date": f"2025-05-{d:02}", "currency": "HUF", "rate": "0.0025"}) for d in (1, 8, 15)],
        invoice("INV-1", item(7, 143, vat_share="0.27"), currency="HUF", seller_country="HU", deliver_to_country="HU",
                vat_amount=270, gross_amount=1271),
    ]),
    Scenario("intra-EU delivery to Belgium by the name of the country in its own language", [
        customer(country="België", vat_id="BE0776091951"), invoice("INV-1", item(10, 50, **ABROAD)),
    ]),
    Scenario("VAT of 21% to a German customer at home, delivered and sold there", [
        customer(country="DE", vat_id=german_vat_id(10000900)), invoice("INV-1", TEN, deliver_to_country="DE", seller_country="DE"),
    ], finds={"vat_rate_not_valid"}),
    Scenario("outside the scope of VAT, and with a rate", [
        customer(), invoice("INV-1", item(10, 50, vat_category="O", vat_share="0.21")),
    ], finds={"vat_category_inconsistent"}),
    Scenario("a sister pays within the group", [
        customer("C0"), customer(parent_customer_id="C0"), customer("C2", parent_customer_id="C0"),
        invoice("INV-1", TEN), payment("P1", 605, "2025-06-01", by="C2"), applied("A1", "INV-1", 605, "2025-06-01", "P1"),
    ]),
    Scenario("a stranger pays", [
        customer(), customer("C2"), invoice("INV-1", TEN), payment("P1", 605, "2025-06-01", by="C2"),
        applied("A1", "INV-1", 605, "2025-06-01", "P1"),
    ], finds={"allocated_to_other_customer"}),
    Scenario("ordered on the last day of the relation", [
        customer(ended_date="2025-05-01"), order("O1", TEN), invoice("INV-1", billed(), order_id="O1"),
    ]),
    Scenario("a cancelled order of which six were shipped before, seven billed", [
        customer(), order("O1", TEN, cancelled_at="2025-05-08 09:00:00"), delivery("D1", "O1/1", 6, "2025-05-05"),
        invoice("INV-1", billed(7), on="2025-05-10", order_id="O1"),
    ], finds={"invoiced_after_cancellation"}, also={"quantity_above_delivered"}),
    Scenario("goods came back and nobody credited them", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-04-05"), delivery("R1", "O1/1", -2, "2025-05-15"),
        invoice("INV-1", billed(), on="2025-04-06", order_id="O1"),
    ], finds={"return_not_credited"}),
    Scenario("goods came back in the last week and are not credited yet", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-04-05"), delivery("R1", "O1/1", -2, "2025-06-20"),
        invoice("INV-1", billed(), on="2025-04-06", order_id="O1"),
    ]),
    Scenario("delivered and not invoiced for a month", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-20"), order("O2", item(1, 5)),
        delivery("D2", "O2/1", 1, "2025-05-20"),
        invoice("INV-2", billed(1, 5, "O2/1"), on="2025-05-20", order_id="O2"),
    ], finds={"delivered_not_invoiced"}),
    Scenario("delivered in the last days and not invoiced yet", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-06-27"), order("O2", item(1, 5)),
        delivery("D2", "O2/1", 1, "2025-05-20"),
        invoice("INV-2", billed(1, 5, "O2/1"), on="2025-05-20", order_id="O2"),
    ]),
    Scenario("one order line twice on one invoice", [
        customer(), order("O1", TEN), invoice("INV-1", billed(), billed(), order_id="O1"),
    ], finds={"duplicate_line"}, also={"quantity_above_ordered"}),
    Scenario("ordered by the dozen, invoiced by the piece at the price of a dozen", [
        customer(), order("O1", item(5, 24, unit="DZN")), invoice("INV-1", billed(60, 24, unit="C62"), order_id="O1"),
    ], finds={"unit_mismatch"}, also={"quantity_above_ordered"}),
    Scenario("a series with one number that nobody has", [
        customer(), *[invoice(f"S-{n}", item(n, 7, None), on=f"2025-05-{n:02}", series="S") for n in range(1, 14) if n != 6],
    ], finds={"number_gap"}),
    Scenario("a series of which a credit note has one number", [
        customer(), *[invoice(f"S-{n}", item(n, 7, None), on=f"2025-05-{n:02}", series="T") for n in range(1, 14) if n != 6],
        credit("S-6", item(1, 7, None), of="S-5", on="2025-05-06", series="T", reason_code="goodwill"),
    ]),
    Scenario("dated two weeks after the last day that was delivered", [
        customer(), invoice("INV-1", TEN, on="2025-07-14"),
    ], finds={"issued_in_future_or_closed_period"}),
    Scenario("a cent between gross and what makes it", [
        customer(), invoice("INV-1", TEN, gross_amount="605.01"),
    ], finds={"gross_not_net_plus_vat"}),
    Scenario("the amount due forgets what was paid in advance", [
        customer(), invoice("INV-1", TEN, prepaid_amount=121, due_amount=605), payment("P1", 121, "2025-05-02"),
        applied("A1", "INV-1", 121, "2025-05-10", "P1", kind="prepayment"),
    ], finds={"amount_due_wrong"}),
    Scenario("an amount of half a cent", [
        customer(),
        invoice("INV-1", item(1, "100.005", None, net_amount="100.005"), net_amount="100.005", vat_amount="21.00", gross_amount="121.005"),
    ], finds={"too_many_decimals"}, also={"vat_breakdown_tight", "line_net_wrong"}),
    Scenario("one credit note applied by one row for both sides", [
        customer(), invoice("INV-1", TEN, on="2025-04-01"), *paid("P1", "INV-1", 605, "2025-05-01"),
        credit("CN-1", item(1, 100, None), of="INV-1", on="2025-05-05", reason_code="goodwill"), invoice("INV-2", item(6, 50)),
        ("payment_allocations", {"allocation_id": "A7", "kind": "credit_note", "invoice_id": "INV-2", "credit_note_id": "CN-1",
                                 "allocated_date": "2025-05-12", "amount": 121}),
        payment("P2", 242, "2025-06-05"), applied("A9", "INV-2", 242, "2025-06-05", "P2"),
    ]),
    Scenario("a receipt that waits for six weeks while the customer owes", [
        customer(), invoice("INV-1", TEN, on="2025-04-10"), payment("P1", 100, "2025-05-10"),
        invoice("INV-2", item(1, 20), on="2025-04-11"),
        *paid("P2", "INV-2", "24.20", "2025-05-10"),
    ], finds={"unapplied_cash_aged"}),
    Scenario("paid from an account whose check digits are wrong", [
        customer(), invoice("INV-1", TEN), payment("P1", 605, "2025-06-01", payer_iban="NL91ABNA0417164301"),
        applied("A1", "INV-1", 605, "2025-06-01", "P1"),
    ], finds={"iban_invalid_or_not_master"}),
    Scenario("paid from an account that is right", [
        customer(), invoice("INV-1", TEN), payment("P1", 605, "2025-06-01", payer_iban="NL91 ABNA 0417 1643 00"),
        applied("A1", "INV-1", 605, "2025-06-01", "P1"),
    ]),
    Scenario("more owed and ordered than the customer may", [
        customer(credit_limit_amount=1000), invoice("INV-1", item(20, 50)), order("O1", TEN, on="2025-06-20"),
        *paid("P1", "INV-1", 5, "2025-06-01"),
    ], finds={"credit_limit_passed"}, also={"short_payment"}),
]  # fmt: skip

SCENARIOS = [*DOCUMENTS, *TERMS, *AGREEMENTS, *RULES]
