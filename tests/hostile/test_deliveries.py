"""Sequences of deliveries: what was delivered last under its path counts, in any order of arrival, and no document is lost."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.sources.deliveries import withdraw
from tests.hostile.company import HEADER, HostileCompany, document

Make = Callable[[dict | None], HostileCompany]


def invoice(number: object = 1, customer: str = "A", gross: object = "121.00", issued: str = "2025-01-02") -> str:
    return f"{number},{customer},{issued},{gross},{gross}\n"


def grosses(company: HostileCompany) -> list[tuple[str, Decimal]]:
    return [(row[0], row[4]) for row in company.night().rows]


# --------------------------------------------------------------------------------- what came, where, and when
@pytest.mark.parametrize(
    "names", [("2025-01-03.csv", "2025-01-04.csv", "2025-01-05.csv"), ("2025-01-03.csv",) * 3], ids=["three days", "one path"]
)
def test_content_that_returns_counts_again(hostile: Make, names: tuple) -> None:
    company = hostile()
    for name, gross in zip(names, ("1.00", "9.00", "1.00"), strict=True):
        company.write(name, HEADER + invoice(gross=gross))
        assert grosses(company) == [("1", Decimal(gross))]


def test_content_equal_to_the_latest_of_its_path_is_nothing_new(hostile: Make) -> None:
    company = hostile()
    company.write("2025-01-03.csv", HEADER + invoice())
    company.night()
    outcome = company.night()
    assert (outcome.landing.new_count, outcome.landing.repeated_count, len(outcome.landing.deliveries)) == (0, 1, 1)


def test_a_row_that_vanished_and_came_back_is_open_again(hostile: Make) -> None:
    company = hostile(document({"delivery": "full"}))
    rows = [HEADER + invoice(1) + invoice(2), HEADER + invoice(1), HEADER + invoice(1) + invoice(2)]
    for day, (content, ids) in enumerate(zip(rows, (["1", "2"], ["1"], ["1", "2"]), strict=True), start=3):
        company.write(f"2025-01-0{day}.csv", content)
        assert company.night().ids == ids


def test_a_replaced_delivery_no_longer_counts(hostile: Make) -> None:
    """Case redelivered-right: the rows of the wrong file stand neither in the tables nor in quarantine, nor are they counted."""
    company = hostile()
    company.write("2025-01-03.csv", HEADER + "".join(f"{n},A,2025-01-02,x,y\n" for n in range(20)))
    assert len(company.night().quarantine) == 40
    company.write("2025-01-03.csv", HEADER + "".join(invoice(n) for n in range(20)))
    outcome = company.night()
    assert (len(outcome.rows), outcome.quarantine) == (20, [])
    assert [row[4:] for row in outcome.tables["delivery_rows"]] == [(20, 20, 0, 0)]


def test_a_bad_row_in_a_file_that_came_twice_is_listed_once(hostile: Make) -> None:
    company = hostile()
    company.write("2025-01-03.csv", HEADER + invoice() + "2,B,never,1,1\n")
    company.night()
    company.write("2025-01-03.csv", HEADER + invoice(gross="5.00") + "2,B,never,1,1\n")
    assert company.night().rules == [("issued_date", "not_a_date")]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_every_order_of_arrival_gives_the_same(hostile: Make, order: tuple[int, ...]) -> None:
    company = hostile()
    files = [
        HEADER + invoice(gross="1.00"),
        HEADER + invoice(gross="2.00") + invoice(2),
        HEADER + invoice(gross="1.00") + invoice(2, "Z", "7.00"),
    ]
    for number in order:
        company.write(f"2025-01-0{3 + number}.csv", files[number])
        outcome = company.night()
    assert [(row[0], row[1], row[4]) for row in outcome.rows] == [("1", "A", 1), ("2", "A", 121), ("2 (b)", "Z", 7)]


def test_known_by_leaves_out_what_came_later(hostile: Make) -> None:
    company = hostile()
    company.write("2025-01-03.csv", HEADER + invoice(gross="1.00"))
    company.write("2025-01-04.csv", HEADER + invoice(gross="2.00"))
    assert [row[4] for row in company.night(date(2025, 1, 3)).rows] == [1]
    assert company.night(date(2025, 1, 2)).rows == []


def test_a_copy_under_another_name_is_counted_once_in_the_total_of_its_source(hostile: Make) -> None:
    company = hostile(document({"control_total": {"rows": 1, "sums": {"gross": 121}}}))
    company.write("2025-01-03.csv", HEADER + invoice())
    company.write("2025-01-04.csv", HEADER + invoice())
    assert [row[-1] for row in company.night().tables["control_totals"]] == [True, True]


# ------------------------------------------------------------------------------------------------- control totals
CONTROLS = {
    "met": ({"rows": 1, "sums": {"gross": "121.00"}}, True, ""),
    "not met": ({"rows": 2}, False, ""),
    "a cent": ({"sums": {"gross": "121.01"}}, False, ""),
    "SQL as a key": ({"sums": {"gross) from range(1); copy (select 1) to '/tmp/hostile' --": 1}}, None, "a sum is of a delivered column"),
    "a function as a key": ({"sums": {"number(gross)": 121}}, None, "there are number, customer, issued, net, gross"),
    "a file as a key": ({"sums": {"(select count(*) from read_text('/etc/passwd'))": 1}}, None, "a sum is of a delivered column"),
    "an unknown column": ({"sums": {"total": 1}}, None, "sums 'total'"),
    "a key of its own": ({"lines": 1}, None, "lines: Extra inputs are not permitted"),
    "no number": ({"rows": "many"}, None, "rows: "),
    "less than nothing": ({"rows": -1}, None, "rows: "),
    "beyond all amounts": ({"sums": {"gross": "1e40"}}, None, "below 10^32"),
    "too many decimals": ({"sums": {"gross": "1.1234567"}}, None, "at most six decimals"),
    "infinite": ({"sums": {"gross": "Infinity"}}, None, "sums.gross"),
    "a list": ([1], None, "not readable"),
}


@pytest.mark.parametrize(("control", "is_met", "words"), CONTROLS.values(), ids=CONTROLS)
@pytest.mark.parametrize("is_late", [False, True], ids=["with its file", "later"])
def test_control_file(hostile: Make, control: object, is_met: bool | None, words: str, is_late: bool) -> None:
    company = hostile()
    company.write("2025-01-03.csv", HEADER + invoice())
    if is_late:
        company.night()
    company.write("2025-01-03.csv.control.json", json.dumps(control))
    outcome = company.night()
    assert {row[-1] for row in outcome.tables["control_totals"]} == ({is_met} if is_met is not None else set())
    if words:
        assert words in outcome.refused["2025-01-03.csv" + (".control.json" if is_late else "")]
        assert outcome.ids == (["1"] if is_late else [])
    assert not Path("/tmp/hostile").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe{}", b'{"rows": 1, "rows": 2}', b"[" * 100_000, b"null", b" " * 2_000_000],
    ids=["empty", "open", "no UTF-8", "key twice", "deep", "null", "large"],
)
def test_control_file_that_is_none_is_refused_by_name(hostile: Make, content: bytes) -> None:
    company = hostile()
    company.write("2025-01-03.csv", HEADER + invoice())
    company.write("2025-01-04.csv", HEADER + invoice(2))
    company.write("2025-01-03.csv.control.json", content)
    outcome = company.night()
    assert outcome.ids == ["2"]
    assert "its control total 2025-01-03.csv.control.json is not readable" in outcome.refused["2025-01-03.csv"]


def test_a_corrected_control_file_is_taken(hostile: Make) -> None:
    company = hostile()
    company.write("2025-01-03.csv", HEADER + invoice())
    company.write("2025-01-03.csv.control.json", '{"rows": 2}')
    assert [row[-1] for row in company.night().tables["control_totals"]] == [False]
    company.write("2025-01-03.csv.control.json", '{"rows": 1}')
    for _ in range(2):
        assert [row[-1] for row in company.night().tables["control_totals"]] == [True]


# --------------------------------------------------------------------- correction, or another document under the number
SECOND = {
    "another amount": (invoice(gross="90.00"), 1),
    "another customer": (invoice(customer="B"), 1),
    "a day later": (invoice(issued="2025-01-03"), 1),
    "a month later": (invoice(issued="2025-02-02"), 1),
    "another amount and day": (invoice(gross="90.00", issued="2025-01-20"), 1),
    "another customer and day": (invoice(customer="B", issued="2025-01-20"), 1),
    "another customer and amount": (invoice(customer="B", gross="5.00"), 2),
    "beyond a month later": (invoice(issued="2025-02-03"), 2),
    "all of it": (invoice(customer="B", gross="5.00", issued="2025-03-01"), 2),
}


@pytest.mark.parametrize(("second", "count"), SECOND.values(), ids=SECOND)
def test_second_row_under_a_number(hostile: Make, second: str, count: int) -> None:
    company = hostile()
    company.write("2025-01-05.csv", HEADER + invoice())
    company.write("2025-03-05.csv", HEADER + second)
    outcome = company.night()
    if count == 1:
        assert (outcome.ids, outcome.tables["shared_numbers"]) == (["1"], [])
    else:
        assert outcome.ids == ["1", "1 (b)"]
        assert [row[1:] for row in outcome.tables["shared_numbers"]] == [
            ("1", "1", 2, "2025-01-05.csv", 1),
            ("1 (b)", "1", 2, "2025-03-05.csv", 1),
        ]


def test_each_document_under_a_number_keeps_its_own_versions(hostile: Make) -> None:
    company = hostile()
    company.write("2025-01-03.csv", HEADER + invoice(gross="1000.00"))
    company.write("2025-01-04.csv", HEADER + invoice(customer="B", gross="210.00"))
    company.write("2025-01-05.csv", HEADER + invoice(gross="1100.00"))
    company.write("2025-01-06.csv", HEADER + invoice(customer="B", gross="220.00"))
    assert grosses(company) == [("1", 1100), ("1 (b)", 220)]


def test_different_documents_in_one_delivery_both_stand(hostile: Make) -> None:
    company = hostile()
    company.write("2025-01-03.csv", HEADER + invoice() + invoice(customer="B", gross="5.00") + invoice(customer="C", gross="7.00"))
    assert company.night().ids == ["1", "1 (b)", "1 (bb)"]


def test_a_credit_note_under_the_number_of_an_invoice_is_another_document(hostile: Make) -> None:
    company = hostile(document(columns={"document_type": "case when customer = 'A' then 'invoice' else 'credit_note' end"}))
    company.write("2025-01-03.csv", HEADER + invoice())
    company.write("2025-01-04.csv", HEADER + invoice(customer="B"))
    assert company.night().ids == ["1", "1 (b)"]


# ------------------------------------------------------------------------------------------------- full deliveries
FULL = {
    "the same": (40, True), "one more": (41, True), "one less": (39, True), "ten less": (30, True), "eleven less": (29, False), "half": (20, False), "none": (0, False)
}  # fmt: skip


@pytest.mark.parametrize(("count", "is_accepted"), FULL.values(), ids=FULL)
@pytest.mark.parametrize("names", [("2025-01-03.csv", "2025-01-04.csv"), ("ledger.csv", "ledger.csv")], ids=["two days", "one path"])
def test_full_delivery_that_lost_rows(hostile: Make, names: tuple[str, str], count: int, is_accepted: bool) -> None:
    is_dated = names[0] != names[1]
    company = hostile(document({"delivery": "full"} | ({} if is_dated else {"delivered_on": None})))
    company.write(names[0], HEADER + "".join(invoice(n) for n in range(40)))
    company.night()
    company.write(names[1], HEADER + "".join(invoice(n) for n in range(count)))
    ((_, path, rows, earlier, _, accepted, confirmed),) = company.night().tables["full_deliveries"]
    # Content equal to the latest of its path is no delivery, so it has none before it.
    before = 40 if is_dated or count != 40 else None
    assert (path, rows, earlier, accepted, confirmed) == (names[1], count, before, is_accepted, False)
    company.document["confirmed_deliveries"] = [{"path": names[1], "confirmed_by": "J", "reason": "sold"}]
    assert company.night().tables["full_deliveries"][0][-2:] == (True, True)


def test_full_delivery_that_lost_rows_is_not_accepted_by_coming_again(hostile: Make) -> None:
    company = hostile(document({"delivery": "full"}))
    for day, count in ((3, 40), (4, 0), (5, 0), (6, 1)):
        company.write(f"2025-01-0{day}.csv", HEADER + "".join(invoice(n) for n in range(count)))
        ((_, _, _, earlier, _, accepted, _),) = company.night().tables["full_deliveries"]
        assert (earlier, accepted) == ((None, True) if day == 3 else (40, False))
    company.write("2025-01-07.csv", HEADER + "".join(invoice(n) for n in range(40)))
    assert company.night().tables["full_deliveries"][0][-2] is True


# ------------------------------------------------------------------------------------------------------ withdrawals
def test_a_delivery_is_taken_back_and_comes_again(hostile: Make) -> None:
    company = hostile()
    company.write("2025-01-03.csv", HEADER + invoice(gross="1.00"))
    path = company.write("2025-01-04.csv", HEADER + invoice(gross="9.00"))
    company.night()
    (taken,) = withdraw(company.landed, company.data, company.company().all_sources(), "2025-01-04.csv", "of another company")
    for _ in range(2):
        outcome = company.night()
        assert [row[4] for row in outcome.rows] == [1]
    assert (taken.delivery_id, "of another company") in [(row[0], row[-1]) for row in outcome.tables["source_deliveries"]]
    path.touch()
    assert grosses(company) == [("1", 9)]


def test_what_a_withdrawn_delivery_had_replaced_stands_again(hostile: Make) -> None:
    company = hostile()
    company.write("2025-01-03.csv", HEADER + invoice(gross="1.00"))
    company.night()
    company.write("2025-01-03.csv", HEADER + invoice(gross="9.00"))
    outcome = company.night()
    wrong = next(item for item in outcome.landing.deliveries if item.landed_number == 2)
    withdraw(company.landed, company.data, company.company().all_sources(), wrong.delivery_id, "wrong")
    assert grosses(company) == [("1", 1)]


@pytest.mark.parametrize(
    ("wanted", "reason", "words"),
    [("nowhere.csv", "x", "is no delivery that counts"), ("01-03", "x", "near are 2025-01-03.csv"), ("2025-01-03.csv", " ", "REASON")],
)
def test_a_withdrawal_that_means_nothing_says_what_could_be_meant(hostile: Make, wanted: str, reason: str, words: str) -> None:
    company = hostile()
    company.write("2025-01-03.csv", HEADER + invoice())
    company.night()
    with pytest.raises(ValueError, match=words):
        withdraw(company.landed, company.data, company.company().all_sources(), wanted, reason)


# ----------------------------------------------------------------------------------------- what stands in landed/
@pytest.mark.parametrize(
    "damage",
    [
        lambda landed: (landed / "ledger" / "000001.json").write_text("{"),
        lambda landed: (landed / "ledger" / "000001.json").unlink(),
        lambda landed: (landed / "ledger" / "000001.parquet").unlink(),
        lambda landed: (landed / "ledger" / "000001.parquet").write_bytes(b"PAR1 cut"),
        lambda landed: (landed / "refused.json").write_text("["),
        lambda landed: (landed / "withdrawn.json").write_text("["),
        lambda landed: (landed / "ledger" / "controls.json").write_text("["),
        lambda landed: (landed / "ledger" / "foreign.json").write_text("[1]"),
        lambda landed: (landed / "ledger" / "000007.parquet").write_bytes(b""),
        lambda landed: (landed / "ledger" / "000009.json").mkdir(),
        lambda landed: (landed / "foreign").mkdir(),
    ],
    ids=[
        "manifest",
        "no manifest",
        "no batch",
        "batch",
        "refusals",
        "withdrawals",
        "controls",
        "foreign",
        "orphan",
        "folder",
        "foreign folder",
    ],
)
def test_damage_in_the_landed_folder_is_landed_again(hostile: Make, damage: Callable[[Path], object]) -> None:
    company = hostile()
    company.write("2025-01-03.csv", HEADER + invoice())
    company.night()
    damage(company.landed)
    for _ in range(2):
        assert company.night().ids == ["1"]
    company.write("2025-01-04.csv", HEADER + invoice(2))
    assert company.night().ids == ["1", "2"]


# ------------------------------------------------------------------------------------------------- plausible days
@pytest.mark.parametrize(
    ("days", "is_kept"),
    [
        ([f"2025-06-{day:02}" for day in range(1, 25)] + ["2035-06-30"], [True] * 24 + [False]),
        ([f"2025-06-{day:02}" for day in range(1, 25)] + ["2026-06-20"], [True] * 25),
        ([f"2025-06-{day:02}" for day in range(1, 25)] + ["2026-06-26"], [True] * 24 + [False]),
        (["2025-06-01", "2035-06-30"], [True, True]),
        ([f"20{year}-06-01" for year in range(10, 26)], [True] * 16),
    ],
    ids=["ten years on", "within a year", "beyond a year", "two rows only", "one a year"],
)
def test_one_row_does_not_move_the_calendar_where_no_delivery_has_a_day(hostile: Make, days: list[str], is_kept: list[bool]) -> None:
    company = hostile(document({"delivered_on": None}))
    company.write("ledger.csv", HEADER + "".join(invoice(f"{n:02}", issued=day) for n, day in enumerate(days)))
    outcome = company.night()
    assert outcome.ids == [f"{n:02}" for n, kept in enumerate(is_kept) if kept]
    assert outcome.rules == [("issued_date", "outside_range")] * is_kept.count(False)


@pytest.mark.parametrize(
    ("ranges", "issued", "is_kept"),
    [
        ({}, "2025-02-03", True),
        ({}, "2025-02-04", False),
        ({"invoices.issued_date": {"days_ahead": 62}}, "2025-03-06", True),
        ({"invoices.issued_date": {"days_ahead": 62}}, "2025-03-07", False),
        ({"invoices.issued_date": {"days_ahead": 0}}, "2025-01-04", False),
        ({"invoices.issued_date": {"first": date(1960, 1, 1)}}, "1965-01-01", True),
        ({}, "1965-01-01", False),
    ],
)
def test_plausible_days_follow_the_day_of_delivery_and_the_company(hostile: Make, ranges: dict, issued: str, is_kept: bool) -> None:
    company = hostile(document(date_ranges=ranges))
    company.write("2025-01-03.csv", HEADER + invoice(issued=issued))
    outcome = company.night()
    assert outcome.ids == (["1"] if is_kept else [])
    if not is_kept:
        assert "a day from" in outcome.quarantine[0][5]
        assert "2025-01-03" in outcome.quarantine[0][5]


@pytest.mark.parametrize(("due", "is_kept"), [("2035-01-01", True), ("2035-02-01", False), ("9999-12-31", False)])
def test_planned_days_lie_up_to_ten_years_ahead(hostile: Make, due: str, is_kept: bool) -> None:
    company = hostile(document({"optional_columns": ["due"]}, {"due_date": "due"}))
    company.write("2025-01-03.csv", HEADER.strip() + ",due\n" + invoice().strip() + f",{due}\n")
    assert company.night().ids == (["1"] if is_kept else [])
