"""Loading: landed text becomes the typed raw tables of a night, by the company's mapping and the contracts.

Each delivered row ends in exactly one place: ``raw.<entity>`` (as the latest or an earlier version), counted as unchanged,
or ``raw.quarantine`` with the column, the rule, the value, the file and the row. The result depends on the set of landed
deliveries that count, never on the order in which they arrived. Keep out: business rules; a row is judged here by its form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.companies.config import Company
from pipelines.companies.delivered import Mapping, Source
from pipelines.settings import SettingsError
from pipelines.sources.accounting import (
    ACCOUNTING_TABLES,
    COUNTS,
    PER_ENTITY_TABLES,
    account_rows,
    accounted_rows,
    changed_sources,
    compare_control_totals,
    count_deleted,
    count_keys,
    insert_rows,
    register_cursor_reads,
    register_deliveries,
    register_full_deliveries,
)
from pipelines.sources.contracts import Contract, load_contracts
from pipelines.sources.deliveries import Landing, delivered_by, standing
from pipelines.sources.fitting import Problems, Typed, problems_of, read_columns, shown_value, typed_columns, unread_of
from pipelines.sources.joining import joined_names, joined_sources
from pipelines.sources.readers import TYPED_FORMATS
from pipelines.sources.readers.base import REJECT_RULES
from pipelines.sources.unread import reading_macros, unread_sql
from pipelines.sources.values import notation_macros
from pipelines.sources.versions import close_disappeared, name_parts, separate_versions
from pipelines.warehouse import identifier, literal

#: Where no delivery has a day, a row that lies so many days beyond all others is no sign that the days between were delivered.
FAR_DAYS = 366


@dataclass(frozen=True)
class LoadedCounts:
    """Rows of one entity over all deliveries."""

    loaded: int
    unchanged: int
    quarantined: int


class Loader:
    """Fills schema ``raw`` of one night's build file.

    ``known_by`` leaves out what was delivered later. A build that ``holds_earlier`` has the raw tables of an earlier night of the same
    company's file: an entity whose sources are as they were then stays as it stands there (``standing``).
    Raises SettingsError when a mapping does not run on its source.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        company: Company,
        landing: Landing,
        landed_folder: Path,
        known_by: date | None = None,
        *,
        holds_earlier: bool = False,
    ) -> None:
        self.connection = connection
        self.company = company
        self.landed_folder = landed_folder
        self.sources = company.all_sources()
        self.refusals = landing.refusals
        self.known = delivered_by([item for item in landing.deliveries if item.source in self.sources], known_by)
        self.deliveries = standing(self.known)
        self.holds_earlier = holds_earlier
        self.standing: set[str] = set()

    def prepare(self) -> None:
        """Creates every raw table that does not stand, empty, and registers deliveries, refused files and rejected rows."""
        run = self.connection.execute
        run("create schema if not exists raw")
        if self.holds_earlier:
            run("create temp table _earlier_deliveries as select * from raw.source_deliveries")
        else:
            for table, columns in ACCOUNTING_TABLES.items():
                run(f"create table raw.{table} ({columns})")
        for table in ACCOUNTING_TABLES.keys() - PER_ENTITY_TABLES:
            run(f"delete from raw.{table}")
        register_deliveries(self.connection, self.known)
        register_cursor_reads(self.connection, self.known)
        moved = changed_sources(self.connection) if self.holds_earlier else set(self.sources)
        for entity, contract in load_contracts().items():
            if self.holds_earlier and not self._sources_of(entity) & moved:
                self.standing.add(entity)
                continue
            for table in PER_ENTITY_TABLES:
                run(f"delete from raw.{table} where entity = {literal(entity)}")
            run(f"drop table if exists raw.{identifier(entity)}")
            run(contract.create_table_sql())
        run("create temp table _unchanged_rows (entity varchar, delivery_id varchar, row_count bigint)")
        register_full_deliveries(self.connection, self.company, self.sources, self.known)
        insert_rows(self.connection, "refused_files", ((item.source, item.path, item.reason) for item in self.refusals))
        insert_rows(
            self.connection,
            "approved_exceptions",
            (
                (item.error_code, item.document_id, item.approved_by, item.reason, item.valid_until_date)
                for item in self.company.approved_exceptions
            ),
        )
        insert_rows(
            self.connection,
            "switched_off_rules",
            ((item.error_code, item.switched_off_by, item.reason) for item in self.company.switched_off_rules),
        )
        for name, source in self.sources.items():
            self._create_source_view(name, source)

    def _create_source_view(self, name: str, source: Source) -> None:
        """A view called as the source: the delivered rows as text, of the deliveries that count tonight."""
        batches = sorted({d.batch for d in self.deliveries if d.source == name})
        if batches:
            paths = ", ".join(literal(self.landed_folder / name / f"{batch}.parquet") for batch in batches)
            rows = f"read_parquet([{paths}], union_by_name = true)"
        else:
            columns = [*source.columns, *source.optional_columns, "_delivery_id"]
            empty = ", ".join(f"cast(null as varchar) as {identifier(column)}" for column in columns)
            rows = f"(select {empty}, cast(null as bigint) as _row_number limit 0)"
        self.connection.execute(
            f"create or replace temp view {identifier(name)} as select * from {rows}"
            f" semi join raw.source_deliveries as known"
            f" on known.delivery_id = _delivery_id and known.source = {literal(name)} and {COUNTS}"
        )

    def _sources_of(self, entity: str) -> set[str]:
        """The source of an entity and those that its mapping joins."""
        mapping = self.company.all_entities().get(entity)
        return set() if mapping is None else {mapping.source, *joined_names(mapping, self.sources)}

    def load(self, entity: str) -> LoadedCounts:
        """Loads one entity that does not stand already; see the module for what becomes of a row."""
        contract, mapping = load_contracts()[entity], self.company.all_entities().get(entity)
        if entity in self.standing:
            if mapping is not None and self.sources[mapping.source].cursor:
                count_deleted(self.connection, entity, mapping.source)
            return LoadedCounts(*accounted_rows(self.connection, entity))
        self._register_coverage(contract, mapping)
        if mapping is None or not any(d.source == mapping.source for d in self.deliveries):
            return LoadedCounts(0, 0, 0)
        source = self.sources[mapping.source]
        self._create_notation_macros(source)
        self._create_delivered_view(contract, mapping)
        self._create_read_view(contract, mapping)
        typed = typed_columns(contract, mapping, self._delivered_types)
        try:
            typed = name_parts(self.connection, contract, typed, self._known(mapping.source))
            problems = problems_of(contract, mapping, source.notation, self.company.date_ranges, typed)
            fitting = self._insert_fitting_rows(contract, typed, problems)
        except (duckdb.DataError, duckdb.InvalidInputException) as error:
            said = f"an expression breaks on a delivered value: {str(error).splitlines()[0]}"
            advice = "Read it by number(), day(), moment() or flag(), which quarantine the row, or by try_cast()"
            raise SettingsError(f"{self.company.company}: entities.{entity}: {said}. {advice}") from None
        if fitting < self.connection.execute("select count(*) from _delivered").fetchone()[0]:
            self._quarantine_unfitting_rows(contract, mapping, problems)
        self._quarantine_rejects(entity, mapping)
        if source.delivered_on is None and self.company.last_complete_day.startswith(f"{entity}."):
            self._quarantine_far_days(contract, mapping)
        separate_versions(self.connection, contract, mapping.source, self._known(mapping.source))
        keys = ", ".join(typed[name][0] for name in contract.key)
        if source.delivery == "full" or source.cursor:
            close_disappeared(self.connection, contract, self._known(mapping.source, self._whole(mapping.source)), keys)
        if source.cursor:
            count_deleted(self.connection, entity, mapping.source)
        count_keys(self.connection, entity, contract.key, keys)
        return LoadedCounts(*account_rows(self.connection, entity, mapping.source))

    def _whole(self, source: str) -> list[str] | None:
        """The deliveries that hold all rows of a source that is read by a cursor; None where each one does."""
        return (
            [d.delivery_id for d in self.deliveries if d.source == source and d.cursor["is_whole"]] if self.sources[source].cursor else None
        )

    @staticmethod
    def _known(source: str, ids: list[str] | None = None) -> str:
        """The deliveries of a source that count, or those of them in ``ids``, under names that no contract has."""
        among = "" if ids is None else f" and list_contains([{', '.join(map(literal, ids))}]::varchar[], delivery_id)"
        return (
            "(select delivery_id as _known_id, path as _path, delivered_on as _day, version_order as _order"
            f" from raw.source_deliveries where source = {literal(source)} and {COUNTS}{among}) as _known"
        )

    # ------------------------------------------------------------------------------------------------- mapping, typing
    def _create_notation_macros(self, source: Source) -> None:
        """The functions that mappings call on delivered text, in the notation of ``source`` (see ``values.py``)."""
        macros = notation_macros(source.notation, is_typed=source.format in TYPED_FORMATS, time_zone=self.company.time_zone)
        for name, expression in macros.items():
            self.connection.execute(f"create or replace temp macro {name}(x) as {expression}")
        for name, expression in reading_macros().items():
            self.connection.execute(f"create or replace temp macro {name}(x, is_alone) as {expression}")

    def _create_delivered_view(self, contract: Contract, mapping: Mapping) -> None:
        """``_delivered``: the mapped rows, every column as its expression gives it."""
        source = identifier(mapping.source)
        # A text of the company's file may end in a comment, which ends with its line.
        columns = [f"({expression}\n) as {identifier(name)}" for name, expression in mapping.columns.items()]
        technical = [f"{source}._delivery_id", f"{source}._row_number"]
        # A join that finds the same twice says nothing twice.
        distinct, group = "distinct " if mapping.joins and not mapping.group_by else "", ""
        if mapping.group_by:
            technical = [f"{source}._delivery_id", f"min({source}._row_number) as _row_number"]
            group = " group by " + ", ".join([f"{source}._delivery_id", *(f"{text}\n" for text in mapping.group_by)])

        def create(more: list[str]) -> list[tuple]:
            self.connection.execute(
                f"create or replace temp view _delivered as {joined_sources(mapping, self.sources)}"
                f" select {distinct}{', '.join(columns + more + technical)}"
                f" from {source} {mapping.joins}\n where {mapping.where}\n{group}"
            )
            return self.connection.execute("describe _delivered").fetchall()

        unread = self._unread_columns(mapping)
        try:
            try:
                described = create(unread)
            except duckdb.Error:  # what was read stands in one aggregate and in another beside it, which no one condition can ask
                described = create([])
        except Exception as error:
            raise SettingsError(f"{self.company.company}: entities.{contract.name}: {str(error).splitlines()[0]}") from None
        self._delivered_types = {row[0]: row[1] for row in described}

    @staticmethod
    def _unread_columns(mapping: Mapping) -> list[str]:
        """Per expression that reads in the notation, the texts that it could not read (``unread.py``)."""
        found = {name: unread_sql(text, is_grouped=bool(mapping.group_by)) for name, text in mapping.columns.items()}
        return [f"({sql}) as {unread_of(name)}" for name, sql in found.items() if sql]

    def _create_read_view(self, contract: Contract, mapping: Mapping) -> None:
        """``_read``: the delivered rows with the day of their delivery, and per mapped text what it reads as, once.

        Conditions are made of these columns: written out in each they would be read, and planned, ten times.
        """
        reads = read_columns(contract, self._delivered_types)
        is_dated = self.sources[mapping.source].delivered_on is not None
        rows = f"_delivered left join {self._known(mapping.source)} on _known_id = _delivery_id" if is_dated else "_delivered"
        day = "_day" if is_dated else "cast(null as date) as _day"
        self.connection.execute(f"create or replace temp view _read as select {', '.join(['_delivered.*', day, *reads])} from {rows}")

    def _insert_fitting_rows(self, contract: Contract, typed: Typed, problems: Problems) -> int:
        conditions = " or ".join(condition for condition, _ in problems.values()) or "false"
        columns = ", ".join(f"{value} as {identifier(name)}" for name, (value, _) in typed.items())
        (count,) = self.connection.execute(
            f"insert into raw.{identifier(contract.name)}"
            f" select {columns}, _delivery_id, _row_number, 1, true, null from _read where not ({conditions})"
        ).fetchone()
        return count

    def _quarantine_unfitting_rows(self, contract: Contract, mapping: Mapping, problems: Problems) -> None:
        structs = ", ".join(
            f"case when {condition} then {{'column_name': {literal(column)}, 'rule': {literal(rule)}, 'value': "
            + shown_value(column, self._delivered_types)
            + f", 'expected': {expected}}} end"
            for (column, rule), (condition, expected) in problems.items()
        )
        conditions = " or ".join(condition for condition, _ in problems.values())
        self.connection.execute(
            f"insert into raw.quarantine"
            f" select {literal(contract.name)}, {literal(mapping.source)}, null, _delivery_id, _row_number,"
            f" problem.column_name, problem.rule, problem.value, problem.expected, null"
            f" from (select _delivery_id, _row_number, unnest(list_filter([{structs}], item -> item is not null)) as problem"
            f" from _read where {conditions})"
        )

    def _quarantine_far_days(self, contract: Contract, mapping: Mapping) -> None:
        """Rows of the last complete day's column that lie a year and more beyond all others, and are one in a hundred at most."""
        column = identifier(self.company.last_complete_day.partition(".")[2])
        table = f"raw.{identifier(contract.name)}"
        run = self.connection.execute
        cutoff, latest = run(
            f"with days as (select cast({column} as date) as day, count(*) as row_count from {table}"
            f"  where {column} is not null group by 1),"
            f" gaps as (select day, lag(day) over (order by day) as latest, sum(row_count) over (order by day desc) as tail,"
            f"  sum(row_count) over () as total from days)"
            f" select min(day), min_by(latest, day) from gaps where day - latest > {FAR_DAYS}"
            f" and (tail * 100 <= total or (tail = 1 and total >= 10))"
        ).fetchone()
        if cutoff is None:
            return
        far = f"cast({column} as date) >= date '{cutoff}'"
        expected = literal(f"a day not more than {FAR_DAYS} days after all others; the latest of them is {latest}")
        run(
            f"insert into raw.quarantine select {literal(contract.name)}, {literal(mapping.source)}, null, _delivery_id, _row_number,"
            f" {literal(column[1:-1])}, 'outside_range', cast({column} as varchar), {expected}, null from {table} where {far}"
        )
        run(f"delete from {table} where {far}")

    def _quarantine_rejects(self, entity: str, mapping: Mapping) -> None:
        """Rows that did not even have the file's shape; they count with every entity that the source feeds."""
        insert_rows(
            self.connection,
            "quarantine",
            (
                (entity, mapping.source, None, item.delivery_id, reject["row_number"], reject.get("column"), reject["rule"],
                 reject["value"], REJECT_RULES.get(reject["rule"], "a row of the file's shape"), reject["value"])
                for item in self.deliveries
                if item.source == mapping.source
                for reject in item.rejects
            ),
        )  # fmt: skip

    # ------------------------------------------------------------------------------------------------------ accounting
    def _register_coverage(self, contract: Contract, mapping: Mapping | None) -> None:
        deliveries = [d for d in self.deliveries if mapping is not None and d.source == mapping.source]
        reason = None
        if contract.name in self.company.not_delivered:
            reason = self.company.not_delivered[contract.name]
        elif mapping is None:
            reason = "the company does not deliver it"
        elif not deliveries:
            reason = "nothing was delivered for it so far"
        self.connection.execute(
            "insert into raw.entity_coverage values (?, ?, ?, ?, 0)", [contract.name, bool(deliveries), reason, len(deliveries)]
        )

    def finish(self) -> None:
        """After the last entity: unmapped rows, paths and whole rows of the quarantine, row counts, control totals."""
        run = self.connection.execute
        for name, source in self.sources.items():
            own = [item for item in self.deliveries if item.source == name]
            self._quarantine_unmapped(name)
            if source.control_total is not None or any(item.control is not None for item in own):
                self._create_notation_macros(source)
                compare_control_totals(self.connection, name, source, own)
        run(
            "update raw.quarantine set path = known.path from raw.source_deliveries as known"
            " where known.delivery_id = quarantine.delivery_id and known.source = quarantine.source"
        )
        for (name,) in run("select distinct source from raw.quarantine where delivered_row is null").fetchall():
            run(
                f"update raw.quarantine set delivered_row = whole.content from ("
                f"  select _delivery_id, _row_number, to_json(rows) as content from {identifier(name)} as rows"
                f"  where (_delivery_id, _row_number) in (select (delivery_id, row_number) from raw.quarantine"
                f"   where source = {literal(name)} and delivered_row is null)) as whole"
                f" where quarantine.source = {literal(name)} and quarantine.delivery_id = whole._delivery_id"
                f"  and quarantine.row_number = whole._row_number and delivered_row is null"
            )
        for entity in load_contracts().keys() - self.standing:
            run(
                f"update raw.entity_coverage set row_count = (select count(*) from raw.{identifier(entity)} where _is_current)"
                f" where entity = {literal(entity)}"
            )

    def _quarantine_unmapped(self, name: str) -> None:
        """A delivered row that no mapping of its source takes is not lost either."""
        run = self.connection.execute
        run(f"delete from raw.quarantine where entity = '(no entity)' and source = {literal(name)}")
        mappings = [mapping for mapping in self.company.all_entities().values() if mapping.source == name]
        if not mappings or any(mapping.where == "true" and not mapping.joins for mapping in mappings):
            return
        self._create_notation_macros(self.sources[name])
        own = identifier(name)
        taken = " union all ".join(
            f"({joined_sources(mapping, self.sources)}"
            f" select ({own}._delivery_id, {own}._row_number) as place from {own} {mapping.joins}\n where {mapping.where}\n)"
            for mapping in mappings
        )
        run(
            f"insert into raw.quarantine select {literal('(no entity)')}, {literal(name)}, null, _delivery_id, _row_number, null,"
            f" 'not_mapped', null, 'a row that one of the mappings takes', null from {own}"
            f" where (_delivery_id, _row_number) not in (select place from ({taken}))"
        )


def load_all(loader: Loader, report: Callable[[str], None] = lambda text: None) -> dict[str, LoadedCounts]:
    """Every entity, in the order of the contracts; the counts by entity."""
    loader.prepare()
    counts = {}
    for entity in load_contracts():
        counts[entity] = loader.load(entity)
        if counts[entity].loaded:
            report(f"loaded {entity}: {counts[entity].loaded:,} rows")
    loader.finish()
    return counts
