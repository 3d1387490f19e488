"""Loading: landed text becomes the typed raw tables of a night, by the company's mapping and the contracts.

Each delivered row ends in exactly one place: ``raw.<entity>`` (as the latest or an earlier version), counted as unchanged,
or ``raw.quarantine`` with the column, the rule, the value, the file and the row. The result depends on the set of landed
deliveries only, never on the order in which they arrived. Keep out: business rules; a row is judged here by its form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.companies.config import Company, Mapping, Notation, Source
from pipelines.settings import SettingsError
from pipelines.sources.contracts import Column, Contract, load_contracts
from pipelines.sources.landing import Delivery, Landing, control_sums
from pipelines.warehouse import identifier, literal

if TYPE_CHECKING:
    import duckdb

#: The loader's own tables beside the entities: one statement each, so that an empty night has them too.
ACCOUNTING_TABLES = {
    "source_deliveries": """
        delivery_id varchar, sha256 varchar, source varchar, path varchar, delivered_on date, version_order integer,
        is_replaced boolean, delivered_count bigint, landed_count bigint, rejected_count bigint""",
    "refused_files": "source varchar, path varchar, reason varchar",
    "delivery_rows": """
        entity varchar, delivery_id varchar, source varchar, path varchar, delivered_count bigint, loaded_count bigint,
        unchanged_count bigint, quarantined_count bigint""",
    "quarantine": """
        entity varchar, source varchar, path varchar, delivery_id varchar, row_number bigint, column_name varchar,
        rule varchar, value varchar, expected varchar, delivered_row varchar""",
    "entity_coverage": "entity varchar, is_delivered boolean, reason varchar, delivery_count bigint, row_count bigint",
    "approved_exceptions": """
        error_code varchar, document_id varchar, approved_by varchar, reason varchar, valid_until_date date""",
    "control_totals": """
        source varchar, path varchar, measure varchar, expected decimal(38,6), delivered decimal(38,6), is_met boolean""",
    "published_invoices": """
        invoice_id varchar, document_type varchar, customer_id varchar, issued_date date, currency varchar,
        document_net_amount decimal(18,4), document_vat_amount decimal(18,4), document_gross_amount decimal(18,4),
        published_report_date date""",
}


@dataclass(frozen=True)
class LoadedCounts:
    """Rows of one entity over all deliveries."""

    loaded: int
    unchanged: int
    quarantined: int


class Loader:
    """Fills schema ``raw`` of one night's build file.

    ``known_by`` leaves out what was delivered later. Raises SettingsError when a mapping does not run on its source.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        company: Company,
        landing: Landing,
        landed_folder: Path,
        known_by: date | None = None,
    ) -> None:
        self.connection = connection
        self.company = company
        self.landed_folder = landed_folder
        self.sources = company.all_sources()
        self.refusals = landing.refusals
        self.deliveries = [
            delivery
            for delivery in landing.deliveries
            if delivery.source in self.sources
            and (known_by is None or delivery.delivered_on is None or delivery.delivered_on <= known_by.isoformat())
        ]

        latest = {(d.source, d.path): d.landed_number for d in sorted(self.deliveries, key=lambda d: d.landed_number)}
        self._latest_by_path = latest

    def _is_replaced(self, delivery: Delivery) -> bool:
        """Whether a later delivery came under the same name: what it no longer holds is withdrawn."""
        return delivery.landed_number < self._latest_by_path[(delivery.source, delivery.path)]

    def prepare(self) -> None:
        """Creates every raw table, empty, and registers deliveries, refused files and rejected rows."""
        run = self.connection.execute
        run("create schema if not exists raw")
        for contract in load_contracts().values():
            run(contract.create_table_sql())
        for table, columns in ACCOUNTING_TABLES.items():
            run(f"create table raw.{table} ({columns})")
        run("create temp table _unchanged_rows (entity varchar, delivery_id varchar, row_count bigint)")
        # What stands comes after all that was replaced, so that a replaced file never holds a latest version against it.
        ordered = sorted(self.deliveries, key=lambda d: (d.source, not self._is_replaced(d), d.version_order))
        if ordered:
            self.connection.executemany(
                "insert into raw.source_deliveries values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (d.delivery_id, d.sha256, d.source, d.path, d.delivered_on, number, self._is_replaced(d), d.row_count,
                     d.row_count - len(d.rejects), len(d.rejects))
                    for number, d in enumerate(ordered, start=1)
                ],
            )  # fmt: skip
        if self.refusals:
            self.connection.executemany(
                "insert into raw.refused_files values (?, ?, ?)", [(r.source, r.path, r.reason) for r in self.refusals]
            )
        if self.company.approved_exceptions:
            self.connection.executemany(
                "insert into raw.approved_exceptions values (?, ?, ?, ?, ?)",
                [
                    (item.error_code, item.document_id, item.approved_by, item.reason, item.valid_until_date)
                    for item in self.company.approved_exceptions
                ],
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
            f" on known.delivery_id = _delivery_id and known.source = {literal(name)}"
        )

    def load(self, entity: str) -> LoadedCounts:
        """Loads one entity; see the module for what becomes of a row."""
        contract, mapping = load_contracts()[entity], self.company.all_entities().get(entity)
        self._register_coverage(contract, mapping)
        if mapping is None or not any(d.source == mapping.source for d in self.deliveries):
            return LoadedCounts(0, 0, 0)
        source = self.sources[mapping.source]
        self._create_notation_macros(source.notation or self.company.notation)
        self._create_delivered_view(contract, mapping)
        typed = self._typed_columns(contract, mapping, source)
        fitting = self._insert_fitting_rows(contract, typed)
        if fitting < self.connection.execute("select count(*) from _delivered").fetchone()[0]:
            self._quarantine_unfitting_rows(contract, mapping, typed)
        self._quarantine_rejects(entity, mapping)
        self._separate_versions(contract)
        if any(self._is_replaced(d) for d in self.deliveries if d.source == mapping.source):
            self._withdraw_replaced(contract, mapping, typed)
        if source.delivery == "full":
            self._close_disappeared(contract, mapping, typed)
        return self._account(entity, mapping)

    @staticmethod
    def _known(source: str) -> str:
        """The deliveries of a source, under names that no delivered column can have."""
        return (
            "(select delivery_id as _known_id, path as _path, delivered_on as _day, version_order as _order,"
            " is_replaced as _is_replaced"
            f" from raw.source_deliveries where source = {literal(source)}) as _known"
        )

    # ------------------------------------------------------------------------------------------------- mapping, typing
    def _create_notation_macros(self, notation: Notation) -> None:
        """``number(x)``, ``day(x)``, ``moment(x)``, ``flag(x)``: delivered text in the declared notation, for mappings.

        ``total(x)`` sums a group, and is empty when one of its values could not be read.
        """

        def texts(values: tuple[str, ...]) -> str:
            return "[" + ", ".join(literal(value.lower()) for value in values) + "]"

        filled = "nullif(trim(x), '')"
        if notation.null_values:
            filled = f"case when list_contains({texts(notation.null_values)}, lower(trim(x))) then null else {filled} end"
        digits = f"replace({filled}, {literal(notation.thousands_sign)}, '')" if notation.thousands_sign else filled
        if notation.decimal_sign != ".":
            # A point that the notation does not know must not pass as one.
            digits = f"replace(replace({digits}, '.', '?'), ',', '.')"
        zone = notation.time_zone
        at = f"try_strptime({filled}, {literal(notation.timestamp_format)})"
        moment = at if zone == "UTC" else f"({at} at time zone {literal(zone)}) at time zone 'UTC'"
        macros = {
            "filled": filled,
            # Parsed at 18 digits (30 times as fast as at 38, measured 2026-11), widened so that products do not overflow.
            "number": f"cast(case when {self._loses_digits(digits, 6)} then null"
            f" else try_cast({digits} as decimal(18,6)) end as decimal(38,6))",
            "day": f"cast(try_strptime({filled}, {literal(notation.date_format)}) as date)",
            "moment": f"cast({moment} as timestamp)",
            "flag": f"case when list_contains({texts(notation.true_values)}, lower({filled})) then true"
            f" when list_contains({texts(notation.false_values)}, lower({filled})) then false end",
            "total": "case when count(*) = count(x) then sum(x) end",
        }
        for name, expression in macros.items():
            self.connection.execute(f"create or replace temp macro {name}(x) as {expression}")
        self._plain_digits = digits

    def _create_delivered_view(self, contract: Contract, mapping: Mapping) -> None:
        """``_delivered``: the mapped rows, every column as its expression gives it."""
        source = identifier(mapping.source)
        columns = [f"({expression}) as {identifier(name)}" for name, expression in mapping.columns.items()]
        technical = [f"{source}._delivery_id", f"{source}._row_number"]
        group = ""
        if mapping.group_by:
            technical = [f"{source}._delivery_id", f"min({source}._row_number) as _row_number"]
            group = f" group by {source}._delivery_id, {', '.join(mapping.group_by)}"
        try:
            self.connection.execute(
                f"create or replace temp view _delivered as select {', '.join(columns + technical)}"
                f" from {source} {mapping.joins} where {mapping.where}{group}"
            )
            described = self.connection.execute("describe _delivered").fetchall()
        except Exception as error:
            raise SettingsError(f"{self.company.company}: entities.{contract.name}: {str(error).splitlines()[0]}") from None
        self._delivered_types = {row[0]: row[1] for row in described}

    def _typed_columns(self, contract: Contract, mapping: Mapping, source: Source) -> dict[str, tuple[str, str]]:
        """Column -> (expression in the contract's type, condition under which the delivered value does not fit)."""
        is_iso = source.format == "parquet"
        typed = {}
        for column in contract.columns:
            if column.name not in mapping.columns:
                typed[column.name] = (f"cast(null as {column.engine_type})", "false")
                continue
            is_text = self._delivered_types[column.name] == "VARCHAR"
            typed[column.name] = self._typed(column, is_text, is_iso)
        return typed

    def _typed(self, column: Column, is_text: bool, is_iso: bool) -> tuple[str, str]:
        name = identifier(column.name)
        filled = f"filled({name})" if is_text else name
        if column.type in ("id", "text", "one_of"):
            value = filled if is_text else f"cast({name} as varchar)"
            allowed = ", ".join(literal(item) for item in column.values)
            misfit = f"{value} not in ({allowed})" if column.type == "one_of" else "false"
        elif column.type == "boolean":
            value = f"flag({name})" if is_text else f"try_cast({name} as boolean)"
            misfit = f"{value} is null"
        elif column.type in ("date", "month"):
            value = (f"try_cast({filled} as date)" if is_iso else f"day({name})") if is_text else f"try_cast({name} as date)"
            misfit = f"{value} is null" + (f" or day_of_month({value}) <> 1" if column.type == "month" else "")
            misfit = misfit.replace("day_of_month", "dayofmonth")
        elif column.type == "timestamp":
            value = (f"try_cast({filled} as timestamp)" if is_iso else f"moment({name})") if is_text else name
            value = value if is_text else f"try_cast({name} as timestamp)"
            misfit = f"{value} is null"
        else:
            value, misfit = self._typed_number(column, is_text, is_iso)
        return value, misfit if misfit == "false" else f"({filled} is not null and coalesce({misfit}, true))"

    def _typed_number(self, column: Column, is_text: bool, is_iso: bool) -> tuple[str, str]:
        """A cast rounds; a value that loses digits by it is not the value that was delivered."""
        name = identifier(column.name)
        if not is_text:
            value = f"try_cast({name} as {column.engine_type})"
            return value, f"{value} is null or {value} <> {name}"
        plain = f"nullif(trim({name}), '')" if is_iso else self._plain_digits.replace("(x)", f"({name})")
        value = f"try_cast({plain} as {column.engine_type})"
        scale = re.search(r",(\d+)\)", column.engine_type)
        return value, f"{value} is null or {self._loses_digits(plain, int(scale[1]) if scale else 0)}"

    @staticmethod
    def _loses_digits(plain: str, scale: int) -> str:
        """Whether a number written as text has more decimals than ``scale``, trailing zeros apart."""
        return (
            f"(case when strpos({plain}, '.') = 0 or length({plain}) - strpos({plain}, '.') <= {scale} then false"
            f" else length(rtrim({plain}, '0')) - strpos({plain}, '.') > {scale} end)"
        )

    @staticmethod
    def _problems(contract: Contract, typed: dict[str, tuple[str, str]]) -> dict[tuple[str, str], str]:
        """(column, rule) -> condition under which the row breaks it."""
        problems = {}
        for column in contract.columns:
            value, misfit = typed[column.name]
            if misfit != "false":
                problems[(column.name, "not_one_of" if column.type == "one_of" else f"not_a_{column.type}")] = misfit
            if column.is_required:
                problems[(column.name, "required")] = f"({value} is null and not {misfit})" if misfit != "false" else f"({value} is null)"
        for group in contract.one_of_columns:
            problems[(" or ".join(group), "required")] = "(" + " and ".join(f"{typed[name][0]} is null" for name in group) + ")"
        return problems

    def _insert_fitting_rows(self, contract: Contract, typed: dict[str, tuple[str, str]]) -> int:
        conditions = " or ".join(self._problems(contract, typed).values()) or "false"
        columns = ", ".join(f"{value} as {identifier(name)}" for name, (value, _) in typed.items())
        (count,) = self.connection.execute(
            f"insert into raw.{identifier(contract.name)}"
            f" select {columns}, _delivery_id, _row_number, 1, true, null from _delivered where not ({conditions})"
        ).fetchone()
        return count

    def _quarantine_unfitting_rows(self, contract: Contract, mapping: Mapping, typed: dict[str, tuple[str, str]]) -> None:
        problems = self._problems(contract, typed)
        expected = {column.name: self._expected(column, mapping) for column in contract.columns}
        delivered = self._delivered_types
        structs = ", ".join(
            f"case when {condition} then {{'column_name': {literal(column)}, 'rule': {literal(rule)}, 'value': "
            + (f"cast({identifier(column)} as varchar)" if column in delivered else "cast(null as varchar)")
            + f", 'expected': {literal(expected.get(column, 'one of them filled'))}}} end"
            for (column, rule), condition in problems.items()
        )
        if not structs:
            return
        conditions = " or ".join(problems.values())
        self.connection.execute(
            f"insert into raw.quarantine"
            f" select {literal(contract.name)}, {literal(mapping.source)}, null, _delivery_id, _row_number,"
            f" problem.column_name, problem.rule, problem.value, problem.expected, null"
            f" from (select *, unnest(list_filter([{structs}], item -> item is not null)) as problem"
            f" from _delivered where {conditions})"
        )

    def _expected(self, column: Column, mapping: Mapping) -> str:
        notation = self.sources[mapping.source].notation or self.company.notation
        if column.type == "one_of":
            return "one of " + ", ".join(column.values)
        if column.type in ("date", "month"):
            return f"a day as {notation.date_format}" + (", the first of a month" if column.type == "month" else "")
        if column.type == "timestamp":
            return f"an instant as {notation.timestamp_format}"
        if column.type == "boolean":
            return "one of " + ", ".join(notation.true_values + notation.false_values)
        if column.type in ("id", "text"):
            return "a text"
        return f"a number that fits {column.engine_type} with decimal sign {notation.decimal_sign!r}"

    def _quarantine_rejects(self, entity: str, mapping: Mapping) -> None:
        """Rows that did not even have the file's shape; they count with every entity that the source feeds."""
        rejects = [
            (entity, mapping.source, None, d.delivery_id, r["row_number"], None, r["rule"], r["value"], "the header's columns", r["value"])
            for d in self.deliveries
            if d.source == mapping.source
            for r in d.rejects
        ]
        if rejects:
            self.connection.executemany("insert into raw.quarantine values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rejects)

    # -------------------------------------------------------------------------------------------------------- versions
    def _separate_versions(self, contract: Contract) -> None:
        """Among rows with the same key the latest is current; a repeated row is dropped and counted as unchanged.

        Only keys that occur more than once go through the window; at ten million rows that is the whole difference.
        Two rows with one key and different content in one delivery contradict each other: the later ones are quarantined.
        """
        run = self.connection.execute
        table = f"raw.{identifier(contract.name)}"
        key = ", ".join(identifier(name) for name in contract.key)
        columns = ", ".join(identifier(column.name) for column in contract.columns)
        run(f"create or replace temp table _repeated as select hash({key}) as key_hash from {table} group by 1 having count(*) > 1")
        (count,) = run("select count(*) from _repeated").fetchone()
        if not count:
            return
        # hash(a, b) of several columns is one number; content is compared by the same means.
        run(
            f"create or replace temp table _versions as"
            f" with candidates as ("
            f"  select {columns}, _delivery_id, _row_number, _order, hash({columns}) as content_hash"
            f"  from {table} join {self._known(self.company.all_entities()[contract.name].source)} on _known_id = _delivery_id"
            f"  where hash({key}) in (select key_hash from _repeated)),"
            f" first_of_delivery as ("
            f"  select *, content_hash <> first_value(content_hash)"
            f"    over (partition by {key}, _delivery_id order by _row_number) as contradicts"
            f"  from candidates),"
            f" judged as ("
            f"  select *, case when contradicts then 'contradicts' when content_hash is not distinct from lag(content_hash)"
            f"    over (partition by {key}, contradicts order by _order, _row_number) then 'unchanged'"
            f"    else 'version' end as verdict"
            f"  from first_of_delivery)"
            f" select *, row_number() over (partition by {key}, verdict order by _order, _row_number) as version_number,"
            f"  row_number() over (partition by {key}, verdict order by _order desc, _row_number desc) = 1 as is_latest"
            f" from judged"
        )
        run(
            f"insert into _unchanged_rows select {literal(contract.name)}, _delivery_id, count(*)"
            f" from _versions where verdict = 'unchanged' group by _delivery_id"
        )
        run(f"delete from {table} where hash({key}) in (select key_hash from _repeated)")
        run(
            f"insert into {table} select {columns}, _delivery_id, _row_number, version_number, is_latest, null"
            f" from _versions where verdict = 'version'"
        )
        content = ", ".join(f"{identifier(column.name)} := {identifier(column.name)}" for column in contract.columns)
        run(
            f"insert into raw.quarantine select {literal(contract.name)}, {literal(self.company.all_entities()[contract.name].source)},"
            f" null, _delivery_id, _row_number, {literal(', '.join(contract.key))}, 'duplicate_key',"
            f" concat_ws(', ', {key}), 'one row per key in a delivery', to_json(struct_pack({content}))"
            f" from _versions where verdict = 'contradicts'"
        )

    def _close_disappeared(self, contract: Contract, mapping: Mapping, typed: dict[str, tuple[str, str]]) -> None:
        """In a full delivery a key that is gone is closed on the day of the first delivery without it."""
        table = f"raw.{identifier(contract.name)}"
        keys = ", ".join(f"{typed[name][0]}" for name in contract.key)
        key = ", ".join(identifier(name) for name in contract.key)
        self.connection.execute(
            f"update {table} set _closed_date = gone.closed_date from ("
            f" with days as (select distinct _day from {self._known(mapping.source)}),"
            f" seen as (select hash({keys}) as key_hash, max(_day) as last_day from _delivered"
            f"  join {self._known(mapping.source)} on _known_id = _delivery_id group by 1)"
            f" select key_hash, min(_day) as closed_date from seen join days on _day > last_day group by 1"
            f") as gone where gone.key_hash = hash({key}) and _is_current"
        )

    def _withdraw_replaced(self, contract: Contract, mapping: Mapping, typed: dict[str, tuple[str, str]]) -> None:
        """A row of a file that was delivered again under its name, and that no file holds any more, is withdrawn."""
        keys = ", ".join(f"{typed[name][0]}" for name in contract.key)
        key = ", ".join(identifier(name) for name in contract.key)
        replaced = f"(select _known_id from {self._known(mapping.source)} where _is_replaced)"
        self.connection.execute(
            f"update raw.{identifier(contract.name)} set _is_current = false"
            f" where _is_current and _delivery_id in {replaced}"
            f" and hash({key}) not in (select hash({keys}) from _delivered where _delivery_id not in {replaced})"
        )

    # ------------------------------------------------------------------------------------------------------ accounting
    def _account(self, entity: str, mapping: Mapping) -> LoadedCounts:
        run = self.connection.execute
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
            f" where known.source = {literal(mapping.source)}"
        )
        counts = run(
            "select coalesce(sum(loaded_count), 0), coalesce(sum(unchanged_count), 0), coalesce(sum(quarantined_count), 0)"
            " from raw.delivery_rows where entity = ?",
            [entity],
        ).fetchone()
        return LoadedCounts(*(int(count) for count in counts))

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
        """After the last entity: paths and whole rows of the quarantine, row counts, control totals, unmapped rows."""
        run = self.connection.execute
        run(
            "update raw.quarantine set path = known.path from raw.source_deliveries as known"
            " where known.delivery_id = quarantine.delivery_id and known.source = quarantine.source"
        )
        for name in self.sources:
            self._quarantine_unmapped(name)
            run(
                f"update raw.quarantine set delivered_row = whole.content from ("
                f"  select _delivery_id, _row_number, to_json(rows) as content from {identifier(name)} as rows"
                f"  where (_delivery_id, _row_number) in (select (delivery_id, row_number) from raw.quarantine"
                f"   where source = {literal(name)} and delivered_row is null)) as whole"
                f" where quarantine.source = {literal(name)} and quarantine.delivery_id = whole._delivery_id"
                f"  and quarantine.row_number = whole._row_number and delivered_row is null"
            )
        for entity in load_contracts():
            run(
                f"update raw.entity_coverage set row_count = (select count(*) from raw.{identifier(entity)} where _is_current)"
                f" where entity = {literal(entity)}"
            )
        self._compare_control_totals()

    def _quarantine_unmapped(self, name: str) -> None:
        """A delivered row that no mapping of its source takes is not lost either."""
        mappings = {entity: m for entity, m in self.company.all_entities().items() if m.source == name}
        if not mappings or any(m.where == "true" and not m.joins for m in mappings.values()):
            return
        self._create_notation_macros(self.sources[name].notation or self.company.notation)
        taken = " or ".join(f"coalesce({m.where}, false)" for m in mappings.values())
        self.connection.execute(
            f"insert into raw.quarantine select {literal('(no entity)')}, {literal(name)}, _path, _delivery_id, _row_number, null,"
            f" 'not_mapped', null, 'a row that one of the mappings takes', null from {identifier(name)}"
            f" join {self._known(name)} on _known_id = _delivery_id"
            f" where not ({taken})"
        )

    def _compare_control_totals(self) -> None:
        """Declared totals of a source, and those that came beside a file, against what was delivered."""
        for name, source in self.sources.items():
            self._create_notation_macros(source.notation or self.company.notation)
            deliveries = [d for d in self.deliveries if d.source == name and not self._is_replaced(d)]
            standing = f"_delivery_id in (select _known_id from {self._known(name)} where not _is_replaced)"
            checks: list[tuple[str, str, dict]] = [
                (d.path, f"_delivery_id = {literal(d.delivery_id)}", d.control) for d in deliveries if d.control is not None
            ]
            if source.control_total is not None:
                checks.append((source.files, standing, source.control_total.model_dump(mode="json")))
            for path, condition, control in checks:
                self._compare_control_total(name, path, condition, control, deliveries)

    def _compare_control_total(self, name: str, path: str, condition: str, control: dict, deliveries: list[Delivery]) -> None:
        view = identifier(name)
        measures: list[tuple[str, object, object]] = []
        if control["rows"] is not None:
            counted = sum(d.row_count for d in deliveries if d.path == path or path == self.sources[name].files)
            measures.append(("rows", control["rows"], counted))
        for column, total in control_sums(control).items():
            expression = column if "(" in column else f"number({identifier(column)})"
            (delivered,) = self.connection.execute(f"select sum({expression}) from {view} where {condition}").fetchone()
            measures.append((f"sum of {column}", total, delivered))
        for measure, expected, delivered in measures:
            self.connection.execute(
                "insert into raw.control_totals select ?, ?, ?, ?::decimal(38,6), ?::decimal(38,6),"
                " coalesce(?::decimal(38,6) = ?::decimal(38,6), false)",
                [name, path, measure, expected, delivered, expected, delivered],
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
