"""Databases: what a source of ``format: database`` holds tonight becomes a Parquet file, which is landed like any other delivery.

All sources of one address are read in one transaction, read-only and of one moment where the database can do that. Rows are
streamed in batches and written as text in the source's notation, so that memory does not grow with the table. The day of a
delivery is what ``day_query`` gives, and a second read of a day replaces the first. What goes wrong
before the last row has come lands nothing of that address. An address stands in an environment variable and nowhere else.
Keep out: how a delivery is landed (``landing.py``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.companies.delivered import Notation, Source
from pipelines.settings import SettingsError, database_address
from pipelines.sources.deliveries import Delivery, Refusal, standing
from pipelines.sources.readers.base import RefusedFileError, check_columns
from pipelines.sources.readers.opening import CONTROL_SUFFIX
from pipelines.sources.values import typed_column_sql, typed_flag
from pipelines.warehouse import connect, identifier, literal

if TYPE_CHECKING:
    import pyarrow
    import sqlalchemy

#: Rows that stand in memory at a time.
BATCH_ROWS = 20_000
DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
#: Dialect -> what makes its transaction read one moment, and write nothing.
SNAPSHOTS = {
    "postgresql": ("set transaction isolation level repeatable read, read only",),
    "mysql": ("set transaction isolation level repeatable read", "start transaction with consistent snapshot, read only"),
    "sqlite": ("pragma query_only = on", "begin"),
    "oracle": ("set transaction read only",),
    "mssql": ("set transaction isolation level snapshot",),
}
SNAPSHOTS["mariadb"] = SNAPSHOTS["mysql"]
CURSOR_COLUMN = "_cursor"
#: MySQL's type of bit fields, which are flags more often than not; its driver gives them as bytes.
MYSQL_BIT = 16


@dataclass(frozen=True)
class Read:
    """What one source held: a Parquet file of texts below the scratch folder, with its control total beside it.

    ``cursor`` says of a source that is read by one: ``mark``, the highest value so far, with its ``kind``; ``is_whole``,
    whether all rows were read; and then ``late`` and ``without_cursor``, the rows that the cursor had not brought.
    """

    path: Path
    name: str
    cursor: dict[str, Any] | None


def read_databases(
    sources: dict[str, Source], known: Callable[[str], list[Delivery]], landed_folder: Path, scratch: Path,
    report: Callable[[str], None],
) -> tuple[dict[str, Read], list[Refusal]]:  # fmt: skip
    """Reads every source of ``format: database``; returns what each held, and why others could not be read.

    ``known``: the deliveries of a source that were landed. Raises SettingsError when an address is not set or is none.
    """
    by_variable: dict[str, dict[str, Source]] = {}
    for name, source in sources.items():
        if source.format == "database":
            by_variable.setdefault(source.address, {})[name] = source
    reads: dict[str, Read] = {}
    refusals: list[Refusal] = []
    for variable, named in by_variable.items():
        address = database_address(variable)
        read: dict[str, Read] = {}
        try:
            with snapshot(variable, address) as connection:
                for name, source in named.items():
                    try:
                        report(f"reading {name} from {variable}")
                        table = _Table(connection, name, source)
                        read[name] = table.read(known(name), landed_folder / name, scratch)
                        if said := _said(read[name]):
                            report(f"{name}: {said}")
                    except RefusedFileError as error:
                        refusals.append(Refusal(name, f"{variable}/{name}", str(error)))
        except SettingsError:
            raise
        except Exception as error:  # whatever a driver raises: the moment that all sources share was not read to its end
            said = without_address(error, address)
            reason = f"the database did not answer to the end: {said}. Nothing of it lands; the next night reads it again"
            refusals += [Refusal(name, f"{variable}/{name}", reason) for name in named]
        else:
            reads |= read
    return reads, refusals


@contextmanager
def snapshot(variable: str, address: str) -> Iterator[sqlalchemy.Connection]:
    """A read-only transaction of one moment. Raises SettingsError when ``address`` is none that the environment can read."""
    import sqlalchemy as sa

    try:
        url = sa.make_url(address)
        url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
        if url.get_backend_name() == "sqlite" and url.database:
            url = url.set(database=f"file:{url.database}", query={"mode": "ro", "uri": "true"})
        engine = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)
    except Exception as error:  # each dialect has errors of its own; none of their texts may show the address
        raise SettingsError(
            f"{variable}: holds no database address ({type(error).__name__}); expected dialect://user:password@host/database,"
            " and its driver installed"
        ) from None
    with engine.connect() as connection:
        for statement in SNAPSHOTS.get(engine.dialect.name, ()):
            connection.exec_driver_sql(statement)
        if engine.dialect.driver == "psycopg":
            _read_days_beyond_all_calendars(connection)
        yield connection
        connection.rollback()


def _read_days_beyond_all_calendars(connection: sqlalchemy.Connection) -> None:
    """PostgreSQL knows days that Python does not (infinity, 44 BC): they come as the text that they are."""
    from psycopg import DataError
    from psycopg.types import datetime as kinds

    def or_text(loader: type) -> type:
        def load(self, data):
            try:
                return loader.load(self, data)
            except DataError:
                return bytes(data).decode()

        return type(f"{loader.__name__}OrText", (loader,), {"load": load})

    adapters = connection.connection.driver_connection.adapters
    for name, loader in (("date", kinds.DateLoader), ("timestamp", kinds.TimestampLoader), ("timestamptz", kinds.TimestamptzLoader)):
        adapters.register_loader(name, or_text(loader))


class _Table:
    """One source in an open transaction."""

    def __init__(self, connection: sqlalchemy.Connection, name: str, source: Source) -> None:
        self.connection, self.name, self.source = connection, name, source
        self.notation = source.notation or Notation()
        self.day = self._day()
        quote = connection.dialect.identifier_preparer.quote_identifier
        table = ".".join(quote(part) for part in source.table.split(".")) if source.table else f"({source.query}) delivered"
        # A colon in a company's own SQL is no parameter.
        self.table = table.replace(":", "\\:")
        found = self._columns()
        check_columns(found, source)
        self.columns = [column for column in (*source.columns, *source.optional_columns) if column in found]
        self.select = [quote(column) for column in self.columns]
        if source.cursor:
            if source.cursor not in found:
                raise RefusedFileError(f"there is no column {source.cursor!r}, which the cursor names. Correct the company's file")
            self.cursor = quote(source.cursor)
            self.select.append(f"{self.cursor} as {quote(CURSOR_COLUMN)}")

    def _day(self) -> date:
        """The day that the rows stand for, as ``day_query`` gives it."""
        value = self._try(self.source.day_query.replace(":", "\\:")).scalar()
        try:
            return value.date() if isinstance(value, datetime) else date.fromisoformat(str(value))
        except ValueError:
            raise RefusedFileError("day_query gave no day. Expected one row with one day, YYYY-MM-DD where it is a text") from None

    def _try(self, sql: str):
        """Runs what may be wrong in the company's file, such that the transaction survives it."""
        import sqlalchemy as sa

        try:
            with self.connection.begin_nested():
                return self.connection.execute(sa.text(sql))
        except (sa.exc.ProgrammingError, sa.exc.OperationalError, sa.exc.InternalError) as error:
            if error.connection_invalidated:
                raise
            address = self.connection.engine.url.render_as_string(hide_password=False)
            raise RefusedFileError(
                f"cannot be read: {without_address(error, address)}. Correct its table, query or day_query in the company's file"
            ) from None

    def _columns(self) -> tuple[str, ...]:
        return tuple(self._try(f"select * from {self.table} where 1 = 0").keys())

    def read(self, known: list[Delivery], landed: Path, scratch: Path) -> Read:
        """Writes the rows of tonight below ``scratch``: all of them, or those from the cursor's mark less the overlap."""
        folder = scratch / self.name
        folder.mkdir()
        path = folder / f"{self.day}.parquet"
        before = self._mark_before(known) if self.source.cursor else None
        parameters = {"since": _less(before, self.source.overlap)} if before else {}
        where = f" where {self.cursor} >= :since" if before else ""
        (expected,) = self._run(f"select count(*) from {self.table}{where}", parameters).one()
        count, mark = self._stream(f"select {', '.join(self.select)} from {self.table}{where}", parameters, path)
        if count != expected:
            raise ConnectionError(f"{count} of {expected} rows came")
        control = path.with_name(path.name + CONTROL_SUFFIX)
        control.write_text(json.dumps({"rows": expected}), encoding="utf-8")
        cursor = None
        if self.source.cursor:
            cursor = {"mark": mark or (before or {}).get("mark"), "kind": _kind(mark) if mark is not None else (before or {}).get("kind")}
            cursor["mark"] = str(cursor["mark"]) if cursor["mark"] is not None else None
            cursor |= {"is_whole": before is None} | (self._missed(known, landed, path) if before is None else {})
        return Read(path, f"{self.name}/{path.name}", cursor)

    def _run(self, sql: str, parameters: dict[str, Any], **options: Any):
        import sqlalchemy as sa

        return self.connection.execute(sa.text(sql), parameters, execution_options=options)

    def _stream(self, sql: str, parameters: dict[str, Any], path: Path) -> tuple[int, Any]:
        """Writes what ``sql`` gives as texts; returns the number of rows and the highest value of the cursor up to the day."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        names = [*self.columns, *([CURSOR_COLUMN] if self.source.cursor else [])]
        schema = pa.schema([(name, pa.string()) for name in names])
        count, mark = 0, None
        result = self._run(sql, parameters, stream_results=True, max_row_buffer=BATCH_ROWS)
        described = result.cursor.description if self.connection.dialect.driver == "pymysql" else ()
        bits = {place for place, column in enumerate(described) if column[1] == MYSQL_BIT}
        with pq.ParquetWriter(path, schema, compression="zstd") as writer, connect() as engine:
            for rows in result.partitions(BATCH_ROWS):
                columns = [_bits(column) if place in bits else column for place, column in enumerate(zip(*rows, strict=True))]
                count += len(rows)
                if self.source.cursor:
                    mark = _highest([*columns[-1], mark], self.day)
                # Numbered, because a delivered column may be called anything.
                engine.register(
                    "batch", pa.table([_array(column, self.notation) for column in columns], [f"c{number}" for number in range(len(names))])
                )
                types = [row[1] for row in engine.execute("describe select * from batch").fetchall()]
                texts = ", ".join(self._text(f"c{number}", kind) for number, kind in enumerate(types))
                written = engine.execute(f"select {texts} from batch").to_arrow_table()
                writer.write_table(written.rename_columns(names).cast(schema))
                engine.unregister("batch")
        return count, mark

    def _text(self, column: str, kind: str) -> str:
        """A number has no zeros at its end: how many there are depends on the batch it came in."""
        text = typed_column_sql(column, kind, self.notation)
        if kind.startswith("DECIMAL") and not kind.endswith(",0)"):
            text = f"rtrim(rtrim({text}, '0'), {literal(self.notation.decimal_sign)})"
        return f"cast({text} as varchar)"

    def _mark_before(self, known: list[Delivery]) -> dict[str, Any] | None:
        """The mark that days before today left; None when all is to be read.

        That is so at first, every ``compare_every`` days, and after a delivery was taken back.
        """
        earlier = [item for item in standing(known) if item.cursor and item.delivered_on < self.day.isoformat()]
        whole = max((item.delivered_on for item in earlier if item.cursor["is_whole"]), default=None)
        if whole is None or date.fromisoformat(whole) + timedelta(days=self.source.compare_every) <= self.day:
            return None
        if any(item.withdrawn_reason is not None and item.delivered_on >= whole for item in known):
            return None
        last = max(earlier, key=lambda item: item.delivered_on).cursor
        return last if last["mark"] is not None else None

    def _missed(self, known: list[Delivery], landed: Path, path: Path) -> dict[str, int]:
        """Of a whole read: rows that no earlier delivery has as they are, below the mark that was reached, or without a cursor."""
        earlier = [item for item in standing(known) if item.cursor and item.delivered_on < self.day.isoformat()]
        if not earlier:
            return {}
        last = max(earlier, key=lambda item: item.delivered_on).cursor
        columns = ", ".join(f"coalesce({identifier(name)}, '')" for name in self.columns)
        batches = ", ".join(literal(landed / f"{batch}.parquet") for batch in sorted({item.batch for item in earlier}))
        cursor = identifier(CURSOR_COLUMN)
        since = _text_of(_less(last, self.source.overlap), self.notation) if last["mark"] is not None else None
        kind = {"datetime": "timestamp", "date": "date", "str": "varchar"}.get(last["kind"], "decimal(38,6)")
        reached = f"try_cast({_plain(cursor, kind, self.notation)} as {kind})"
        below = f"{reached} < cast({literal(since)} as {kind})"
        with connect(temp_folder=path.parent) as engine:
            late, without = engine.execute(
                f"select count(*) filter ({below}), count(*) filter ({reached} is null) from read_parquet({literal(path)})"
                f" where hash({columns}) not in (select hash({columns}) from read_parquet([{batches}], union_by_name = true))"
            ).fetchone()
        return {"late": late, "without_cursor": without}


def _said(read: Read) -> str:
    cursor = read.cursor or {}
    parts = [f"{cursor['late']:,} changed behind the cursor's mark"] if cursor.get("late") else []
    parts += [f"{cursor['without_cursor']:,} without a cursor"] if cursor.get("without_cursor") else []
    return f"the full comparison found rows that the cursor had not brought: {', '.join(parts)}" if parts else ""


def _kind(value: Any) -> str:
    if isinstance(value, datetime):
        return "datetime"
    return type(value).__name__


def _less(before: dict[str, Any], overlap: int) -> Any:
    """The mark less the overlap: days before a day or an instant, units below a number."""
    mark, kind = before["mark"], before["kind"]
    try:
        if kind == "int":
            return int(mark) - overlap
        if kind in ("Decimal", "float"):
            return Decimal(mark) - overlap
        if len(mark) == 10:
            day = date.fromisoformat(mark) - timedelta(days=overlap)
            return day if kind == "date" else day.isoformat()
        moment = datetime.fromisoformat(mark) - timedelta(days=overlap)
        return moment if kind == "datetime" else moment.isoformat(sep=mark[10])
    except ValueError:
        raise RefusedFileError(f"the cursor holds {mark!r}. Expected a day, an instant or a number; name another column, or none") from None


def _highest(values: list[Any], day: date) -> Any:
    """The highest value up to ``day``; what is no day among days (0000-00-00 in MySQL) is left out. None where there is none."""
    plausible = [value for value in values if value is not None and not _is_after(value, day)]
    typed = [value for value in plausible if not isinstance(value, str)]
    return max(typed or plausible, default=None)


def _is_after(value: Any, day: date) -> bool:
    """Whether a day or an instant lies beyond the day after ``day``: no mark, or one wrong row would hide all later ones."""
    text = str(value)[:10] if isinstance(value, date | str) else ""
    return text > (day + timedelta(days=1)).isoformat()


def _text_of(value: Any, notation: Notation) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return str(value)


def _plain(column: str, kind: str, notation: Notation) -> str:
    return f"replace({column}, {literal(notation.decimal_sign)}, '.')" if kind.startswith("decimal") else column


def _bits(values: tuple) -> tuple:
    """Bit fields as the numbers that they are."""
    return tuple(value if value is None else int.from_bytes(value, "big") for value in values)


def _array(values: tuple, notation: Notation) -> pyarrow.Array:
    """A column of a batch in its own type; what has several types, or none that Arrow knows, as text."""
    import pyarrow as pa

    if not any(isinstance(value, dict | list) for value in values):
        try:
            array = pa.array(values)
        except (pa.ArrowException, OverflowError):
            pass
        else:
            # The engine's decimals have 38 digits.
            if not pa.types.is_decimal256(array.type):
                return array
    return pa.array([value if value is None else _text_alone(value, notation) for value in values], pa.string())


def _text_alone(value: Any, notation: Notation) -> str:
    """A value that has no column of its own type, as it would stand there: a number in the notation, an instant with a zone in UTC."""
    if isinstance(value, dict | list):
        return json.dumps(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return f"{value.astimezone(UTC).replace(tzinfo=None)}+00"
    if isinstance(value, bool):
        return typed_flag(value, notation)
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, Decimal | float):
        return (format(value, "f") if isinstance(value, Decimal) else str(value)).replace(".", notation.decimal_sign)
    return str(value)


def without_address(error: Exception, address: str) -> str:
    """What a driver says in one line, without any part of the address."""
    import sqlalchemy as sa

    cause = getattr(error, "orig", None) or error
    text = " ".join(str(cause).split())
    url = sa.make_url(address)
    # Longest first, and no part within a word of the driver's own.
    for part in sorted({address, url.password or "", url.username or "", url.host or "", url.database or ""} - {""}, key=len, reverse=True):
        text = text.replace(part, "***")
    return f"{type(cause).__name__}: {text[:300]}"
