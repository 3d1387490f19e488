"""All KPIs of the company in one list: value, verdict, the year before, what was agreed, status and bounds.

Keep out: the page of a KPI (``kpi_pages.py``).
"""

from __future__ import annotations

from pipelines.book.blocks import Column, Page, Table
from pipelines.book.progress import years_before
from pipelines.book.writer import Writer

#: The order of the subjects in the list of all KPIs.
SUBJECTS = ("growth", "receivables", "order_to_cash", "customer_accounting", "kpi")


def page(writer: Writer) -> Page:
    words = writer.words
    return Page(
        "all_kpis.html",
        words.t("nav.all_kpis"),
        "all_kpis",
        [writer.section("all-kpis", all_kpis(writer))],
        lead=words.t("leads.all_kpis", month=words.notation.month(writer.month)),
    )


def all_kpis(writer: Writer) -> Table:
    """Every KPI of the company: value, verdict, the year before, status and bounds; those without a value come last."""
    words, rows = writer.words, []
    by_subject = sorted(writer.figures.definitions.items(), key=lambda item: (SUBJECTS.index(str(item[1]["marts"]).split(".")[0]), item[0]))
    for kpi, definition in by_subject:
        row = writer.value(kpi)
        if row is None:
            continue
        shown = {"kpi": kpi, "owner": writer.owner(kpi), "status": row["status"], "unit": definition["unit"]}
        if row["value"] is not None:
            sign, text, sense = writer.verdict(kpi, short=True)
            before = writer.value(kpi, years_before(row["period_start_date"]))
            against = writer.against_target(kpi) or ("", "", "")
            shown |= {
                "value": row["value"],
                "verdict": text,
                "verdict_sign": sign,
                "verdict_sense": sense,
                "before": before["value"] if before and before["status"] != "not_available" else None,
                "against_sign": against[0],
                "against": against[1],
                "against_sense": against[2],
                "note": writer.bounds(row) or writer.why(row),
            }
        else:
            shown["note"] = writer.why(row)
        rows.append(shown)
    rows.sort(key=lambda shown: "value" not in shown)
    columns = [
        words.column("kpi"),
        Column("value", words.label("value"), "measure"),
        Column("verdict", words.label("verdict"), "verdict"),
        Column("before", words.label("year_before"), "measure", period=words.notation.month(years_before(writer.month))),
        Column("against", words.label("against_target"), "verdict"),
        words.column("status"),
        Column("note", words.label("note")),
        Column("owner", words.label("owner")),
    ]
    period = words.notation.month(writer.month)
    return Table("kpis", words.t("tables.kpis", month=period), columns, rows, shown=200, period=period)
