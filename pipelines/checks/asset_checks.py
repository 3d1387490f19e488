"""The gate in Dagster: every check of the suites is an asset check, blocking where it is critical.

A check whose inputs were not delivered gives no result at all, so that the UI shows it as not evaluated. Keep out: the
checks themselves (``expectations/``) and how they are run (``suites.py``).
"""

from collections.abc import Callable, Iterator

import dagster as dg

from pipelines.assets.reporting import Reporter
from pipelines.assets.restatements import write_restatements
from pipelines.checks.gate import describe_row, record_outcomes, standing_outcomes
from pipelines.checks.suites import Check, CheckOutcome, contract_checks, load_checks, run_checks
from pipelines.checks.table_tests import TableTest
from pipelines.night import Night
from pipelines.project import code_version
from pipelines.settings import EXPECTATIONS_FOLDER

#: Name of the check that stands for a table's dbt tests.
TESTS_OF_A_TABLE = "dbt_tests_hold"
#: Dagster calls a warning "failed"; these words come first.
WARNING_WORDS = "Worth a look, blocks nothing:"


def build_asset_checks(night: Callable[[], Night], pool: str) -> list[dg.AssetChecksDefinition]:
    """One step of checks per layer; ``night`` is called inside a run only."""
    arrival = [*load_checks(EXPECTATIONS_FOLDER, "arrival"), *contract_checks()]
    publication = load_checks(EXPECTATIONS_FOLDER, "publication")
    return [
        _checks_step("check_arrival", "arrival", arrival, night, pool),
        _checks_step("check_publication", "publication", publication, night, pool),
        _checks_step("check_figures", "figures", load_checks(EXPECTATIONS_FOLDER, "figures"), night, pool, _compare_with_last_publication),
    ]


def _compare_with_last_publication(night: Night) -> None:
    """What this build changes of closed figures stands in ``meta.kpi_restatements`` before its checks, and is published so."""
    with night.warehouse() as connection:
        write_restatements(connection, night.last_publication(), code_version())


def _checks_step(
    name: str, layer: str, checks: list[Check], night: Callable[[], Night], pool: str, prepare: Callable[[Night], None] | None = None
) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(name=name, specs=[_spec(check) for check in checks], pool=pool, can_subset=True)
    def step(context: dg.AssetCheckExecutionContext, reporter: Reporter) -> Iterator[dg.AssetCheckResult]:
        reporter.step(f"checking: {layer}")
        current = night()
        if prepare:
            prepare(current)
        with current.warehouse(read_only=True) as connection:
            coverage = dict(
                connection.execute(
                    "select entity, case when not is_delivered then coalesce(reason, 'not delivered') end from raw.entity_coverage"
                ).fetchall()
            )
            (totals,) = connection.execute("select count(*) from raw.control_totals").fetchone()
            coverage["control_totals"] = None if totals else "none is declared"
            standing = standing_outcomes(connection, {check: check.reads for check in checks})
        outcomes = run_checks(current.build_file, checks, coverage, standing)
        with current.warehouse() as connection:
            record_outcomes(connection, layer, outcomes)
        for outcome in outcomes:
            if outcome.outcome != "not_assessed":
                yield _result(outcome, current)

    return step


def _spec(check: Check) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        check.name,
        asset=dg.AssetKey(check.asset_key),
        # What depends on a figure waits for its check; a warning lets it go on all the same.
        blocking=check.severity == "critical" or check.layer == "figures",
        description=check.why,
        metadata={"what to do": check.what_to_do},
    )


def _result(outcome: CheckOutcome, night: Night) -> dg.AssetCheckResult:
    passed = outcome.outcome == "passed"
    metadata: dict[str, object] = {"rows": outcome.count}
    if not passed:
        metadata |= {"what to do": outcome.check.what_to_do}
        if outcome.reason:
            metadata["reason"] = outcome.reason
        if outcome.culprits:
            metadata["culprits"] = dg.MetadataValue.md(markdown_table(outcome.culprits))
    worst = "; ".join(describe_row(row) for row in outcome.culprits[:3])
    words = "" if passed else f"{outcome.count} row(s) break it: {worst or outcome.reason}. {outcome.check.what_to_do}"
    if not passed and outcome.check.severity == "warning":
        words = f"{WARNING_WORDS} {words}"
    return dg.AssetCheckResult(
        passed=passed,
        asset_key=night.asset_path(*outcome.check.asset_key),
        check_name=outcome.check.name,
        severity=dg.AssetCheckSeverity.ERROR if outcome.check.severity == "critical" else dg.AssetCheckSeverity.WARN,
        description=words or None,
        metadata=metadata,
    )


def spec_of_tests(table: tuple[str, str], tests: tuple[TableTest, ...]) -> dg.AssetCheckSpec:
    """One check for all dbt tests of a table: the UI shows whether they hold, and names the one that does not."""
    held = ", ".join(f"`{test.check.name}`" for test in tests)
    return dg.AssetCheckSpec(
        TESTS_OF_A_TABLE,
        asset=dg.AssetKey(table),
        blocking=any(test.check.severity == "critical" for test in tests),
        description=f"What the dbt project says of the table holds: {held}",
    )


def result_of_tests(path: list[str], outcomes: list[CheckOutcome]) -> dg.AssetCheckResult:
    """The outcome of the dbt tests of the table at ``path``: each that failed with its culprits, the worst severity of them."""
    failed = [item for item in outcomes if item.outcome == "failed"]
    blocks = any(item.blocks for item in failed)
    metadata: dict[str, object] = {"tests": len(outcomes), "failed tests": len(failed)}
    not_assessed = [item for item in outcomes if item.outcome == "not_assessed"]
    if not_assessed:
        metadata["not assessed"] = "; ".join(f"{item.check.name} ({item.reason})" for item in not_assessed)
    words = []
    for item in failed:
        words.append(f"{item.check.name}: {item.count} row(s) break it: {'; '.join(describe_row(row) for row in item.culprits[:3])}.")
        metadata[f"culprits of {item.check.name}"] = dg.MetadataValue.md(markdown_table(item.culprits))
    if failed:
        metadata["what to do"] = failed[0].check.what_to_do
        if not blocks:
            words.insert(0, WARNING_WORDS)
    return dg.AssetCheckResult(
        passed=not failed,
        asset_key=path,
        check_name=TESTS_OF_A_TABLE,
        severity=dg.AssetCheckSeverity.ERROR if blocks or not failed else dg.AssetCheckSeverity.WARN,
        description=" ".join(words) or None,
        metadata=metadata,
    )


def markdown_table(rows: tuple[dict, ...] | list[dict], shown: int = 10) -> str:
    """``rows`` as a Markdown table; short enough for the UI to show it in line."""
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(str(row.get(name, "")).replace("|", "\\|")[:60] for name in names) + " |" for row in rows[:shown]]
    if len(rows) > shown:
        lines.append(f"\n{len(rows) - shown} more.")
    return "\n".join(lines)
