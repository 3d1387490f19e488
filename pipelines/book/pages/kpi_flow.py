"""KPI Flow: which KPIs a team steers on this quarter, what was agreed, how far it is, and what was changed on the way.

Keep out: the meaning of a KPI (about).
"""

from __future__ import annotations

from typing import Any

from pipelines.book.blocks import Column, Page
from pipelines.book.pages.receivables import further
from pipelines.book.writer import Writer

TARGETS = "core.fct_kpi_targets"
ATTAINMENT = "kpi.kpi_flow_attainment"
#: Shown on other pages, or plain reference lists.
REFERENCES = (
    "kpi.kpi_flow_attainment",
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
    "kpi.vat_rates",
    "kpi.statutory_interest_rates",
    "kpi.invoice_error_types",
    "kpi.invoice_error_requirements",
    "kpi.unmatched_references",
)


def page(writer: Writer) -> Page:
    words = writer.words
    quarter = writer.figures.report_date.replace(month=(writer.figures.report_date.month - 1) // 3 * 3 + 1, day=1)
    return Page(
        "kpi_flow.html",
        words.t("nav.kpi_flow"),
        "kpi_flow",
        [
            writer.section("flow-now", current(writer)),
            writer.section("flow-changes", changes(writer)),
            *further(writer, "kpi", (*REFERENCES, *(t for t in writer.figures.tables if t.startswith("kpi.") and "restate" in t))),
        ],
        lead=words.t("leads.kpi_flow", quarter=words.notation.quarter(quarter)),
    )


def current(writer: Writer) -> Any:
    """What every team steers on today, its master KPI first."""
    words, figures = writer.words, writer.figures
    title = words.t("tables.targets")
    if not figures.filled(TARGETS):
        return writer.absent(TARGETS, title, ("kpi_targets",))
    if figures.filled(ATTAINMENT):
        return attainment(writer)
    tables = []
    teams = figures.raw(
        f"select distinct team from {TARGETS} where valid_from_date <= ? and (valid_until_date is null or valid_until_date > ?) order by 1",
        [figures.report_date] * 2,
    )
    for team in teams:
        table = writer.table(
            f"targets-{len(tables) + 1}",
            str(team["team"]),
            TARGETS,
            f"select t.*, v.value, v.unit, d.higher_is_better from {TARGETS} as t left join kpi.kpi_definitions as d using (kpi)"
            " left join kpi.kpi_values as v on v.kpi = t.kpi and v.scope_type = 'team' and v.scope_id = t.team and v.period_type = 'month'"
            f" and v.period_start_date = date '{writer.month}'"
            " where t.team = ? and t.valid_from_date <= ? and (t.valid_until_date is null or t.valid_until_date > ?)"
            " order by case t.role when 'master' then 1 when 'focus' then 2 else 3 end, t.kpi",
            [team["team"], figures.report_date, figures.report_date],
            [],
        )
        for row in table.rows:
            definition = figures.definitions.get(row["kpi"])
            unit = definition["unit"] if definition else "number"
            row["target_text"] = words.measure(row["target"], unit, 2 if unit == "number" else None)
            # An amount of a month does not stand against the target of a quarter; a rate does.
            comparable = row["value"] is not None and unit in ("share", "days", "percent")
            row["value_text"] = words.measure(row["value"], unit) if comparable else ""
            if comparable:
                met = row["value"] >= row["target"] if row["higher_is_better"] else row["value"] <= row["target"]
                row["verdict"] = words.t("verdict.met" if met else "verdict.not_met")
                row["verdict_sign"], row["verdict_sense"] = ("✓", "good") if met else ("✗", "bad")
        table.columns = [
            words.column("kpi"),
            words.column("role"),
            Column("target_text", words.label("target"), "measure"),
            Column("value_text", words.notation.month(writer.month), "measure"),
            Column("verdict", words.label("verdict"), "verdict"),
            words.column("rhythm"),
            words.column("reward"),
            words.column("way_of_working"),
        ]
        tables.append(table)
    return tables or writer.absent(TARGETS, title)


def attainment(writer: Writer) -> list[Any]:
    """Per team: target, value, and the status against the day of the quarter, as of the last complete month."""
    words, figures = writer.words, writer.figures
    newest = figures.raw(f"select max(month_start_date) as m from {ATTAINMENT} where month_start_date <= ?", [writer.month])[0]["m"]
    senses = {"on course": ("✓", "good"), "at risk": ("!", "bad"), "off course": ("✗", "bad")}
    tables = []
    teams = figures.raw(f"select distinct team from {ATTAINMENT} where month_start_date = ? order by 1", [newest])
    for team in teams:
        table = writer.table(
            f"attainment-{len(tables) + 1}",
            f"{team['team']}, {words.notation.month(newest)}",
            ATTAINMENT,
            f"select * from {ATTAINMENT} where month_start_date = ? and team = ?"
            " order by flow_status = 'replaced', case role when 'master' then 1 when 'focus' then 2 else 3 end, kpi",
            [newest, team["team"]],
            [],
        )
        for row in table.rows:
            definition = figures.definitions.get(row["kpi"])
            unit = definition["unit"] if definition else "number"
            for key in ("original_target", "current_target", "day_weighted_target", "value"):
                row[f"{key}_text"] = words.measure(row[key], unit)
            row["verdict"] = words.term("flow_status", row["flow_status"])
            row["verdict_sign"], row["verdict_sense"] = senses.get(row["flow_status"], ("•", "plain"))
        table.columns = [
            words.column("kpi"),
            words.column("role"),
            *[
                Column(f"{key}_text", words.label(key), "measure")
                for key in ("original_target", "current_target", "day_weighted_target", "value")
            ],
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
            Column("target", words.label("target"), "number", digits=2),
            "change_reason",
            "agreed_by",
        ],
    )
    from pipelines.book.blocks import Notice

    return table if table.rows else Notice(words.t("absent.no_changes"))
