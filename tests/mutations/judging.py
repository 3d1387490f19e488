"""Who notices a mutant: the unit tests of its model, planted worlds, and the clerk's scenarios; all in engines of this process.

What stands before the rules is built once. A mutant is first run alone: where its rows are those of the model, nothing behind it can
differ. Keep out: what a mutant is (``making.py``), and which survivors are explained (``__main__.py``).
"""

from __future__ import annotations

import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import duckdb

from pipelines.dbt import manifest
from tests import worlds
from tests.expectations.clerk import world as clerk
from tests.expectations.clerk.builders import Scenario
from tests.mutations.making import MACROS, WORDS

#: The last model that findings pass, and what decides whether a document is held out.
ENDS = ("fct_invoice_errors", "int_held_out_documents")
#: Seconds after which a mutant runs on: it lost the key of a join.
PATIENCE = 20


def rule_models() -> dict[str, worlds.Step]:
    """The models of the rules on the way to a finding, in the order of building."""
    nodes = {node["name"]: node for node in manifest()["nodes"].values() if node["resource_type"] == "model"}
    return {
        step.name: step
        for step in worlds.compiled_steps(("fct_invoice_errors",))
        if "/invoice_errors/" in nodes.get(step.name, {}).get("original_file_path", "")
    }


class UnitTests:
    """dbt's unit tests, read from its manifest: rows of the inputs as tables of a schema per test, and the rows that are expected."""

    def __init__(self, models: Iterable[str]) -> None:
        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.execute(MACROS)
        worlds.fill_raw(self.connection, "2026-06-30", source="nothing")
        steps = worlds.compiled_steps(tuple(models))
        worlds.run_rules(self.connection, steps)
        self.places = {step.name: f'"{step.schema}"."{step.name}"' for step in steps}
        self.tests: dict[str, list[tuple[str, Callable[[str], str], list[str], Counter]]] = defaultdict(list)
        wanted = set(models)
        found = [test for test in manifest()["unit_tests"].values() if test["model"] in wanted]
        for number, test in enumerate(sorted(found, key=lambda test: test["unique_id"])):
            self._prepare(f"u{number}", test)

    def _prepare(self, schema: str, test: dict) -> None:
        run = self.connection.execute
        run(f'create schema "{schema}"')
        moved = {}
        for given in test["given"]:
            name = given["input"].split("'")[-2]  # of ref('...') or source('...', '...')
            place = self.places.get(name, f'raw."{name}"')
            kinds = {row[0]: row[1] for row in run(f"describe {place}").fetchall()}
            table = f'"{schema}"."{name}"'
            run(f"create table {table} as from {place} limit 0")
            if isinstance(given["rows"], str):
                run(f"insert into {table} by name {given['rows']}")
            for row in given["rows"] if isinstance(given["rows"], list) else ():
                columns = ", ".join(f'{_value(value, kinds[column])} as "{column}"' for column, value in row.items())
                run(f"insert into {table} by name select {columns}")
            moved[place] = table

        def in_schema(sql: str) -> str:
            for place, table in moved.items():
                sql = sql.replace(place, table)
            return sql

        step = next(step for step in worlds.compiled_steps((test["model"],)) if step.name == test["model"])
        kinds = {row[0]: row[1] for row in run(f"describe ({in_schema(step.sql)})").fetchall()}
        rows = test["expect"]["rows"]
        if isinstance(rows, str):
            columns = [row[0] for row in run(f"describe ({rows})").fetchall()]
            casts = ", ".join(f'cast("{column}" as {kinds[column]})' for column in columns)
            expected = Counter(run(f"select {casts} from ({rows})").fetchall())
        else:
            columns = list(dict.fromkeys(column for row in rows for column in row))
            expected = Counter(
                run("select " + ", ".join(_value(row.get(column), kinds[column]) for column in columns)).fetchone() for row in rows
            )
        self.tests[test["model"]].append((test["name"], in_schema, columns or ["1"], expected))

    def notice(self, model: str, sql: str) -> str | None:
        """The first unit test whose rows are others; None where all hold."""
        for name, in_schema, columns, expected in self.tests[model]:
            names = ", ".join(column if column == "1" else f'"{column}"' for column in columns)
            try:
                found = Counter(self.connection.execute(f"select {names} from ({in_schema(sql)})").fetchall())
            except duckdb.Error:
                return f"{name} (does not run)"
            if _even(found) != _even(expected):
                return name
        return None


def _value(value: object, kind: str) -> str:
    if value is None:
        return f"cast(null as {kind})"
    if isinstance(value, list):
        return f"cast([{', '.join(_value(item, kind.removesuffix('[]')) for item in value)}] as {kind})"
    text = str(value).replace("'", "''")
    return f"cast('{text}' as {kind})"


def _even(rows: Counter) -> Counter:
    """Lists within rows as tuples."""
    return Counter({tuple(tuple(cell) if isinstance(cell, list) else cell for cell in row): count for row, count in rows.items()})


class Corpus:
    """Documents with their right answer, and the models of the rules on them as tables."""

    def __init__(
        self,
        name: str,
        connection: duckdb.DuckDBPyConnection,
        answer: Callable[[duckdb.DuckDBPyConnection], object],
        *,
        is_all_delivered: bool,
    ) -> None:
        self.name, self.connection, self.answer = name, connection, answer
        #: Each code is assessed: a finding more or less of one family is one more or less of all.
        self.is_all_delivered = is_all_delivered
        connection.execute(MACROS)
        self.steps = worlds.compiled_steps(ENDS)
        worlds.run_rules(connection, self.steps, kind="table")
        self.right = answer(connection)

    def notice(self, model: str, sql: str) -> bool:
        """Whether the answers are others with ``sql`` in the place of the model; a mutant that does not come to an end is noticed too."""
        stop = threading.Timer(PATIENCE, self.connection.interrupt)
        stop.start()
        try:
            return self._is_other(model, sql)
        except duckdb.Error:
            return True
        finally:
            stop.cancel()

    def _is_other(self, model: str, sql: str) -> bool:
        step = next(step for step in self.steps if step.name == model)
        own = f'"{step.schema}"."{step.name}"'
        run = self.connection.execute
        run(f"create or replace temp table mutated as {sql}")
        names = [f'"{row[0]}"' for row in run("describe mutated").fetchall() if row[0] not in WORDS]
        if not self._differ("mutated", own, names):
            return False
        if (
            self.is_all_delivered
            and model.startswith("int_errors_")
            and self._differ("mutated", own, ["error_code", "document_id"], "distinct")
        ):
            return True
        run("begin")
        try:
            run(f"create or replace table {own} as from mutated")
            worlds.run_rules(self.connection, worlds.steps_after(model, ENDS), kind="table")
            return self.answer(self.connection) != self.right
        finally:
            run("rollback")

    def _differ(self, one: str, other: str, columns: list[str], kind: str = "all") -> bool:
        names = ", ".join(columns)
        sides = [
            f"exists (from (select {names} from {a}) except {kind.replace('distinct', '')} from (select {names} from {b}))"
            for a, b in ((one, other), (other, one))
        ]
        (found,) = self.connection.execute(f"select {' or '.join(sides)}").fetchone()
        return found


def planted_worlds() -> Iterator[Corpus]:
    """Each error is found and each near miss is none, with the euros of the answer key."""
    for seed, planted in worlds.JUDGED:

        def answer(connection: duckdb.DuckDBPyConnection, seed: int = seed, planted: str = planted) -> object:
            result = worlds.compare(connection, seed, planted)
            return result.missed, {row[:2] for row in result.invented}, result.wrong_stakes

        connection = worlds.build_world(seed, planted)
        yield Corpus(f"world {seed}", connection, answer, is_all_delivered=True)


def clerks_companies(scenarios: Iterable[Scenario]) -> Iterator[Corpus]:
    """The clerk's scenarios, one engine for those that deliver the same entities; the codes of each are its answer."""
    for number, group in enumerate(clerk.companies(scenarios)):
        with tempfile.TemporaryDirectory(prefix="clerk-") as folder:
            connection = duckdb.connect(config={"threads": 1})
            letters = clerk.load(connection, Path(folder), group)

        def answer(connection: duckdb.DuckDBPyConnection, letters: dict[str, Scenario] = letters) -> object:
            findings = clerk.found(connection, letters)
            return [
                (scenario.name, scenario.missed(findings[scenario.name]), scenario.invented(findings[scenario.name]))
                for scenario in letters.values()
            ]

        yield Corpus(f"clerk's company {number + 1}", connection, answer, is_all_delivered=False)
