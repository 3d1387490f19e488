"""A name that stands for two figures is found, and a label by its name alone means one thing."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from pipelines.assets.dictionary import dictionary_words
from pipelines.book.formats import NOTATIONS
from pipelines.book.words import load_texts
from tests.end_to_end.book_names import Figure, contradictions

#: Columns whose Dutch labels differ between models and mean the same.
SYNONYMS = {
    "account_owner_id", "collected_with_sales_help_amount", "customer_id", "debtor_risk_reason", "elapsed_share", "error_code",
    "exposure_amount", "first_time_right_share", "held_out_gross_amount", "is_blocked", "product_family", "reason", "result_amount",
    "size_class", "stake_amount", "won_amount", "written_off_amount", "carrying_cost_amount", "active_share", "bucket", "expected_amount",
    "lost_amount",
}  # fmt: skip


@pytest.mark.parametrize(("other", "expected"), [("\u20ac302k", 1), ("\u20ac383k", 0), ("\u20ac382,730", 0), ("\u20ac383,600", 1)])
def test_two_figures_under_one_name_are_found_and_a_rounded_one_is_the_same(other: str, expected: int) -> None:
    figures = [Figure("Net revenue", "2025", ("A",), "\u20ac382,910" if other != "\u20ac382,730" else other, "card")]
    figures.append(Figure("Net revenue", "2025", ("A",), other, "table"))
    figures.append(Figure("Net revenue", "2024", ("A",), "\u20ac1", "another year"))
    figures.append(Figure("Net revenue", "2025", ("B",), "\u20ac2", "another customer"))
    assert len(contradictions(figures, NOTATIONS["en"])) == expected


def test_label_by_name_alone_means_the_same_in_every_table() -> None:
    """``open_count`` is open deals in one table and open disputes in another: such a name needs its label per table."""
    texts = load_texts("nl")
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for word in dictionary_words():
        if word.column in texts["columns"]:
            labels[word.column][word.table] = word.label_nl
    unclear = []
    for column, by_table in labels.items():
        usual, _ = Counter(by_table.values()).most_common(1)[0]
        own = [table for table, label in by_table.items() if label != usual and f"{table}.{column}" not in texts["table_columns"]]
        unclear += [f"{table}.{column}: {by_table[table]}" for table in own if column not in SYNONYMS]
    assert sorted(unclear) == []


def test_labels_of_tables_name_columns_that_are_published() -> None:
    published = {f"{word.table}.{word.column}" for word in dictionary_words()}
    assert sorted(load_texts("en")["table_columns"].keys() - published) == []
