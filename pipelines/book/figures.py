"""The published warehouse, as the book reads it: only what is there, and every row passes the pseudonyms.

Keep out: words, formats, and computations beyond filtering, sorting and adding up rows of one table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from pipelines.book.privacy import FREE_TEXT_COLUMNS, HIDDEN, ID_COLUMNS, NAME_COLUMNS, Pseudonyms
from pipelines.warehouse import connect

Row = dict[str, Any]


@dataclass
class Figures:
    """Read access to one publication."""

    connection: Any
    pseudonyms: Pseudonyms | None
    company_name: str
    currency: str
    #: Customer id -> number of its page; filled once the customers that matter are known.
    customer_pages: dict[str, int] = field(default_factory=dict)
    #: Salesperson id, and name of a team -> number of its page.
    salesperson_pages: dict[str, int] = field(default_factory=dict)
    team_pages: dict[str, int] = field(default_factory=dict)
    #: Customers whose names a reader may see; None: all. Any other one is shown without a name.
    visible: frozenset[str] | None = None
    _filled: dict[str, bool] = field(default_factory=dict)
    _told: dict[tuple[str, str], dict[tuple[Any, ...], list[Row]]] = field(default_factory=dict)
    _held: set[str] = field(default_factory=set)

    @cached_property
    def tables(self) -> dict[str, list[str]]:
        """``schema.table`` -> its columns in order."""
        found: dict[str, list[str]] = {}
        rows = self.connection.execute(
            "select table_schema || '.' || table_name, column_name from information_schema.columns"
            " where table_catalog = current_database() order by table_schema, table_name, ordinal_position"
        ).fetchall()
        for table, column in rows:
            found.setdefault(table, []).append(column)
        return found

    def has(self, table: str, *columns: str) -> bool:
        """Whether ``table`` is published with all ``columns``."""
        return table in self.tables and set(columns) <= set(self.tables[table])

    def filled(self, table: str, *columns: str) -> bool:
        """Whether ``table`` is there and holds a row."""
        return self.has(table, *columns) and self._is_filled(table)

    def _is_filled(self, table: str) -> bool:
        if table not in self._filled:
            self._filled[table] = bool(self.connection.execute(f"select 1 from {table} limit 1").fetchall())
        return self._filled[table]

    def raw(self, sql: str, parameters: list[Any] | None = None) -> list[Row]:
        """Rows with the source's own customer ids: for choosing and linking, never for showing."""
        cursor = self.connection.execute(sql, parameters or [])
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[Row]:
        """Rows to show: customers are named (or pseudonymised) and linked to their page."""
        return [self.shown(row) for row in self.raw(sql, parameters)]

    def held(self, name: str, sql: str) -> str:
        """``name`` of a temporary table of ``sql``, made when it is first asked for: what several pages choose from is computed once."""
        if name not in self._held:
            self.connection.execute(f"create temporary table {name} as {sql}")
            self._held.add(name)
        return name

    def shown(self, row: Row) -> Row:
        customer = row.get("customer_id") or (row.get("scope_id") if row.get("scope_type") == "customer" else None)
        shown = self.pseudonyms.apply(row) if self.pseudonyms else dict(row)
        if self.visible is not None:
            shown = self._narrowed(shown, customer)
        if customer is not None:
            shown["customer_page"] = self.customer_pages.get(str(customer))
            if "customer_id" in row:
                shown["customer_name"] = self.customer_name(str(customer))
        return shown

    def _narrowed(self, row: Row, customer: Any) -> Row:
        """A row for who may see some customers only: no name or number of another one, and no sentence that has one."""
        own = customer is None or str(customer) in self.visible
        shown = dict(row)
        for key, value in row.items():
            names_another = key in FREE_TEXT_COLUMNS and value and self._customer_ids.intersection(re.findall(r"[\w.-]+", str(value)))
            if (not own and key in ID_COLUMNS | NAME_COLUMNS) or (names_another and names_another - self.visible):
                shown[key] = HIDDEN
        return shown

    @cached_property
    def _customer_ids(self) -> frozenset[str]:
        return frozenset(row["customer_id"] for row in self.raw("select customer_id from core.dim_customers"))

    @cached_property
    def _customer_names(self) -> dict[str, str]:
        if not self.has("core.dim_customers", "customer_id", "name"):
            return {}
        return dict(self.connection.execute("select customer_id, name from core.dim_customers where name is not null").fetchall())

    def customer_name(self, customer_id: str) -> str:
        """What a reader sees for a customer."""
        if self.visible is not None and customer_id not in self.visible:
            return HIDDEN
        if self.pseudonyms:
            return self.pseudonyms.name(customer_id) or ""
        return self._customer_names.get(customer_id) or customer_id

    @cached_property
    def salespeople(self) -> dict[str, Row]:
        """Salesperson id -> name, team and when he or she left; without the row of nobody."""
        if not self.has("core.dim_salespeople", "salesperson_id", "name", "team"):
            return {}
        sql = "select * from core.dim_salespeople where salesperson_id <> 'unknown' order by coalesce(name, salesperson_id), salesperson_id"
        return {row["salesperson_id"]: row for row in self.raw(sql)}

    def salesperson_name(self, salesperson_id: str) -> str | None:
        """The name of a salesperson; None for one who is in no master."""
        return self.salespeople[salesperson_id]["name"] if salesperson_id in self.salespeople else None

    def one(self, sql: str, parameters: list[Any] | None = None) -> Row | None:
        found = self.rows(sql, parameters)
        return found[0] if found else None

    @cached_property
    def publication(self) -> Row:
        return self.raw("select * from meta.publication")[0]

    @property
    def report_date(self) -> date:
        return self.publication["report_date"]

    @cached_property
    def month(self) -> date | None:
        """The last complete month: what the headlines stand for."""
        if not self.has("core.dim_months", "is_complete"):
            return None
        # A night in the middle of the very first month has no complete one.
        sql = "select max(month_start_date) filter (is_complete) as complete, max(month_start_date) as newest from core.dim_months"
        found = self.raw(f"{sql} where month_start_date <= ?", [self.report_date])[0]
        return found["complete"] or found["newest"]

    @cached_property
    def definitions(self) -> dict[str, Row]:
        return {row["kpi"]: row for row in self.raw("select * from kpi.kpi_definitions")}

    @cached_property
    def company_months(self) -> dict[str, list[Row]]:
        """KPI -> the company's months, oldest first: read once, because every page asks for them."""
        found: dict[str, list[Row]] = {}
        sql = "select * from kpi.kpi_values where scope_type = 'company' and period_type = 'month' order by kpi, period_start_date"
        for row in self.raw(sql):
            found.setdefault(row["kpi"], []).append(row)
        return found

    @cached_property
    def progress(self) -> dict[tuple[str, str], Row]:
        """(KPI, month, quarter or year) -> how far the company was at the end of the headline month."""
        if not self.has("kpi.kpi_progress_monthly"):
            return {}
        rows = self.raw("select * from kpi.kpi_progress_monthly where month_start_date = ?", [self.month])
        return {(row["kpi"], row["period_type"]): row for row in rows}

    def reasons(self, row: Row) -> list[Row]:
        """The codes and figures behind a row of kpi_values, the weightiest first."""
        if not self.has("kpi.kpi_value_reasons") or not row.get("reason"):
            return []
        key = (row["period_type"], row["period_start_date"], row["scope_id"])
        return self._reasons_of(row["kpi"], row["scope_type"]).get(key, [])

    def _reasons_of(self, kpi: str, scope_type: str) -> dict[tuple[Any, ...], list[Row]]:
        """(period type, period, scope) -> reasons of a KPI: read once per KPI and kind of scope."""
        if (kpi, scope_type) not in self._told:
            found = self._told[kpi, scope_type] = {}
            sql = (
                "select r.* from kpi.kpi_value_reasons as r join kpi.kpi_reasons as t using (reason_code) where kpi = ? and scope_type = ?"
            )
            for reason in self.raw(f"{sql} order by t.reason_rank, reason_code, reason_subject", [kpi, scope_type]):
                found.setdefault((reason["period_type"], reason["period_start_date"], reason["scope_id"]), []).append(reason)
        return self._told[kpi, scope_type]

    @cached_property
    def missing_entities(self) -> list[str]:
        """Entities that the company does not deliver, by name."""
        if not self.has("meta.entity_coverage", "entity", "is_delivered"):
            return []
        return [row["entity"] for row in self.raw("select entity from meta.entity_coverage where not is_delivered order by 1")]

    @cached_property
    def labels_nl(self) -> dict[tuple[str, str], str]:
        """(table, column) -> Dutch label of the data dictionary."""
        if not self.has("meta.data_dictionary", "label_nl"):
            return {}
        rows = self.raw("select schema_name || '.' || table_name as t, column_name as c, label_nl as l from meta.data_dictionary")
        return {(row["t"], row["c"]): row["l"] for row in rows if row["l"]}


@contextmanager
def open_figures(warehouse: Path, *, company_name: str | None, currency: str | None, pseudonymised: bool) -> Iterator[Figures]:
    """The figures of ``warehouse``, opened read-only."""
    with connect(warehouse, read_only=True) as connection:
        figures = Figures(connection, None, "", "")
        figures.company_name = company_name or str(figures.publication["company"]).replace("_", " ").capitalize()
        figures.currency = currency or _booking_currency(figures)
        if pseudonymised:
            figures.pseudonyms = _pseudonyms(figures)
        yield figures


def _booking_currency(figures: Figures) -> str:
    """The currency that needs no rate; for a book that is built apart from its night."""
    if not figures.has("core.fct_invoices", "currency", "booking_rate"):
        return "EUR"
    sql = "select currency, count(*) as n from core.fct_invoices where booking_rate = 1 group by 1 order by 2 desc, 1 limit 1"
    found = figures.raw(sql)
    return found[0]["currency"] if found else "EUR"


def _pseudonyms(figures: Figures) -> Pseudonyms:
    ids = [f"select cast({column} as varchar) as c from {table}" for table, column in _customer_columns(figures)]
    found = figures.connection.execute(f"select distinct c from ({' union all '.join(ids)}) where c is not null").fetchall() if ids else []
    known = {name for (name,) in found} - {"unknown", "none", ""}
    (secret,) = figures.connection.execute(
        "select md5(concat(bit_xor(hash(kpi, period_start_date, scope_type, scope_id, value)), count(*))) from kpi.kpi_values"
    ).fetchone()
    return Pseudonyms(known, secret)


def _customer_columns(figures: Figures) -> list[tuple[str, str]]:
    return [(table, "customer_id") for table, columns in figures.tables.items() if "customer_id" in columns]
