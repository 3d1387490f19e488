"""The models and seeds of a step, as dbt compiled them, made in the build file by DuckDB.

dbt reads the project and compiles it, once per change, and its manifest says what each model selects, reads and promises: nothing is left
to render when a night runs. dbt's own runner took 16 CPU milliseconds a model beside the statement, in contexts, events and commits that
nobody asks for: 9 of 29 CPU seconds of a night of one invoice, and as much of every night's time (2 cores, 2026-11). Keep out: what a
model says (``dbt_project``), and the same on a cluster (``spark/build.py``).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from pipelines import dbt, increments
from pipelines.value.estimation import create_tables
from pipelines.warehouse import identifier

if TYPE_CHECKING:
    import duckdb

    from pipelines.night import Night

#: Measured on 2 cores: DuckDB has threads of its own within a statement.
THREADS = 2
SETTINGS = {
    "preserve_insertion_order": False,
    # The file is made anew every night: nobody waits for it to be safe on disk before it is closed. Of 22 seconds in the models of the
    # demo, 5 were checkpoints after a table (2 cores, 2026-11).
    "checkpoint_threshold": "1TB",
    "auto_checkpoint_skip_wal_threshold": 1_000_000_000_000,
}
#: Of a table behind one that could not be made.
LEFT_OUT = dbt.Built("skipped", "what it reads was not built", 0.0)


class CrowdedOut(dbt.Built):
    """Of a table for which another one left no memory: with 10 million invoice lines two models wanted more than 4 GB at once (2026-11)."""


def build(night: Night, tag: str, planned: Mapping[str, Mapping[str, Any] | None] | None = None) -> dict[str, dbt.Built]:
    """Makes the models and seeds that carry ``tag``; by unique id, each behind those that it reads.

    ``planned``: the models that may have to be made, where the others stand there already (:mod:`pipelines.increments`). A model that
    cannot be made says why, and what reads it is left out.
    """
    nodes = {node["unique_id"]: node for node in dbt.in_order(tag) if planned is None or node["unique_id"] in planned}
    built: dict[str, dbt.Built] = {}
    if nodes:
        with night.warehouse(settings=SETTINGS) as connection:
            for schema in sorted({node["schema"] for node in nodes.values()}):
                connection.execute(f"create schema if not exists {identifier(schema)}")
            create_tables(connection, replace=False)
            built = _in_turn(connection, nodes, planned or {})
    return dbt.with_standing(tag, built, nodes)


def _in_turn(
    connection: duckdb.DuckDBPyConnection, nodes: Mapping[str, dict[str, Any]], planned: Mapping[str, Mapping[str, Any] | None]
) -> dict[str, dbt.Built]:
    """Makes ``nodes``, several at once, each when those that it reads are there; what was crowded out once more, alone."""
    reads = dbt.reads_among(nodes)
    waits_for = {name: set(reads(name)) for name in nodes}
    built: dict[str, dbt.Built] = {}
    cursors = [connection.cursor() for _ in range(THREADS)]
    free: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
    for cursor in cursors:
        cursor.execute("set TimeZone = 'UTC'")
        free.put(cursor)

    def turn(name: str) -> dbt.Built:
        cursor = free.get()
        try:
            return _made(cursor, nodes[name], planned.get(name))
        finally:
            free.put(cursor)

    with ThreadPoolExecutor(THREADS) as pool:
        running: dict[Future[dbt.Built], str] = {}
        crowded_out: list[str] = []
        try:
            while True:
                able = [name for name, reads_of in waits_for.items() if not reads_of]
                if crowded_out:
                    able = [] if running else crowded_out[:1]
                for name in able:
                    waits_for.pop(name, None)
                    running[pool.submit(turn, name)] = name
                if not running:
                    break
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    name, made = running.pop(done), done.result()
                    if isinstance(made, CrowdedOut) and name not in crowded_out:
                        crowded_out.append(name)
                        continue
                    if name in crowded_out:
                        crowded_out.remove(name)
                    built[name] = made
                    if made.status == "success":
                        for reads_of in waits_for.values():
                            reads_of.discard(name)
        except BaseException:
            # Ctrl-C, or Dagster's own of a run that is cancelled: what runs would be waited for.
            pool.shutdown(wait=False, cancel_futures=True)
            for cursor in cursors:
                cursor.interrupt()
            raise
    # What still waits reads something that could not be made.
    return built | dict.fromkeys(waits_for, LEFT_OUT)


def _made(cursor: duckdb.DuckDBPyConnection, node: Mapping[str, Any], increment: Mapping[str, Any] | None) -> dbt.Built:
    """What becomes of one model; what stays as it was is not made."""
    import duckdb

    started = time.monotonic()
    if increment is not None and not increments.is_any_changed(cursor, increment["reads"]):
        return dbt.CARRIED_OVER
    try:
        create(cursor, node)
        if increment is not None:
            increments.take_down(cursor, (node["schema"], node["name"]), increment["content"])
    except (duckdb.Error, BrokenContractError) as error:
        outcome = CrowdedOut if isinstance(error, duckdb.OutOfMemoryException) else dbt.Built
        return outcome("error", f"{node['original_file_path']}: {error}", time.monotonic() - started)
    return dbt.Built("success", "", time.monotonic() - started)


class BrokenContractError(Exception):
    """A model selects other columns than it promises."""


def create(connection: duckdb.DuckDBPyConnection, node: Mapping[str, Any]) -> None:
    """Makes one table or view in its place. Raises BrokenContractError, before anything is made, and ``duckdb.Error``."""
    if node["config"]["contract"]["enforced"]:
        selected = connection.execute(f"describe select * from ({dbt.statement_of(node)})").fetchall()
        found = {name: kind for name, kind, *_ in selected}
        promised = {name: _type(column["data_type"]) for name, column in node["columns"].items()}
        if told := [
            f"{name} is {found.get(name, 'not selected')}, promised is {promised.get(name, 'no such column')}"
            for name in promised | found
            if found.get(name) != promised.get(name)
        ]:
            raise BrokenContractError("the contract is broken: " + "; ".join(told) + f". Mend the select, or {node['patch_path']}")
    kind = "view" if node["config"]["materialized"] == "view" else "table"
    connection.execute(f"create or replace {kind} {identifier(node['schema'])}.{identifier(node['name'])} as {in_order_of_contract(node)}")


def in_order_of_contract(node: Mapping[str, Any]) -> str:
    """The statement of a model, or of a seed, with the columns that it promises in the order in which it promises them."""
    statement = dbt.statement_of(node)
    return (
        f"select {', '.join(map(identifier, node['columns']))} from ({statement})" if node["config"]["contract"]["enforced"] else statement
    )


def _type(words: str) -> str:
    """A type as DuckDB writes it: ``decimal(18, 4)`` is ``DECIMAL(18,4)``."""
    return words.replace(" ", "").upper()
