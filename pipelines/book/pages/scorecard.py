"""The scorecard: the shared KPIs with status, trend and owner, and the four pictures that a Monday starts with.

Keep out: what belongs to one subject only (its own page).
"""

from __future__ import annotations

from pipelines.book.blocks import Cards, Chart, Column, Facts, Page, Section, Table
from pipelines.book.pages import customer_dynamics, customer_results, growth, receivables
from pipelines.book.words import KINDS_OF_UNITS
from pipelines.book.writer import Writer, years_before

#: One definition, two owners: what sales and finance both answer for.
HEADLINES = (
    "net_revenue",
    "customer_result",
    "new_customers",
    "dso_simple",
    "overdue_share",
    "invoice_error_rate",
    "first_time_right",
    "write_off_rate",
    "logo_churn_rate",
    "net_revenue_retention",
    "win_rate",
    "forecast_accuracy_wape",
    "active_customers",
    "pipeline_amount",
)
MAX_CARDS = 12
#: The order of the subjects in the list of all KPIs.
SUBJECTS = ("growth", "receivables", "order_to_cash", "customer_accounting", "kpi")


def page(writer: Writer) -> Page:
    words = writer.words
    known = [kpi for kpi in HEADLINES if kpi in writer.figures.definitions]
    available = [kpi for kpi in known if writer.is_available(kpi)][:MAX_CARDS]
    missing = [kpi for kpi in known if not writer.is_available(kpi)]
    pictures = [
        receivables.days_outstanding(writer),
        growth.revenue(writer),
        customer_results.whale(writer),
        customer_dynamics.dynamics(writer),
    ]
    return Page(
        "scorecard.html",
        words.t("nav.scorecard"),
        "scorecard",
        [
            writer.section("headlines", writer.cards(available) + writer.unavailable(missing)),
            # What is missing was said above, once.
            writer.section("pictures", [picture for picture in pictures if isinstance(picture, Chart)]),
            writer.section("all-kpis", all_kpis(writer)),
        ],
        lead=words.t("leads.scorecard", month=words.notation.month(writer.month)),
        chips=check_chips(writer),
    )


def check_chips(writer: Writer) -> list[tuple[str, str, str]]:
    """Whether the figures can be trusted, in words."""
    words, publication = writer.words, writer.figures.publication
    chips = [("good", "✓", words.t("chips.passed", count=words.count(publication["checks_passed_count"])))]
    if publication["checks_failed_count"]:
        chips.append(("bad", "!", words.t("chips.failed", count=words.count(publication["checks_failed_count"]))))
    if publication["checks_not_assessed_count"]:
        chips.append(("plain", "○", words.t("chips.not_assessed", count=words.count(publication["checks_not_assessed_count"]))))
    return chips


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
            sign, text, sense = writer.verdict(kpi, row)
            before = writer.value(kpi, years_before(row["period_start_date"]))
            shown |= {
                "value": words.measure(row["value"], row["unit"]),
                "verdict": text,
                "verdict_sign": sign,
                "verdict_sense": sense,
                "before": words.measure(before["value"], row["unit"]) if before and before["status"] != "not_available" else "",
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
        Column("before", words.label("year_before"), "measure"),
        words.column("status"),
        Column("note", words.label("note")),
        Column("owner", words.label("owner")),
    ]
    return Table("kpis", words.t("tables.kpis", month=words.notation.month(writer.month)), columns, rows, shown=200)


def kpi_pages(writer: Writer) -> list[Page]:
    """One page per KPI: its trend, and the rows behind it by scope."""
    return [kpi_page(writer, kpi) for kpi in writer.figures.definitions if writer.value(kpi) is not None]


def kpi_page(writer: Writer, kpi: str) -> Page:
    words, definition = writer.words, writer.figures.definitions[kpi]
    formula, _ = words.formula(kpi)
    facts = Facts(
        [
            (words.label("formula"), formula),
            (words.label("owner"), writer.owner(kpi)),
            (words.label("unit"), words.term("unit", definition["unit"])),
            (words.label("better"), words.t("better.up" if definition["higher_is_better"] else "better.down")),
        ]
    )
    card = writer.card(kpi, with_spark=False)
    cards = [Cards([card])] if card else []
    if not writer.is_available(kpi):
        sections: list[Section] = [writer.section("kpi-now", cards, facts, intro=False)]
    else:
        kind = {"reporting currency": "money", "share": "share"}.get(definition["unit"], "number")
        trend = writer.kpi_trend(
            f"kpi-{kpi}", words.kpi(kpi), words.t("subtitles.by_month"), {kpi: ("series-1", False)}, kind, one_size=True
        )
        sections = [writer.section("kpi-now", cards, trend, facts, intro=False)]
        scopes = scope_tables(writer, kpi, definition["unit"])
        if scopes:
            sections.append(writer.section("kpi-scopes", scopes))
    sections.append(writer.section("kpi-rows", history(writer, kpi), intro=True))
    return Page(f"kpis/{kpi}.html", words.kpi(kpi), "scorecard", sections)


def _value_columns(writer: Writer, unit: str) -> list[Column]:
    words = writer.words
    kind = KINDS_OF_UNITS.get(unit, "number")
    return [
        Column("value", words.label("value"), kind),
        Column("numerator", words.label("numerator"), "number"),
        Column("denominator", words.label("denominator"), "number"),
        words.column("status"),
        words.column("reason"),
    ]


def scope_tables(writer: Writer, kpi: str, unit: str) -> list[Table]:
    words, tables = writer.words, []
    scopes = writer.figures.raw(
        "select distinct scope_type from kpi.kpi_values where kpi = ? and scope_type <> 'company' and period_type = 'month'"
        " and period_start_date = ? and value is not null order by 1",
        [kpi, writer.month],
    )
    for scope in scopes:
        name = scope["scope_type"]
        extra, join = "cast(null as varchar) as scope_name", ""
        if name == "salesperson" and writer.figures.has("core.dim_salespeople", "salesperson_id", "name"):
            extra, join = "p.name as scope_name", " left join core.dim_salespeople as p on p.salesperson_id = k.scope_id"
        table = writer.table(
            f"kpi-{kpi}-{name}",
            words.t("tables.by_scope", kpi=words.kpi(kpi), scope=words.term("scope_type", name), month=words.notation.month(writer.month)),
            "kpi.kpi_values",
            f"select k.*, {extra} from kpi.kpi_values as k{join} where k.kpi = ? and k.scope_type = ? and k.period_type = 'month'"
            " and k.period_start_date = ? order by k.value desc nulls last, k.scope_id",
            [kpi, name, writer.month],
            [],
            shown=12,
        )
        for row in table.rows:
            row["scope_id"] = row.get("scope_name") or row["scope_id"]
        label = words.term("scope_type", name)
        table.columns = [Column("scope_id", label[:1].upper() + label[1:], "code", "segment"), *_value_columns(writer, unit)]
        if all(row["numerator"] is None for row in table.rows):
            table.columns = [column for column in table.columns if column.key not in ("numerator", "denominator")]
        tables.append(table)
    return tables


def history(writer: Writer, kpi: str) -> Table:
    words, definition = writer.words, writer.figures.definitions[kpi]
    kind = KINDS_OF_UNITS.get(definition["unit"], "number")
    columns = [
        words.column("month_start_date"),
        *_value_columns(writer, definition["unit"])[:3],
        Column("low_value", words.label("low_value"), kind),
        Column("high_value", words.label("high_value"), kind),
        Column("held_out_invoice_count", words.label("held_out_invoice_count"), "number"),
        Column("held_out_gross_amount", words.label("held_out_gross_amount"), "money"),
        *_value_columns(writer, definition["unit"])[3:],
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
    if not any(row["held_out_invoice_count"] for row in table.rows):
        unused += ("held_out_invoice_count", "held_out_gross_amount")
    table.columns = [column for column in table.columns if column.key not in unused]
    return table
