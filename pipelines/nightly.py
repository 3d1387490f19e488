"""``python -m pipelines.nightly``: one night from the command line, through Dagster, with a short summary.

Exit status 0: published; 1: blocked, the last publication stands and the last lines say why; 2: the set-up or the
configuration is wrong; 130: stopped by Ctrl-C. Keep out: what a night does (``assets``) and what it runs on (``settings``).
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from pipelines.alerts import reason_of
from pipelines.night import BlockedNightError, Night, prepare_dagster_home
from pipelines.settings import Settings, SettingsError

PUBLISHED, BLOCKED, WRONG_SETUP, STOPPED = 0, 1, 2, 130
#: What the KPI book lists as not available: no value of the company in the last complete month.
UNAVAILABLE_KPIS = """
with months as (
    select coalesce(max(month_start_date) filter (is_complete), max(month_start_date)) as month_start_date
    from core.dim_months where month_start_date <= (select report_date from meta.publication)
)
select kpi from kpi.kpi_definitions where kpi not in (
    select kpi from kpi.kpi_values inner join months on period_start_date = month_start_date
    where scope_type = 'company' and period_type = 'month' and value is not null
) order by 1
"""
WARNED_CHECKS = "select check_name from meta.check_results where outcome = 'failed' order by 1"
#: What the engine makes of Ctrl-C.
INTERRUPTED_QUERY = ("RuntimeError", "Query interrupted")
COMMAND_LINE_TAG = {"started_by": "command line"}


def main(arguments: list[str] | None = None) -> int:
    """Runs what the arguments ask for; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.nightly", description=__doc__.splitlines()[0])
    parser.add_argument("--republish", metavar="VERSION", help="make a kept version the published one again")
    parser.add_argument("--versions", action="store_true", help="list the kept versions")
    parser.add_argument("--quarantine", action="store_true", help="list the rows of the last night that stand in quarantine, and why")
    parser.add_argument("--withdraw", metavar="DELIVERY", help="take a delivery back: its path below the data folder, or its id")
    parser.add_argument("--reason", default="", help="why it is taken back; recorded")
    parser.add_argument("--until", metavar="REPORT_DATE", help="run every report date from REPORT_DATE up to this one")
    options = parser.parse_args(arguments)
    night = None
    with _on_interrupt(lambda: leave(_stopped(night))):
        try:
            settings = Settings.from_environment()
            night = Night.of(settings)
            if options.versions:
                return _list_versions(night)
            if options.quarantine:
                return _list_quarantine(night)
            with night.exclusive():
                if options.republish:
                    return _republish(night, options.republish)
                if options.withdraw is not None:
                    return _withdraw(night, options.withdraw, options.reason)
                if options.until:
                    return _run_range(settings, options.until)
                return run_night(night)
        except SettingsError as error:
            print(f"The set-up is wrong, nothing was run.\n{error}", file=sys.stderr)
            return WRONG_SETUP
        except BlockedNightError as error:
            print(f"Nothing was published.\n{error}", file=sys.stderr)
            return BLOCKED
        except KeyboardInterrupt:
            return _stopped(night)


def run_night(night: Night) -> int:
    """One night of ``night`` in this process; prints its progress and its summary."""
    from rich.console import Console

    console = Console(highlight=False)
    started = time.monotonic()
    console.print(f"[bold]{night.company.name}[/bold]")
    _prepare_demo(night, console)
    _ = night.data_folder
    failure = _execute(night, lambda text: console.print(f"  [dim]{time.monotonic() - started:6.1f} s[/dim]  {text}"))
    if failure is None:
        _print_summary(console, night, time.monotonic() - started)
        return PUBLISHED
    if isinstance(failure, SettingsError | KeyboardInterrupt):
        raise failure
    _print_blocked(console, night, failure)
    return BLOCKED


def _prepare_demo(night: Night, console) -> None:
    """Generates the demo company's deliveries where none are there yet."""
    if night.company.demo is None or night.settings.data_dir is not None or night.data_folder.is_dir():
        return
    from pipelines.demo.deliver import deliver
    from pipelines.demo.generator import DemoSettings

    console.print("  generating the demo company's deliveries (once)")
    deliver(night.data_folder, DemoSettings(**night.company.demo))


def _execute(night: Night, say) -> BaseException | None:
    """Runs the nightly job in this process; returns what stopped it, None when it published."""
    os.environ["DAGSTER_HOME"] = str(prepare_dagster_home(night.dagster_home, night.settings.dagster_database))
    with (night.folder / "night.log").open("w", encoding="utf-8") as log, _everything_to(log):
        from pipelines.checks.validation import warm_up

        warm_up()
        import dagster as dg

        from pipelines.assets.reporting import voice
        from pipelines.definitions import defs
        from pipelines.schedules import night_config

        report_date = night.settings.report_date
        config = night_config(report_date.isoformat() if report_date else None)
        with voice(say), dg.DagsterInstance.get() as instance:
            night.end_killed_runs(instance)
            job = defs.resolve_job_def("nightly")
            result = job.execute_in_process(instance=instance, run_config=config, raise_on_error=False, tags=COMMAND_LINE_TAG)
        if result.success:
            return None
        return _cause(result)


@contextlib.contextmanager
def _on_interrupt(end: Callable[[], None]):
    """Ctrl-C outside the steps of the night: an exception would be swallowed by some import or query, and nothing is to be undone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: end())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _stopped(night: Night | None) -> int:
    # Ctrl-C may come within a print, which is not begun a second time.
    with contextlib.suppress(RuntimeError):
        sys.stdout.flush()
    os.write(1, f"\nStopped by hand{f': {_standing(night)}' if night else ''}.\n".encode())
    return STOPPED


@contextlib.contextmanager
def _everything_to(log):
    """Logs and prints of libraries, and of the processes that they start, go to a file; the terminal is for people."""
    handler = logging.StreamHandler(log)
    root = logging.getLogger()
    root.addHandler(handler)
    terminal = os.dup(2)
    os.dup2(log.fileno(), 2)
    try:
        with contextlib.redirect_stderr(log):
            yield
    finally:
        root.removeHandler(handler)
        os.dup2(terminal, 2)
        os.close(terminal)


def _cause(result) -> BaseException:
    """The innermost error of the first step that failed, as one of ours where it is one."""
    for event in result.all_events:
        if event.event_type_value == "STEP_FAILURE":
            kind, reason = reason_of(event.event_specific_data.error)
            if kind == "DagsterExecutionInterruptedError" or (kind, reason) == INTERRUPTED_QUERY:
                return KeyboardInterrupt()
            ours = {error.__name__: error for error in (SettingsError, BlockedNightError)}.get(kind)
            return ours(reason) if ours else RuntimeError(f"step {event.step_key}: {reason}")
    return RuntimeError("the run failed without a failed step; see the log")


def _print_summary(console, night: Night, seconds: float) -> None:
    import json

    from rich.table import Table

    from pipelines.warehouse import connect

    manifest = json.loads((night.published / "manifest.json").read_text(encoding="utf-8"))
    with connect(night.published / "kpis.duckdb", read_only=True) as connection:
        files, delivered = connection.execute(
            "select count(*), coalesce(sum(delivered_count), 0) from meta.source_deliveries"
            " where not is_replaced and withdrawn_reason is null"
        ).fetchone()
        (refused,) = connection.execute("select count(*) from meta.refused_files").fetchone()
        loaded, unchanged, quarantined = connection.execute(
            "select coalesce(sum(loaded_count), 0), coalesce(sum(unchanged_count), 0), coalesce(sum(quarantined_count), 0)"
            " from meta.delivery_rows"
        ).fetchone()
        unavailable = [kpi for (kpi,) in connection.execute(UNAVAILABLE_KPIS).fetchall()]
        warned = [name for (name,) in connection.execute(WARNED_CHECKS).fetchall()]
    checks = manifest["checks"]
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_row("report date", f"[bold]{manifest['report_date']}[/bold] (deliveries complete until {manifest['complete_until_date']})")
    table.add_row("deliveries", f"{files:,} files, {delivered:,} rows" + (f", [bold]{refused} files refused[/bold]" if refused else ""))
    table.add_row("rows", f"{loaded:,} loaded, {unchanged:,} unchanged, {quarantined:,} quarantined")
    # What stands published has no failure that blocks.
    failed = f"{checks['failed']} failed" + (" (warnings)" if checks["failed"] else "")
    table.add_row("checks", f"{checks['passed']} passed, {failed}, {checks['not_assessed']} not assessed")
    table.add_row("figures", f"{manifest['figures']:,} published, {len(unavailable)} KPIs not available")
    console.print(f"\n[bold blue]Published[/bold blue] in {seconds:.0f} s")
    console.print(table)
    # Apart from the table, which would cut a long path.
    console.print(f"  where          {night.published / 'kpis.duckdb'}", soft_wrap=True)
    for word, names in (("warned", warned), ("without value", unavailable)):
        if names:
            console.print(f"  {word:<13}  {', '.join(names)}", soft_wrap=True)
    book = night.published / "book" / "index.html"
    if book.is_file():
        console.print(f"  KPI book       {book}", soft_wrap=True)


def _print_blocked(console, night: Night, failure: BaseException) -> None:
    from pipelines.checks.gate import describe_failures, failed_checks

    reason = str(failure)
    if night.build_file.exists():
        with contextlib.suppress(Exception), night.warehouse(read_only=True) as connection:
            # A step that broke says more by its own error than by the models it did not build.
            failures = [item for item in failed_checks(connection) if item["check_name"] != "models_are_built"]
            reason = describe_failures(failures) if failures else reason
    stands = _standing(night)
    console.print(f"\n[bold]Blocked[/bold]: nothing was published; {stands}.", soft_wrap=True)
    console.print(f"log: {night.folder / 'night.log'}", soft_wrap=True)
    console.print(reason, markup=False, soft_wrap=True)


def _standing(night: Night) -> str:
    from pipelines.publications import read_manifest

    manifest = read_manifest(night.published)
    return f"the figures of {manifest['report_date']} stand" if manifest else "there was no publication before it"


def _list_versions(night: Night) -> int:
    current = Path(os.path.realpath(night.published)).name
    for version in night.kept_versions():
        print(f"{'*' if version.name == current else ' '} {version.name}")
    return PUBLISHED


def _republish(night: Night, version: str) -> int:
    from pipelines.assets.publish import republish

    manifest = republish(night, version)
    print(f"Published again: {version}, figures of {manifest['report_date']}")
    return PUBLISHED


def _withdraw(night: Night, delivery: str, reason: str) -> int:
    from pipelines.sources.deliveries import withdraw

    try:
        taken = withdraw(night.landed_folder, night.data_folder, night.company.all_sources(), delivery, reason)
    except ValueError as error:
        raise SettingsError(str(error)) from None
    for item in taken:
        print(f"Taken back: {item.path} ({item.row_count:,} rows of {item.source}). Run the night to publish without it;")
        print("deliver the file again to undo it (it is known by the time at which it was written).")
    return PUBLISHED


def _list_quarantine(night: Night) -> int:
    """The reasons and rows of the last night, published or not, as tab-separated text."""
    from pipelines.sources.quarantine import quarantine_reasons, quarantine_rows
    from pipelines.warehouse import connect

    published = night.published / "kpis.duckdb"
    path, schema = (night.build_file, "raw") if night.build_file.is_file() else (published, "meta")
    if not path.is_file():
        raise SettingsError(f"{night.folder}: no night was run yet, so nothing stands in quarantine")
    with connect(path, read_only=True) as connection:
        reasons, rows = quarantine_reasons(connection, schema), quarantine_rows(connection, schema)
    print(f"{len(rows):,} reasons in quarantine" + (":" if rows else "; every row fits its contract"))
    if rows:
        print(reasons)
        print("\t".join(("entity", "file", "row", "column", "rule", "value", "expected", "delivered row")))
        for row in rows:
            print("\t".join(" ".join(str(value).split()) for value in row))
    return PUBLISHED


def _run_range(settings: Settings, until: str) -> int:
    """Every report date from REPORT_DATE to ``until``, in order; stops at the first night that is blocked."""
    from dataclasses import replace
    from datetime import date, timedelta

    try:
        last = date.fromisoformat(until)
    except ValueError:
        raise SettingsError(f"UNTIL={until!r}: expected a day as YYYY-MM-DD") from None
    day = settings.report_date
    if day is None or day > last:
        raise SettingsError("a range needs REPORT_DATE=YYYY-MM-DD, not later than UNTIL")
    while day <= last:
        status = run_night(Night.of(replace(settings, report_date=day)))
        if status != PUBLISHED:
            return status
        day += timedelta(days=1)
    return PUBLISHED


def leave(status: int) -> None:
    """Ends the process. To take down module by module what Dagster and Great Expectations brought takes a second of each night."""
    with contextlib.suppress(RuntimeError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    leave(main())
