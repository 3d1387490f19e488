"""``python -m tests.pipelines.drafting.against_shipped``: what a draft gets right of each shipped company, and what it leaves open.

The draft is made from the raw files, once as they are and once with headers in Dutch and names of files that say nothing; it is
compared with the file that people wrote. Keep out: drafting.
"""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.companies.config import Company, load_company
from pipelines.drafting.columns import Draft
from pipelines.drafting.matching import drafts_of
from pipelines.drafting.tables import tables_of
from pipelines.drafting.writing import draft_text, questions_of
from pipelines.settings import COMPANIES_FOLDER
from tests.conftest import SHARED_DATA

COMPANIES = ("ibm_receivables", "crm_opportunities", "online_retail", "sap_order_to_cash")
#: Headers of the shipped files in Dutch, as a person would write them.
DUTCH = {
    "countryCode": "Landcode", "customerID": "Klantnummer", "invoiceNumber": "Factuurnummer", "InvoiceDate": "Factuurdatum",
    "DueDate": "Vervaldatum", "InvoiceAmount": "Factuurbedrag", "Disputed": "Betwist", "SettledDate": "Betaald op",
    "InvoiceNo": "Factuurnr", "StockCode": "Artikelcode", "Description": "Omschrijving", "Quantity": "Aantal", "UnitPrice": "Stukprijs",
    "CustomerID": "Klantnr", "Country": "Land", "account": "Klant", "sector": "Branche", "office_location": "Land",
    "subsidiary_of": "Dochter van", "product": "Artikel", "series": "Productgroep", "sales_price": "Verkoopprijs",
    "sales_agent": "Verkoper", "manager": "Leidinggevende", "regional_office": "Kantoor", "opportunity_id": "Kansnummer",
    "deal_stage": "Fase", "engage_date": "Startdatum", "close_date": "Sluitdatum", "close_value": "Waarde",
}  # fmt: skip


@dataclass
class Compared:
    """Columns of one company: as people wrote them, otherwise, and left for a person to say."""

    entities: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    left_open: list[str] = field(default_factory=list)
    questions: int = 0


def compare(name: str, folder: Path, translated: dict[str, str] | None = None) -> Compared:
    """The draft of ``folder`` against the shipped file of ``name``."""
    shipped = load_company(COMPANIES_FOLDER / f"{name}.yaml")
    tables = tables_of(folder)
    drafts = {draft.entity: draft for draft in drafts_of(tables)}
    back: dict[str, set[str]] = {}
    for english, dutch in (translated or {}).items():
        back.setdefault(dutch, set()).add(english)
    compared = Compared(questions=questions_of(draft_text(name, folder.name, tables, list(drafts.values()))))
    for entity, mapping in shipped.all_entities().items():
        if entity not in drafts:
            compared.missing.append(entity)
            continue
        compared.entities.append(entity)
        for column, expression in mapping.columns.items():
            _judge(compared, shipped, drafts[entity], entity, column, expression, back)
    return compared


def _judge(
    compared: Compared, shipped: Company, draft: Draft, entity: str, column: str, expression: str, back: dict[str, set[str]]
) -> None:
    """Right where the draft reads the same column of the file; open where it reads none."""
    place = f"{entity}.{column}"
    choice = draft.choices.get(column)
    read = set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", re.sub(r"'[^']*'", "", expression)))
    known = {name for source in shipped.all_sources().values() for name in (*source.columns, *source.optional_columns)}
    wanted = read & known
    if choice and choice.expression and "".join(choice.expression.split()) == "".join(expression.split()):
        compared.right.append(place)
    elif choice is None or choice.expression is None or (not choice.source_column and not _is_derived(choice.expression)):
        (compared.left_open if wanted or choice is None or choice.expression is None else compared.right).append(place)
    else:
        words = re.findall(r"[A-Za-z_][A-Za-z0-9_]*", choice.expression)
        drafted = back.get(choice.source_column, {choice.source_column}) if choice.source_column else set(words)
        drafted |= {english for word in words for english in back.get(word, ())} if not choice.source_column else set()
        same = bool(drafted & wanted)
        (compared.right if same else compared.wrong).append(f"{place}" if same else f"{place}: {choice.expression} instead of {expression}")


def _is_derived(expression: str) -> bool:
    return "number(" in expression or "_row_number" in expression


def in_dutch(folder: Path, target: Path) -> Path:
    """The CSV files of ``folder`` with Dutch headers, under names that say nothing (days in them are kept)."""
    target.mkdir(parents=True)
    for place, path in enumerate(sorted(folder.rglob("*.csv")), 1):
        day = re.search(r"\d{4}-\d{2}-\d{2}", path.name)
        text = path.read_text(encoding="utf-8-sig")
        header, _, rest = text.partition("\n")
        columns = [DUTCH.get(name, name) for name in next(csv.reader([header.rstrip("\r")]))]
        (target / (f"{day[0]}.csv" if day else f"x{place}.csv")).write_text(";".join(columns) + "\n" + _semicolons(rest), encoding="utf-8")
    return target


def _semicolons(text: str) -> str:
    import io

    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\n").writerows(csv.reader(io.StringIO(text)))
    return out.getvalue()


def main() -> None:
    print(f"{'company':34}{'entities':>10}{'missing':>9}{'right':>7}{'wrong':>7}{'open':>6}{'questions':>11}")
    with tempfile.TemporaryDirectory() as scratch:
        for name in COMPANIES:
            folder = SHARED_DATA / name
            _print(name, compare(name, folder))
            if name != "sap_order_to_cash":
                dutch = in_dutch(folder, Path(scratch) / name)
                _print(f"{name} in Dutch", compare(name, dutch, DUTCH))
                shutil.rmtree(dutch)


def _print(name: str, found: Compared) -> None:
    print(
        f"{name:34}{len(found.entities):10}{len(found.missing):9}{len(found.right):7}{len(found.wrong):7}{len(found.left_open):6}{found.questions:11}"
    )
    for what in ("missing", "wrong", "left_open"):
        if values := getattr(found, what):
            print(f"    {what}: {'; '.join(values)}")


if __name__ == "__main__":
    main()
