"""The Dagster code location: a table of contents. Keep out: logic and I/O; importing this reads no delivery."""

from __future__ import annotations

import dagster as dg

from pipelines.assets.publish import build_publish_asset
from pipelines.assets.raw import build_raw_assets
from pipelines.assets.reporting import Reporter
from pipelines.assets.transform import build_dbt_assets
from pipelines.assets.value import build_value_assets
from pipelines.checks.asset_checks import build_asset_checks
from pipelines.night import Night
from pipelines.schedules import build_digest_job, build_jobs, build_schedules, build_sensors
from pipelines.settings import Settings


def build_definitions(settings: Settings) -> dg.Definitions:
    """Assets, checks, jobs, schedule and sensors of one deployment."""

    def look() -> Night:
        return Night.of(settings)

    def night() -> Night:
        """For a step of a run: nobody else writes from now on, until its process ends."""
        current = look()
        current.hold()
        return current

    core, marts = build_dbt_assets(night)
    jobs = {job.name: job for job in [*build_jobs(), build_digest_job(look)]}
    return dg.Definitions(
        assets=[*build_raw_assets(night), core, build_value_assets(night), marts, build_publish_asset(night, marts.keys)],
        asset_checks=build_asset_checks(night),
        jobs=list(jobs.values()),
        schedules=build_schedules(jobs),
        sensors=build_sensors(look, jobs),
        resources={"reporter": Reporter()},
        executor=dg.in_process_executor,
    )


defs = build_definitions(Settings.from_environment())
