"""House rules of the dbt project, read from dbt's own manifest; each failure prints the culprits."""

from __future__ import annotations

import re

from pipelines.settings import DBT_FOLDER

LONGEST_MODEL = 105
LAYERS = {"staging": 0, "intermediate": 1, "core": 1, "marts": 2}


def _models(manifest, folder: str = "") -> list:
    return [node for node in manifest.nodes.values() if node.resource_type == "model" and node.path.startswith(folder)]


def _layer(node) -> str:
    return node.path.split("/")[0]


def test_every_model_says_what_one_row_is(manifest):
    silent = [node.name for node in _models(manifest) if not re.search(r"; one row(?: per |$|\b)|one row per ", node.description)]
    assert silent == []


def test_core_and_marts_describe_every_column_and_enforce_their_contract(manifest):
    nodes = _models(manifest, "core") + _models(manifest, "marts")
    bare = [f"{node.name}.{name}" for node in nodes for name, column in node.columns.items() if not column.description]
    loose = [node.name for node in nodes if not node.config.contract.enforced or not node.columns]
    assert (bare, loose) == ([], [])


def test_marts_carry_dutch_labels(manifest):
    missing = [
        f"{node.name}.{name}"
        for node in _models(manifest, "marts")
        for name, column in node.columns.items()
        if not (column.config.meta or {}).get("label_nl")
    ]
    missing += [node.name for node in _models(manifest, "marts") if not node.config.meta.get("label_nl")]
    assert missing == []


def test_core_and_marts_are_tested_on_their_grain(manifest):
    tested = {
        node.attached_node
        for node in manifest.nodes.values()
        if node.resource_type == "test" and getattr(node, "test_metadata", None) and node.test_metadata.name == "unique_combination"
    }
    untested = [node.name for node in _models(manifest, "core") + _models(manifest, "marts") if node.unique_id not in tested]
    assert untested == []


def test_models_are_short_enough_to_read(manifest):
    long = {node.name: node.raw_code.count("\n") + 1 for node in _models(manifest) if node.raw_code.count("\n") >= LONGEST_MODEL}
    assert long == {}


def test_no_ref_is_read_twice_in_a_model(manifest):
    twice = {
        node.name: name
        for node in _models(manifest)
        for name in set(re.findall(r"ref\('(\w+)'\)", node.raw_code))
        if node.raw_code.count(f"ref('{name}')") > 1 and _layer(node) != "intermediate"
    }
    assert twice == {}


def test_staging_reads_sources_only_and_nothing_behind_the_gate_feeds_what_stands_before_it(manifest):
    wrong = []
    for node in _models(manifest):
        for parent_id in node.depends_on.nodes:
            parent = manifest.nodes.get(parent_id)
            if parent is None:
                if _layer(node) != "staging":
                    wrong.append(f"{node.name} reads a source")
            elif _layer(node) == "staging":
                wrong.append(f"{node.name} reads {parent.name}")
            elif "before_gate" in node.tags and "before_gate" not in parent.tags:
                wrong.append(f"{node.name} stands before the gate and reads {parent.name} behind it")
    assert wrong == []


def test_every_model_stands_on_one_side_of_the_gate(manifest):
    nodes = [node for node in manifest.nodes.values() if node.resource_type in ("model", "seed")]
    assert [node.name for node in nodes if len({"before_gate", "behind_gate"} & set(node.tags)) != 1] == []


def test_marts_hold_no_sql_of_one_engine(manifest):
    forbidden = re.compile(r"\basof\b|\bunnest\s*\(|\bgenerate_series\s*\(|\bstrftime\s*\(|\bexclude\b|//|quantile_cont", re.IGNORECASE)
    assert [node.name for node in _models(manifest, "marts") if forbidden.search(node.raw_code)] == []


def test_tests_that_read_another_model_say_which_asset_they_belong_to(manifest):
    crossing = [
        node.name
        for node in manifest.nodes.values()
        if node.resource_type == "test" and len(node.depends_on.nodes) > 1 and not (node.config.meta or {}).get("dagster")
    ]
    assert crossing == []


def test_decisions_name_unit_tests_that_exist(manifest):
    named = set(re.findall(r"\[`(\w+)`\]", (DBT_FOLDER / "docs" / "decisions.md").read_text(encoding="utf-8")))
    assert named - {test.name for test in manifest.unit_tests.values()} == set()


def test_overview_lists_every_mart(manifest):
    overview = (DBT_FOLDER / "docs" / "overview.md").read_text(encoding="utf-8")
    assert [node.name for node in _models(manifest, "marts") if f"`{node.config.schema}.{node.name}`" not in overview] == []


def test_no_model_asks_the_warehouse_or_the_machine_while_it_is_compiled():
    """A night builds what was compiled once, on an empty warehouse and perhaps on another day (pipelines/dbt.py)."""
    asking = re.compile(
        r"run_query|load_result|statement\(|adapter\.(?!dispatch)|env_var|invocation_id|run_started_at|modules\.|is_incremental"
    )
    files = [path for folder in ("models", "macros", "tests") for path in (DBT_FOLDER / folder).rglob("*.sql")]
    found = {path.relative_to(DBT_FOLDER).as_posix() for path in files if asking.search(path.read_text(encoding="utf-8"))}
    assert found == {"macros/materializations.sql"}


def test_findings_tell_the_same_in_both_languages(manifest):
    """Pairs of texts that a rule tells: the same values with the same number of decimals, whatever their order."""
    pairs = [
        (node.name, *(sorted(re.findall(r"\{([^{}']*)\}", re.sub(r"replace\((\w+), '[^']*', '[^']*'\)", r"\1", text))) for text in texts))
        for node in _models(manifest)
        for texts in re.findall(r'told\(\s*"([^"]*)",\s*"([^"]*)"\)', node.raw_code)
    ]
    other = [pair for pair in pairs if pair[1] != pair[2]]
    assert (other, len(pairs) > 80) == ([], True)
