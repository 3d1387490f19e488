"""The dbt project as dbt reads and compiles it, once per change, and dbt on a Spark cluster; the only importer of dbt.

In its own process dbt took two starts a night, parsed the project for each new build file, asked a package index for its version and
outlived a killed night: 13 of 72 CPU seconds of a night of 2,466 invoices (2 cores, 2026-11). Keep out: how the compiled models are made
(``models.py``), and what their tests decide (``checks``).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Container, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pipelines.settings import DBT_FOLDER

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

    from pipelines.night import Night

TARGET = DBT_FOLDER / "target"
BEFORE_GATE, BEHIND_GATE = "before_gate", "behind_gate"
ON_SPARK = ("--target", "spark")


@cache
def manifest() -> dict[str, Any]:
    """dbt's description of the project, with the SQL of every model and test. Made where it is missing."""
    path = TARGET / "manifest.json"
    if not path.exists():
        compile_project()
    return json.loads(path.read_text(encoding="utf-8"))


def tables_of(tag: str) -> list[dict[str, Any]]:
    """The models and seeds that carry ``tag``, by name."""
    found = (node for node in manifest()["nodes"].values() if node["resource_type"] in ("model", "seed") and tag in node["tags"])
    return sorted(found, key=lambda node: node["unique_id"])


def in_order(tag: str) -> list[dict[str, Any]]:
    """The models and seeds that carry ``tag``, each behind those of them that it reads."""
    nodes = {node["unique_id"]: node for node in tables_of(tag)}
    order: dict[str, dict[str, Any]] = {}

    def place(name: str) -> None:
        if name in nodes and name not in order:
            for read in nodes[name]["depends_on"].get("nodes", ()):
                place(read)
            order[name] = nodes[name]

    for name in nodes:
        place(name)
    return list(order.values())


def name_of(unique_id: str) -> tuple[str, str]:
    """Schema and name of a model, seed or source."""
    node = manifest()["nodes"].get(unique_id) or manifest()["sources"][unique_id]
    return node["schema"], node["name"]


def compile_project() -> None:
    """Reads the project and compiles its models and tests into ``target``, once per change of the project.

    Raises RuntimeError with dbt's message.
    """
    # The name of the file is the catalogue's in the compiled SQL, and the same in every night.
    environment = {"WAREHOUSE_BUILD_FILE": str(TARGET / "warehouse.duckdb")}
    TARGET.mkdir(exist_ok=True)
    _invoke(["compile", "--select", "resource_type:model", "resource_type:test", "--target-path", str(TARGET)], environment)


def statement_of(node: Mapping[str, Any]) -> str:
    """The select of a model as it stands compiled, or of a seed's file; without the name of the build file before its tables."""
    if node["resource_type"] == "seed":
        types = ", ".join(f"'{column}': '{kind}'" for column, kind in node["config"]["column_types"].items())
        typed = f", types = {{{types}}}" if types else ""
        return f"select * from read_csv('{DBT_FOLDER / node['original_file_path']}', header = true, nullstr = ''{typed})"
    return node["compiled_code"].replace(f'"{node["database"]}".', "")


def reads_among(among: Mapping[str, Any]) -> Callable[[str], frozenset[str]]:
    """Which nodes of ``among`` a node reads, itself or through nodes that are not of them."""
    nodes = manifest()["nodes"]

    @cache
    def reads_of(name: str) -> frozenset[str]:
        read = [other for other in nodes[name]["depends_on"].get("nodes", ()) if other in nodes]
        return frozenset().union(*({other} if other in among else reads_of(other) for other in read))

    return reads_of


@dataclass(frozen=True)
class Built:
    """What became of a model or seed: dbt's status (``success``, ``error``, ``skipped`` behind an error), its words, its seconds."""

    status: str
    message: str
    seconds: float


#: Of a table that stands as it was.
CARRIED_OVER = Built("success", "carried over", 0.0)


def with_standing(tag: str, built: Mapping[str, Built], planned: Container[str]) -> dict[str, Built]:
    """What became of all tables of ``tag``: of the ``planned`` ones as ``built`` says, and the others stand as they were."""
    missed = Built("skipped", "dbt did not get as far", 0.0)
    return {
        node["unique_id"]: built.get(node["unique_id"], missed if node["unique_id"] in planned else CARRIED_OVER) for node in in_order(tag)
    }


def build_on_spark(night: Night, statements: Mapping[str, Mapping[str, str]]) -> dict[str, Built]:
    """Runs models by dbt's adapter for Spark in the session that is open; ``statements``: by unique id the statement as Spark takes it
    (``sql``), the folder that its rows are written to (``folder``) and their name in the session (``relation``).

    Raises RuntimeError when dbt did not get as far.
    """
    if not statements:
        return {}
    parsed = copy(_parsed_with_spark())
    parsed.nodes = {name: parsed.nodes[name] for name in statements}
    parsed.unit_tests, parsed.exposures = {}, {}
    reads_of = reads_among(parsed.nodes)
    for name, node in parsed.nodes.items():
        node.raw_code, node.depends_on.nodes = statements[name]["sql"], sorted(reads_of(name))
        # A schema of the cluster's catalogue is not needed: nothing stands there. Columns and types are cast in the statement.
        node.schema, node.config.schema = "default", None
        node.config.materialized, node.config.contract.enforced, node.contract.enforced = "table", False, False
        node.config._extra.update(folder=statements[name]["folder"], relation=statements[name]["relation"])
    # Of a cluster that went away each further model would wait for it.
    how = ["--threads", str(night.settings.spark_threads), "--fail-fast", "--no-write-json"]
    arguments = ["build", *ON_SPARK, *how, "--target-path", str(night.build_folder / "dbt")]
    return _built(_invoke(arguments, {}, parsed))


@cache
def _parsed_with_spark() -> Manifest:
    """The project with what dbt's adapter for Spark brings; 17 seconds after a change, 3 otherwise (2 cores, 2026-11)."""
    return _invoke(["parse", *ON_SPARK, "--target-path", str(TARGET / "spark")], {})


def _built(results: Iterable[Any]) -> dict[str, Built]:
    # What runs once at the start stands among the results too.
    nodes = (result for result in results if result.node.resource_type != "operation")
    return {result.node.unique_id: Built(str(result.status), result.message or "", result.execution_time) for result in nodes}


def _invoke(arguments: list[str], variables: Mapping[str, str], parsed: Manifest | None = None) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ.update(variables, DO_NOT_TRACK="1", DBT_SEND_ANONYMOUS_USAGE_STATS="false")
    quiet = ["--quiet", "--log-level", "none", "--log-level-file", "none"]
    try:
        outcome = dbtRunner(manifest=parsed).invoke(
            [*quiet, *arguments, "--project-dir", str(DBT_FOLDER), "--profiles-dir", str(DBT_FOLDER)]
        )
    finally:
        # The adapter keeps the file open, and the next step could not open it.
        DuckDBConnectionManager.close_all_connections()
    # What stops the night is no error of dbt: Ctrl-C, or Dagster's own of a run that is cancelled.
    if outcome.exception is not None and not isinstance(outcome.exception, Exception):
        raise outcome.exception
    if outcome.result is None:
        raise RuntimeError(f"dbt: {outcome.exception}")
    return outcome.result


if __name__ == "__main__":
    compile_project()
