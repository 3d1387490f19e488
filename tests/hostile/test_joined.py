"""Joined sources that come again: a row finds what holds now, once, however often it was delivered."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.sources.versions import JOINED_TWICE
from tests.hostile.company import HostileCompany, document

LEDGER = "number,customer,issued,net,gross\n1,A,2025-01-02,100.00,121.00\n2,B,2025-01-03,50.00,60.50\n"


class Joining(HostileCompany):
    """The customer of an invoice is what a second source says of its code."""

    def __init__(self, folder: Path, **source) -> None:
        day = r"(\d{4}-\d{2}-\d{2})"
        made = document({"files": "ledger_*.csv", "delivered_on": day})
        made["sources"]["codes"] = {"files": "codes_*.csv", "delivered_on": day, "columns": ["code", "stands_for"]} | source
        columns = made["entities"]["invoices"]["columns"]
        columns |= {name: f"ledger.{text}" for name, text in columns.items() if not text.startswith("'")} | {
            "customer_id": "codes.stands_for"
        }
        made["entities"]["invoices"]["joins"] = "left join codes on codes.code = ledger.customer"
        super().__init__(folder, made)
        self.write("ledger_2025-01-03.csv", LEDGER)

    def codes(self, day: str, **codes: str) -> None:
        self.write(f"codes_{day}.csv", "code,stands_for\n" + "".join(f"{code},{customer}\n" for code, customer in codes.items()))

    def customers(self) -> list[tuple]:
        """What each invoice's customer is; every delivered row stands in one place, and none in two."""
        outcome = self.night()
        (rows,) = [row[4:] for row in outcome.tables["delivery_rows"]]
        assert (rows, outcome.quarantine) == ((2, 2, 0, 0), [])
        return [row[1] for row in outcome.rows]


@pytest.mark.parametrize("source", [{"delivery": "full"}, {"key": ["code"]}], ids=["full", "key"])
def test_a_list_that_comes_again_holds_as_it_was_delivered_last(tmp_path: Path, source: dict) -> None:
    company = Joining(tmp_path, **source)
    company.codes("2025-01-03", A="Anna", B="Bob")
    assert company.customers() == ["Anna", "Bob"]
    company.codes("2025-01-04", A="Anna", B="Bert")
    assert company.customers() == ["Anna", "Bert"]
    # What is delivered later for an earlier day replaces nothing.
    company.codes("2025-01-01", A="Nobody", B="Nobody")
    assert company.customers() == ["Anna", "Bert"]


def test_a_text_of_the_company_may_end_in_a_comment(tmp_path: Path) -> None:
    """A comment at the end of ``where`` took the grouping behind it along, and one in a column the rest of the select."""
    company = Joining(tmp_path, delivery="full")
    entity = company.document["entities"]["invoices"]
    entity["columns"]["customer_id"] += " -- as the list says"
    entity["joins"] += " -- by its code"
    entity["where"] = "ledger.number <> '' -- without empty ones"
    company.codes("2025-01-03", A="Anna", B="Bob")
    assert company.customers() == ["Anna", "Bob"]


def test_a_key_keeps_what_the_last_delivery_does_not_repeat_and_a_full_delivery_does_not(tmp_path: Path) -> None:
    for name, source, expected in (("key", {"key": ["code"]}, ["Anna", "Bert"]), ("full", {"delivery": "full"}, None)):
        folder = tmp_path / name
        folder.mkdir()
        company = Joining(folder, **source)
        company.codes("2025-01-03", A="Anna", B="Bob")
        company.codes("2025-01-04", B="Bert")
        outcome = company.night()
        assert [row[1] for row in outcome.rows] == (expected or ["Bert"])
        assert outcome.rules == ([] if expected else [("customer_id", "required")])


def test_the_same_list_twice_says_nothing_twice_without_a_key(tmp_path: Path) -> None:
    company = Joining(tmp_path)
    company.codes("2025-01-03", A="Anna", B="Bob")
    company.codes("2025-01-04", A="Anna", B="Bob")
    assert company.customers() == ["Anna", "Bob"]


def test_a_list_that_changed_without_a_key_is_named_with_what_to_do(tmp_path: Path) -> None:
    company = Joining(tmp_path)
    company.codes("2025-01-03", A="Anna", B="Bob")
    company.codes("2025-01-04", A="Anna", B="Bert")
    outcome = company.night()
    assert [item[1] for item in outcome.quarantine] == ["duplicate_key"]
    assert outcome.quarantine[0][5] == JOINED_TWICE


def test_monthly_parts_of_a_joined_source_all_count(tmp_path: Path) -> None:
    company = Joining(tmp_path)
    company.codes("2025-01-03", A="Anna")
    company.codes("2025-01-04", B="Bob")
    assert company.customers() == ["Anna", "Bob"]


def test_two_rows_that_contradict_each_other_in_one_file_are_still_that(tmp_path: Path) -> None:
    company = Joining(tmp_path, delivery="full")
    company.codes("2025-01-03", A="Anna", B="Bob")
    company.write("ledger_2025-01-04.csv", LEDGER.splitlines()[0] + "\n3,A,2025-01-04,1.00,1.21\n3,A,2025-01-04,2.00,2.42\n")
    outcome = company.night()
    assert [item[1::4] for item in outcome.quarantine] == [("duplicate_key", "one row per key in a delivery")]


def test_a_key_that_is_no_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="key: number is none of the columns"):
        Joining(tmp_path, key=["number"]).company()
