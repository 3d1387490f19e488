"""A downloaded table cannot start a formula in a spreadsheet, and its numbers stay numbers."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from pipelines.book.blocks import csv_cell, csv_text


@pytest.mark.parametrize("text", ["=1+1", "+31 20", "-2+3", "@SUM(A1)", "\tx", "\rx", "\n=x"])
def test_text_that_starts_like_a_formula_begins_with_an_apostrophe(text: str) -> None:
    assert csv_cell(text, ".") == f"'{text}"


@pytest.mark.parametrize(
    ("value", "english", "dutch"),
    [
        (Decimal("-1234.5000"), "-1234.5", "-1234,5"),
        (Decimal("1E+3"), "1000", "1000"),
        (12, "12", "12"),
        (True, "1", "1"),
        (None, "", ""),
        (date(2026, 3, 1), "2026-03-01", "2026-03-01"),
        ("B.V. = fine", "B.V. = fine", "B.V. = fine"),
    ],
)
def test_values_are_written_for_the_language(value, english, dutch) -> None:
    assert (csv_cell(value, "."), csv_cell(value, ",")) == (english, dutch)


def test_a_file_reads_back_as_it_was_written() -> None:
    rows = [["a;b", Decimal("1.5")], ['say "yes"\nand', None]]
    text = csv_text(["Name", "Value"], rows, ";", ",")
    assert text.startswith("\ufeff")
    found = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert found == [["Name", "Value"], ["a;b", "1,5"], ['say "yes"\nand', ""]]
