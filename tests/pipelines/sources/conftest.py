"""A small company in a temporary folder: write files, load them, look at the raw tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import yaml

from pipelines.companies.config import Company
from pipelines.sources.deliveries import Landing
from pipelines.sources.landing import land
from pipelines.sources.loading import Loader, load_all
from pipelines.warehouse import connect

INVOICES = """
company: small
name: Small company
time_zone: Europe/Amsterdam
reporting_currency: EUR
last_complete_day: invoices.issued_date
sources:
  invoices:
    files: "*.csv"
    columns: [number, customer, issued, net, gross]
    delivered_on: '^(\\d{4}-\\d{2}-\\d{2})'
entities:
  invoices:
    source: invoices
    columns: {invoice_id: number, document_type: "'invoice'", customer_id: customer, issued_date: issued,
              currency: "'EUR'", net_amount: net, gross_amount: gross}
"""
HEADER = "number,customer,issued,net,gross\n"


@dataclass
class Loaded:
    """What loading gave: the landing, and a query function on the build."""

    landing: Landing
    query: Callable[[str], list[tuple]]

    def invoices(self) -> list[tuple]:
        """Current invoices: id, customer, gross."""
        return self.query("select invoice_id, customer_id, gross_amount from raw.invoices where _is_current order by 1")

    def quarantine(self) -> list[tuple]:
        """Quarantined rows: column, rule, value, path, row."""
        return self.query("select column_name, rule, value, path, row_number from raw.quarantine order by path, row_number, 1")

    def accounts(self) -> list[tuple]:
        """Per delivery of invoices: path, delivered, loaded, unchanged, quarantined."""
        return self.query(
            "select path, delivered_count, loaded_count, unchanged_count, quarantined_count"
            " from raw.delivery_rows where entity = 'invoices' order by path"
        )


class SmallCompany:
    """A data folder and a landed folder; each ``load`` builds anew from all that was landed."""

    def __init__(self, folder: Path) -> None:
        self.data, self.landed, self.folder = folder / "data", folder / "landed", folder
        self.data.mkdir()
        self.landed.mkdir()
        self.document = yaml.safe_load(INVOICES)
        self.builds = 0

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.data / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    @property
    def company(self) -> Company:
        return Company.model_validate(self.document)

    def land(self) -> Landing:
        return land(self.data, self.landed, self.company.all_sources())

    def load(self, known_by: date | None = None) -> Loaded:
        landing = self.land()
        self.builds += 1
        build = self.folder / f"build-{self.builds}.duckdb"
        with connect(build) as connection:
            load_all(Loader(connection, self.company, landing, self.landed, known_by))

        def query(sql: str) -> list[tuple]:
            with connect(build, read_only=True) as connection:
                return connection.execute(sql).fetchall()

        return Loaded(landing, query)


@pytest.fixture
def small(tmp_path: Path) -> SmallCompany:
    """A company that delivers invoices in one CSV shape."""
    return SmallCompany(tmp_path)
