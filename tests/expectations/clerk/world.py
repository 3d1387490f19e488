"""Scenarios delivered as companies through the real landing and loading, and judged by the rules.

Scenarios that deliver the same entities share a company: their identifiers begin with letters of their own. Keep out: the scenarios.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import duckdb
import yaml

from pipelines.night import Night
from pipelines.settings import Settings
from pipelines.sources.calendar import write_holidays
from pipelines.sources.contracts import load_contracts
from pipelines.sources.loading import Loader, load_all
from tests import worlds
from tests.expectations.clerk.builders import Scenario

LAST_DAY = "2025-06-30"
COMPANY = {
    "company": "clerk",
    "name": "A clerk's week",
    "time_zone": "Europe/Amsterdam",
    "reporting_currency": "EUR",
    "last_complete_day": "delivered_on",
    "contract_files": "{entity}_????-??-??.csv",
    "contract_delivered_on": r"_(\d{4}-\d{2}-\d{2})\.csv$",
}
#: Identifiers that get the letters of their scenario.
_OWN_IDS = {
    "customer_id", "order_id", "invoice_id", "corrects_invoice_id", "delivery_id", "product_id", "payment_id", "allocation_id",
    "agreement_id", "parent_customer_id", "preceding_invoice_id", "payment_terms_id", "agreed_charge_id", "legal_entity_id",
    "payer_customer_id", "merged_into_customer_id", "alias_id", "is_reversal_of", "registration_number", "credit_note_id",
}  # fmt: skip


def _letters(number: int) -> str:
    return "".join(chr(ord("A") + part) for part in (number // 26, number % 26)) + "x"


def _own(scenario: Scenario, letters: str) -> dict[str, list[dict]]:
    def value(column: str, text: object) -> object:
        return f"{letters}{text}" if column in _OWN_IDS and text not in (None, "") and not scenario.plain_ids else text

    return {
        entity: [{column: value(column, text) for column, text in row.items()} for row in rows]
        for entity, rows in scenario.by_entity().items()
    }


def _deliver(folder: Path, scenarios: Iterable[dict[str, list[dict]]]) -> None:
    rows_by_entity: dict[str, list[dict]] = {}
    for entities in scenarios:
        for entity, rows in entities.items():
            rows_by_entity.setdefault(entity, []).extend(rows)
    for entity, rows in rows_by_entity.items():
        used = {name for row in rows for name in row}
        columns = [column.name for column in load_contracts()[entity].columns if column.name in used]
        assert not used - set(columns), (entity, used - set(columns))
        with (folder / f"{entity}_{LAST_DAY}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)


def companies(scenarios: Iterable[Scenario]) -> list[list[Scenario]]:
    """What a company delivers decides what is assessed: scenarios of the same entities and company's file make one company."""
    groups: dict[tuple, list[Scenario]] = {}
    for scenario in scenarios:
        groups.setdefault((*sorted(scenario.by_entity()), str(scenario.adds), str(scenario.declares)), []).append(scenario)
    return list(groups.values())


def load(connection: duckdb.DuckDBPyConnection, folder: Path, scenarios: list[Scenario]) -> dict[str, Scenario]:
    """The raw tables of one company that delivers all of ``scenarios``; returns them by the letters of their identifiers."""
    own = {_letters(number): scenario for number, scenario in enumerate(scenarios)}
    data = folder / "data"
    data.mkdir(parents=True)
    _deliver(data, (_own(scenario, letters) for letters, scenario in own.items()))
    file = folder / "company.yaml"
    declared = COMPANY | ({"parameters": scenarios[0].adds} if scenarios[0].adds else {}) | scenarios[0].declares
    file.write_text(yaml.safe_dump(declared), encoding="utf-8")
    settings = Settings.from_environment({"COMPANY": str(file), "DATA_DIR": str(data), "WAREHOUSE_DIR": str(folder / "warehouse")})
    night = Night.of(settings)
    landing = night.land(lambda text: None)
    load_all(Loader(connection, night.company, landing, night.landed_folder))
    refused = connection.execute("select entity, column_name, rule, value from raw.quarantine").fetchall()
    assert refused == [], refused
    night.write_night_tables(connection, None, None)
    write_holidays(connection)
    return own


def found(connection: duckdb.DuckDBPyConnection, own: dict[str, Scenario]) -> dict[str, dict[tuple[str, str], str]]:
    """Scenario -> (code, document) -> evidence, once the rules have run."""
    rows = connection.execute("""
        select error_code, document_id, coalesce(invoice_id, order_id, customer_id), evidence
        from core.fct_invoice_errors""").fetchall()
    findings: dict[str, dict[tuple[str, str], str]] = {scenario.name: {} for scenario in own.values()}
    for code, document, owner, evidence in rows:
        scenario = own.get(document[:3]) or own.get((owner or "")[:3]) or next(item for item in own.values() if item.plain_ids)
        findings[scenario.name][(code, document)] = evidence
    return findings


def judged(folder: Path, scenarios: list[Scenario]) -> dict[str, dict[tuple[str, str], str]]:
    """Scenario -> (code, document) -> evidence, of one company that delivers all of ``scenarios``."""
    with duckdb.connect() as connection:
        own = load(connection, folder, scenarios)
        worlds.run_rules(connection, worlds.compiled_steps())
        return found(connection, own)
