"""From the data folder to the raw tables: one asset for what was delivered, one per contract for what was loaded.

Keep out: how files are read and rows are judged (``pipelines/sources``).
"""

import re
from collections.abc import Callable, Iterator

import dagster as dg

from pipelines import increments
from pipelines.assets.reporting import Reporter
from pipelines.checks.validation import warm_up
from pipelines.night import Night
from pipelines.sources.accounting import ACCOUNTING_TABLES
from pipelines.sources.calendar import write_holidays
from pipelines.sources.contracts import Contract, load_contracts
from pipelines.sources.loading import Loader

DELIVERIES_KEY = dg.AssetKey(["landing", "deliveries"])
OWNER = "team:data-engineering"

#: The loader's own tables that are assets too: checks hang on them, models read them.
NIGHT_TABLES = {
    "night": "The night itself: company, report date, last complete day, run; one row.",
    "parameters": "Thresholds of rules and KPIs; one row.",
    "source_deliveries": "Landed files; one row per delivered file.",
    "refused_files": "Files that were refused whole, and why; one row per file.",
    "delivery_rows": "What became of the rows of a delivery; one row per entity and delivery.",
    "quarantine": "Rows that do not fit their contract; one row per row and broken rule.",
    "entity_keys": "Keys that were delivered, loaded and quarantined; one row per entity.",
    "shared_numbers": "Different documents that were delivered under one number; one row per document.",
    "full_deliveries": "The latest full delivery beside the one accepted before it; one row per source.",
    "cursor_reads": "How far a database was read by its cursor, and what whole reads found beyond it; one row per read.",
    "entity_coverage": "Whether an entity is delivered, and if not why; one row per entity.",
    "approved_exceptions": "Findings that the company allows for a while; one row per error code and document.",
    "switched_off_rules": "Rules that the company switches off, by whom and why; one row per error code.",
    "holidays": "Public holidays of the countries that terms of payment name; one row per country and day.",
    "control_totals": "The sender's totals beside what was delivered; one row per measure.",
    "published_invoices": "What the publication before this night said of each invoice; one row per invoice.",
}


class NightConfig(dg.Config):
    """Which night: empty means the last complete day of the deliveries, from all that is known now."""

    report_date: str | None = None
    known_by: str | None = None


def build_raw_assets(night: Callable[[], Night], pool: str) -> list[dg.AssetsDefinition]:
    """The landing asset and the raw tables. ``night`` is called inside a run only."""

    @dg.asset(
        key=DELIVERIES_KEY,
        group_name="landing",
        owners=[OWNER],
        kinds={"python", "parquet"},
        pool=pool,
        description="Delivered files, landed once each by content hash. They are the truth: all else is rebuilt from them.",
        retry_policy=dg.RetryPolicy(max_retries=2, delay=5),
    )
    def deliveries(context: dg.AssetExecutionContext, reporter: Reporter) -> dg.MaterializeResult:
        current = night()
        warm_up()
        landing = current.land(reporter.step)
        for refusal in landing.refusals:
            context.log.warning(f"refused {refusal.path}: {refusal.reason}")
        refused = "\n".join(f"- `{refusal.path}`: {refusal.reason}" for refusal in landing.refusals[:20])
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": sum(delivery.row_count for delivery in landing.deliveries),
                "new_files": landing.new_count,
                "known_files": len(landing.deliveries),
                "repeated_files": landing.repeated_count,
                "refused_files": len(landing.refusals),
                "refused": dg.MetadataValue.md(refused or "none"),
            }
        )

    @dg.multi_asset(
        name="load_raw",
        specs=[*(_entity_spec(contract) for contract in load_contracts().values()), *map(_night_spec, NIGHT_TABLES)],
        pool=pool,
    )
    def load_raw(context: dg.AssetExecutionContext, reporter: Reporter, config: NightConfig) -> Iterator[dg.MaterializeResult]:
        from datetime import date

        current = night()
        settings = current.settings
        report_date = date.fromisoformat(config.report_date) if config.report_date else settings.report_date
        known_by = date.fromisoformat(config.known_by) if config.known_by else settings.known_by
        landing = current.landed(known_by)
        reporter.step(increments.begin(current))
        with current.warehouse(reach=[current.landed_folder, current.build_folder]) as connection:
            holds_earlier = increments.is_increment(connection)
            loader = Loader(connection, current.company, landing, current.landed_folder, known_by, holds_earlier=holds_earlier)
            loader.prepare()
            for entity in load_contracts():
                counts = loader.load(entity)
                if counts.loaded and entity not in loader.standing:
                    reporter.step(f"loaded {entity}: {counts.loaded:,} rows")
                yield dg.MaterializeResult(
                    asset_key=current.asset_path("raw", entity),
                    metadata={
                        "dagster/row_count": counts.loaded,
                        "unchanged_rows": counts.unchanged,
                        "quarantined_rows": counts.quarantined,
                    },
                )
            loader.finish()
        with current.warehouse() as connection:
            row = current.write_night_tables(connection, report_date, known_by)
            write_holidays(connection)
            current.write_published_invoices(connection, row)
            entities = load_contracts().keys() - loader.standing
            increments.note(connection, [("raw", table) for table in sorted(entities | NIGHT_TABLES.keys())])
            reporter.step(f"report date {row['report_date']}, run {row['run_id']}")
            for table in NIGHT_TABLES:
                (count,) = connection.execute(f"select count(*) from raw.{table}").fetchone()
                yield dg.MaterializeResult(asset_key=current.asset_path("raw", table), metadata={"dagster/row_count": count})

    return [deliveries, load_raw]


def _entity_spec(contract: Contract) -> dg.AssetSpec:
    return dg.AssetSpec(
        ["raw", contract.name],
        deps=[DELIVERIES_KEY],
        group_name="raw",
        owners=[OWNER],
        kinds={"duckdb"},
        description=contract.description,
        metadata={
            "dagster/table_name": f"raw.{contract.name}",
            "dagster/column_schema": dg.TableSchema(
                [
                    dg.TableColumn(
                        column.name,
                        column.engine_type,
                        column.description,
                        constraints=dg.TableColumnConstraints(nullable=not column.is_required),
                    )
                    for column in contract.columns
                ]
            ),
        },
    )


def _night_spec(table: str) -> dg.AssetSpec:
    metadata: dict[str, object] = {"dagster/table_name": f"raw.{table}"}
    if table in ACCOUNTING_TABLES:
        columns = [part.split() for part in re.sub(r"\(.*?\)", "", ACCOUNTING_TABLES[table]).split(",")]
        metadata["dagster/column_schema"] = dg.TableSchema([dg.TableColumn(name, kind) for name, kind in columns])
    return dg.AssetSpec(
        ["raw", table],
        deps=[DELIVERIES_KEY],
        group_name="raw",
        owners=[OWNER],
        kinds={"duckdb"},
        description=NIGHT_TABLES[table],
        metadata=metadata,
    )
