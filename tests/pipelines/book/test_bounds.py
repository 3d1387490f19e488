"""The more pages there are, the less stands on each: a book of 500 salespeople is not forty times that of twelve."""

from __future__ import annotations

import pytest

from pipelines.book.pages.customer import LEAST_PAGES, MAX_PAGES, most_pages
from pipelines.book.pages.people import ALL_ROWS, LEAST_ROWS, MOST_ROWS, rows_for


@pytest.mark.parametrize(("pages", "rows"), [(0, 150), (1, 150), (13, 150), (40, 100), (500, 8), (5_000, 3)])
def test_rows_of_a_list_shrink_with_the_number_of_pages(pages: int, rows: int) -> None:
    assert rows_for(pages) == rows
    assert rows in (MOST_ROWS, LEAST_ROWS) or rows * pages <= ALL_ROWS


@pytest.mark.parametrize(("salespeople", "pages"), [(0, MAX_PAGES), (13, MAX_PAGES), (50, MAX_PAGES), (200, 250), (500, LEAST_PAGES)])
def test_pages_of_customers_make_room_for_those_of_salespeople(salespeople: int, pages: int) -> None:
    assert most_pages(salespeople) == pages
