"""Kinds that the other weeks did not have: taxes of other places, numbers as people write them, agreements without an end."""

from __future__ import annotations

from tests.expectations.clerk.billing import TEN, billed
from tests.expectations.clerk.builders import (
    Scenario,
    applied,
    credit,
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
from tests.expectations.clerk.money import ABROAD, agreed, terms

RIGHT = [
    Scenario("three pieces at a price that includes VAT", [
        customer(), invoice("INV-1", item(3, "8.256198", None), vat_amount="5.20", gross_amount="29.97"),
    ]),
    Scenario("tourist tax outside VAT beside a room", [
        customer(), invoice("INV-1", item(2, 90, None, vat_share="0.09"), item(2, 3, None, vat_category="O", vat_share=0)),
    ]),
    Scenario("books at the zero rate of Britain", [
        customer(country="GB"),
        invoice("INV-1", item(10, 12, None, vat_category="Z", vat_share=0), seller_country="GB", deliver_to_country="GB"),
    ]),
    Scenario("tax of the Canary Islands", [
        customer(country="ES"), invoice("INV-1", item(10, 12, None, vat_category="L", vat_share="0.07"), seller_country="ES"),
    ]),
    Scenario("the Finnish rate of 25.5%", [
        customer(country="FI"), invoice("INV-1", item(10, 50, vat_share="0.255"), seller_country="FI", deliver_to_country="FI"),
    ]),
    Scenario("the Estonian rate of the first half of 2025", [
        customer(country="EE"), invoice("INV-1", item(10, 50, vat_share="0.22"), seller_country="EE", deliver_to_country="EE"),
    ]),
    Scenario("in whole yen", [
        customer(country="JP"),
        *[("exchange_rates", {"rate_date": f"2025-05-{d:02}", "currency": "JPY", "rate": "0.0061"}) for d in (1, 8)],
        invoice("INV-1", item(3, 1999, None, vat_category="O", vat_share=0), currency="JPY"),
    ]),
    Scenario("VAT id with dots and spaces in lower case", [
        customer(country="BE", vat_id="be 0400.077.785"), invoice("INV-1", item(10, 50, **ABROAD)),
    ]),
    Scenario("one number of two registers", [
        customer(registration_number="12345678"), customer("C2", country="DE", registration_number="12345678"),
        invoice("INV-1", TEN), invoice("INV-2", item(3, 70), to="C2"),
    ]),
    Scenario("merged number that kept its VAT id", [
        customer(vat_id=dutch_vat_id(30000000)), customer("C7", vat_id=dutch_vat_id(30000000), merged_into_customer_id="C1"),
        invoice("INV-1", TEN),
    ]),
    Scenario("order number with its position behind a hyphen", [
        customer(), order("O1", TEN, customer_order_number="4500012"),
        invoice("INV-1", billed(), order_id="O1", customer_order_number="4500012-010"),
    ]),
    Scenario("order number with its label stuck to it", [
        customer(), order("O1", TEN, customer_order_number="4500012"),
        invoice("INV-1", billed(), order_id="O1", customer_order_number="PO4500012"),
    ]),
    Scenario("order number behind a colon", [
        customer(), order("O1", TEN, customer_order_number="4500012"),
        invoice("INV-1", billed(), order_id="O1", customer_order_number="PO:4500012"),
    ]),
    Scenario("price of last year that nobody ended, and the new one given", [
        customer(), agreed(net_price_amount=48, valid_from_date="2024-01-01"),
        agreed(agreement_id="A2", net_price_amount=50, valid_from_date="2025-01-01"), invoice("INV-1", TEN),
    ]),
    Scenario("discount of last year that nobody ended, and the smaller new one given", [
        customer(), agreed(discount_share="0.10", valid_from_date="2024-01-01"),
        agreed(agreement_id="A2", discount_share="0.05", valid_from_date="2025-01-01"), invoice("INV-1", item(10, 50, discount_amount=25)),
    ]),
    Scenario("price of a month within the price of the year", [
        customer(), agreed(net_price_amount=50),
        agreed(agreement_id="A2", net_price_amount=45, valid_from_date="2025-05-01", valid_until_date="2025-06-01"),
        invoice("INV-1", item(10, 45)),
    ]),
    Scenario("two order lines of one product, an equal invoice each on one day", [
        customer(), order("O1", TEN, TEN), invoice("INV-1", billed(), order_id="O1"),
        invoice("INV-8", billed(10, 50, "O1/2"), order_id="O1"),
    ]),
    Scenario("two lorries of one call-off order on one day", [
        customer(), order("O1", item(120, 50), on="2025-01-02"),
        invoice("INV-1", billed(), order_id="O1"), invoice("INV-8", billed(), order_id="O1"),
    ]),
    Scenario("sent to the wrong customer without an order, cancelled and sent to the right one", [
        customer(), customer("C2"), invoice("INV-1", TEN),
        invoice("CAN-1", TEN, kind="cancellation", on="2025-05-12", days=None, corrects_invoice_id="INV-1"),
        invoice("INV-2", TEN, to="C2", on="2025-05-12"),
    ]),
    Scenario("cash sale that is due on its day", [customer(payment_terms_id="T1"), terms(net_days=0), invoice("INV-1", TEN, days=0)]),
    Scenario("money of nobody known, applied to an invoice", [
        customer(), invoice("INV-1", TEN), payment("P1", 605, "2025-06-02", by=None), applied("A1", "INV-1", 605, "2025-06-02", "P1"),
    ]),
    Scenario("applied to the wrong invoice and moved the day after", [
        customer(), invoice("INV-1", TEN), invoice("INV-2", item(10, 50, "P2")), payment("P1", 605, "2025-06-02"),
        applied("A1", "INV-1", 605, "2025-06-02", "P1"), applied("A2", "INV-1", -605, "2025-06-03", "P1"),
        applied("A3", "INV-2", 605, "2025-06-03", "P1"),
    ]),
    Scenario("eight of ten delivered, the rest of the line cancelled, the order closed", [
        customer(), order("O1", TEN, status="closed"), delivery("D1", "O1/1", 8, "2025-05-05"),
        ("order_lines", {"order_id": "O2", "line_number": "1", "product_id": "P1", "quantity": 10, "unit_price_amount": 50,
                         "cancelled_at": "2025-05-08 10:00:00"}),
        ("orders", {"order_id": "O2", "customer_id": "C1", "ordered_at": "2025-05-01 10:00:00", "currency": "EUR", "status": "closed"}),
        delivery("D2", "O2/1", 8, "2025-05-05"), delivery("D3", "O1/1", 2, "2025-05-06"),
        invoice("INV-1", billed(), on="2025-05-07", order_id="O1"), invoice("INV-2", billed(8, 50, "O2/1"), on="2025-05-07", order_id="O2"),
    ]),
    Scenario("a number that is two days younger than the one before it", [
        customer(), *[invoice(f"N{n:03}", item(n, 7, None), on=f"2025-05-{d:02}", series="N")
                      for n, d in ((1, 2), (2, 5), (3, 8), (4, 6), (5, 9), (6, 12), (7, 13), (8, 14), (9, 15), (10, 16), (11, 19))],
    ]),
    Scenario("two credits of one amount on one day for two invoices", [
        customer(), invoice("INV-1", TEN), invoice("INV-2", item(10, 50, "P2")),
        credit("CN-1", item(1, 40, None), of="INV-1", on="2025-05-20", reason_code="goodwill"),
        credit("CN-2", item(1, 40, None), of="INV-2", on="2025-05-20", reason_code="goodwill"),
    ]),
    Scenario("a third of a hundred euros, three times", [
        customer(), order("O1", item(3, "33.333333")), invoice("INV-1", billed(3, "33.333333"), order_id="O1"),
    ]),
    Scenario("a whole invoice that is paid before it is due with terms that begin at its end of month", [
        customer(payment_terms_id="T1"), terms(net_days=0, is_end_of_month="true"), invoice("INV-1", TEN, days=21),
        *paid("P1", "INV-1", 605, "2025-05-20"),
    ]),
    Scenario("returned in full and credited in two parts", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-05"), delivery("R1", "O1/1", -10, "2025-05-12"),
        invoice("INV-1", billed(), on="2025-05-06", order_id="O1"),
        credit("CN-1", billed(6), of="INV-1", on="2025-05-14", order_id="O1", reason_code="return"),
        credit("CN-2", billed(4), of="INV-1", on="2025-05-16", order_id="O1", reason_code="return"),
    ]),
    Scenario("half a month cancelled after it was billed, ordered by the month", [
        customer(), product("P1", kind="subscription"), order("O1", item(12, 300), on="2025-05-10"),
        invoice("INV-1", item(1, "154.84", of="O1/1", period_start_date="2025-05-16", period_end_date="2025-05-31"), on="2025-05-16",
                order_id="O1"),
        invoice("CAN-1", item(1, "154.84", of="O1/1", period_start_date="2025-05-16", period_end_date="2025-05-31"), kind="cancellation",
                on="2025-05-19", days=None, order_id="O1", corrects_invoice_id="INV-1"),
    ]),
]  # fmt: skip

#: 50 a piece for what is delivered until the end of May, then 52.
BY_THE_DAY_OF_DELIVERY = [
    customer(), agreed(net_price_amount=50, valid_until_date="2025-06-01", price_date="delivery"),
    agreed(agreement_id="A2", net_price_amount=52, valid_from_date="2025-06-01", price_date="delivery"),
]  # fmt: skip
CALLED_OFF = [
    *BY_THE_DAY_OF_DELIVERY, order("O1", item(30, 50), on="2025-04-20"), delivery("D1", "O1/1", 10, "2025-05-05"),
    delivery("D2", "O1/1", 10, "2025-06-05"), invoice("INV-1", billed(10, 50), on="2025-05-06", order_id="O1"),
]  # fmt: skip
#: Numbers and their days in May: some are left out, and the tenth is two weeks older than those before it.
NUMBERS = ((1, 2), (2, 3), (5, 4), (6, 18), (7, 19), (9, 20), (10, 5), (11, 21), (12, 22), (13, 23), (17, 24), (18, 25))
MAY_BILLED = [order("O2", item(1, 5)), delivery("D2", "O2/1", 1, "2025-05-20"),
              invoice("INV-2", billed(1, 5, "O2/1"), on="2025-05-31", order_id="O2")]  # fmt: skip

BY_DAYS_AND_NUMBERS = [
    Scenario("call-off of June at the price of June, where the day of delivery decides", [
        *CALLED_OFF, invoice("INV-9", billed(10, 52), on="2025-06-06", order_id="O1"),
    ]),
    Scenario("call-off of June at the price of neither day, where the day of delivery decides", [
        *CALLED_OFF, invoice("INV-9", billed(10, 54), on="2025-06-06", order_id="O1"),
    ], finds={"price_differs_from_agreement", "price_differs_from_order"}),
    Scenario("call-off of June at a price that was agreed by the day of the order for later", [
        customer(), agreed(net_price_amount=50, valid_until_date="2025-06-01"),
        agreed(agreement_id="A2", net_price_amount=52, valid_from_date="2025-06-01"), order("O1", item(30, 50), on="2025-04-20"),
        delivery("D1", "O1/1", 10, "2025-06-05"), invoice("INV-9", billed(10, 52), on="2025-06-06", order_id="O1"),
    ], finds={"price_differs_from_agreement", "price_differs_from_order"}),
    Scenario("call-off of June at the price of May, where the day of delivery decides", [
        *CALLED_OFF, invoice("INV-9", billed(10, 50), on="2025-06-06", order_id="O1"),
    ], finds={"price_differs_from_agreement"}),
    Scenario("two call-offs on one invoice, each line at the price of its delivery", [
        *BY_THE_DAY_OF_DELIVERY, order("O1", item(30, 52), on="2025-04-20"), delivery("D1", "O1/1", 10, "2025-05-30"),
        delivery("D2", "O1/1", 10, "2025-06-02"),
        invoice("INV-1", billed(10, 50, delivery_id="D1"), billed(10, 52, delivery_id="D2"), on="2025-06-03", order_id="O1"),
    ]),
    Scenario("self-billed invoices in numbers that the customer uses for others as well", [
        customer(), *[invoice(f"K{n:03}", item(n, 7, None), on=f"2025-05-{d:02}", series="K", kind="389") for n, d in NUMBERS],
    ]),
    Scenario("invoices of our own in such numbers", [
        customer(), *[invoice(f"O{n:03}", item(n, 7, None), on=f"2025-05-{d:02}", series="O") for n, d in NUMBERS],
    ], finds={"number_gap", "number_date_disorder"}),
    Scenario("billed by the month, delivered four weeks ago and in this month", [
        customer(billing_rhythm="monthly"), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-06-02"), *MAY_BILLED,
    ]),
    Scenario("billed by the month, delivered in the month before the last and not invoiced", [
        customer(billing_rhythm="monthly"), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-04-29"), *MAY_BILLED,
    ], finds={"delivered_not_invoiced"}),
]  # fmt: skip

WRONG = [
    Scenario("cancelled for fifty euros less than it was", [
        customer(), invoice("INV-1", TEN),
        invoice("CAN-1", item(9, 50), kind="cancellation", on="2025-05-12", days=None, corrects_invoice_id="INV-1"),
    ], finds={"cancellation_not_netted"}),
    Scenario("a number that is two weeks younger than the one before it", [
        customer(), *[invoice(f"M{n:03}", item(n, 7, None), on=f"2025-05-{d:02}", series="M")
                      for n, d in ((1, 12), (2, 13), (3, 14), (4, 15), (5, 16), (6, 19), (7, 20), (8, 5), (9, 21), (10, 22), (11, 23))],
    ], finds={"number_date_disorder"}),
    Scenario("a product that no catalogue has", [
        customer(), product("P1"), invoice("INV-1", TEN, item(1, 20, "P77")),
    ], finds={"unknown_product"}),
    Scenario("a price below zero", [customer(), invoice("INV-1", TEN, item(1, -20, "P2"))], finds={"negative_price"},
             also={"negative_quantity_on_invoice"}),
    Scenario("promised for the fifth and delivered on the ninth", [
        customer(), order("O1", TEN), delivery("D1", "O1/1", 10, "2025-05-09", promised_date="2025-05-05"),
        invoice("INV-1", billed(), order_id="O1"),
    ], finds={"delivered_late"}),
    Scenario("eight of ten delivered, and the order closed without a word", [
        customer(), order("O1", TEN, status="closed"), delivery("D1", "O1/1", 8, "2025-05-05"),
        invoice("INV-1", billed(8), on="2025-05-06", order_id="O1"),
    ], finds={"delivered_short_unfulfilled"}),
    Scenario("lines of 500 and a total of 600", [
        customer(), invoice("INV-1", TEN, net_amount=600, vat_amount=126, gross_amount=726),
    ], finds={"lines_not_sum_of_total"}, also={"vat_breakdown_wrong"}),
    Scenario("a credit that names nothing and equals nothing", [
        customer(), invoice("INV-1", TEN), credit("CN-1", item(1, 33, None), on="2025-05-20", reason_code="goodwill"),
    ], finds={"credit_without_reference"}),
    Scenario("credit set off that no credit note has", [
        customer(), invoice("INV-1", TEN), *paid("P1", "INV-1", 505, "2025-06-02"),
        applied("A2", "INV-1", 100, "2025-06-02", kind="credit_note"),
    ], finds={"credit_note_not_found"}),
    Scenario("a dash where the customer wants its order number", [
        customer(is_order_number_required="true"), order("O1", TEN, customer_order_number="4500012"),
        invoice("INV-1", billed(), order_id="O1", customer_order_number="-"),
    ], finds={"order_number_missing"}),
    Scenario("n/a where the customer wants its order number", [
        customer(is_order_number_required="true"), order("O1", TEN, customer_order_number="4500012"),
        invoice("INV-1", billed(), order_id="O1", customer_order_number="n/a"),
    ], finds={"order_number_missing"}, also={"order_number_differs"}),
    Scenario("one delivery billed twice, a line of it on the invoice of the week after", [
        customer(), order("O1", TEN), order("O2", item(4, 50)), delivery("D1", "O1/1", 10, "2025-05-05"),
        delivery("D2", "O2/1", 4, "2025-05-12"),
        invoice("INV-1", billed(10, delivery_id="D1"), on="2025-05-06", order_id="O1"),
        invoice("INV-8", billed(4, 50, "O2/1", delivery_id="D2"), billed(10, delivery_id="D1"), on="2025-05-13"),
    ], finds={"quantity_above_delivered"}, also={"quantity_above_ordered", "rebilled_without_credit", "duplicate_invoice"}),
    Scenario("price of last year that nobody ended, and neither it nor the new one given", [
        customer(), agreed(net_price_amount=48, valid_from_date="2024-01-01"),
        agreed(agreement_id="A2", net_price_amount=50, valid_from_date="2025-01-01"), invoice("INV-1", item(10, 55)),
    ], finds={"price_differs_from_agreement"}),
    Scenario("a digit of the order number left out behind its label", [
        customer(), order("O1", TEN, customer_order_number="4500012"),
        invoice("INV-1", billed(), order_id="O1", customer_order_number="PO450012"),
    ], finds={"order_number_differs"}),
    Scenario("the Finnish rate of before September 2024", [
        customer(country="FI"), invoice("INV-1", item(10, 50, vat_share="0.24"), seller_country="FI", deliver_to_country="FI"),
    ], finds={"vat_rate_not_valid"}),
    Scenario("one register, one number, two customers", [
        customer(registration_number="12345678"), customer("C2", registration_number="12345678"), invoice("INV-1", TEN),
        invoice("INV-2", item(3, 70), to="C2"),
    ], finds={"customer_twice"}),
]  # fmt: skip

SCENARIOS = [*RIGHT, *BY_DAYS_AND_NUMBERS, *WRONG]
