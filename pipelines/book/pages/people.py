"""Teams and salespeople: who makes the quarter and who does not, and a page for each team and for each salesperson.

Keep out: what stands on the page of a salesperson (``salesperson.py``).
"""

from __future__ import annotations

from typing import Any

from pipelines.book.blocks import Column, Page, Table
from pipelines.book.figures import Row
from pipelines.book.pages.collection import APPROACH, OVERDUE, approach_columns, approached, list_columns, tell
from pipelines.book.progress import months_before, years_before
from pipelines.book.writer import Writer

ATTAINMENT = "kpi.kpi_flow_attainment"
COMMISSION = "growth.commission_monthly"
HAIRCUT = "growth.forecast_haircut_monthly"
SENSES = {
    "met": ("✓", "good"), "on course": ("✓", "good"), "at risk": ("!", "bad"), "off course": ("✗", "bad"), "missed": ("✗", "bad"),
}  # fmt: skip
#: Rows of one list on one page, and on all pages together as long as each has the least.
LEAST_ROWS, MOST_ROWS, ALL_ROWS = 3, 150, 4_000
#: Which figures of a quarter stand beside a name, where the catalogue has them.
QUARTER_KPIS = ("net_revenue", "won_amount", "new_customers", "overdue_amount", "commission_amount")


def number_pages(writer: Writer) -> None:
    """Gives every team and every salesperson with a figure a number: by name, and nobody who left before the last year."""
    figures = writer.figures
    since = years_before(writer.month)
    there = {salesperson: row for salesperson, row in figures.salespeople.items() if row["left_date"] is None or row["left_date"] >= since}
    figures.salesperson_pages = {salesperson: number for number, salesperson in enumerate(there, 1)}
    teams = sorted({row["team"] for row in there.values() if row["team"]})
    figures.team_pages = {team: number for number, team in enumerate(teams, 1)}


def quarter(writer: Writer) -> Any:
    """First day of the quarter of the headlines."""
    return writer.month.replace(month=(writer.month.month - 1) // 3 * 3 + 1)


def page(writer: Writer) -> Page:
    words = writer.words
    title = words.t("nav.people")
    if not writer.figures.salesperson_pages:
        absent = writer.absent("core.dim_salespeople", title, ("salespeople",))
        return Page("people.html", title, "people", [writer.section("people-quarter", absent)])
    return Page(
        "people.html",
        title,
        "people",
        [
            writer.section("people-quarter", team_quarter(writer)),
            writer.section("people-list", standings(writer, "people-standings", list(writer.figures.salespeople))),
        ],
        lead=words.t("leads.people", quarter=words.notation.quarter(quarter(writer))),
    )


def attainment(writer: Writer) -> dict[str, list[Row]]:
    """Team -> its agreements of the running quarter with what was attained by the end of the headline month, as the pages show them."""
    return writer.once("attainment-by-team", lambda: _attainment(writer))


def _attainment(writer: Writer) -> dict[str, list[Row]]:
    words, figures = writer.words, writer.figures
    found: dict[str, list[Row]] = {}
    if not figures.filled(ATTAINMENT):
        return found
    sql = (
        f"select * from {ATTAINMENT} where month_start_date = (select max(month_start_date) from {ATTAINMENT} where month_start_date <= ?)"
        " and flow_status <> 'replaced' order by team, case role when 'master' then 1 when 'focus' then 2 else 3 end, kpi"
    )
    for row in figures.raw(sql, [writer.month]):
        sign, sense = SENSES.get(row["flow_status"], ("•", "plain"))
        row |= {
            "unit": figures.definitions[row["kpi"]]["unit"] if row["kpi"] in figures.definitions else "number",
            "verdict": words.term("target_status", row["flow_status"]),
            "verdict_sign": sign,
            "verdict_sense": sense,
        }
        found.setdefault(row["team"], []).append(row)
    return found


def flow_columns(writer: Writer) -> list[Column]:
    words = writer.words
    return [
        words.column("kpi"),
        words.column("role"),
        Column("current_target", words.label("target"), "measure"),
        Column("value", words.notation.quarter(quarter(writer)), "measure"),
        words.column("current_attained_share", ATTAINMENT),
        Column("verdict", words.label("verdict"), "verdict"),
    ]


def flow(writer: Writer, team: str, name: str) -> Any:
    """What a team agreed for the quarter, and where it stands."""
    words = writer.words
    rows = attainment(writer).get(team)
    title = words.t("tables.team_flow", team=team, quarter=words.notation.quarter(quarter(writer)))
    if not rows:
        return writer.absent(ATTAINMENT, title, ("kpi_targets",))
    return Table(name, title, flow_columns(writer), rows, shown=len(rows), is_download=False)


def team_quarter(writer: Writer) -> Any:
    """Every team's agreements of the quarter: do we make it, and who does not."""
    words = writer.words
    title = words.t("tables.team_quarter", quarter=words.notation.quarter(quarter(writer)))
    rows = [row for rows in attainment(writer).values() for row in rows]
    if not rows:
        return writer.absent(ATTAINMENT, title, ("kpi_targets",))
    return Table("team-quarter", title, [Column("team", words.label("team"), "team"), *flow_columns(writer)], rows, shown=200)


def standings(writer: Writer, name: str, salespeople: list[str], is_download: bool = True) -> Table:
    """Salespeople with their figures of the quarter beside the same quarter a year before; the last month's commission."""
    words, figures = writer.words, writer.figures
    start = quarter(writer)
    kpis = [kpi for kpi in QUARTER_KPIS if kpi in figures.definitions]
    rows = {
        key: {"salesperson_id": key, "team": figures.salespeople[key]["team"]} for key in salespeople if key in figures.salesperson_pages
    }
    for found in quarter_values(writer):
        row = rows.get(found["scope_id"])
        if row is not None and found["kpi"] in kpis:
            is_now = found["period_start_date"] == start
            row[found["kpi"] if is_now else f"{found['kpi']}_before"] = found["value"]
    label = f"{words.kpi('net_revenue')}, {words.notation.quarter(years_before(start))}"
    columns = [words.column("salesperson_id"), Column("team", words.label("team"), "team")]
    for kpi in kpis:
        columns.append(words.column(kpi, label=words.kpi(kpi)))
        if kpi == "net_revenue":
            columns.append(Column("net_revenue_before", label, "money"))
    ordered = sorted(rows.values(), key=lambda row: (row["team"] or "", -(row.get("net_revenue") or 0), row["salesperson_id"]))
    # What the company does not deliver has no column.
    columns = columns[:2] + [column for column in columns[2:] if any(row.get(column.key) is not None for row in ordered)]
    subtitle = words.t("subtitles.quarter", quarter=words.notation.quarter(start))
    return Table(name, words.t("tables.people"), columns, ordered, shown=600, subtitle=subtitle, is_download=is_download)


def quarter_values(writer: Writer) -> list[Row]:
    start = quarter(writer)
    sql = (
        "select kpi, scope_id, period_start_date, value from kpi.kpi_values where scope_type = 'salesperson' and period_type = 'quarter'"
        " and period_start_date in (?, ?) and status <> 'not_available' and kpi in (select unnest(?))"
    )
    return writer.once("quarter-values", lambda: writer.figures.raw(sql, [start, years_before(start), list(QUARTER_KPIS)]))


def team_pages(writer: Writer) -> list[Page]:
    return [team_page(writer, team, number) for team, number in writer.figures.team_pages.items()]


def team_page(writer: Writer, team: str, number: int) -> Page:
    """A team for its manager: the quarter, the people, what is overdue with them and how good their forecasts were."""
    words, figures = writer.words, writer.figures
    members = [key for key, row in figures.salespeople.items() if row["team"] == team]
    absent = writer.absent(OVERDUE, words.t("tables.my_overdue"))
    sections = [
        writer.section("team-quarter", flow(writer, team, f"team-{number:02d}-flow"), intro=False),
        writer.section("people-list", standings(writer, f"team-{number:02d}-people", members, is_download=False), intro=False),
        writer.section("person-overdue", _team_overdue(writer).get(team) or absent, intro=False),
    ]
    if table := _team_forecasts(writer).get(team):
        sections.append(writer.section("person-forecast", table, intro=False))
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Table):
                block.name = block.name.format(key=f"{number:02d}")
    manager = next((figures.salespeople[key].get("manager") for key in members if figures.salespeople[key].get("manager")), None)
    lead = words.t("leads.team", manager=manager) if manager else ""
    return Page(f"teams/{number:02d}.html", team, "people", sections, lead=lead)


def rows_for(pages: int) -> int:
    """Rows of a list on each of ``pages`` pages: many on few, few on many, so that all of them together stay small."""
    return max(LEAST_ROWS, min(MOST_ROWS, ALL_ROWS // max(1, pages)))


def _team_overdue(writer: Writer) -> dict[str, Table]:
    return writer.once("team-overdue", lambda: overdue_by(writer, "team", "team-{key}-overdue", len(writer.figures.team_pages)))


def overdue_by(writer: Writer, key: str, name: str, pages: int) -> dict[str, Table]:
    """Team or account owner -> the customers to call about what is overdue."""
    if not writer.figures.filled(OVERDUE):
        return {}
    columns = [column for column in list_columns(writer) if column not in (key, "by_department")]
    if writer.figures.filled(APPROACH):
        columns[-1:-1] = approach_columns(writer.words)[:2]
    found = writer.tables_by(
        key,
        name,
        writer.words.t("tables.my_overdue"),
        OVERDUE,
        f"select * from {approached(writer)}",
        columns,
        order="overdue_amount desc, customer_id",
        shown=rows_for(pages),
        note=writer.words.t("notes.owned_overdue") if key == "account_owner_id" else "",
    )
    return {value: tell(writer, table) for value, table in found.items()}


def _team_forecasts(writer: Writer) -> dict[str, Table]:
    return writer.once("team-forecasts", lambda: forecasts_by(writer, "team", "team-{key}-forecast"))


def forecasts_by(writer: Writer, key: str, name: str) -> dict[str, Table]:
    """Team or salesperson -> forecasts of the last months: as given, calibrated, recommended, and what was won."""
    words, figures = writer.words, writer.figures
    if not figures.filled(HAIRCUT):
        return {}
    since = months_before(writer.month, 5 if key == "salesperson_id" else 0)
    keys = ["month_start_date", "salesperson_id", "raw_amount", "haircut_share", "calibrated_amount", "recommended_amount", "actual_amount"]
    columns = [column for column in keys if column in figures.tables[HAIRCUT] and column != key]
    if key == "team":
        columns.remove("month_start_date")
    return writer.tables_by(
        key,
        name,
        words.t("tables.my_forecasts" if key == "salesperson_id" else "tables.haircut", month=words.notation.month(writer.month)),
        HAIRCUT,
        f"select * from {HAIRCUT} where month_start_date between date '{since}' and date '{writer.month}'",
        columns,
        order="month_start_date desc, salesperson_id",
        shown=40,
    )
