"""Both languages say everything."""

from __future__ import annotations

import csv
import re
import string

import pytest
import yaml

from pipelines.book.words import LANGUAGES, TEXTS_FOLDER, flat_keys, load_formulas, load_texts
from tests.conftest import PROJECT


def flat(texts: dict, prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in texts.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return found


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    english, dutch = (flat_keys(load_texts(language)) for language in LANGUAGES)
    assert sorted(english - dutch) == []
    assert sorted(dutch - english) == []


def test_a_text_is_filled_with_the_same_values_in_both_languages() -> None:
    english, dutch = (flat(load_texts(language)) for language in LANGUAGES)
    assert [key for key in english if fields(english[key]) != fields(dutch[key])] == []


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
