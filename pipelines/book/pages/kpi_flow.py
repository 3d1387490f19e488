"""KPI Flow: which KPIs a team steers on this quarter, what was agreed, how far it is, and what was changed on the way.

Keep out: the meaning of a KPI (about).
"""

from __future__ import annotations

from typing import Any

from pipelines.book.blocks import Column, Page
from pipelines.book.pages.receivables import further
from pipelines.book.progress import TARGET_SENSES
from pipelines.book.writer import Writer

TARGETS = "core.fct_kpi_targets"
ATTAINMENT = "kpi.kpi_flow_attainment"
#: Shown on other pages, or plain reference lists.
REFERENCES = (
    "kpi.kpi_flow_attainment",
    "kpi.kpi_progress_monthly",
    "kpi.kpi_values",
    "kpi.kpi_value_reasons",
    "kpi.kpi_reasons",
    "kpi.kpi_definitions",
    "kpi.kpi_requirements",
    "kpi.credit_reasons",
    "kpi.currencies",
    "kpi.country_names",
    "kpi.kpi_bound_parts",
    "kpi.action_facts",
    "kpi.collection_approaches",
    "kpi.vat_rates",
    "kpi.statutory_interest_rates",
    "kpi.invoice_error_types",
    "kpi.invoice_error_requirements",
    "kpi.unmatched_references",
)


def page(writer: Writer) -> Page:
    words = writer.words
    return Page(
        "kpi_flow.html",
        words.t("nav.kpi_flow"),
        "kpi_flow",
        [
            writer.section("flow-now", current(writer)),
            writer.section("flow-changes", changes(writer)),
            *further(writer, "kpi", (*REFERENCES, *(t for t in writer.figures.tables if t.startswith("kpi.") and "restate" in t))),
        ],
        lead=words.t("leads.kpi_flow", quarter=writer.quarter_to_date(writer.month)),
    )


def current(writer: Writer) -> Any:
    """What every team steers on, its master KPI first."""
    words, figures = writer.words, writer.figures
    title = words.t("tables.targets")
    if not figures.filled(TARGETS):
        return writer.absent(TARGETS, title, ("kpi_targets",))
    if not figures.filled(ATTAINMENT):
        return writer.absent(ATTAINMENT, title, ("kpi_targets",))
    return attainment(writer)


def attainment(writer: Writer) -> list[Any]:
    """Per team: target, value, and the status against the day of the quarter at the end of the month; met or missed once it is over."""
    words, figures = writer.words, writer.figures
    newest = figures.raw(f"select max(month_start_date) as m from {ATTAINMENT} where month_start_date <= ?", [writer.month])[0]["m"]
    tables = []
    teams = figures.raw(f"select distinct team from {ATTAINMENT} where month_start_date = ? order by 1", [newest])
    quarter = writer.quarter_to_date(newest)
    for team in teams:
        table = writer.table(
            f"attainment-{len(tables) + 1}",
            f"{team['team']}, {quarter}",
            ATTAINMENT,
            f"select * from {ATTAINMENT} where month_start_date = ? and team = ?"
            " order by flow_status = 'replaced', case role when 'master' then 1 when 'focus' then 2 else 3 end, kpi",
            [newest, team["team"]],
            [],
            period=quarter,
        )
        for row in table.rows:
            definition = figures.definitions.get(row["kpi"])
            row["unit"] = definition["unit"] if definition else "number"
            row["verdict"] = words.term("target_status", row["flow_status"])
            row["verdict_sign"], row["verdict_sense"] = TARGET_SENSES.get(row["flow_status"], ("•", "plain"))
        # What was first agreed, and what held by days, say something only where a target was changed.
        targets = ["current_target"]
        for key in ("original_target", "day_weighted_target"):
            if any(row[key] != row["current_target"] for row in table.rows):
                targets.append(key)
        table.columns = [
            words.column("kpi"),
            words.column("role"),
            *[words.column(key, ATTAINMENT, kind="measure") for key in (*targets, "value")],
            words.column("current_attained_share", ATTAINMENT),
            Column("verdict", words.label("verdict"), "verdict"),
            words.column("rhythm"),
            words.column("reward"),
            words.column("way_of_working"),
        ]
        tables.append(table)
    return tables


def changes(writer: Writer) -> Any:
    """Targets that were changed while a quarter ran."""
    words, figures = writer.words, writer.figures
    title = words.t("tables.target_changes")
    if not figures.filled(TARGETS, "change_reason"):
        return writer.absent(TARGETS, title, ("kpi_targets",))
    table = writer.table(
        "target-changes",
        title,
        TARGETS,
        f"select * from {TARGETS} where change_reason is not null or valid_from_date > quarter_start_date order by"
        f" valid_from_date desc, team, kpi",
        [],
        [
            "kpi",
            "team",
            "role",
            "quarter_start_date",
            "valid_from_date",
            "valid_until_date",
            Column("target", words.label("target"), "measure"),
            "change_reason",
            "agreed_by",
        ],
    )
    for row in table.rows:
        definition = figures.definitions.get(row["kpi"])
        row["unit"] = definition["unit"] if definition else "number"
    from pipelines.book.blocks import Notice

    return table if table.rows else Notice(words.t("absent.no_changes"))
