"""The KPI Flow is judged before anything is published: each violation names its row. Keep out: what targets are worth."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.checks.suites import load_checks, run_checks
from tests.conftest import PROJECT

MASTER = ("net_revenue", "north", "2026-07-01", None, "master")


def outcomes(folder: Path, rows: list[tuple]) -> dict[str, tuple[str, int]]:
    """Check -> (outcome, number of culprits) of a team's targets for the third quarter of 2026, on its last day."""
    build_file = folder / "warehouse.duckdb"
    with duckdb.connect(str(build_file)) as connection:
        for schema in ("core", "kpi", "raw"):
            connection.execute(f"create schema {schema}")
        connection.execute("create table raw.night as select date '2026-09-30' as report_date")
        known = ["net_revenue", "dso_simple", "win_rate", "won_amount", "overdue_share"]
        connection.execute("create table kpi.kpi_definitions as select unnest(?) as kpi", [known])
        connection.execute(
            "create table core.fct_kpi_targets (kpi varchar, team varchar, quarter_start_date date, valid_from_date date,"
            " valid_until_date date, role varchar)"
        )
        for kpi, team, start, end, role in rows:
            connection.execute("insert into core.fct_kpi_targets values (?, ?, date '2026-07-01', ?, ?, ?)", [kpi, team, start, end, role])
    checks = [check for check in load_checks(PROJECT / "expectations", "publication") if check.table == "fct_kpi_targets"]
    return {item.check.name: (item.outcome, item.count) for item in run_checks(build_file, checks, {})}


@pytest.mark.parametrize(
    ("broken", "rows", "count"),
    [
        (None, [MASTER], 0),
        (None, [(*MASTER[:3], "2026-08-15", "master"), ("win_rate", "north", "2026-08-15", None, "master")], 0),
        ("each_team_has_exactly_one_master_at_every_instant", [MASTER, ("win_rate", "north", "2026-08-15", None, "master")], 1),
        (
            "each_team_has_exactly_one_master_at_every_instant",
            [(*MASTER[:3], "2026-08-15", "master"), ("win_rate", "north", "2026-08-16", None, "master")],
            1,
        ),
        ("each_team_has_exactly_one_master_at_every_instant", [("win_rate", "north", "2026-07-01", None, "focus")], 1),
        ("every_target_names_a_known_kpi", [MASTER, ("happiness", "north", "2026-07-01", None, "main")], 1),
        (
            "targets_of_a_kpi_do_not_overlap",
            [MASTER, ("win_rate", "north", "2026-07-01", "2026-08-02", "focus"), ("win_rate", "north", "2026-08-01", None, "main")],
            1,
        ),
        ("targets_lie_within_their_quarter", [MASTER, ("win_rate", "north", "2026-07-01", "2026-10-02", "focus")], 1),
        (
            "each_team_has_at_most_three_focus_kpis",
            [MASTER, *((kpi, "north", "2026-07-01", None, "focus") for kpi in ("dso_simple", "win_rate", "won_amount", "overdue_share"))],
            1,
        ),
    ],
)
def test_broken_agreements_block_and_name_their_rows(tmp_path: Path, broken: str | None, rows: list[tuple], count: int) -> None:
    found = outcomes(tmp_path, rows)
    assert {name: culprits for name, (outcome, culprits) in found.items() if outcome == "failed"} == ({broken: count} if broken else {})
