"""Invoice errors by code and month: what raised the error rate.

Keep out: single findings and what to mend first (``invoice_errors.py``).
"""

from __future__ import annotations

from typing import Any

from pipelines.book.blocks import Column, Matrix, shade
from pipelines.book.progress import months_before
from pipelines.book.writer import Writer

ERRORS = "core.fct_invoice_errors"
#: Months side by side, and codes that the grid shows; the table behind it has all.
MONTHS, SHOWN = 12, 20


def by_month(writer: Writer) -> Any:
    """Findings per code and month, the code that rose most since the month before first."""
    words, figures = writer.words, writer.figures
    if not figures.filled(ERRORS):
        return None
    months = [months_before(writer.month, back) for back in range(MONTHS - 1, -1, -1)]
    counts = ", ".join(f"count(*) filter (event_month = date '{month}') as month_{place}" for place, month in enumerate(months))
    names = [words.notation.month(month) for month in months]
    title = words.t("charts.errors_by_code_and_month.title")
    table = writer.table(
        "errors-by-code-and-month",
        title,
        ERRORS,
        f"select error_code, {counts}, month_{MONTHS - 1} - month_{MONTHS - 2} as change_count from {ERRORS} where not is_approved"
        f" and event_month between date '{months[0]}' and date '{months[-1]}' group by 1"
        f" order by change_count desc, month_{MONTHS - 1} desc, error_code",
        [],
        [
            "error_code",
            Column("change_count", words.t("charts.errors_by_code_and_month.change"), "number", signed=True),
            *[Column(f"month_{place}", name, "number") for place, name in enumerate(names)],
        ],
        shown=60,
    )
    if not table.rows:
        return None
    keys = [f"month_{place}" for place in range(MONTHS)]
    most = max(row[key] for row in table.rows for key in keys)
    body = [
        (words.term("error", row["error_code"]), [(words.count(row[key]) if row[key] else "", shade(row[key], most), "") for key in keys])
        for row in table.rows[:SHOWN]
    ]
    subtitle = words.t("charts.errors_by_code_and_month.subtitle", first=names[-2], last=names[-1])
    return Matrix("errors-by-code-and-month", title, subtitle, words.label("error_code"), names, body, table)
