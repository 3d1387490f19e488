"""A KPI by team, salesperson, segment and industry: the same definition, with its numerator and denominator.

Keep out: the company's own months (``kpi_pages.py``).
"""

from __future__ import annotations

from pipelines.book.blocks import Column, Table
from pipelines.book.kinds import KINDS_OF_UNITS
from pipelines.book.pages import kpi_customers
from pipelines.book.words import opened
from pipelines.book.writer import Writer


def value_columns(writer: Writer, unit: str) -> list[Column]:
    words = writer.words
    kind = KINDS_OF_UNITS.get(unit, "number")
    return [
        Column("value", words.label("value"), kind),
        Column("numerator", words.label("numerator"), "number"),
        Column("denominator", words.label("denominator"), "number"),
        words.column("status"),
        words.column("reason"),
    ]


def of(writer: Writer, kpi: str) -> list[Table]:
    """A table per kind of scope that has a value in the month of the headlines."""
    words, tables, unit = writer.words, [], writer.figures.definitions[kpi]["unit"]
    scopes = writer.figures.raw(
        "select distinct scope_type from kpi.kpi_values where kpi = ? and scope_type <> 'company' and period_type = 'month'"
        " and period_start_date = ? and value is not null order by 1",
        [kpi, writer.month],
    )
    for scope in scopes:
        name = scope["scope_type"]
        table = writer.table(
            f"kpi-{kpi}-{name}",
            words.t("tables.by_scope", kpi=words.kpi(kpi), scope=words.term("scope_type", name), month=words.notation.month(writer.month)),
            "kpi.kpi_values",
            "select k.* from kpi.kpi_values as k where k.kpi = ? and k.scope_type = ? and k.period_type = 'month'"
            " and k.period_start_date = ? order by k.value desc nulls last, k.scope_id",
            [kpi, name, writer.month],
            [],
            shown=12,
        )
        label, kind = words.term("scope_type", name), name if name in ("salesperson", "team") else "code"
        vocabulary = "industry" if name == "industry" else "segment"
        table.columns = [Column("scope_id", opened(label), kind, vocabulary), *value_columns(writer, unit)]
        if all(row["numerator"] is None for row in table.rows):
            table.columns = [column for column in table.columns if column.key not in ("numerator", "denominator")]
        tables.append(table)
    return tables + kpi_customers.of(writer, kpi)
