"""Under pseudonyms no row names a customer."""

from __future__ import annotations

from pipelines.assets.dictionary import NAMES as PUBLISHED_NAMES
from pipelines.book.privacy import FREE_TEXT_COLUMNS, Pseudonyms


def test_pseudonyms_are_stable_in_a_publication_and_other_in_the_next() -> None:
    ids = [f"C{number}" for number in range(50)]
    first, again, other = Pseudonyms(ids, "one"), Pseudonyms(reversed(ids), "one"), Pseudonyms(ids, "two")
    assert [first.name(i) for i in ids] == [again.name(i) for i in ids]
    assert [first.name(i) for i in ids] != [other.name(i) for i in ids]
    assert {first.name(i) for i in ids} == {f"Customer {number:04d}" for number in range(1, 51)}


def test_number_of_a_pseudonym_does_not_follow_the_order_of_the_ids() -> None:
    ids = [f"C{number:03d}" for number in range(100)]
    names = [Pseudonyms(ids, "secret").name(i) for i in ids]
    assert names != sorted(names)


def test_row_loses_names_numbers_and_free_text() -> None:
    row = {"customer_id": "C1", "customer_name": "Bakery", "evidence": "Bakery ordered 3", "vat_id": "NL1", "open_amount": 5}
    shown = Pseudonyms(["C1"], "s").apply(row)
    assert shown == {"customer_id": "Customer 0001", "customer_name": "Customer 0001", "evidence": None, "vat_id": None, "open_amount": 5}


def test_scope_of_a_customer_is_a_customer() -> None:
    shown = Pseudonyms(["C1"], "s").apply({"scope_type": "customer", "scope_id": "C1", "value": 3})
    assert shown["scope_id"] == "Customer 0001"


def test_unknown_customer_is_not_named() -> None:
    assert Pseudonyms(["C1"], "s").name("C9") == "Customer (unknown)"
    assert Pseudonyms(["C1"], "s").name("unknown") == "unknown"


def test_group_loses_the_id_of_its_parent_and_what_crm_wrote_about_a_loss() -> None:
    shown = Pseudonyms(["C1"], "s").apply({"customer_group_id": "C1", "churn_reason": "Jan left for another", "churned_count": 1})
    assert shown == {"customer_group_id": "Customer 0001", "churn_reason": None, "churned_count": 1}


def test_free_text_is_free_text_in_either_language() -> None:
    published = {column for line in PUBLISHED_NAMES.read_text().splitlines() for column in line.partition(": ")[2].split(", ")}
    told_in_dutch = {column for column in published if column.endswith("_nl") and column.removesuffix("_nl") in FREE_TEXT_COLUMNS}
    assert "evidence_nl" in told_in_dutch <= FREE_TEXT_COLUMNS
