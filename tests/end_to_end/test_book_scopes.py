"""A book per team and per person names nobody that its reader may not see: looked for by name and by number in every file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.book import build_scopes

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def night(published):
    return published("demo")


@pytest.fixture(scope="module")
def covers(night, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return build_scopes(night.published, tmp_path_factory.mktemp("scopes"), ["teams", "people"])


def test_every_team_and_person_has_a_book_that_opens_with_its_own_page(covers: list[Path], night) -> None:
    folders = {cover.parent.parent.name + "/" + cover.parent.name for cover in covers}
    assert {"teams/north", "people/anouk-jansen"} <= folders
    for cover in covers:
        links = re.findall(r'href="((?:en|nl)/[^"]+)"', cover.read_text(encoding="utf-8"))
        assert len(links) == 2
        assert all((cover.parent / link).is_file() for link in links)


def test_scope_holds_its_own_customers_and_nothing_of_others(covers: list[Path], night) -> None:
    people = night.query("select salesperson_id, name, team from core.dim_salespeople where salesperson_id <> 'unknown'")
    customers = night.query("select customer_id, name, account_owner_id from core.dim_customers where name is not null")
    wrong = []
    for cover in covers:
        kind, folder = cover.parent.parent.name, cover.parent.name
        inside = {key for key, name, team in people if folder == (team if kind == "teams" else name).lower().replace(" ", "-")}
        own = {name for _, name, owner in customers if owner in inside}
        text = "\n".join(path.read_text(encoding="utf-8") for path in cover.parent.rglob("*") if path.suffix in (".html", ".csv"))
        words = set(re.findall(r"[\w.-]+", text))
        wrong += [(folder, name) for _, name, owner in customers if owner not in inside and name not in own and name in text]
        wrong += [(folder, key) for key, _, owner in customers if owner not in inside and key in words]
        # Who left the team is named with what was attributed to that person, and nobody else of another team.
        wrong += [(folder, name) for key, name, team in people if key not in inside and name in text]
        assert not own or any(name in text for name in own), folder
    assert wrong == []
