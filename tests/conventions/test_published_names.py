"""The names of tables and columns that are published are a contract with their readers: pipelines/assets/published_names.txt.

A new name raises the second number of its version, a name that is gone the first. A name goes a quarter after its model says
``deprecated_from``, and is published with that day until then. Before version 1.0, the first that readers build on, it goes at once.
After a wanted change, write the page again with ``python -m tests.conventions.test_published_names``.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import yaml

from pipelines.assets.dictionary import NAMES, TEXTS, Word, dictionary_words
from pipelines.assets.restatements import COLUMNS
from pipelines.sources.accounting import ACCOUNTING_TABLES

#: A quarter: how long a name stays after the day from which it is deprecated.
NOTICE = timedelta(days=92)


def next_page(page: str, words: list[Word], today: date) -> str:
    """The page of names after ``page``. Raises ValueError when a name went without its notice."""
    version, *lines = page.splitlines()
    first, second = map(int, version.removeprefix("version ").split("."))
    before = {}
    for line in lines:
        table, _, columns = line.partition(": ")
        for column in columns.split(", "):
            name, _, day = column.partition(" deprecated from ")
            before[f"{table}.{name}"] = day
    now = {word.name: word.deprecated_from or "" for word in words}
    gone = sorted(before.keys() - now.keys())
    if first and (hasty := [name for name in gone if not before[name] or date.fromisoformat(before[name]) + NOTICE > today]):
        raise ValueError(f"gone without a quarter's notice: {', '.join(hasty)}")
    if first and gone:
        first, second = first + 1, 0
    elif gone or now.keys() - before.keys():
        second += 1
    tables: dict[str, list[str]] = {}
    for name, day in sorted(now.items()):
        table, _, column = name.rpartition(".")
        tables.setdefault(table, []).append(column + (f" deprecated from {day}" if day else ""))
    return "\n".join([f"version {first}.{second}", *(f"{table}: {', '.join(columns)}" for table, columns in tables.items())]) + "\n"


def word(name: str, deprecated_from: str | None = None) -> Word:
    return Word(*name.split(".")[:2], "", name.split(".")[2], "", "", deprecated_from)


def test_published_names_are_those_of_the_contract():
    lines = NAMES.read_text(encoding="utf-8").splitlines()[1:]
    assert lines == next_page(NAMES.read_text(encoding="utf-8"), dictionary_words(), date.max).splitlines()[1:]


def test_every_published_column_has_its_words_and_a_dutch_label():
    bare = [item.name for item in dictionary_words() if not (item.description and item.table_description and item.label_nl)]
    assert bare == []


def test_no_label_or_table_is_left_over():
    texts = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    used = {item.column for item in dictionary_words()}
    assert sorted(texts["labels_nl"].keys() - used) == []
    tables = {table: columns for table, columns in ACCOUNTING_TABLES.items() if table in texts["meta"]} | {"kpi_restatements": COLUMNS}
    for table, columns in tables.items():
        names = [column.split()[0] for column in re.sub(r"\(.*?\)", "", columns).split(",")]
        assert list(texts["meta"][table]["columns"]) == names


def test_new_name_raises_the_second_number_and_one_that_is_gone_the_first():
    page = "version 1.4\nkpi.kpi_values: kpi, old deprecated from 2026-01-01\n"
    kept = word("kpi.kpi_values.kpi")
    old = word("kpi.kpi_values.old", "2026-01-01")
    assert next_page(page, [kept, old], date(2026, 6, 1)) == page
    assert next_page(page, [kept, old, word("kpi.kpi_values.new")], date(2026, 6, 1)).startswith("version 1.5\n")
    assert next_page(page, [kept], date(2026, 6, 1)) == "version 2.0\nkpi.kpi_values: kpi\n"


def test_name_goes_at_once_before_the_first_version_that_readers_build_on():
    assert next_page("version 0.1\nkpi.kpi_values: kpi, old\n", [word("kpi.kpi_values.kpi")], date(2026, 1, 1)).startswith("version 0.2\n")


@pytest.mark.parametrize("today", [date(2026, 4, 2), date(2026, 1, 1)])
def test_name_stays_a_quarter_after_its_notice(today: date):
    page = "version 1.0\nkpi.kpi_values: kpi, old deprecated from 2026-01-01\n"
    with pytest.raises(ValueError, match=r"notice: kpi\.kpi_values\.old"):
        next_page(page, [word("kpi.kpi_values.kpi")], today)
    with pytest.raises(ValueError, match=r"notice: kpi\.kpi_values\.kpi"):
        next_page(page, [word("kpi.kpi_values.old", "2026-01-01")], date(2030, 1, 1))


if __name__ == "__main__":
    NAMES.write_text(next_page(NAMES.read_text(encoding="utf-8"), dictionary_words(), date.today()), encoding="utf-8")
    print(f"written: {NAMES.name}")
