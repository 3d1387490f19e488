"""The books of a night's loading: which deliveries count, what became of every row and key, and the senders' totals.

Keep out: how a row is judged (``loading.py``) and which of its versions holds (``versions.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.companies.config import Company
from pipelines.companies.delivered import Source
from pipelines.sources.deliveries import Delivery, standing
from pipelines.warehouse import identifier, literal

if TYPE_CHECKING:
    import duckdb

#: The loader's own tables beside the entities: one statement each, so that an empty night has them too.
ACCOUNTING_TABLES = {
    "source_deliveries": """
        delivery_id varchar, sha256 varchar, source varchar, path varchar, delivered_on date, version_order integer,
        is_replaced boolean, delivered_count bigint, landed_count bigint, rejected_count bigint, withdrawn_reason varchar""",
    "refused_files": "source varchar, path varchar, reason varchar",
    "delivery_rows": """
        entity varchar, delivery_id varchar, source varchar, path varchar, delivered_count bigint, loaded_count bigint,
        unchanged_count bigint, quarantined_count bigint""",
    "entity_keys": """
        entity varchar, delivered_key_count bigint, loaded_key_count bigint, quarantined_key_count bigint, shared_number_count bigint""",
    "shared_numbers": """
        entity varchar, document_id varchar, number varchar, document_count integer, path varchar, row_number bigint""",
    "full_deliveries": """
        source varchar, path varchar, row_count bigint, earlier_row_count bigint, lost_share_limit decimal(9,6), is_accepted boolean,
        is_confirmed boolean""",
    "cursor_reads": """
        source varchar, path varchar, delivered_on date, is_whole boolean, mark varchar, row_count bigint, late_count bigint,
        without_cursor_count bigint, deleted_count bigint""",
    "quarantine": """
        entity varchar, source varchar, path varchar, delivery_id varchar, row_number bigint, column_name varchar,
        rule varchar, value varchar, expected varchar, delivered_row varchar""",
    "entity_coverage": "entity varchar, is_delivered boolean, reason varchar, delivery_count bigint, row_count bigint",
    "approved_exceptions": """
        error_code varchar, document_id varchar, approved_by varchar, reason varchar, valid_until_date date""",
    "switched_off_rules": "error_code varchar, switched_off_by varchar, reason varchar",
    "holidays": "country varchar, holiday_date date, name varchar",
    "control_totals": """
        source varchar, path varchar, measure varchar, expected decimal(38,6), delivered decimal(38,6), is_met boolean""",
    "published_invoices": """
        invoice_id varchar, document_type varchar, customer_id varchar, issued_date date, currency varchar,
        document_net_amount decimal(18,4), document_vat_amount decimal(18,4), document_gross_amount decimal(18,4),
        published_report_date date""",
}

#: Those that say something of each entity for itself, in a column ``entity``.
PER_ENTITY_TABLES = {"delivery_rows", "entity_keys", "shared_numbers", "quarantine", "entity_coverage"}


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple]) -> None:
    """Appends ``rows`` to raw.``table``."""
    rows = list(rows)
    if rows:
        marks = ", ".join("?" for _ in rows[0])
        connection.executemany(f"insert into raw.{identifier(table)} values ({marks})", rows)


def register_deliveries(connection: duckdb.DuckDBPyConnection, deliveries: list[Delivery]) -> None:
    """Writes raw.source_deliveries: those that count, and those that were replaced or taken back."""
    counting = {item.delivery_id for item in standing(deliveries)}
    # What counts comes after all that does not.
    ordered = sorted(deliveries, key=lambda item: (item.source, item.delivery_id in counting, item.version_order))
    insert_rows(
        connection,
        "source_deliveries",
        (
            (item.delivery_id, item.sha256, item.source, item.path, item.delivered_on, number,
             item.delivery_id not in counting and item.withdrawn_reason is None, item.row_count, item.row_count - len(item.rejects),
             len(item.rejects), item.withdrawn_reason)
            for number, item in enumerate(ordered, start=1)
        ),
    )  # fmt: skip


def register_full_deliveries(
    connection: duckdb.DuckDBPyConnection, company: Company, sources: dict[str, Source], deliveries: list[Delivery]
) -> None:
    """Writes raw.full_deliveries: per full source and day (or path, where days are not known) the rows beside those before.

    A full delivery is held against the last one that was accepted: one that lost too much stays unaccepted until it is
    confirmed, however often it comes.
    """
    limit, floor = company.parameters.lost_row_share_limit, company.parameters.quarantined_row_floor
    confirmed = {item.path for item in company.confirmed_deliveries}
    for name, source in sources.items():
        if source.delivery != "full" and not source.cursor:
            continue
        # Of a source that is read by a cursor, the deliveries that hold all rows.
        for states in _states(name, source, [item for item in deliveries if item.cursor is None or item.cursor["is_whole"]]):
            accepted: int | None = None
            for number, (path, count) in enumerate(states, start=1):
                lost = (accepted or 0) - count
                is_accepted = path in confirmed or not lost > 0 or (count > 0 and (lost <= floor or lost <= limit * accepted))
                if number == len(states):
                    insert_rows(connection, "full_deliveries", [(name, path, count, accepted, limit, is_accepted, path in confirmed)])
                accepted = count if is_accepted else accepted


def register_cursor_reads(connection: duckdb.DuckDBPyConnection, deliveries: list[Delivery]) -> None:
    """Writes raw.cursor_reads: how far each read by a cursor came, and what a whole read found that the cursor had not brought.

    Empty where nothing was compared: in a read by the cursor, and in a first whole one.
    """
    reads = sorted((item for item in standing(deliveries) if item.cursor), key=lambda item: (item.source, item.delivered_on))
    insert_rows(
        connection,
        "cursor_reads",
        (
            (item.source, item.path, item.delivered_on, item.cursor["is_whole"], item.cursor["mark"], item.row_count,
             item.cursor.get("late"), item.cursor.get("without_cursor"), 0 if "late" in item.cursor else None)
            for item in reads
        ),
    )  # fmt: skip


def count_deleted(connection: duckdb.DuckDBPyConnection, entity: str, source: str) -> None:
    """Adds to the whole reads of ``source`` the keys of ``entity`` that were gone from them and are closed."""
    connection.execute(
        f"update raw.cursor_reads set deleted_count = deleted_count + closed.key_count from (select _closed_date, count(*) as key_count"
        f" from raw.{identifier(entity)} where _is_current and _closed_date is not null group by 1) as closed"
        f" where source = {literal(source)} and is_whole and delivered_on = closed._closed_date"
    )


def _states(name: str, source: Source, deliveries: list[Delivery]) -> list[list[tuple[str, int]]]:
    """Series of (path, rows): one by day, or one per path where the day of a delivery is not known."""
    own = [item for item in deliveries if item.source == name and item.withdrawn_reason is None]
    if source.delivered_on is None:
        paths = sorted({item.path for item in own})
        ordered = sorted(own, key=lambda item: item.landed_number)
        return [[(item.path, item.row_count - len(item.rejects)) for item in ordered if item.path == path] for path in paths]
    days: dict[str, list[Delivery]] = {}
    for item in standing(own):
        days.setdefault(item.delivered_on, []).append(item)
    series = [
        (max(item.path for item in items), sum(item.row_count - len(item.rejects) for item in items)) for _, items in sorted(days.items())
    ]
    return [series] if series else []


def count_keys(connection: duckdb.DuckDBPyConnection, entity: str, key: tuple[str, ...], typed_keys: str) -> None:
    """Writes raw.entity_keys: every key that was delivered stands in the table or, if nowhere there, in quarantine."""
    table, names = f"raw.{identifier(entity)}", ", ".join(identifier(name) for name in key)
    run = connection.execute
    (delivered,) = run(f"select count(distinct hash({typed_keys})) from _read").fetchone()
    (loaded,) = run(f"select count(*) from {table} where _is_current").fetchone()
    (shared,) = run("select count(*) from raw.shared_numbers where entity = ? and document_id <> number", [entity]).fetchone()
    (has_misfits,) = run("select count(*) from raw.quarantine where entity = ?", [entity]).fetchone()
    quarantined = 0
    if has_misfits:
        (quarantined,) = run(
            f"select count(distinct key_hash) from (select hash({typed_keys}) as key_hash from _read"
            f" where (_delivery_id, _row_number) in"
            f"  (select (delivery_id, row_number) from raw.quarantine where entity = {literal(entity)}))"
            f" where key_hash not in (select hash({names}) from {table} where _is_current)"
        ).fetchone()
    insert_rows(connection, "entity_keys", [(entity, delivered, loaded - shared, quarantined, shared)])


def account_rows(connection: duckdb.DuckDBPyConnection, entity: str, source: str) -> tuple[int, int, int]:
    """Writes raw.delivery_rows of an entity; returns the rows loaded, unchanged and quarantined."""
    run = connection.execute
    run(
        f"insert into raw.delivery_rows"
        f" with delivered_rows as (select _delivery_id, count(*) as row_count from _delivered group by 1),"
        f" loaded as (select _delivery_id, count(*) as row_count from raw.{identifier(entity)} group by 1),"
        f" unchanged as (select delivery_id, row_count from _unchanged_rows where entity = {literal(entity)}),"
        f" held as (select delivery_id, count(distinct row_number) as row_count from raw.quarantine"
        f"  where entity = {literal(entity)} group by 1)"
        f" select {literal(entity)}, known.delivery_id, known.source, known.path,"
        f"  coalesce(delivered_rows.row_count, 0) + rejected_count, coalesce(loaded.row_count, 0),"
        f"  coalesce(unchanged.row_count, 0), coalesce(held.row_count, 0)"
        f" from raw.source_deliveries as known"
        f" left join delivered_rows on delivered_rows._delivery_id = known.delivery_id"
        f" left join loaded on loaded._delivery_id = known.delivery_id"
        f" left join unchanged on unchanged.delivery_id = known.delivery_id"
        f" left join held on held.delivery_id = known.delivery_id"
        f" where known.source = {literal(source)} and {COUNTS}"
    )
    return accounted_rows(connection, entity)


def accounted_rows(connection: duckdb.DuckDBPyConnection, entity: str) -> tuple[int, int, int]:
    """The rows of an entity that were loaded, unchanged and quarantined."""
    counts = connection.execute(
        "select coalesce(sum(loaded_count), 0), coalesce(sum(unchanged_count), 0), coalesce(sum(quarantined_count), 0)"
        " from raw.delivery_rows where entity = ?",
        [entity],
    ).fetchone()
    return tuple(int(count) for count in counts)


def changed_sources(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The sources whose deliveries are not those of ``_earlier_deliveries``, or stand in another order or for something else."""
    deliveries = "select * replace (row_number() over (partition by source order by version_order) as version_order) from {}"
    earlier, now = deliveries.format("_earlier_deliveries"), deliveries.format("raw.source_deliveries")
    rows = connection.execute(
        f"select distinct source from ((({earlier}) except all ({now})) union all (({now}) except all ({earlier})))"
    ).fetchall()
    return {source for (source,) in rows}


#: Which rows of raw.source_deliveries count.
COUNTS = "not is_replaced and withdrawn_reason is null"


def compare_control_totals(connection: duckdb.DuckDBPyConnection, name: str, source: Source, deliveries: list[Delivery]) -> None:
    """Declared totals of a source, and those that came beside a file, against what was delivered.

    The same content under two names counts once in the total of a source. Needs the macros of the source's notation.
    """
    for item in deliveries:
        if item.control is not None:
            rows = [("rows", item.control["rows"], item.row_count)] if item.control["rows"] is not None else []
            sums = {column: (f"number({identifier(column)})", Decimal(total)) for column, total in item.control["sums"].items()}
            _compare(connection, name, item.path, [item.delivery_id], rows, sums)
    if source.control_total is not None:
        once = list({item.sha256: item for item in deliveries}.values())
        declared = source.control_total
        rows = [("rows", declared.rows, sum(item.row_count for item in once))] if declared.rows is not None else []
        sums = {text: (text if "(" in text else f"number({identifier(text)})", total) for text, total in declared.sums.items()}
        _compare(connection, name, source.files, [item.delivery_id for item in once], rows, sums)


def _compare(connection, name: str, path: str, ids: list[str], measures: list[tuple], sums: dict[str, tuple[str, Decimal]]) -> None:
    for text, (expression, expected) in sums.items():
        (delivered,) = connection.execute(
            f"select sum({expression}) from {identifier(name)} where list_contains(?, _delivery_id)", [ids]
        ).fetchone()
        measures.append((f"sum of {text}", expected, delivered))
    for measure, expected, delivered in measures:
        connection.execute(
            "insert into raw.control_totals select ?, ?, ?, ?::decimal(38,6), ?::decimal(38,6),"
            " coalesce(?::decimal(38,6) = ?::decimal(38,6), false)",
            [name, path, measure, expected, delivered, expected, delivered],
        )


def first_day(deliveries: list[Delivery]) -> tuple[date, str] | None:
    """The day of the earliest delivery whose day is known, and its path."""
    dated = sorted((item.delivered_on, item.path) for item in deliveries if item.delivered_on is not None)
    return (date.fromisoformat(dated[0][0]), dated[0][1]) if dated else None
