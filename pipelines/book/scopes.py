"""A book per team or per person, for who may see only that: own customers, own figures, and nobody else's name.

Each stands in a folder of its own (``teams/<name>``, ``people/<name>``), so that a file share can give it to those it is for.
Keep out: what stands on a page (``pages/``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.book.blocks import Page
from pipelines.book.figures import Figures, open_figures
from pipelines.book.site import Place, begin, write_index, write_pages
from pipelines.book.words import LANGUAGES, Words
from pipelines.book.writer import Writer

#: Kinds of scopes that a deployment can ask for.
KINDS = ("teams", "people")


@dataclass(frozen=True)
class Scope:
    """Who is in it: a team with its people, or one person."""

    folder: str
    team: str | None
    salespeople: tuple[str, ...]

    @property
    def start(self) -> str:
        """The page that it opens with."""
        return "teams/01.html" if self.folder.startswith("teams/") else "people/001.html"


def build_scopes(
    published_folder: Path, target: Path, kinds: Sequence[str], *, company_name: str | None = None, currency: str | None = None
) -> list[Path]:
    """Writes a book for every scope of ``kinds`` below ``target``; returns their covers."""
    covers = []
    with open_figures(published_folder / "kpis.duckdb", company_name=company_name, currency=currency, pseudonymised=False) as figures:
        for scope in scopes_of(figures, kinds):
            folder = target / scope.folder
            begin(folder)
            _narrow(figures, scope)
            for language in LANGUAGES:
                words = Words(language, figures)
                write_pages(figures, words, folder, _pages(Writer(figures, words, only=_only(figures, scope))), _navigation(scope, words))
            covers.append(write_index(figures, folder, scope.start))
    return covers


def scopes_of(figures: Figures, kinds: Sequence[str]) -> list[Scope]:
    """Teams and people who have a page of the whole book, by name."""
    from pipelines.book.pages import people

    people.number_pages(Writer(figures, Words("en", figures)))
    teams: dict[str, list[str]] = {}
    for salesperson in figures.salesperson_pages:
        teams.setdefault(figures.salespeople[salesperson]["team"] or "", []).append(salesperson)
    found = []
    if "teams" in kinds:
        found += [(f"teams/{slug(team)}", team, tuple(members)) for team, members in sorted(teams.items()) if team]
    if "people" in kinds:
        found += [
            (f"people/{slug(figures.salespeople[key]['name'] or key)}", figures.salespeople[key]["team"], (key,))
            for key in figures.salesperson_pages
        ]
    folders: dict[str, int] = {}
    scopes = []
    for folder, team, members in found:
        folders[folder] = folders.get(folder, 0) + 1
        scopes.append(Scope(folder if folders[folder] == 1 else f"{folder}-{folders[folder]}", team, members))
    return scopes


def slug(name: str) -> str:
    """``Anouk Jansen`` as ``anouk-jansen``: a name that every file system takes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "unnamed"


def _narrow(figures: Figures, scope: Scope) -> None:
    """Only the scope's own pages, people and customers are known from here on."""
    figures.salesperson_pages = {salesperson: number for number, salesperson in enumerate(scope.salespeople, 1)}
    figures.team_pages = {scope.team: 1} if scope.start.startswith("teams/") and scope.team else {}
    own = figures.raw("select customer_id from core.dim_customers where account_owner_id in (select unnest($1))", [list(scope.salespeople)])
    figures.visible = frozenset(row["customer_id"] for row in own)


def _only(figures: Figures, scope: Scope) -> dict[str, list[str]]:
    people = list(scope.salespeople)
    customers = sorted(figures.visible or ())
    return {"customer_id": customers, "salesperson_id": people, "account_owner_id": people, "team": [scope.team] if scope.team else []}


def _navigation(scope: Scope, words: Words) -> list[Place]:
    places = (("people", scope.start), ("find", "find.html"), ("about", "about.html"))
    return [(key, path, words.t(f"nav.{key}")) for key, path in places]


def _pages(writer: Writer) -> list[Page]:
    from pipelines.book.pages import about, customer, find, people, salesperson

    chosen = customer.choose(writer)
    writer.figures.customer_pages = {name: number for number, name in enumerate(chosen, 1)}
    words = writer.words
    index = Page("find.html", words.t("nav.find"), "find", [writer.section("find-customers", find.customers(writer), find.people(writer))])
    meanings = [writer.section("publication", about.facts(writer)), writer.section("definitions", about.definitions(writer))]
    return [
        *people.team_pages(writer),
        *salesperson.Desks(writer).pages(),
        *customer.Sheets(writer, chosen).pages(),
        index,
        Page("about.html", words.t("nav.about"), "about", meanings),
    ]
