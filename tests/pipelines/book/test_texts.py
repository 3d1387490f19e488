"""Both languages say everything."""

from __future__ import annotations

import csv
import re
import string

import pytest
import yaml

from pipelines.assets.dictionary import dictionary_words
from pipelines.book.checks import TOUCHES
from pipelines.book.kinds import kind_of
from pipelines.book.words import LANGUAGES, TEXTS_FOLDER, flat_keys, load_formulas, load_texts
from pipelines.sources.contracts import load_contracts
from tests.conftest import PROJECT


def flat(texts: dict, prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in texts.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return found


#: A word beside a count; ``3 of 10 rows`` and a number before a noun of another count say nothing of it.
COUNTED = re.compile(r"(?<!of )(?<!van )\{(count|of_count|customers)\} (?!of |van |held|die buiten|are needed|zijn nodig)[a-z]")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    english, dutch = (flat_keys(load_texts(language)) for language in LANGUAGES)
    assert sorted(english - dutch) == []
    assert sorted(dutch - english) == []


def test_a_text_is_filled_with_the_same_values_in_both_languages() -> None:
    english, dutch = (flat(load_texts(language)) for language in LANGUAGES)
    assert [key for key in english if fields(english[key]) != fields(dutch[key])] == []


def counted_without_choice(texts: dict[str, str]) -> list[str]:
    return sorted(key for key, text in texts.items() if any(f"{{{found[1]}:" not in text for found in COUNTED.finditer(text)))


def test_a_word_beside_a_count_is_chosen_by_it() -> None:
    """'1 invoices of €210' and '1 checks not assessed' stood in the book: a text says the word for one and for other numbers."""
    assert counted_without_choice(
        {"a": "{count} invoices", "b": "{count} {count:invoice|invoices}", "c": "{count} of {of_count} weeks"}
    ) == ["a"]
    for language in LANGUAGES:
        assert counted_without_choice(flat(load_texts(language))) == []
    with (PROJECT / "dbt_project" / "seeds" / "kpi_reasons.csv").open(encoding="utf-8", newline="") as rows:
        reasons = {row["reason_code"]: row for row in csv.DictReader(rows)}
    for language in LANGUAGES:
        assert counted_without_choice({code: row[f"text_{language}"] for code, row in reasons.items()}) == []


def test_no_word_names_a_currency() -> None:
    """'Euros per day of DSO' stood in the book of a company of rupees: amounts have a currency of their own, words have none."""
    with (PROJECT / "dbt_project" / "seeds" / "kpi_definitions.csv").open(encoding="utf-8", newline="") as rows:
        told = {row["kpi"]: f"{row['name_en']} {row['name_nl']} {row['formula']}" for row in csv.DictReader(rows)}
    for language in LANGUAGES:
        told |= {f"{language}.{key}": text for key, text in flat(load_texts(language)).items()}
    told |= {f"formula.{kpi}": text for kpi, text in load_formulas("nl").items()}
    currency = re.compile(r"\b(euros?|euro's|dollars?)\b", re.IGNORECASE)
    assert [key for key, text in told.items() if currency.search(text)] == []
    assert currency.search("Euros per day")
    assert not currency.search("Europe, European")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_a_text(language: str) -> None:
    """``no`` and ``1-30`` without quotes would be something else."""
    assert [key for key, value in flat(load_texts(language)).items() if not isinstance(value, str)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice(language: str) -> None:
    class Strict(yaml.SafeLoader):
        pass

    def mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict:
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), sorted(key for key in keys if keys.count(key) > 1)
        return yaml.SafeLoader.construct_mapping(loader, node, deep=True)

    Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    yaml.load((TEXTS_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"), Strict)


def test_no_english_sentence_was_left_in_the_dutch_texts() -> None:
    english, dutch = (flat(load_texts(language)) for language in LANGUAGES)
    same = [key for key in english if english[key] == dutch[key] and len(re.findall(r"[a-z]{2,}", english[key])) > 3]
    assert same == []


def test_every_kpi_has_its_formula_in_dutch() -> None:
    """A new KPI needs its line in ``pipelines/book/texts/formulas_nl.yaml``."""
    with (PROJECT / "dbt_project" / "seeds" / "kpi_definitions.csv").open(encoding="utf-8", newline="") as rows:
        kpis = {row["kpi"] for row in csv.DictReader(rows)}
    assert sorted(kpis ^ set(load_formulas("nl"))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entity_has_a_name_of_its_own(language: str) -> None:
    """'bank statements' over two rows of what a company delivers would be two figures under one name."""
    names = load_texts(language)["terms"]["entities"]
    entities = load_contracts()
    assert sorted(entities.keys() - names.keys()) == []
    assert sorted(entity for entity in entities if list(names.values()).count(names[entity]) > 1) == []


def test_a_table_that_a_page_may_offer_has_a_title() -> None:
    """Under 'further tables', for what has no place or no rows, a name of the warehouse says nothing to a reader."""
    schemas = ("customer_accounting", "growth", "order_to_cash", "receivables")
    offered = {word.table for word in dictionary_words() if word.schema in schemas}
    assert sorted(offered - load_texts("en")["tables"].keys()) == []


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("debtor_risk_reason", ("code", "ground", None)),
        ("cause", ("code", "overdue_cause", None)),
        ("change_reason", ("reason", "", None)),
        ("reason", ("reason", "", None)),
    ],
)
def test_a_code_that_gives_a_reason_is_read_as_a_code(column: str, expected: tuple[str, str, int | None]) -> None:
    assert kind_of(column) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_codes_that_a_model_writes_have_words(language: str) -> None:
    terms = load_texts(language)["terms"]
    written = {
        "ground": {"credit report", "payment behaviour", "credit report and payment behaviour", "insolvency", "nothing known"},
        "overdue_cause": {"our_error", "invalid_dispute", "cannot_pay", "no_reason_known"},
        "corner": {"partnership", "vulnerable", "spoiled", "indifferent", "not known"},
        "corner_name": {"partnership", "vulnerable", "spoiled", "indifferent", "not known"},
        "scope_type": {"company", "team", "salesperson", "segment", "industry", "customer", "channel", "campaign", "cohort"},
        "target_status": {"on course", "at risk", "off course", "met", "missed", "replaced", "not known"},
    }
    assert {name: codes - terms[name].keys() for name, codes in written.items() if codes - terms[name].keys()} == {}


def test_a_reason_names_no_table_or_kpi_by_its_code() -> None:
    """'see pipeline_replayed_amount' stood on a page in both languages: a reader knows a figure by its name."""
    with (PROJECT / "dbt_project" / "seeds" / "kpi_reasons.csv").open(encoding="utf-8", newline="") as rows:
        texts = [(row["reason_code"], re.sub(r"\{[a-z_]+[}:]", "", row["text_en"] + " " + row["text_nl"])) for row in csv.DictReader(rows)]
    assert [code for code, text in texts if re.search(r"[a-z]_[a-z]", text)] == []


def test_every_check_that_only_warns_has_words_and_says_what_it_touches() -> None:
    suites = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (PROJECT / "expectations").rglob("*.yaml")]
    names = {check["name"] for suite in suites for check in suite["checks"] if check["severity"] == "warning"}
    families = {"errors_in" if name.startswith("errors_in_") else name for name in names}
    assert len(families) > 10
    assert sorted(families - TOUCHES.keys()) == []
    for language in LANGUAGES:
        assert sorted(families - load_texts(language)["checks"].keys()) == []
