"""Every model can be said to Spark but for those named here; DuckDB makes these, and a new one is a decision. Needs no Java."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines import dbt
from tests.dbt.conftest import write_empty_night

pytestmark = pytest.mark.slow

#: Model -> why Spark cannot make it. Both are small: receipts that name nothing of their payer, and months by buckets.
BY_DUCKDB = {"int_match_amounts": "a recursion over lists", "int_ageing_walks_monthly": "a recursion that aggregates"}


@pytest.fixture(scope="module")
def statements(tmp_path_factory: pytest.TempPathFactory) -> dict:
    from pipelines.spark.build import make_empty, statements_of

    path: Path = tmp_path_factory.mktemp("empty") / "night.duckdb"
    write_empty_night(path)
    with duckdb.connect(str(path)) as connection:
        columns = make_empty(connection)
    return {tag: statements_of(columns, tag) for tag in (dbt.BEFORE_GATE, dbt.BEHIND_GATE)}


def test_all_models_but_two_run_on_spark(statements: dict) -> None:
    refused = {
        name.split(".")[-1]: str(words) for found in statements.values() for name, words in found.items() if not isinstance(words, str)
    }
    assert refused == BY_DUCKDB


@pytest.mark.parametrize("by_level", [False, True])
def test_an_engine_makes_what_it_reads_or_waits_for_the_other(statements: dict, by_level: bool) -> None:
    from pipelines.spark.build import stages

    for tag, found in statements.items():
        nodes = {node["unique_id"]: node for node in dbt.in_order(tag)}
        made: set[str] = set()
        for is_local, names in stages(nodes, found, by_level=by_level):
            there = made if by_level else made | set(names)
            for name in names:
                assert is_local is not isinstance(found.get(name), str)
                assert {read for read in nodes[name]["depends_on"].get("nodes", ()) if read in nodes} <= there
            made |= set(names)
        assert made == set(nodes)
