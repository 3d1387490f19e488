"""What a later publication changes of closed figures, with its reasons. Keep out: how figures are computed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.assets.restatements import write_restatements

MAY = date(2026, 5, 1)


def write_publication(path: Path, run: str, values: list[tuple], events: list[tuple], invoices: list[tuple]) -> None:
    """A file with the tables that restatements read: KPI, period, scope, value, status; events; invoices."""
    with duckdb.connect(str(path)) as connection:
        for schema in ("kpi", "core", "raw"):
            connection.execute(f"create schema {schema}")
        connection.execute("create table raw.night as select date '2026-06-30' as report_date, ? as run_id", [run])
        connection.execute("create table core.dim_salespeople as select 'S1' as salesperson_id, 'north' as team")
        connection.execute(
            "create table kpi.kpi_values (kpi varchar, period_type varchar, period_start_date date, scope_type varchar, scope_id varchar,"
            " value decimal(38, 6), status varchar, run_id varchar, report_date date)"
        )
        for kpi, scope_type, scope_id, value, status in values:
            connection.execute(
                "insert into kpi.kpi_values values (?, 'month', date '2026-05-01', ?, ?, ?, ?, ?, date '2026-06-30')",
                [kpi, scope_type, scope_id, value, status, run],
            )
        connection.execute(
            "create table core.fct_receivable_events (event_type varchar, source_id varchar, event_date date, invoice_id varchar,"
            " payment_id varchar, salesperson_id varchar, amount decimal(18, 4), is_held_out boolean)"
        )
        for row in events:
            connection.execute("insert into core.fct_receivable_events values (?, ?, ?, ?, null, 'S1', ?, ?)", row)
        connection.execute(
            "create table core.fct_invoices (invoice_id varchar, document_class varchar, issued_date date, salesperson_id varchar,"
            " net_amount decimal(18, 4), gross_amount decimal(18, 4), is_held_out boolean)"
        )
        for row in invoices:
            connection.execute("insert into core.fct_invoices values (?, ?, ?, 'S1', ?, ?, ?)", row)


def restated(folder: Path, old: tuple, new: tuple, run: str = "run-2", code: str | None = None, earlier: str | None = None) -> list[tuple]:
    """Restatements of a build by ``code`` as ``run``, after a publication of run-1 by ``earlier`` (None: one that does not say)."""
    write_publication(folder / "last.duckdb", "run-1", *old)
    with duckdb.connect(str(folder / "last.duckdb")) as connection:
        connection.execute("create schema meta")
        said = f", '{earlier}' as code_version" if earlier else ""
        connection.execute(f"create table meta.publication as select 'run-1' as run_id{said}")
    write_publication(folder / "build.duckdb", run, *new)
    with duckdb.connect(str(folder / "build.duckdb")) as connection:
        write_restatements(connection, folder / "last.duckdb", code)
        return connection.execute(
            "select kpi, scope_id, reason, old_value, new_value, change_value, documents from meta.kpi_restatements order by all"
        ).fetchall()


OLD = (
    [("receivables", "company", "company", 221, "final"), ("dso_simple", "company", "company", 30, "final"),
     ("net_revenue", "team", "north", 200, "final")],
    [("invoiced", "I1", "2026-05-04", "I1", 121, False), ("invoiced", "I2", "2026-05-05", "I2", 100, False)],
    [("I1", "invoice", "2026-05-04", 100, 121, False), ("I2", "invoice", "2026-05-05", 100, 100, False)],
)  # fmt: skip


def test_reasons_sum_to_the_change(tmp_path: Path) -> None:
    new = (
        [("receivables", "company", "company", 150, "final"), ("dso_simple", "company", "company", 20, "final"),
         ("net_revenue", "team", "north", 180, "final")],
        [*OLD[1], ("cash_applied", "A1", "2026-05-30", "I1", -51, False), ("credited", "C1", "2026-05-31", "C1", -20, False),
         ("cash_applied", "A2", "2026-06-01", "I2", -100, False)],
        [*OLD[2], ("C1", "credit", "2026-05-31", -20, -20, False)],
    )  # fmt: skip
    assert restated(tmp_path, OLD, new) == [
        ("dso_simple", "company", "late credit note, late payment", 30, 20, -10, "C1, I1"),
        ("net_revenue", "north", "late credit note", 200, 180, -20, "C1"),
        ("receivables", "company", "late credit note", 221, 150, -20, "C1"),
        ("receivables", "company", "late payment", 221, 150, -51, "I1"),
    ]


def test_released_document_and_what_no_document_explains_are_told_apart(tmp_path: Path) -> None:
    old = (
        [("receivables", "company", "company", 121, "quarantine_bounded")],
        [OLD[1][0], ("invoiced", "I2", "2026-05-05", "I2", 100, True)],
        [],
    )
    new = ([("receivables", "company", "company", Decimal("220.5"), "final")], OLD[1], [])
    assert restated(tmp_path, old, new) == [
        ("receivables", "company", "rates, rules or master data", 121, Decimal("220.5"), Decimal("-0.5"), ""),
        ("receivables", "company", "released document", 121, Decimal("220.5"), 100, "I2"),
    ]


RULES = "rates, rules or master data"


@pytest.mark.parametrize(
    ("run", "code", "earlier", "rest", "ratio"),
    [
        # By the same code it is as ever; of the same run by other code nothing else can have changed.
        ("run-2", "b", "b", RULES, "late payment"),
        ("run-2", "b", "a", f"the project changed, {RULES}", "the project changed, late payment"),
        ("run-1", "b", "a", "the project changed", "the project changed, late payment"),
        # A publication from before there was a version is by other code.
        ("run-1", "b", None, "the project changed", "the project changed, late payment"),
    ],
)
def test_what_other_code_changed_is_said(tmp_path: Path, run: str, code: str, earlier: str | None, rest: str, ratio: str) -> None:
    new = (
        [("receivables", "company", "company", 160, "final"), ("dso_simple", "company", "company", 20, "final"), OLD[0][2]],
        [*OLD[1], ("cash_applied", "A1", "2026-05-30", "I1", -51, False)], OLD[2],
    )  # fmt: skip
    found = restated(tmp_path, OLD, new, run, code, earlier)
    assert {(kpi, reason): change for kpi, _, reason, _, _, change, _ in found} == {
        ("dso_simple", ratio): -10, ("receivables", "late payment"): -51, ("receivables", rest): -10,
    }  # fmt: skip


@pytest.mark.parametrize("status", ["provisional", "final"])
def test_provisional_and_equal_figures_are_not_restated(tmp_path: Path, status: str) -> None:
    old = ([("receivables", "company", "company", 221, status)], *OLD[1:])
    new = ([("receivables", "company", "company", 221 if status == "final" else 0, "final")], *OLD[1:])
    assert restated(tmp_path, old, new) == []


def test_restatements_of_earlier_publications_stay(tmp_path: Path) -> None:
    write_publication(tmp_path / "last.duckdb", "run-1", *OLD)
    with duckdb.connect(str(tmp_path / "last.duckdb")) as connection:
        assert write_restatements(connection, tmp_path / "none.duckdb") == 0
        connection.execute("insert into meta.kpi_restatements (kpi) values ('dso_simple')")
    write_publication(tmp_path / "build.duckdb", "run-2", *OLD)
    with duckdb.connect(str(tmp_path / "build.duckdb")) as connection:
        assert write_restatements(connection, tmp_path / "last.duckdb") == 0
        assert connection.execute("select kpi from meta.kpi_restatements").fetchall() == [("dso_simple",)]
