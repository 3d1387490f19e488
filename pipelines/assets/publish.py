"""Publication: one complete, read-only set of figures replaces the last one in a single step.

A version is built aside, flushed and closed; then the link ``published`` moves to it. A reader sees the old set or the new
one. Keep out: what the figures are; and any way round the verdict of the gate.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

import dagster as dg

from pipelines import dbt, increments
from pipelines.assets.dictionary import names_version, write_data_dictionary
from pipelines.assets.pictures import pictures
from pipelines.assets.raw import OWNER
from pipelines.assets.reporting import Reporter
from pipelines.assets.server import publish_to_server
from pipelines.book import build_book, build_scopes
from pipelines.book.blocks import Page
from pipelines.checks.gate import outcome_counts, require_clean_verdict
from pipelines.files import flush, link
from pipelines.night import BlockedNightError, Night
from pipelines.project import code_version
from pipelines.publications import Shelf, next_number, read_manifest, whole_part
from pipelines.settings import database_address
from pipelines.warehouse import PUBLISHED_STORAGE_VERSION, identifier, literal

MART_SCHEMAS = ("customer_accounting", "receivables", "order_to_cash", "growth", "kpi")
PUBLISHED_SCHEMAS = ("core", *MART_SCHEMAS, "meta")


def build_publish_asset(night: Callable[[], Night], built: Iterable[dg.AssetKey], pool: str) -> dg.AssetsDefinition:
    """The asset ``published/kpis``; it depends on every mart among the tables ``built`` behind the gate."""
    marts = sorted((key for key in built if key.path[0] in MART_SCHEMAS), key=lambda key: key.path)

    @dg.asset(
        key=["published", "kpis"],
        deps=marts,
        group_name="published",
        owners=[OWNER],
        kinds={"duckdb", "parquet"},
        pool=pool,
        description="The published set: kpis.duckdb for BI tools, a Parquet folder and a manifest, replaced in one step.",
    )
    def published_kpis(context: dg.AssetExecutionContext, reporter: Reporter) -> dg.MaterializeResult:
        reporter.step("publishing")
        manifest, pages = publish(night(), context.run_id)
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": sum(table["rows"] for table in manifest["tables"].values()),
                "report_date": manifest["report_date"],
                "figures": manifest["figures"],
                "checks": dg.MetadataValue.json(manifest["checks"]),
                "version": manifest["version"],
                **pictures(pages),
            }
        )

    return published_kpis


def publish(night: Night, dagster_run_id: str | None = None) -> tuple[dict, tuple[Page, ...]]:
    """Publishes the build; returns the manifest and the book's main pages (none without a book).

    A book that would be the one of the version before is taken over, and no page is laid out. Raises BlockedNightError when the gate does
    not let it through, or when PUBLISH_DATABASE does not take it: then nothing moves.
    """
    with night.warehouse() as connection:
        require_clean_verdict(connection)
        earlier = _version_of_kept_build(night, connection)
        _write_meta(connection)
        version = _next_version(night, connection)
        unfinished = night.versions_folder / f".unfinished-{version}"
        shutil.rmtree(unfinished, ignore_errors=True)
        (unfinished / "parquet").mkdir(parents=True)
        manifest = _write_version(connection, night, unfinished, version, dagster_run_id, earlier)
    pages = () if _take_over_book(night, earlier, unfinished, manifest) else _write_book(night, unfinished)
    if variable := night.settings.publish_database:
        publish_to_server(variable, database_address(variable), unfinished / "kpis.duckdb", version, night.settings.kept_publications)
    close_and_swap(night, unfinished, version)
    forget_old_versions(night)
    night.keep_build()
    return manifest, pages


def _take_over_book(night: Night, earlier: Path | None, folder: Path, manifest: dict) -> bool:
    """Whether the book of the ``earlier`` version is the one of this: same tables, same run, same choice. Then they share its files.

    Customers have other pseudonyms in each publication, so that such a book is written anew.
    """
    former = (earlier is not None and read_manifest(earlier)) or {}
    if night.settings.book != "full" or any(former.get(name) != manifest[name] for name in ("run_id", "checks", "book")):
        return False
    sums = [{name: words["sha256"] for name, words in one["tables"].items() if name != "meta.publication"} for one in (former, manifest)]
    names = ("book", *(["book_scopes"] if night.settings.book_scopes else []))
    if sums[0] != sums[1] or not all((earlier / name).is_dir() for name in names):
        return False
    for name in names:
        shutil.copytree(earlier / name, folder / name, copy_function=link)
    return True


def _write_book(night: Night, folder: Path) -> tuple[Page, ...]:
    if night.settings.book == "none":
        return ()
    words = {"company_name": night.company.name, "currency": night.company.reporting_currency}
    summary = build_book(folder, folder / "book", pseudonymised=night.settings.book == "pseudonymised", **words)
    if night.settings.book_scopes:
        build_scopes(folder, folder / "book_scopes", night.settings.book_scopes, **words)
    return summary.pages


def _next_version(night: Night, connection) -> str:
    (run_id,) = connection.execute("select run_id from raw.night").fetchone()
    night.versions_folder.mkdir(parents=True, exist_ok=True)
    return f"{next_number(night.versions_folder):06d}-{run_id}"


def _write_meta(connection) -> None:
    """Copies what a reader needs to trust the figures into schema ``meta`` of the build."""
    connection.execute("create schema if not exists meta")
    deliveries = ("source_deliveries", "refused_files", "delivery_rows", "shared_numbers", "cursor_reads")
    for table in ("quarantine", *deliveries, "entity_coverage", "control_totals"):
        connection.execute(f"create or replace table meta.{table} as select * from raw.{table}")


def _version_of_kept_build(night: Night, connection) -> Path | None:
    """The version that the build was published as with which this one began."""
    if not increments.is_increment(connection):
        return None
    (version,) = connection.execute("select version from meta.publication").fetchone()
    return night.versions_folder / version


def _write_version(connection, night: Night, folder: Path, version: str, dagster_run_id: str | None, earlier: Path | None) -> dict:
    row = connection.execute(
        "select company, report_date, complete_until_date, known_by_date, run_id, reporting_currency from raw.night"
    ).fetchone()
    company, report_date, complete_until, known_by, run_id, currency = row
    published_at = instant()
    checks = outcome_counts(connection)
    (figures,) = connection.execute("select count(*) from kpi.kpi_values where value is not null").fetchone()
    connection.execute(
        "create or replace table meta.publication as select ? as version, ? as run_id, ? as company,"
        " cast(? as date) as report_date, cast(? as date) as complete_until_date, cast(? as date) as known_by_date,"
        " cast(? as timestamp) as published_at, ? as checks_passed_count, ? as checks_failed_count,"
        " ? as checks_not_assessed_count, ? as names_version, ? as reporting_currency, ? as code_version",
        [
            version,
            run_id,
            company,
            report_date,
            complete_until,
            known_by,
            published_at,
            *checks.values(),
            names_version(),
            currency,
            code_version(),
        ],
    )
    write_data_dictionary(connection, PUBLISHED_SCHEMAS)
    grains = _grains()
    orders = {name: _order_of(connection, *name, grains) for name in _published_tables(connection)}
    tables = write_tables(connection, folder, orders, earlier)
    manifest = {
        "company": company,
        "version": version,
        "run_id": run_id,
        "dagster_run_id": dagster_run_id,
        "report_date": str(report_date),
        "complete_until_date": str(complete_until),
        "known_by_date": str(known_by) if known_by else None,
        "published_at": f"{published_at.isoformat()}Z",
        "figures": figures,
        "checks": checks,
        "book": [night.settings.book, *night.settings.book_scopes],
        **tables,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return manifest


def instant() -> datetime:
    """Now, in UTC and to the second: says when something was published, and nothing follows from it."""
    return datetime.now(UTC).replace(microsecond=0, tzinfo=None)


def write_tables(connection, folder: Path, orders: Mapping[tuple[str, str], str], earlier: Path | None = None) -> dict:
    """Writes each table of ``orders``, in its order, to ``folder``: kpis.duckdb and a Parquet file. Returns what a manifest says of it.

    Tables that hold what they held in the ``earlier`` version are taken over from it.
    """
    target = folder / "kpis.duckdb"
    tables = _take_over(connection, earlier, folder, target)
    for (schema, table), order in orders.items():
        if f"{schema}.{table}" in tables:
            continue
        connection.execute(f"create schema if not exists target.{identifier(schema)}")
        name = f"{identifier(schema)}.{identifier(table)}"
        connection.execute(f"create table target.{name} as select * from {name} order by {order}")
        parquet = folder / "parquet" / schema / f"{table}.parquet"
        parquet.parent.mkdir(parents=True, exist_ok=True)
        connection.execute(f"copy (select * from target.{name}) to {literal(parquet)} (format parquet, compression zstd)")
        (count,) = connection.execute(f"select count(*) from target.{name}").fetchone()
        tables[f"{schema}.{table}"] = {"rows": count, "parquet": parquet.relative_to(folder).as_posix(), **_told(parquet)}
    connection.execute("checkpoint target")
    connection.execute("detach target")
    return {"warehouse": {"path": "kpis.duckdb", **_told(target)}, "tables": dict(sorted(tables.items()))}


def _take_over(connection, earlier: Path | None, folder: Path, target: Path) -> dict[str, dict]:
    """Attaches ``target``, with the tables that hold what they held in the ``earlier`` version; returns what its manifest says of them.

    Their Parquet files are one file on disk for both versions. Where more than half of the tables changed nothing is taken over.
    """
    standing = {".".join(table) for table in increments.standing(connection)}
    said = (read_manifest(earlier) or {"tables": {}})["tables"] if earlier is not None else {}
    tables = {name: words for name, words in said.items() if name in standing and whole_part(earlier, name) is not None}
    warehouse = whole_part(earlier, "kpis.duckdb") if 2 * len(tables) > len(said) else None
    if warehouse is None:
        connection.execute(f"attach {literal(target)} as target (storage_version {literal(PUBLISHED_STORAGE_VERSION)})")
        return {}
    increments.copy(warehouse, target)
    target.chmod(0o640)
    connection.execute(f"attach {literal(target)} as target")
    for name in said.keys() - tables.keys():
        connection.execute("drop table target." + ".".join(map(identifier, name.split("."))))
    # What they took is free for what comes in their place.
    connection.execute("checkpoint target")
    for words in tables.values():
        linked = folder / words["parquet"]
        linked.parent.mkdir(parents=True, exist_ok=True)
        link(earlier / words["parquet"], linked)
    return tables


def _published_tables(connection) -> list[tuple[str, str]]:
    return connection.execute(
        "select table_schema, table_name from information_schema.tables"
        " where table_catalog = current_database() and list_contains(?, table_schema)"
        " order by 1, 2",
        [list(PUBLISHED_SCHEMAS)],
    ).fetchall()


def _grains() -> dict[str, list[str]]:
    """Table -> the columns that its grain test holds unique."""
    manifest = dbt.manifest()
    grains = {}
    for node in manifest["nodes"].values():
        test = node.get("test_metadata") or {}
        if test.get("name") == "unique_combination" and node["attached_node"] in manifest["nodes"]:
            model = manifest["nodes"][node["attached_node"]]
            grains[f"{model['schema']}.{model['name']}"] = test["kwargs"]["columns"]
    return grains


def _order_of(connection, schema: str, table: str, grains: dict[str, list[str]]) -> str:
    """Columns whose order makes two equal tables equal files: the grain, or all columns of a table that has none."""
    names = grains.get(f"{schema}.{table}")
    if names is None:
        rows = connection.execute(
            "select column_name from information_schema.columns where table_schema = ? and table_name = ?"
            " and table_catalog = current_database() order by ordinal_position",
            [schema, table],
        ).fetchall()
        names = [name for (name,) in rows]
    return ", ".join(identifier(name) for name in names)


def close_and_swap(night: Shelf, unfinished: Path, version: str) -> None:
    """Read-only and for its group at most, flushed, renamed, and then the pointer: the only moment at which readers see a change."""
    (unfinished / "kpis.duckdb.wal").unlink(missing_ok=True)
    for path in sorted(unfinished.rglob("*")):
        if path.is_file():
            path.chmod(0o440)
            flush(path)
    final = night.versions_folder / version
    os.replace(unfinished, final)
    flush(night.versions_folder)
    point_to(night, final)


def point_to(night: Shelf, version: Path) -> None:
    """Moves ``published`` to ``version`` in one step."""
    pointer = night.folder / ".published-next"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(version.relative_to(night.folder), target_is_directory=True)
    os.replace(pointer, night.published)
    flush(night.folder)


def republish(night: Shelf, version: str) -> dict:
    """Makes a kept version the published one again. Raises BlockedNightError when it is not kept."""
    kept = {path.name: path for path in night.kept_versions()}
    if version not in kept:
        raise BlockedNightError(f"version {version} is not kept; kept are {', '.join(kept) or 'none'}")
    point_to(night, kept[version])
    return json.loads((kept[version] / "manifest.json").read_text(encoding="utf-8"))


def forget_old_versions(night: Shelf) -> None:
    current = night.published.resolve()
    for leftover in night.versions_folder.glob(".unfinished-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for path in night.kept_versions()[: -night.settings.kept_publications]:
        if path.resolve() != current:
            shutil.rmtree(path, ignore_errors=True)


def _told(path: Path) -> dict[str, object]:
    """What the manifest says of a file: its checksum and its size."""
    with path.open("rb") as content:
        return {"sha256": file_digest(content, "sha256").hexdigest(), "bytes": path.stat().st_size}
