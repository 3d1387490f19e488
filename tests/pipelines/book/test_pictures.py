"""The book's pictures stand by themselves in the Dagster UI. Keep out: how they are drawn."""

from __future__ import annotations

import base64
import re

import pytest

from pipelines.assets.pictures import pictures
from pipelines.book import charts
from pipelines.book.blocks import Card, Cards, Chart, Matrix, Page, Section
from pipelines.book.formats import NOTATIONS


def test_scorecard_picture_and_matrix_become_markdown() -> None:
    scale = charts.Scale("money", NOTATIONS["en"])
    picture = charts.bars([{"name": "north", "value": 2, "text": "2"}, {"name": "south", "value": -1, "text": "-1"}], scale)
    blocks = [
        Cards([Card("Net revenue", "€780k", verdict="better", sign="▲", owner="Sales")]),
        Chart("regions", "Regions", "By result", picture, "north 2; south -1"),
        Matrix("migration", "Migration", "Customers", "from", ["A", "B"], [("A", [("7", 3, ""), ("2", 1, "€5")])]),
    ]
    found = pictures([Page("customers.html", "Customers", "customers", [Section("base", "Where we stand", blocks=blocks)])])
    assert list(found) == ["Customers: Where we stand", "Customers: Regions", "Customers: Migration"]
    scorecard, image, matrix = (value.value for value in found.values())
    assert scorecard.splitlines()[-1] == "| Net revenue | €780k  | ▲ better | Sales |"
    assert matrix.splitlines()[-1] == "| A | 7 | 2 €5 |"
    svg = base64.b64decode(re.search(r"base64,([^)]+)\)", image)[1]).decode()
    assert re.match(r'<svg .*?width="[\d.]+" height="[\d.]+"', svg)
    assert "var(--" not in svg


@pytest.mark.parametrize(("code", "marks"), [("en", ["€0", "€200k"]), ("nl", ["€\u00a00", "€\u00a0200k"])])
def test_nothing_on_an_axis_has_no_unit(code: str, marks: list[str]) -> None:
    """``€0k`` reads as if it were rounded down."""
    drawn = charts.bars([{"name": "A", "value": 250_000, "text": ""}], charts.Scale("money", NOTATIONS[code])).narrow
    texts = re.findall(r">([^<>]*€[^<>]*)</text>", drawn)
    assert texts[: len(marks)] == marks
