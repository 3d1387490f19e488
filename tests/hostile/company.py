"""A company of one entity, small enough that every hostile input goes through the real landing and loading in a blink."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from pipelines.checks.suites import contract_checks
from pipelines.companies.config import Company
from pipelines.sources.deliveries import Landing
from pipelines.sources.landing import land
from pipelines.sources.loading import Loader
from pipelines.warehouse import connect

HEADER = "number,customer,issued,net,gross\n"
GOOD = HEADER + "1,A,2025-01-02,100.00,121.00\n2,B,2025-01-03,50.00,60.50\n"
DOCUMENT = {
    "company": "hostile",
    "name": "Hostile",
    "time_zone": "Europe/Amsterdam",
    "reporting_currency": "EUR",
    "last_complete_day": "invoices.issued_date",
    "sources": {
        "ledger": {
            "files": "*.csv",
            "columns": ["number", "customer", "issued", "net", "gross"],
            "delivered_on": r"^(\d{4}-\d{2}-\d{2})",
        }
    },
    "entities": {
        "invoices": {
            "source": "ledger",
            "columns": {
                "invoice_id": "number",
                "document_type": "'invoice'",
                "customer_id": "customer",
                "issued_date": "issued",
                "currency": "'EUR'",
                "net_amount": "net",
                "gross_amount": "gross",
            },
        }
    },
}


def document(source: dict | None = None, columns: dict | None = None, **company) -> dict:
    """The company's file, with other keys of its source, its mapping or itself; None takes a key away."""
    made = copy.deepcopy(DOCUMENT)
    made["sources"]["ledger"] |= source or {}
    made["entities"]["invoices"]["columns"] |= columns or {}
    made |= company
    for part in (made, made["sources"]["ledger"], made["entities"]["invoices"]["columns"]):
        for name in [name for name, value in part.items() if value is None]:
            del part[name]
    return made


@dataclass
class Outcome:
    """What became of the deliveries: current rows, quarantine, refusals, and a query function's worth of tables."""

    landing: Landing
    rows: list[tuple] = field(default_factory=list)
    quarantine: list[tuple] = field(default_factory=list)
    tables: dict[str, list[tuple]] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        return [row[0] for row in self.rows]

    @property
    def rules(self) -> list[tuple]:
        """(column, rule) of every row in quarantine."""
        return [item[:2] for item in self.quarantine]

    @property
    def refused(self) -> dict[str, str]:
        return {item.path: item.reason for item in self.landing.refusals}


#: Tables that a test may look at beside the entity.
TABLES = ("source_deliveries", "delivery_rows", "entity_keys", "shared_numbers", "full_deliveries", "control_totals", "cursor_reads")


@cache
def against_contract(entity: str) -> tuple[str, ...]:
    """By each expectation of an entity's contract, what rows of it would not meet it."""
    (check,) = (check for check in contract_checks() if check.table == entity)
    found = []
    for expectation in check.expectations:
        match expectation["type"], expectation["kwargs"]:
            case "unexpected_rows_expectation", {"unexpected_rows_query": sql}:
                found.append(sql.format(batch=f"raw.{entity}"))
            case "expect_column_values_to_not_be_null", {"column": column}:
                found.append(f"select '{column}', * from raw.{entity} where {column} is null")
            case "expect_column_values_to_be_in_set", {"column": column, "value_set": values}:
                found.append(f"select '{column}', * from raw.{entity} where not list_contains({values}, {column})")
            case unknown:
                raise ValueError(f"no query for {unknown}")
    return tuple(found)


class HostileCompany:
    """A data folder and a landed folder; each ``night`` lands what is new and loads all anew."""

    def __init__(self, folder: Path, made: dict | None = None) -> None:
        self.folder, self.data, self.landed = folder, folder / "data", folder / "landed"
        self.data.mkdir()
        self.landed.mkdir()
        self.document = made or document()

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def company(self) -> Company:
        return Company.model_validate(yaml.safe_load(yaml.safe_dump(self.document)))

    def night(self, known_by: date | None = None, entities: tuple[str, ...] = ("invoices",)) -> Outcome:
        company = self.company()
        landing = land(self.data, self.landed, company.all_sources())
        outcome = Outcome(landing)
        with connect(reach=[self.landed]) as connection:
            loader = Loader(connection, company, landing, self.landed, known_by)
            loader.prepare()
            for entity in entities:
                loader.load(entity)
            loader.finish()

            def query(sql: str) -> list[tuple]:
                return connection.execute(sql).fetchall()

            outcome.rows = query(
                "select invoice_id, customer_id, issued_date, net_amount, gross_amount from raw.invoices where _is_current and _closed_date is null order by 1"
            )
            outcome.quarantine = query(
                "select column_name, rule, value, path, row_number, expected, entity from raw.quarantine order by path, row_number, 1, 2"
            )
            outcome.tables = {name: query(f"select * from raw.{name} order by all") for name in TABLES}
            # The control identity, per delivery and per key: whatever came stands in exactly one place.
            assert (
                query("select * from raw.delivery_rows where delivered_count <> loaded_count + unchanged_count + quarantined_count") == []
            )
            assert query("select * from raw.entity_keys where delivered_key_count <> loaded_key_count + quarantined_key_count") == []
            # What was let through is what the arrival checks ask of it, or a night of such a file would be blocked.
            assert [found for entity in entities for sql in against_contract(entity) for found in query(sql)] == []
        return outcome
