"""About the figures: what they mean, what they rest on, what failed, and what is not there and why.

Keep out: figures of the business.
"""

from __future__ import annotations

from typing import Any

from pipelines.book import checks as check_words
from pipelines.book.blocks import Column, Facts, Notice, Page, Table
from pipelines.book.writer import Writer


def page(writer: Writer) -> Page:
    words = writer.words
    return Page(
        "about.html",
        words.t("nav.about"),
        "about",
        [
            writer.section("publication", facts(writer), intro=True),
            writer.section("definitions", definitions(writer)),
            writer.section("checks", checks(writer)),
            writer.section("quarantine", quarantine(writer), unmatched(writer)),
            writer.section("restatements", restatements(writer)),
            writer.section("not-available", not_available(writer), coverage(writer)),
            writer.section("invoice-errors", Notice(words.t("notes.invoice_errors"), "plain")),
            writer.section("reading", Notice(words.t("notes.csv"), "plain")),
        ],
        lead=words.t("leads.about"),
    )


def facts(writer: Writer) -> Facts:
    words, publication = writer.words, writer.figures.publication
    day, count = words.notation.day, words.count
    pairs = [
        (words.t("about.company"), writer.figures.company_name),
        (words.t("about.report_date"), day(publication["report_date"])),
        (words.t("about.complete_until"), day(publication["complete_until_date"])),
        (words.t("about.known_by"), day(publication["known_by_date"]) if publication["known_by_date"] else words.t("about.all_known")),
        (words.t("about.headline_month"), words.notation.month(writer.month)),
        (words.t("about.currency"), writer.figures.currency),
        (words.t("about.run"), publication["run_id"]),
        (words.t("about.passed"), count(publication["checks_passed_count"])),
        (words.t("about.failed"), count(publication["checks_failed_count"])),
        (words.t("about.not_assessed"), count(publication["checks_not_assessed_count"])),
    ]
    return Facts(pairs)


def definitions(writer: Writer) -> Table:
    words, rows = writer.words, []
    for kpi, definition in sorted(writer.figures.definitions.items(), key=lambda item: words.kpi(item[0])):
        formula, translated = words.formula(kpi)
        rows.append(
            {
                "kpi": kpi,
                "formula": formula,
                "formula_language": "" if translated else "en",
                "unit": words.term("unit", definition["unit"]),
                "better": words.term("better", definition["good_direction"]),
                "owner": writer.owner(kpi),
                "marts": definition["marts"],
                "anchor": f"kpi-{kpi}",
            }
        )
    columns = [
        words.column("kpi"),
        Column("formula", words.label("formula"), "formula"),
        Column("unit", words.label("unit")),
        Column("better", words.label("better")),
        Column("owner", words.label("owner")),
        Column("marts", words.label("marts")),
    ]
    return Table("definitions", words.t("tables.definitions"), columns, rows, shown=500)


def checks(writer: Writer) -> Any:
    words = writer.words
    if not writer.figures.filled("meta.check_results"):
        return writer.absent("meta.check_results", words.t("tables.checks"))
    counts = writer.figures.raw("select outcome, severity, count(*) as n from meta.check_results group by all order by outcome, severity")
    summary = Notice(
        words.t(
            "notes.checks",
            counts="; ".join(
                f"{words.term('outcome', r['outcome'])} ({words.term('severity', r['severity'])}): {words.count(r['n'])}" for r in counts
            ),
        ),
        "plain",
    )
    rows = writer.figures.raw(
        "select * from meta.check_results where outcome <> 'passed' order by outcome = 'failed' desc, severity, check_name, table_name"
    )
    for row in rows:
        if row["outcome"] == "failed":
            said = check_words.in_words(writer, row)
            row |= {"says": said.text, "what_to_do": said.what_to_do, "amount": said.amount, "kpi": next(iter(said.kpis), None)}
        else:
            row |= {"says": words.not_assessed(row), "amount": None, "kpi": None}
            row["what_to_do"] = words.t("checks.not_assessed.what_to_do")
    columns = [
        words.column("outcome"),
        Column("says", words.label("says")),
        words.column("kpi", label=words.label("touches")),
        Column("amount", words.label("amount"), "money"),
        Column("what_to_do", words.label("what_to_do")),
        Column("check_name", words.label("check_name")),
        words.column("culprit_count"),
    ]
    day = words.notation.day(writer.figures.report_date)
    table = Table("checks", words.t("tables.checks"), columns, rows, shown=40, subtitle=day, period=day)
    return [summary, table] if rows else [summary]


def quarantine(writer: Writer) -> Any:
    words = writer.words
    if not writer.figures.filled("meta.quarantine"):
        return Notice(words.t("absent.no_quarantine"), "plain")
    columns = ["entity", "path", "row_number", "column_name", "rule", "value", "expected"]
    if writer.figures.pseudonyms:
        columns.remove("value")
    return writer.table(
        "quarantine",
        words.t("tables.quarantine"),
        "meta.quarantine",
        f"select {', '.join(columns)} from meta.quarantine order by all",
        [],
        [words.column("entity"), *[Column(key, words.label(key), "number" if key == "row_number" else "text") for key in columns[1:]]],
        shown=20,
    )


def unmatched(writer: Writer) -> Any:
    words, source = writer.words, "kpi.unmatched_references"
    if not writer.figures.filled(source) or writer.figures.pseudonyms:
        return None
    return writer.table(
        "unmatched",
        words.t("tables.unmatched"),
        source,
        f"select * from {source} order by row_count desc, entity, column_name, unmatched_value",
        [],
        [
            "entity",
            Column("column_name", words.label("column_name")),
            Column("unmatched_value", words.label("unmatched_value")),
            "row_count",
            "amount",
        ],
        shown=15,
    )


def restatements(writer: Writer) -> Any:
    """The figures that differ from what was published before, in the unit of their KPI, and why."""
    words, source = writer.words, "meta.kpi_restatements"
    if not writer.figures.has(source):
        return Notice(words.t("absent.no_restatement_mart"))
    table = writer.table("restatements", words.t("tables.restatements"), source, f"select * from {source} order by all", [], [], shown=25)
    for row in table.rows:
        definition = writer.figures.definitions.get(row["kpi"])
        row["unit"] = definition["unit"] if definition else "number"
        row["why"] = ", ".join(words.term("restated", reason) for reason in str(row["reason"]).split(", "))
    table.columns = [
        words.column("kpi"),
        words.column("period_start_date"),
        Column("period_type", words.label("period_type"), "code", "period_type"),
        Column("scope_id", words.label("restated_scope"), "code", "segment"),
        Column("why", words.label("reason")),
        *[words.column(key, kind="measure") for key in ("old_value", "new_value", "change_value")],
        words.column("document_count"),
    ]
    return table if table.rows else Notice(words.t("absent.no_restatements"), "plain")


def not_available(writer: Writer) -> Any:
    words = writer.words
    missing = [kpi for kpi in writer.figures.definitions if not writer.is_available(kpi)]
    return writer.unavailable(missing) or Notice(words.t("absent.all_available"), "plain")


def coverage(writer: Writer) -> Any:
    words, source = writer.words, "meta.entity_coverage"
    if not writer.figures.filled(source):
        return None
    return writer.table(
        "entities",
        words.t("tables.entities"),
        source,
        f"select * from {source} order by is_delivered, entity",
        [],
        ["entity", "is_delivered", "delivery_count", "row_count", "reason"],
        shown=60,
    )
