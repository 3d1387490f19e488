"""The Dagster code location: a table of contents. Keep out: logic and I/O; importing this reads no delivery."""

from __future__ import annotations

from typing import Any

import dagster as dg

from pipelines.assets.publish import build_publish_asset
from pipelines.assets.raw import build_raw_assets
from pipelines.assets.reporting import Reporter
from pipelines.assets.transform import build_dbt_assets
from pipelines.assets.value import build_value_assets
from pipelines.checks.asset_checks import build_asset_checks
from pipelines.night import Night
from pipelines.schedules import build_jobs, build_schedules, build_sensors
from pipelines.settings import Settings


def build_definitions(settings: Settings) -> dg.Definitions:
    """Assets, checks, jobs, schedule and sensors of one company. Where several are served, each has tables and a pool of its own."""

    def look() -> Night:
        return Night.of(settings)

    def night() -> Night:
        """For a step of a run: nobody else writes from now on, until its process ends."""
        current = look()
        current.hold()
        return current

    if settings.code_location:
        look()  # A company's file that is wrong is this location's error, and no other's.
    pool = settings.pool
    core, marts = build_dbt_assets(night, pool)
    assets = [*build_raw_assets(night, pool), core, build_value_assets(night, pool), marts, build_publish_asset(night, marts.keys, pool)]
    checks = build_asset_checks(night, pool)
    jobs = build_jobs(settings.asset_prefix, look)
    return dg.Definitions(
        assets=_named(assets, settings.asset_prefix),
        asset_checks=_named(checks, settings.asset_prefix),
        jobs=list(jobs.values()),
        schedules=build_schedules(jobs),
        sensors=build_sensors(look, jobs),
        resources={"reporter": Reporter()},
        executor=dg.in_process_executor,
    )


def _named(tables: list[Any], prefix: tuple[str, ...]) -> list[Any]:
    """``tables`` and what they read, with ``prefix`` before the path of each."""
    read = {dep.asset_key for table in tables for spec in table.specs for dep in spec.deps}
    checked = {spec.asset_key for table in tables for spec in table.check_specs}
    replacements = {key: key.with_prefix(prefix) for key in read | checked | {key for table in tables for key in table.keys}}
    return [table.with_attributes(asset_key_replacements=replacements) for table in tables] if prefix else tables


defs = build_definitions(Settings.from_environment())
