"""A company's files as a night would build them: landed, loaded, and the models that a test asks for, in this process.

No gate, no publication: seconds instead of a minute. Keep out: what is expected of a figure (``tests/dbt``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from pipelines.night import Night
from pipelines.settings import Settings
from pipelines.sources.loading import Loader, load_all
from pipelines.value.estimation import estimate
from pipelines.warehouse import connect
from tests.worlds import compiled_steps, run_rules

#: What the step between core and marts reads.
BEFORE_THE_ESTIMATE = ("fct_invoices", "fct_contracts", "dim_customers", "int_invoices_credited", "stg_company__parameters")


@contextmanager
def built(
    company_file: Path, data: Path, scratch: Path, targets: tuple[str, ...] = ("kpi_values",), report_date: date | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the models of ``targets``; the report date is the last complete day unless another is given."""
    night = Night.of(Settings(company=str(company_file), warehouse_dir=scratch, data_dir=data, report_date=report_date))
    night.land(lambda text: None)
    with connect() as connection:
        load_all(Loader(connection, night.company, night.landed(), night.landed_folder))
        night.write_night_tables(connection, report_date, None)
        run_rules(connection, compiled_steps(BEFORE_THE_ESTIMATE))
        estimate(connection)
        run_rules(connection, compiled_steps(targets))
        yield connection


def write_company(folder: Path, **files: str) -> Path:
    """A company whose files have the contracts' names and columns, delivered on 2025-06-30; returns its YAML."""
    data = folder / "data"
    data.mkdir(parents=True)
    for entity, text in files.items():
        rows = "\n".join(line.strip() for line in text.strip().splitlines())
        (data / f"{entity}_2025-06-30.csv").write_text(rows + "\n", encoding="utf-8")
    company_file = folder / "company.yaml"
    company_file.write_text(
        "company: small\nname: Small\ntime_zone: Europe/Amsterdam\nreporting_currency: EUR\nlast_complete_day: delivered_on\n"
        'contract_files: "{entity}_????-??-??.csv"\n'
        "contract_delivered_on: '_(\\d{4}-\\d{2}-\\d{2})\\.csv$'\n"
        "parameters: {quarantined_share_limit: 1, family_stake_share_limit: 1, quarantined_row_share_limit: 1}\n",
        encoding="utf-8",
    )
    return company_file
