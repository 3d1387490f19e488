"""Small pictures and tables of published figures for the Dagster UI. Keep out: any computation of a figure."""

from __future__ import annotations

import base64

import dagster as dg

#: Blue for figures; the UI shows the picture on light and dark ground.
LINE_COLOUR = "#0072b2"
TEXT_COLOUR = "#7f7f7f"


def scorecard_table(connection) -> dg.MetadataValue:
    """The company's figures of the latest month that is final, as a table."""
    rows = connection.execute(
        "select kpi, period_start_date, value, unit, status from kpi.kpi_values where scope_type = 'company' and period_type = 'month'"
        " and value is not null and period_start_date = (select max(period_start_date) from kpi.kpi_values"
        "  where status = 'final' and scope_type = 'company' and period_type = 'month' and value is not null) order by kpi limit 25"
    ).fetchall()
    lines = ["| KPI | month | value | unit | status |", "|---|---|---:|---|---|"]
    lines += [f"| {kpi} | {month:%Y-%m} | {value:,.2f} | {unit} | {status} |" for kpi, month, value, unit, status in rows]
    return dg.MetadataValue.md("\n".join(lines) if rows else "no final month yet")


def trend_picture(connection, kpi: str, months: int = 24) -> dg.MetadataValue:
    """One KPI of the company over its last months, as a line."""
    rows = connection.execute(
        "select period_start_date, value from kpi.kpi_values where kpi = ? and scope_type = 'company' and period_type = 'month'"
        " and value is not null order by 1 desc limit ?",
        [kpi, months],
    ).fetchall()[::-1]
    if len(rows) < 2:
        return dg.MetadataValue.md(f"{kpi}: fewer than two months")
    return dg.MetadataValue.md(f"![{kpi}]({sparkline([float(value) for _, value in rows], f'{rows[0][0]:%Y-%m}', f'{rows[-1][0]:%Y-%m}')})")


def sparkline(values: list[float], first: str, last: str, width: int = 480, height: int = 120) -> str:
    """A line of ``values`` as an SVG data address; the UI shows it in line."""
    low, high = min(min(values), 0.0), max(values)
    span = (high - low) or 1.0
    step = (width - 20) / (len(values) - 1)
    points = " ".join(f"{10 + i * step:.1f},{height - 25 - (v - low) / span * (height - 45):.1f}" for i, v in enumerate(values))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="11">'
        f'<polyline fill="none" stroke="{LINE_COLOUR}" stroke-width="2" points="{points}"/>'
        f'<text x="10" y="{height - 6}" fill="{TEXT_COLOUR}">{first}</text>'
        f'<text x="{width - 10}" y="{height - 6}" text-anchor="end" fill="{TEXT_COLOUR}">{last}: {values[-1]:,.0f}</text></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
