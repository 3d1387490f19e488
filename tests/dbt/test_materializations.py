"""The project's own materialisations: a contract that is broken fails its model, a build again takes the place of the last."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from dbt.cli.main import dbtRunner

from pipelines.settings import DBT_FOLDER

pytestmark = pytest.mark.slow

PROJECT = "name: small\nprofile: small\nmodel-paths: [models]\nflags: {send_anonymous_usage_stats: false}\n"
CONTRACT = """
models:
  - name: promised
    config: {contract: {enforced: true}, materialized: table}
    columns: [{name: id, data_type: integer}, {name: amount, data_type: "decimal(18,4)"}]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    (tmp_path / "macros").mkdir()
    (tmp_path / "macros" / "m.sql").write_text((DBT_FOLDER / "macros" / "materializations.sql").read_text())
    (tmp_path / "dbt_project.yml").write_text(PROJECT)
    (tmp_path / "profiles.yml").write_text(f"small: {{target: x, outputs: {{x: {{type: duckdb, path: {tmp_path / 'w.duckdb'}}}}}}}\n")
    (tmp_path / "models" / "m.yml").write_text(CONTRACT)
    (tmp_path / "models" / "seen.sql").write_text("{{ config(materialized='view') }} select amount from {{ ref('promised') }}")
    return tmp_path


def build(project: Path, sql: str) -> tuple[bool, str]:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    (project / "models" / "promised.sql").write_text(sql)
    folder = str(project)
    done = dbtRunner().invoke(["--quiet", "--log-level-file", "none", "build", "--project-dir", folder, "--profiles-dir", folder])
    DuckDBConnectionManager.close_all_connections()
    return done.success, "\n".join(node.message or "" for node in done.result.results)


def test_a_table_is_made_in_its_place_and_again(project: Path) -> None:
    assert build(project, "select 1 as id, 2.5::decimal(18,4) as amount")[0]
    # Columns in another order are the same contract, and stand in its order.
    assert build(project, "select 7.5::decimal(18,4) as amount, 3 as id")[0]
    with duckdb.connect(str(project / "w.duckdb"), read_only=True) as connection:
        assert connection.sql("select * from promised").columns == ["id", "amount"]
        assert connection.sql("select cast(amount as varchar) from seen").fetchall() == [("7.5000",)]
        tables = connection.sql("select table_name from information_schema.tables order by 1").fetchall()
    assert tables == [("promised",), ("seen",)]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select 1 as id, 2.5 as amount", "data type mismatch"),
        ("select 1 as id", "missing in definition"),
        ("select 1 as id, 2.5::decimal(18,4) as amount, 4 as more", "missing in contract"),
        ("select 1 as id, 2.5::decimal(18,4) as other", "missing in"),
    ],
)
def test_a_broken_contract_fails_the_model_and_leaves_out_what_reads_it(project: Path, sql: str, said: str) -> None:
    success, messages = build(project, sql)
    assert not success
    assert said in messages
    with duckdb.connect(str(project / "w.duckdb"), read_only=True) as connection:
        assert connection.sql("select table_name from information_schema.tables").fetchall() == []
