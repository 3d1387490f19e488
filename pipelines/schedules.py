"""When a night runs, what else starts one, and who hears of a failure. Keep out: what a night does.

03:15 in Amsterdam: after the systems' own nightly jobs, and outside the hour that both clock changes repeat or skip. Only
the schedule reads the clock; it turns it into a report date.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import dagster as dg

from pipelines.night import Night

TIME_ZONE = "Europe/Amsterdam"
CRON = "15 3 * * *"
#: Monday morning, before the first meeting and hours after the night.
DIGEST_CRON = "30 7 * * 1"
#: The first report date that a backfill can name; no shipped company delivers anything earlier.
FIRST_REPORT_DATE = "2010-01-01"

#: The folder is looked at every so many seconds; after a failed night without anything new, so many looks pass.
LOOK_SECONDS, LOOKS_BEFORE_ANOTHER_ATTEMPT = 300, 12
DROP_FOLDER_TAG = "drop_folder"

REPORT_DATES = dg.DailyPartitionsDefinition(start_date=FIRST_REPORT_DATE, timezone=TIME_ZONE)


@dg.daily_partitioned_config(start_date=FIRST_REPORT_DATE, timezone=TIME_ZONE)
def night_of_report_date(start: Any, end: Any) -> dict[str, Any]:
    """Run configuration of one report date; a backfill over a range of them starts one night for each."""
    return night_config(start.date().isoformat())


def night_config(report_date: str | None) -> dict[str, Any]:
    """Run configuration of the night for ``report_date``; None: the last complete day of the deliveries."""
    return {
        "ops": {"load_raw": {"config": {"report_date": report_date} if report_date else {}}},
        # What Dagster notes of every table stands in its event log; a second time, as text, nobody reads it.
        "loggers": {"console": {"config": {"log_level": "INFO"}}},
    }


def build_jobs(prefix: tuple[str, ...], night: Callable[[], Night]) -> dict[str, Any]:
    """The nightly job, the same night for any past report date, and the digest. ``prefix`` stands before their names: a list of runs
    shows nothing else of whose run it is."""
    return {
        "nightly": dg.define_asset_job(
            "_".join([*prefix, "nightly"]),
            selection=dg.AssetSelection.all(),
            description="One night: land, load, check, build, check again, publish. A failed check publishes nothing.",
            executor_def=dg.in_process_executor,
        ),
        "nightly_by_report_date": dg.define_asset_job(
            "_".join([*prefix, "nightly_by_report_date"]),
            selection=dg.AssetSelection.all(),
            description="The same night for a past report date; backfill it over a range of dates.",
            executor_def=dg.in_process_executor,
            config=night_of_report_date,
        ),
        "digest": _digest_job("_".join([*prefix, "digest"]), night),
    }


def _digest_job(name: str, night: Callable[[], Night]) -> Any:
    """The digest of the published figures, to everybody whom DIGEST_RECIPIENTS names."""

    @dg.op(description="Five headlines, what happened and my list, per person and language.")
    def send_digest(context: dg.OpExecutionContext) -> None:
        from pipelines.digest import send

        current = night()
        sent = send(current.settings, current)
        context.log.info(f"sent to {len(sent)}")

    @dg.job(name=name, description="The Monday digest of the published figures, by mail or webhook.", executor_def=dg.in_process_executor)
    def digest() -> None:
        send_digest()

    return digest


def build_schedules(jobs: dict[str, Any]) -> list[dg.ScheduleDefinition]:
    """The nightly schedule and that of the digest; they are off until someone switches them on."""

    @dg.schedule(
        name="nightly_schedule",
        job=jobs["nightly"],
        cron_schedule=CRON,
        execution_timezone=TIME_ZONE,
        description="Every night at 03:15, for the day before.",
    )
    def nightly_schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        report_date = (context.scheduled_execution_time.date() - timedelta(days=1)).isoformat()
        return dg.RunRequest(run_key=report_date, run_config=night_config(report_date), tags={"report_date": report_date})

    digest_schedule = dg.ScheduleDefinition(
        name="digest_schedule",
        job=jobs["digest"],
        cron_schedule=DIGEST_CRON,
        execution_timezone=TIME_ZONE,
        description="Every Monday at 07:30, from the figures that are published then.",
    )
    return [nightly_schedule, digest_schedule]


def build_sensors(night: Callable[[], Night], jobs: dict[str, Any]) -> list[dg.SensorDefinition]:
    """Late files start a night of their own; a failed night is told."""

    @dg.sensor(
        name="drop_folder",
        job=jobs["nightly"],
        minimum_interval_seconds=LOOK_SECONDS,
        description="Starts a night when the set of delivered files changes; several changes within a look are one night."
        " A night that failed is tried again an hour later, or as soon as something changes.",
    )
    def drop_folder(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        import hashlib
        import json

        from pipelines.sources.readers.opening import files_of, list_folder

        current = night()
        folder = current.data_folder
        entries = list_folder(folder)
        named = {entry.name: entry.path for source in current.company.all_sources().values() for entry in files_of(entries, source)}
        files = [path for _, path in sorted(named.items())]
        if not files:
            return dg.SkipReason(f"{folder.name} holds no file of {current.company.company}")
        states = "\n".join(f"{path.relative_to(folder)} {path.lstat().st_size} {path.lstat().st_mtime_ns}" for path in files)
        seen = {"files": hashlib.sha256(states.encode()).hexdigest(), "attempt": 1, "looks": 0}
        last = json.loads(context.cursor) if (context.cursor or "").startswith("{") else {}
        if last.get("files") == seen["files"]:
            seen = last | {"looks": last["looks"] + 1}
            runs = context.instance.get_runs(dg.RunsFilter(tags={DROP_FOLDER_TAG: _key(last)}), limit=1)
            if not runs or runs[0].status != dg.DagsterRunStatus.FAILURE:
                return dg.SkipReason("nothing new since the last look")
            if seen["looks"] < LOOKS_BEFORE_ANOTHER_ATTEMPT:
                context.update_cursor(json.dumps(seen))
                return dg.SkipReason(f"nothing new since the night failed; it is tried again after {LOOKS_BEFORE_ANOTHER_ATTEMPT} looks")
            seen = {"files": seen["files"], "attempt": seen["attempt"] + 1, "looks": 0}
        context.update_cursor(json.dumps(seen))
        return dg.RunRequest(run_key=_key(seen), tags={DROP_FOLDER_TAG: _key(seen)})

    @dg.run_failure_sensor(name="tell_of_failure", description="Mails or posts the reason of a failed night, where ALERT_* is set.")
    def tell_of_failure(context: dg.RunFailureSensorContext) -> None:
        from pipelines.alerts import reason_of, tell

        current = night()
        errors = [event.step_failure_data.error for event in context.get_step_failure_events() if event.step_failure_data.error]
        reason = reason_of(errors[0])[1] if errors else context.failure_event.message or ""
        tell(current.settings, current.company.company, context.dagster_run.run_id, reason)

    return [drop_folder, tell_of_failure]


def _key(seen: dict[str, Any]) -> str:
    return f"{seen['files']}-{seen['attempt']}"
