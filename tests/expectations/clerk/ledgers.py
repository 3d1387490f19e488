"""Billing in parts, numbers, cash and documents that only look alike: right events and wrong ones, with rows of their own."""

from __future__ import annotations

from tests.expectations.clerk.billing import TEN, billed
from tests.expectations.clerk.builders import Scenario, applied, credit, customer, delivery, invoice, item, order, paid, payment, product
from tests.expectations.clerk.money import with_discount
from tests.expectations.clerk.rarer import STEPS

SCENARIOS = [
    Scenario(
        "the first time sheet against a budget",
        [
            customer(),
            product("P1", kind="service"),
            order("O1", item(1, 50000), on="2025-01-02"),
            invoice("2025-1", item(40, 80, of="O1/1", unit="HUR"), order_id="O1"),
        ],
    ),
    Scenario(
        "milestones of 20, 30 and 50%",
        [
            customer(),
            product("P1", kind="service"),
            order("O1", item(1, 10000), on="2025-01-02"),
            *[
                invoice(f"M-{n}{n}", item(1, a, of="O1/1"), on=f"2025-0{n + 2}-10", order_id="O1")
                for n, a in ((1, 2000), (2, 3000), (3, 5000))
            ],
        ],
    ),
    Scenario(
        "milestones with two equal",
        [
            customer(),
            product("P1", kind="service"),
            order("O1", item(1, 10000), on="2025-01-02"),
            *[
                invoice(f"M-{n}{n}", item(1, a, of="O1/1"), on=f"2025-05-{n}1" if n < 3 else "2025-05-30", order_id="O1")
                for n, a in ((1, 2500), (2, 2500), (3, 5000))
            ],
        ],
    ),
    Scenario(
        "milestones beyond the order",
        [
            customer(),
            product("P1", kind="service"),
            order("O1", item(1, 10000), on="2025-01-02"),
            *[
                invoice(f"M-{n}{n}", item(1, a, of="O1/1"), on=f"2025-0{n + 2}-10", order_id="O1")
                for n, a in ((1, 4000), (2, 4000), (3, 5000))
            ],
        ],
        finds={"quantity_above_ordered"},
        also={"duplicate_invoice", "price_differs_from_order", "rebilled_without_credit"},
    ),
    Scenario(
        "annual subscription in advance and pro rata part",
        [
            customer(),
            product("P1", kind="subscription"),
            order("O1", item(12, 100), on="2025-03-15"),
            invoice(
                "S-1",
                item("0.5484", 100, of="O1/1", period_start_date="2025-03-15", period_end_date="2025-03-31"),
                on="2025-03-15",
                order_id="O1",
            ),
            invoice(
                "S-2", item(1, 100, of="O1/1", period_start_date="2025-04-01", period_end_date="2025-04-30"), on="2025-04-01", order_id="O1"
            ),
        ],
    ),
    Scenario(
        "numbers begin again each year in one series",
        [
            customer(),
            *[invoice(f"2024-{n:03}", item(n, 7, None), on=f"2024-12-{n:02}", series="F") for n in range(1, 13)],
            *[invoice(f"2025-{n:03}", item(n, 9, None), on=f"2025-01-{n + 1:02}", series="F") for n in range(1, 13)],
        ],
    ),
    Scenario(
        "gap in this year's part of the series",
        [
            customer(),
            *[invoice(f"2024-{n:03}", item(n, 7, None), on=f"2024-12-{n:02}", series="F2") for n in range(1, 13)],
            *[invoice(f"2025-{n:03}", item(n, 9, None), on=f"2025-01-{n + 1:02}", series="F2") for n in range(1, 13) if n != 5],
        ],
        finds={"number_gap"},
    ),
    Scenario(
        "numbers with the year behind",
        [customer(), *[invoice(f"{n:03}/2025", item(n, 7, None), on=f"2025-05-{n:02}", series="G") for n in range(1, 14)]],
    ),
    Scenario(
        "gap with the year behind",
        [customer(), *[invoice(f"{n:03}/2025", item(n, 7, None), on=f"2025-05-{n:02}", series="G2") for n in range(1, 14) if n != 6]],
        finds={"number_gap"},
    ),
    Scenario(
        "two equal payments of two equal invoices, same words",
        [
            customer(),
            invoice("INV-1", TEN),
            invoice("INV-2", item(5, 100, "P2"), on="2025-05-11"),
            payment("P1", 605, "2025-06-02", reference_text="May"),
            applied("A1", "INV-1", 605, "2025-06-02", "P1"),
            payment("P2", 605, "2025-06-04", reference_text="May"),
            applied("A2", "INV-2", 605, "2025-06-04", "P2"),
        ],
    ),
    Scenario(
        "direct debit bounced and collected again",
        [
            customer(),
            invoice("INV-1", TEN),
            payment("P1", 605, "2025-06-02", reference_text="INV-1"),
            applied("A1", "INV-1", 605, "2025-06-02", "P1"),
            payment("P2", -605, "2025-06-04", is_reversal_of="P1", reference_text="INV-1"),
            payment("P3", 605, "2025-06-06", reference_text="INV-1"),
            applied("A3", "INV-1", 605, "2025-06-06", "P3"),
        ],
    ),
    Scenario(
        "overpaid and refunded",
        [
            customer(),
            invoice("INV-1", TEN),
            payment("P1", 700, "2025-05-20"),
            applied("A1", "INV-1", 700, "2025-05-20", "P1"),
            payment("P2", -95, "2025-05-28"),
            applied("A2", "INV-1", -95, "2025-05-28", "P2", kind="refund"),
        ],
    ),
    Scenario(
        "credit note paid out",
        [
            customer(),
            invoice("INV-1", TEN, on="2025-04-01"),
            *paid("P1", "INV-1", 605, "2025-05-01"),
            credit("CN-1", item(1, 100, None), of="INV-1", on="2025-05-05", reason_code="goodwill"),
            payment("P2", -121, "2025-05-20"),
            applied("A2", "CN-1", -121, "2025-05-20", "P2", kind="refund"),
        ],
    ),
    Scenario(
        "credit note paid out as cash",
        [
            customer(),
            invoice("INV-1", TEN, on="2025-04-01"),
            *paid("P1", "INV-1", 605, "2025-05-01"),
            credit("CN-1", item(1, 100, None), of="INV-1", on="2025-05-05", reason_code="goodwill"),
            payment("P2", -121, "2025-05-20"),
            applied("A2", "CN-1", -121, "2025-05-20", "P2"),
        ],
    ),
    Scenario(
        "set off against what we owe",
        [
            customer(),
            invoice("INV-1", TEN),
            *paid("P1", "INV-1", 405, "2025-06-02"),
            applied("A2", "INV-1", 200, "2025-06-02", kind="set_off"),
        ],
    ),
    Scenario(
        "withheld tax with certificate to come",
        [
            customer(withholding_share="0.05"),
            invoice("INV-1", TEN),
            *paid("P1", "INV-1", 580, "2025-06-02"),
            applied("A2", "INV-1", 25, "2025-06-02", kind="withholding"),
        ],
    ),
    Scenario(
        "bank charge booked",
        [
            customer(),
            invoice("INV-1", TEN),
            *paid("P1", "INV-1", "592.50", "2025-06-02"),
            applied("A2", "INV-1", "12.50", "2025-06-02", kind="bank_charge"),
        ],
    ),
    Scenario(
        "money applied twice over invoice",
        [customer(), invoice("INV-1", TEN), *paid("P1", "INV-1", 605, "2025-06-02"), *paid("P2", "INV-1", 605, "2025-06-05")],
        finds={"overallocated"},
    ),
    Scenario(
        "prepaid amount with its prepayment applied",
        [
            customer(),
            invoice("INV-1", TEN, prepaid_amount=121, due_amount=484),
            payment("P1", 121, "2025-05-02"),
            applied("A1", "INV-1", 121, "2025-05-10", "P1", kind="prepayment"),
            *paid("P2", "INV-1", 484, "2025-06-02"),
        ],
    ),
    Scenario(
        "advance received and applied on the day of issue",
        [customer(), payment("P1", 605, "2025-05-01"), invoice("INV-1", TEN), applied("A1", "INV-1", 605, "2025-05-10", "P1")],
    ),
    Scenario(
        "advance applied as prepayment by its date",
        [
            customer(),
            payment("P1", 605, "2025-05-01"),
            invoice("INV-1", TEN),
            applied("A1", "INV-1", 605, "2025-05-01", "P1", kind="prepayment"),
        ],
    ),
    Scenario(
        "written off and paid after all",
        [
            customer(),
            invoice("INV-1", TEN, on="2025-01-10"),
            applied("W1", "INV-1", 605, "2025-03-06", kind="write_off"),
            *paid("P1", "INV-1", 605, "2025-06-01"),
        ],
    ),
    Scenario(
        "written off as an entity of its own and paid after all",
        [
            customer(),
            invoice("INV-1", TEN, on="2025-01-10"),
            ("write_offs", {"write_off_id": "W1", "invoice_id": "INV-1", "written_off_date": "2025-03-06", "amount": 605}),
            *paid("P1", "INV-1", 605, "2025-06-01"),
        ],
    ),
    Scenario(
        "dispute open, short paid",
        [
            customer(),
            invoice("INV-1", TEN),
            *paid("P1", "INV-1", 500, "2025-06-02"),
            ("disputes", {"dispute_id": "X1", "invoice_id": "INV-1", "opened_date": "2025-06-01", "reason_code": "price", "amount": 105}),
        ],
    ),
    Scenario(
        "third-party payer by merged number",
        [
            customer(),
            customer("C2"),
            customer("C8", merged_into_customer_id="C2"),
            ("third_party_payers", {"customer_id": "C1", "payer_customer_id": "C8", "valid_from_date": "2025-01-01"}),
            invoice("INV-1", TEN),
            payment("P1", 605, "2025-06-01", by="C2"),
            applied("A1", "INV-1", 605, "2025-06-01", "P1"),
        ],
    ),
    Scenario(
        "paid by the merged number",
        [
            customer(),
            customer("C7", merged_into_customer_id="C1"),
            invoice("INV-1", TEN),
            payment("P1", 605, "2025-06-01", by="C7"),
            applied("A1", "INV-1", 605, "2025-06-01", "P1"),
        ],
    ),
    Scenario(
        "dollar invoice paid in euros at the day's rate",
        [
            customer(),
            *[
                ("exchange_rates", {"rate_date": d, "currency": "USD", "rate": "0.92"})
                for d in ("2025-05-08", "2025-05-15", "2025-05-31", "2025-06-02")
            ],
            invoice("INV-1", item(10, 50), currency="USD"),
            payment("P1", "556.60", "2025-06-02"),
            (
                "payment_allocations",
                {
                    "allocation_id": "A1",
                    "payment_id": "P1",
                    "kind": "cash",
                    "invoice_id": "INV-1",
                    "allocated_date": "2025-06-02",
                    "amount": 605,
                    "payment_amount": "556.60",
                },
            ),
        ],
    ),
    Scenario(
        "Swiss rounding to five",
        [
            customer(country="CH"),
            invoice(
                "INV-1",
                item(1, "100.02", None, vat_share="0.081"),
                vat_amount="8.10",
                gross_amount="108.12",
                rounding_amount="-0.02",
                due_amount="108.10",
                seller_country="CH",
            ),
            *paid("P1", "INV-1", "108.10", "2025-06-02"),
        ],
    ),
    Scenario(
        "two equal orders billed on one day",
        [
            customer(),
            order("O1", TEN),
            order("O2", TEN),
            invoice("INV-1", billed(), order_id="O1"),
            invoice("INV-2", billed(10, 50, "O2/1"), order_id="O2"),
        ],
    ),
    Scenario(
        "replacement order after cancel, same number as customer's",
        [
            customer(),
            order("O1", TEN, cancelled_at="2025-05-03 09:00:00", customer_order_number="PO1"),
            order("O2", TEN, customer_order_number="PO1"),
            invoice("INV-1", billed(10, 50, "O2/1"), order_id="O2", customer_order_number="PO1"),
        ],
    ),
    Scenario(
        "billed to the branch, agreed with HQ same legal entity",
        [
            customer(legal_entity_id="E1"),
            customer("C2", legal_entity_id="E1"),
            order("O1", TEN),
            invoice("INV-1", billed(), to="C2", order_id="O1"),
        ],
    ),
    Scenario(
        "two halves of an order, the header alone names it",
        [
            customer(),
            order("O1", TEN),
            delivery("D1", "O1/1", 5, "2025-05-05"),
            delivery("D2", "O1/1", 5, "2025-05-12"),
            invoice("INV-1", item(5, 50), on="2025-05-06", order_id="O1"),
            invoice("INV-8", item(5, 50), on="2025-05-13", order_id="O1"),
        ],
    ),
    Scenario(
        "second half billed twice with header order only",
        [
            customer(),
            order("O1", TEN),
            invoice("INV-1", item(5, 50), on="2025-05-06", order_id="O1"),
            invoice("INV-8", item(5, 50), on="2025-05-13", order_id="O1"),
            invoice("INV-9", item(5, 50), on="2025-05-15", order_id="O1"),
        ],
        finds={"duplicate_invoice"},
        also={"quantity_above_ordered", "rebilled_without_credit"},
    ),
    Scenario(
        "two months of rent on one day, each with its period",
        [
            customer(),
            product("P1", kind="service"),
            invoice("R-10", item(1, 300), on="2025-05-01", period_start_date="2025-05-01", period_end_date="2025-05-31"),
            invoice("R-77", item(1, 300), on="2025-05-01", period_start_date="2025-06-01", period_end_date="2025-06-30"),
        ],
    ),
    Scenario(
        "a service of the week before",
        [
            customer(),
            product("P1", kind="service"),
            order("O1", TEN),
            delivery("D1", "O1/1", 10, "2025-05-01"),
            invoice("INV-1", billed(), on="2025-05-06", order_id="O1"),
        ],
    ),
    Scenario(
        "discount for cash on the twentieth day of terms of fourteen",
        [customer(payment_terms_id="T1"), *STEPS, invoice("INV-1", TEN), *with_discount("574.75", "2025-05-30", "2025-05-30", "30.25")],
        finds={"cash_discount_taken_late"},
        also={"short_payment"},
    ),
    Scenario(
        "credit note twice",
        [
            customer(),
            invoice("INV-1", TEN),
            credit("CN-1", item(10, 50), of="INV-1", on="2025-05-20", reason_code="return"),
            credit("CN-2", item(10, 50), of="INV-1", on="2025-05-25", reason_code="return"),
        ],
        finds={"credit_above_invoice"},
    ),
    Scenario(
        "order of other customer through alias",
        [
            customer(),
            customer("C2"),
            ("customer_aliases", {"alias_id": "DEB-2", "customer_id": "C2"}),
            order("O1", TEN, by="DEB-2"),
            invoice("INV-1", billed(), order_id="O1"),
        ],
        finds={"order_of_other_customer"},
        also={"wrong_bill_to"},
    ),
]
