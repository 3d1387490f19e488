"""The scorecard: the first screen, the shared KPIs with status, trend and owner, and the pictures that a Monday starts with.

Keep out: the first screen itself (``month.py``), the page of a KPI (``kpi_pages.py``), what belongs to one subject only (its own page).
"""

from __future__ import annotations

from typing import Any

from pipelines.book.blocks import Chart, Page
from pipelines.book.pages import customer_dynamics, customer_results, growth, happened, month, receivables
from pipelines.book.writer import Writer

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
            *(writer.section(anchor, blocks) for anchor, blocks in first_screen(writer).items() if blocks),
            writer.section("headlines", writer.cards(available) + writer.unavailable(missing)),
            # What is missing was said above, once.
            writer.section("pictures", [picture for picture in pictures if isinstance(picture, Chart)]),
        ],
        lead=words.t("leads.scorecard", month=words.notation.month(writer.month)),
        chips=check_chips(writer),
    )


def first_screen(writer: Writer) -> dict[str, list[Any]]:
    """Anchor -> blocks of what a Monday starts with."""
    return {
        "progress": month.progress(writer),
        "decisions": month.decisions(writer),
        "happened": happened.blocks(writer),
        "cash": month.cash(writer),
    }


def check_chips(writer: Writer) -> list[tuple[str, str, str, str]]:
    """Whether the figures can be trusted, in words."""
    words, publication, link = writer.words, writer.figures.publication, "about.html#checks"
    chips = []
    for outcome, sense, sign in (("passed", "good", "✓"), ("failed", "bad", "!"), ("not_assessed", "plain", "○")):
        if (count := publication[f"checks_{outcome}_count"]) or outcome == "passed":
            chips.append((sense, sign, words.t(f"chips.{outcome}", count=words.count(count)), link))
    return chips
