"""The README is true: its commands, variables, companies and paths exist."""

from __future__ import annotations

import re

from tests.conftest import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")


def test_every_make_verb_exists() -> None:
    named = set(re.findall(r"make ([a-z-]+)", README)) - {"and"}
    verbs = set(re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.MULTILINE))
    assert named <= verbs, named - verbs


def test_every_variable_is_read_by_the_settings() -> None:
    settings = (PROJECT / "pipelines" / "settings.py").read_text(encoding="utf-8")
    for name in re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE) + re.findall(r"`(ALERT_[A-Z_]+)`", README):
        assert f'"{name}"' in settings, name


def test_companies_are_the_shipped_ones() -> None:
    table = README.split("## Companies")[1].split("###")[0]
    named = set(re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE))
    assert named == {path.stem for path in (PROJECT / "pipelines" / "companies").glob("*.yaml")}


def test_every_path_exists() -> None:
    paths = re.findall(r"`((?:pipelines|dbt_project|expectations|tests)/[\w/.{},]+)`", README)
    assert len(paths) > 8
    missing = [path for path in paths if "<" not in path and not (PROJECT / path.rstrip("/")).exists()]
    assert missing == []


def test_example_company_is_valid() -> None:
    import yaml

    from pipelines.companies.config import Company

    example = README.split("```yaml")[1].split("```")[0]
    assert Company.model_validate(yaml.safe_load(example)).company == "bakery"
