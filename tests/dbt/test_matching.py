"""Receipts of bank statements and what they settle: a company that delivers invoices and statements, and nothing else.

Each case is a payer of its own, so that one build of the models answers for all. Keep out: how statements are read
(``tests/pipelines/sources/test_statements.py``) and the demo company's answer key (``tests/pipelines/demo``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.checks.suites import load_checks, run_checks
from tests.conftest import PROJECT
from tests.histories import History, built
from tests.matching_worlds import match_world

pytestmark = pytest.mark.slow

DAY = date(2025, 6, 30)
TARGETS = (
    "receivables_ageing_monthly",
    "receivables_rollforward_monthly",
    "cash_matching_monthly",
    "cash_matching_worklist",
    "bank_entries_monthly",
)
#: payer -> its invoices (number, amount, day of issue), its receipts (name, amount, day, text, more) and what must be matched.
Invoices = list[tuple]
Matches = set[tuple]

CASES: dict[str, tuple[Invoices, list[tuple], Matches]] = {
    "one number": (
        [("2025-000101", 121, "2025-01-10")],
        [("a", 121, "2025-02-01", "Factuur 2025-000101")],
        {("a", "2025-000101", 2, 121)},
    ),
    "number without its sign, and with a word before it": (
        [("2025-000111", 50, "2025-01-10"), ("2025-000112", 60, "2025-01-10"), ("2025-000113", 70, "2025-01-10")],
        [("a", 50, "2025-02-01", "2025000111"), ("b", 60, "2025-02-01", "FACT2025000112"), ("c", 70, "2025-02-01", "factuur 2025 000113.")],
        {("a", "2025-000111", 2, 50), ("b", "2025-000112", 2, 60), ("c", "2025-000113", 2, 70)},
    ),
    "several numbers, a range, a range whose end is short": (
        [(f"2025-0002{n:02}", 10 + n, "2025-01-10") for n in range(1, 10)],
        [
            ("a", 23, "2025-02-01", "2025-000201/2025-000202"),
            ("b", 13 + 14 + 15, "2025-02-01", "facturen 2025-000203 t/m 2025-000205"),
            ("c", 16 + 17 + 18 + 19, "2025-02-01", "2025-000206 - 209"),
        ],
        {("a", "2025-000201", 2, 11), ("a", "2025-000202", 2, 12)}
        | {("b", f"2025-0002{n:02}", 2, 10 + n) for n in (3, 4, 5)}
        | {("c", f"2025-0002{n:02}", 2, 10 + n) for n in (6, 7, 8, 9)},
    ),
    "the same number twice: the first one has it": (
        [("2025-000301", 80, "2025-01-10")],
        [("a", 80, "2025-02-01", "2025-000301"), ("b", 80, "2025-02-03", "2025-000301")],
        {("a", "2025-000301", 2, 80)},
    ),
    "parts that add up, and parts that do not": (
        [("2025-000401", 100, "2025-01-10"), ("2025-000402", 90, "2025-01-10")],
        [
            ("a", 40, "2025-02-01", "2025-000401 deel 1"), ("b", 60, "2025-03-01", "2025-000401 rest"),
            ("c", 30, "2025-02-01", "2025-000402"),
        ],
        {("a", "2025-000401", 2, 40), ("b", "2025-000401", 2, 60)},
    ),
    "structured reference, also of a part": (
        [("539007547034", 88, "2025-01-10"), ("2025-000502", 64, "2025-01-10"), ("2025-000503", 50, "2025-01-10")],
        [
            ("a", 88, "2025-02-01", None, {"structured_reference": "RF18 5390 0754 7034"}),
            ("b", 64, "2025-02-01", None, {"end_to_end_id": "2025-000502"}),
            ("c", 15, "2025-02-01", None, {"structured_reference": "2025000503"}),
        ],
        {("a", "539007547034", 1, 88), ("b", "2025-000502", 1, 64), ("c", "2025-000503", 1, 15)},
    ),
    "cents, a discount in time and one too late, a bank's charge, and too little": (
        [
            ("2025-000601", Decimal("100.02"), "2025-01-10"), ("2025-000602", 2000, "2025-01-10"), ("2025-000603", 3000, "2025-01-10"),
            ("2025-000604", 500, "2025-01-10"), ("2025-000605", 700, "2025-01-10"),
        ],
        [
            ("a", 100, "2025-02-01", "2025-000601"), ("b", 1960, "2025-01-15", "2025-000602"), ("c", 2940, "2025-02-20", "2025-000603"),
            ("d", Decimal("487.50"), "2025-02-01", "2025-000604"), ("e", 600, "2025-02-01", "2025-000605"),
        ],
        {("a", "2025-000601", 3, 100), ("b", "2025-000602", 3, 1960), ("d", "2025-000604", 3, Decimal("487.50"))},
    ),
    "tax withheld": (
        [("2025-000701", 1210, "2025-01-10")],
        [("a", 1110, "2025-02-01", "2025-000701")],
        {("a", "2025-000701", 3, 1110)},
    ),
    "no reference: the only document of that amount, or the only combination": (
        [("2025-000801", 75, "2025-01-10"), ("2025-000802", 31, "2025-01-11"), ("2025-000803", 53, "2025-01-12")],
        [("a", 75, "2025-02-01", "dank"), ("b", 84, "2025-02-02", None)],
        {("a", "2025-000801", 4, 75), ("b", "2025-000802", 4, 31), ("b", "2025-000803", 4, 53)},
    ),
    "two alike, and a third later: never one of them": (
        [("2025-000901", 60, "2025-01-10"), ("2025-000902", 60, "2025-01-11"), ("2025-000903", 60, "2025-03-11")],
        [("a", 60, "2025-02-01", None), ("b", 60, "2025-04-02", None)],
        set(),
    ),
    "a document and a combination of the same amount": (
        [("2025-001001", 90, "2025-01-10"), ("2025-001002", 50, "2025-01-11"), ("2025-001003", 40, "2025-01-12")],
        [("a", 90, "2025-02-01", None)],
        set(),
    ),
    "the same amount month after month, each paid before the next": (
        [(f"2025-0011{n:02}", 33, f"2025-{n:02}-01") for n in range(1, 6)],
        [(f"m{n}", 33, f"2025-{n:02}-20", None) for n in range(1, 6)],
        {(f"m{n}", f"2025-0011{n:02}", 4, 33) for n in range(1, 6)},
    ),
    "before there is an invoice": ([("2025-001201", 47, "2025-03-10")], [("a", 47, "2025-02-01", None)], set()),
    "a person confirmed one of two, and rejected the other receipt's": (
        [("2025-001301", 29, "2025-01-10"), ("2025-001302", 29, "2025-01-11"), ("2025-001303", 58, "2025-01-11")],
        [("a", 29, "2025-02-01", None), ("b", 58, "2025-02-02", "2025-001303")],
        {("a", "2025-001302", 0, 29)},
    ),
    "taken back by the bank": (
        [("2025-001401", 91, "2025-01-10")],
        [
            ("a", 91, "2025-02-01", "2025-001401", {"end_to_end_id": "E1"}),
            ("b", -91, "2025-02-05", None, {"end_to_end_id": "E1", "is_reversal": True}),
        ],
        set(),
    ),
    "credited before it was paid": (
        [
            ("2025-001501", 100, "2025-01-10"),
            ("2025-001502", 20, "2025-01-20", {"document_type": "credit_note", "corrects_invoice_id": "2025-001501"}),
        ],
        [("a", 80, "2025-02-01", "2025-001501")],
        {("a", "2025-001501", 2, 80)},
    ),
    "a mistyped number of a document that is five cents off, where another has the amount itself": (
        [("2025-001701", Decimal("95.06"), "2025-01-10"), ("2025-001710", Decimal("95.11"), "2025-01-11")],
        [("a", Decimal("95.06"), "2025-02-01", "2025-001710")],
        set(),
    ),
    "a payer whom nobody knows, and two customers that owe the amount": (
        [("2025-001801", 1234, "2025-01-10")],
        [("a", 1234, "2025-02-01", None, {"counterparty_name": None})],
        set(),
    ),
    "a factor pays while it is agreed": (
        [("2025-001901", 777, "2025-01-10"), ("2025-001902", 888, "2025-01-10")],
        [
            ("a", 777, "2025-02-01", None, {"counterparty_name": "Factor N.V."}),
            ("b", 888, "2025-03-01", None, {"counterparty_name": "Factor N.V."}),
        ],
        {("a", "2025-001901", 4, 777)},
    ),
    "an account that has paid before": (
        [("2025-002001", 345, "2025-01-10"), ("2025-002002", 456, "2025-01-11")],
        [
            ("a", 345, "2025-02-01", "2025-002001", {"counterparty_name": None, "counterparty_iban": "NL91 ABNA 0417 1643 00"}),
            ("b", 456, "2025-02-05", None, {"counterparty_name": "?", "counterparty_iban": "NL91ABNA0417164300"}),
        ],
        {("a", "2025-002001", 2, 345), ("b", "2025-002002", 4, 456)},
    ),
    "a reference in groups, as text": (
        [
            ("3000202600037019", 518, "2025-01-10"), ("539007547034777", 519, "2025-01-10", {"payment_reference": "123453"}),
            ("INV00047", 81, "2025-01-10"), ("2025-002101", 57, "2025-01-10", {"payment_reference": "0909337554"}),
        ],
        [
            ("a", 518, "2025-02-01", "kenmerk 3000 2026 0003 7019", {"counterparty_name": None}),
            ("b", 519, "2025-02-01", "RF81 1234 53", {"counterparty_name": None}),
            ("c", 81, "2025-02-01", "Inv 47", {"counterparty_name": None}),
            ("d", 57, "2025-02-01", "+++090/9337/55493+++", {"counterparty_name": None}),
        ],
        {
            ("a", "3000202600037019", 2, 518), ("b", "539007547034777", 2, 519), ("c", "INV00047", 2, 81), ("d", "2025-002101", 2, 57),
        },
    ),
    "a reference whose check digits are wrong": (
        [("2025002201", 520, "2025-01-10"), ("2025002202", 620, "2025-01-10")],
        [
            ("a", 300, "2025-02-01", None, {"structured_reference": "RF99 2025 0022 01"}),
            ("b", 320, "2025-02-01", None, {"structured_reference": "202500220299"}),
        ],
        set(),
    ),
    "a payer's own reference that is the number of another's document: no part of that": (
        [("20250113", 2000, "2025-01-10", {"customer_id": "KX"}), ("2025-002301", 321, "2025-01-10")],
        [
            ("a", 500, "2025-02-01", None, {"end_to_end_id": "20250113"}),
            ("b", 20, "2025-02-01", None, {"end_to_end_id": "2025-002301"}),
        ],
        {("b", "2025-002301", 1, 20)},
    ),
    "an unknown payer, a number that is five cents off, and another's document of the amount itself": (
        [
            ("2025-002401", Decimal("96.11"), "2025-01-10"), ("2025-002410", Decimal("96.06"), "2025-01-10", {"customer_id": "KX"}),
            ("2025-002402", Decimal("97.11"), "2025-01-10"),
        ],
        [
            ("a", Decimal("96.06"), "2025-02-01", "2025-002401", {"counterparty_name": None}),
            ("b", Decimal("97.06"), "2025-02-01", "2025-002402", {"counterparty_name": None}),
        ],
        {("b", "2025-002402", 3, Decimal("97.06"))},
    ),
    "a credit note with the sign of an invoice, and one that was cancelled": (
        [
            ("2025-002501", 49, "2025-01-10"),
            ("2025-002502", -49, "2025-01-12", {"document_type": "credit_note", "corrects_invoice_id": "2025-002501"}),
            ("2025-002503", 300, "2025-01-10"),
            ("2025-002504", 300, "2025-01-12", {"document_type": "credit_note", "corrects_invoice_id": "2025-002503"}),
            ("2025-002505", -300, "2025-01-13", {"document_type": "cancellation", "corrects_invoice_id": "2025-002504"}),
        ],
        [("a", 98, "2025-02-01", None), ("b", 300, "2025-02-01", "2025-002503")],
        {("b", "2025-002503", 2, 300)},
    ),
    "two rents that both came back, of which one was paid again": (
        [("2025-002601", 44, "2025-01-10"), ("2025-002602", 44, "2025-02-10")],
        [
            ("a", 44, "2025-01-20", "2025-002601", {"counterparty_iban": "DE11"}),
            ("b", 44, "2025-02-20", "2025-002602", {"counterparty_iban": "DE11"}),
            ("c", -44, "2025-02-25", None, {"counterparty_iban": "DE11", "transaction_code": "PMNT/RDDT/UPDD"}),
            ("d", -44, "2025-02-26", None, {"counterparty_iban": "DE11", "transaction_code": "NMSC/109"}),
            ("e", 44, "2025-03-26", "2025-002601", {"counterparty_iban": "DE11"}),
        ],
        {("e", "2025-002601", 2, 44)},
    ),
    "taken back with what the bank asks for it, and more than that": (
        [("2025-002701", 67, "2025-01-10"), ("2025-002702", 68, "2025-01-10")],
        [
            ("a", 67, "2025-01-20", "2025-002701", {"end_to_end_id": "E27"}),
            ("b", Decimal("-70.50"), "2025-01-25", None, {"end_to_end_id": "E27", "is_reversal": True}),
            ("c", 68, "2025-01-20", "2025-002702", {"end_to_end_id": "E28"}),
            ("d", -168, "2025-01-25", None, {"end_to_end_id": "E28", "is_reversal": True}),
        ],
        {("c", "2025-002702", 2, 68)},
    ),
    "paid twice, of which the first went back": (
        [("2025-003001", 58, "2025-01-10")],
        [
            ("a", 58, "2025-01-20", "2025-003001", {"end_to_end_id": "E30"}),
            ("b", 58, "2025-01-22", "2025-003001"),
            ("c", -58, "2025-02-05", None, {"end_to_end_id": "E30", "is_reversal": True}),
        ],
        {("b", "2025-003001", 2, 58)},
    ),
    "no reference is what all have": (
        [("2025-002801", 65, "2025-01-10")],
        [
            ("a", 65, "2025-01-20", "2025-002801", {"end_to_end_id": "NONREF"}),
            ("b", -65, "2025-01-25", None, {"end_to_end_id": "NonRef", "is_reversal": True, "counterparty_name": "Other"}),
        ],
        {("a", "2025-002801", 2, 65)},
    ),
    "a name as a bank writes it that knows no accents": (
        [("2025-002901", 104, "2025-01-10", {"customer_id": "KU"}), ("2025-002902", 105, "2025-01-10", {"customer_id": "KU"})],
        [
            ("a", 104, "2025-02-01", None, {"counterparty_name": "MUELLER + SOEHNE GMBH"}),
            ("b", 105, "2025-02-01", None, {"counterparty_name": "MULLER SOHNE"}),
        ],
        {("a", "2025-002901", 4, 104), ("b", "2025-002902", 4, 105)},
    ),
    "the number of another customer, of another amount: the payer's own document": (
        [("2025-001601", 1234, "2025-01-10")],
        [("a", 1234, "2025-02-01", "2025-001301")],
        {("a", "2025-001601", 4, 1234)},
    ),
}  # fmt: skip


def company(policy: dict | None = None) -> History:
    """Customer K<n> per case; every receipt's payer is known by its name."""
    history: History = {name: [] for name in ("customers", "invoices", "bank_statements", "bank_transactions", "match_decisions")}
    history["payment_terms"] = [{"payment_terms_id": "T", "net_days": 30}]
    history["payment_terms_steps"] = [{"payment_terms_id": "T", "kind": "discount", "step_number": 1, "days": 10, "share": "0.02"}]
    for number, (invoices, receipts, _) in enumerate(CASES.values(), 1):
        share = "0.1" if number == list(CASES).index("tax withheld") + 1 else None
        history["customers"].append({"customer_id": f"K{number}", "name": f"Payer {number} B.V.", "withholding_share": share})
        for name, amount, issued, *more in invoices:
            row = {"invoice_id": name, "document_type": "invoice", "customer_id": f"K{number}", "issued_date": issued, "currency": "EUR"}
            net = 1000 if amount == 1210 else amount
            history["invoices"].append(
                row | {"net_amount": net, "gross_amount": amount, "payment_terms_id": "T"} | (more[0] if more else {})
            )
        for name, amount, day, text, *more in receipts:
            told = {"remittance_text": text, "counterparty_name": f"PAYER {number} BV"} | (more[0] if more else {})
            add_entry(history, f"{number}{name}", amount, day, **told)
    factored = list(CASES).index("a factor pays while it is agreed") + 1
    history["customers"] += [
        {"customer_id": name, "name": text} for name, text in (("KF", "Factor NV"), ("KX", "Xanten KG"), ("KU", "Müller & Söhne GmbH"))
    ]
    agreed = {"valid_from_date": "2025-01-01", "valid_until_date": "2025-03-01"}
    history["third_party_payers"] = [{"customer_id": f"K{factored}", "payer_customer_id": "KF"} | agreed]
    for name, amount, more in (
        ("charge", "-7.50", {"transaction_code": "PMNT/MCOP/CHRG"}), ("interest", "3.25", {"transaction_code": "NINT"}),
        ("own", "1000", {"counterparty_iban": "NL00 OWN 2"}), ("supplier", "-450", {"counterparty_iban": "NL00SUPPLIER"}),
        ("back", "45", {"is_reversal": True}),
    ):  # fmt: skip
        add_entry(history, name, amount, "2025-05-05", **more)
    decided = list(CASES).index("a person confirmed one of two, and rejected the other receipt's") + 1
    history["match_decisions"] = [
        {"payment_id": f"bank:NL00OWN1:{decided}a:0", "invoice_id": "2025-001302", "decision": "confirmed", "decided_by": "Ann"},
        {"payment_id": f"bank:NL00OWN1:{decided}b:0", "invoice_id": "2025-001303", "decision": "rejected"},
    ]
    total = sum(Decimal(str(row["amount"])) for row in history["bank_transactions"])
    for account, closing in (("NL00OWN1", total), ("NL00OWN2", 0)):
        row = {"statement_id": account, "bank_account": account, "statement_date": DAY, "currency": "EUR"}
        history["bank_statements"].append(row | {"opening_amount": 0, "closing_amount": closing})
    return history


def add_entry(history: History, name: str, amount: object, day: str, **more) -> None:
    row = {"statement_id": "NL00OWN1", "entry_number": name, "detail_number": "0", "bank_account": "NL00OWN1", "kind": "statement"}
    history["bank_transactions"].append(row | {"booked_date": day, "amount": amount, "currency": "EUR"} | more)


@pytest.fixture(scope="module")
def matched() -> Iterator[duckdb.DuckDBPyConnection]:
    with built(company(), DAY, date(2027, 12, 31), TARGETS) as connection:
        yield connection


@pytest.mark.parametrize("case", CASES)
def test_receipts_settle_what_their_evidence_tells_and_nothing_else(case: str, matched: duckdb.DuckDBPyConnection) -> None:
    number = list(CASES).index(case) + 1
    rows = matched.execute(
        "select payment_id, invoice_id, step, cash_amount from intermediate.int_cash_matches where payment_id like ?",
        [f"bank:NL00OWN1:{number}%"],
    ).fetchall()
    names = {f"bank:NL00OWN1:{number}{name}:0": name for name, *_ in CASES[case][1]}
    assert {(names[payment], *row) for payment, *row in rows if payment in names} == CASES[case][2]


def test_what_matching_settles_is_gone_and_the_rest_stands_on_its_payer(matched: duckdb.DuckDBPyConnection) -> None:
    run = matched.execute
    by_kind = run("select kind, sum(document_amount) from core.fct_payment_applications where kind <> 'rounding' group by 1").fetchall()
    (cash,) = run("select sum(cash_amount) from intermediate.int_cash_matches").fetchone()
    # 2% of 2,000; 10% of 1,000; what the bank kept of 500; the credit settles both its sides; 91, 2 x 44 and 67 came and went.
    went = 91 + 2 * 44 + 67
    assert dict(by_kind) == {
        "cash": cash + went,
        "reversal": -went,
        "discount": 40,
        "withholding": 100,
        "bank_charge": Decimal("12.50"),
        "credit_note": 0,
    }
    (ageing, closing) = run("""
        select (select sum(receivables_amount) from receivables.receivables_ageing_monthly where month_start_date = date '2025-06-01'),
            (select sum(closing_amount) from receivables.receivables_rollforward_monthly
                where month_start_date = date '2025-06-01')""").fetchone()
    assert ageing == closing
    (unapplied,) = run(
        "select sum(unapplied_cash_amount) from receivables.receivables_ageing_monthly where month_start_date = date '2025-06-01'"
    ).fetchone()
    (waiting,) = run(
        "select sum(unapplied_amount) from (select distinct payment_id, unapplied_amount from receivables.cash_matching_worklist)"
    ).fetchone()
    # What was taken back of no receipt that is known stands on both: 168 and 65.
    assert unapplied == -waiting
    back = "select unapplied_amount from receivables.cash_matching_worklist where suggestion = 'receipt_not_known' order by 1"
    assert run(back).fetchall() == [(-168,), (-65,)]
    unknown = run("select suggestion, count(*) from receivables.cash_matching_worklist where customer_id = 'unknown' group by 1").fetchall()
    assert sorted(unknown) == [("named_other_amount", 1), ("receipt_not_known", 2), ("same_amount", 2)]


def test_what_went_back_had_settled_its_document_until_then(matched: duckdb.DuckDBPyConnection) -> None:
    def moves(invoice: str) -> list[tuple]:
        rows = "select kind, applied_date, document_amount from core.fct_payment_applications where invoice_id = ? order by 2, 1"
        return [(kind, f"{day:%m-%d}", amount) for kind, day, amount in matched.execute(rows, [invoice]).fetchall()]

    assert moves("2025-001401") == [("cash", "02-01", 91), ("reversal", "02-05", -91)]
    assert moves("2025-002601") == [("cash", "01-20", 44), ("reversal", "02-26", -44), ("cash", "03-26", 44)]
    assert moves("2025-002602") == [("cash", "02-20", 44), ("reversal", "02-25", -44)]
    assert moves("2025-002701") == [("cash", "01-20", 67), ("reversal", "01-25", -67)]
    # Another receipt had settled it before that one went back; and more went back than came in.
    assert moves("2025-003001") == [("cash", "01-22", 58)]
    assert moves("2025-002702") == [("cash", "01-20", 68)]


def test_entries_told_apart_are_all_of_the_statement(matched: duckdb.DuckDBPyConnection) -> None:
    amounts = dict(matched.execute("select entry_kind, sum(moved_amount) from receivables.bank_entries_monthly group by 1").fetchall())
    assert sum(amounts.values()) == sum(Decimal(str(row["amount"])) for row in company()["bank_transactions"])
    others = {
        "charge": Decimal("-7.50"),
        "interest": Decimal("3.25"),
        "own_transfer": 1000,
        "paid_out": -450,
        "came_back": 45,
        "taken_back": Decimal("-91") - 2 * 44 - Decimal("70.50") - 168 - 58 - 65,
    }
    assert {kind: amount for kind, amount in amounts.items() if kind != "receipt"} == others


def test_confirmed_match_that_cannot_be_followed_is_named_with_its_reason(tmp_path: Path) -> None:
    history = company()
    decided = [row for row in history["match_decisions"] if row["decision"] == "confirmed"]
    names = {name: f"bank:NL00OWN1:{list(CASES).index(name) + 1}" for name in CASES}
    went, alone = names["taken back by the bank"], names["several numbers, a range, a range whose end is short"]
    add_entry(history, "dollars", 100, "2025-05-05", currency="USD")
    history["match_decisions"] += [
        {"payment_id": payment, "invoice_id": invoice, "decision": "confirmed"}
        for payment, invoice in (
            ("bank:NL00OWN1:none:0", "2025-000101"), ("bank:NL00OWN1:dollars:0", "none"), ("bank:NL00OWN1:dollars:0", "2025-000102"),
            (f"{went}a:0", "2025-001401"), (f"{alone}a:0", "2025-000203"),
        )
    ] + [{"payment_id": "bank:NL00OWN1:gone:0", "invoice_id": "none", "decision": "rejected"}]  # fmt: skip
    history["invoices"].append(history["invoices"][0] | {"invoice_id": "2025-000102"})
    with built(history, DAY, date(2027, 12, 31), ("fct_payments", "int_matches_decided", "int_documents_delivered")) as connection:
        connection.execute(f"attach '{tmp_path / 'build.duckdb'}' as build; copy from database memory to build")
    checks = [check for check in load_checks(PROJECT / "expectations", "publication") if check.name == "confirmed_matches_are_followed"]
    (outcome,) = run_checks(tmp_path / "build.duckdb", checks, {})
    assert decided
    assert (outcome.outcome, outcome.count) == ("failed", 4)


@pytest.mark.parametrize(("seed", "planted"), [(1, "none"), (1, "typical")])
def test_statements_of_the_demo_company_are_matched_without_its_allocations(seed: int, planted: str) -> None:
    """Against the generator's own allocations; ``python -m tests.matching_worlds`` looks at as many worlds as you like."""
    found = match_world(seed, planted)
    assert found.wrong == []
    assert found.share >= Decimal("0.95")
    assert {1, 2, 3, 4} <= set(found.steps)
    # Nobody knows these payers, and they say nothing.
    assert found.unmatched["unknown payer"] > 0


def test_worklist_suggests_at_most_three_and_says_why(matched: duckdb.DuckDBPyConnection) -> None:
    case = "two alike, and a third later: never one of them"
    rows = matched.execute(
        "select suggestion_rank, invoice_id, suggestion from receivables.cash_matching_worklist where payment_id = ? order by 1",
        [f"bank:NL00OWN1:{list(CASES).index(case) + 1}a:0"],
    ).fetchall()
    assert rows == [(rank, f"2025-00090{rank}", "same_amount") for rank in (1, 2, 3)]
