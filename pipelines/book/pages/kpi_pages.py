"""A page per KPI: where it stands, its trend, what it means, and the rows behind it by scope and month.

Keep out: which KPIs are headlines (``scorecard.py``).
"""

from __future__ import annotations

from pipelines.book.blocks import Cards, Column, Facts, Page, Section, Table
from pipelines.book.kinds import KINDS_OF_UNITS
from pipelines.book.pages import breakdowns
from pipelines.book.writer import Writer


def pages(writer: Writer) -> list[Page]:
    """One page per KPI: its trend, and the rows behind it by scope."""
    return [page(writer, kpi) for kpi in writer.figures.definitions if writer.value(kpi) is not None]


def page(writer: Writer, kpi: str) -> Page:
    words, definition = writer.words, writer.figures.definitions[kpi]
    formula, _ = words.formula(kpi)
    facts = Facts(
        [
            (words.label("formula"), formula),
            (words.label("owner"), writer.owner(kpi)),
            (words.label("unit"), words.term("unit", definition["unit"])),
            (words.label("better"), words.term("better", definition["good_direction"])),
            (words.label("reference"), words.term("reference", definition["reference"])),
        ]
    )
    card = writer.card(kpi, with_spark=False)
    cards = [Cards([card])] if card else []
    if not writer.is_available(kpi):
        sections: list[Section] = [writer.section("kpi-now", cards, facts, intro=False)]
    else:
        kind = KINDS_OF_UNITS.get(definition["unit"], "number")
        trend = writer.kpi_trend(
            f"kpi-{kpi}", words.kpi(kpi), words.t("subtitles.by_month"), {kpi: ("series-1", False)}, kind, one_size=True
        )
        sections = [writer.section("kpi-now", cards, progress(writer, kpi), trend, facts, intro=False)]
        scopes = breakdowns.of(writer, kpi)
        if scopes:
            sections.append(writer.section("kpi-scopes", scopes))
    sections.append(writer.section("kpi-rows", history(writer, kpi), intro=True))
    return Page(f"kpis/{kpi}.html", words.kpi(kpi), "all_kpis", sections)


def progress(writer: Writer, kpi: str) -> Table | None:
    """Month, quarter and year to date beside last year and beside what was agreed."""
    words, rows, unit = writer.words, [], writer.figures.definitions[kpi]["unit"]
    for period_type in ("month", "quarter", "year"):
        row = writer.progress(kpi, period_type)
        if row is None:
            continue
        sign, text, sense = writer.verdict(kpi, period_type, short=True)
        target = writer.against_target(kpi, short=True) if period_type == "quarter" else None
        rows.append(
            {
                "period": writer.period(row),
                "unit": unit,
                "value": row["value"],
                "before": row["year_before_value"],
                "verdict": text,
                "verdict_sign": sign,
                "verdict_sense": sense,
                "target": row["target"],
                "against": target[1] if target else "",
                "against_sign": target[0] if target else "",
                "against_sense": target[2] if target else "",
            }
        )
    columns = [
        Column("period", words.label("period")),
        Column("value", words.label("value"), "measure"),
        Column("before", words.label("year_before"), "measure"),
        Column("verdict", words.label("verdict"), "verdict"),
    ]
    if any(row["against"] for row in rows):
        columns += [
            Column("target", words.label("target"), "measure", digits=2),
            Column("against", words.label("against_target"), "verdict"),
        ]
    return Table(f"kpi-{kpi}-progress", words.t("tables.progress", kpi=words.kpi(kpi)), columns, rows) if rows else None


def history(writer: Writer, kpi: str) -> Table:
    words, definition = writer.words, writer.figures.definitions[kpi]
    kind = KINDS_OF_UNITS.get(definition["unit"], "number")
    columns = [
        words.column("month_start_date"),
        *breakdowns.value_columns(writer, definition["unit"])[:3],
        Column("low_value", words.label("low_value"), kind),
        Column("high_value", words.label("high_value"), kind),
        Column("held_out_invoice_count", words.label("held_out_invoice_count"), "number"),
        Column("held_out_gross_amount", words.label("held_out_gross_amount"), "money"),
        *breakdowns.value_columns(writer, definition["unit"])[3:],
    ]
    table = writer.table(
        f"kpi-{kpi}-months",
        words.t("tables.by_month", kpi=words.kpi(kpi)),
        "kpi.kpi_values",
        "select period_start_date as month_start_date, * from kpi.kpi_values where kpi = ? and scope_type = 'company'"
        " and period_type = 'month' order by period_start_date desc",
        [kpi],
        columns,
        shown=13,
    )
    unused = ("numerator", "denominator") if all(row["numerator"] is None for row in table.rows) else ()
    # Bounds stand there where they change how a figure reads.
    if not any(writer.bounds(row) for row in table.rows):
        unused += ("low_value", "high_value", "held_out_invoice_count", "held_out_gross_amount")
    table.columns = [column for column in table.columns if column.key not in unused]
    return table
