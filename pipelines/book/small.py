"""Small pictures, drawn as they are: a line beside a figure, and columns of months on pages of which there are hundreds.

The chart library takes 35 ms and 4 kB for each; these take microseconds and some hundred bytes (2026-11). Keep out: pictures
with axes and legends (``charts.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from pipelines.book.charts import Picture

#: Size of a spark, and of a picture of columns with its line of labels.
SPARK = (84, 26)
COLUMNS = (400, 90)
LABELS = 18
#: The figure around a picture says what it shows.
HIDDEN = 'aria-hidden="true" focusable="false"'


def spark(values: Sequence[Any]) -> str:
    """A line of twelve months or so beside a figure, its last point marked; a month without a value is left out."""
    points = [(place, float(value)) for place, value in enumerate(values) if value is not None]
    if len(points) < 3:
        return ""
    width, height = SPARK
    low, high = min(value for _, value in points), max(value for _, value in points)
    size = (high - low) or 1.0
    placed = [
        (round(3 + place * (width - 6) / (len(values) - 1), 1), round(height - 3 - (value - low) / size * (height - 6), 1))
        for place, value in points
    ]
    line = " ".join(f"{x:g},{y:g}" for x, y in placed)
    x, y = placed[-1]
    return (
        f'<svg {HIDDEN} viewBox="0 0 {width} {height}"><polyline points="{line}" fill="none" stroke="var(--accent)" stroke-width="1.8"'
        f' stroke-linejoin="round"/><circle cx="{x:g}" cy="{y:g}" r="2.6" fill="var(--accent)"/></svg>'
    )


def columns(values: Sequence[Any], first: str, last: str, highest: str) -> Picture:
    """Columns of consecutive months; ``first`` and ``last`` name the ends of the line and ``highest`` the largest column."""
    known = [float(value or 0) for value in values]
    width, height = COLUMNS
    top, bottom = max(*known, 0.0), min(*known, 0.0)
    size = (top - bottom) or 1.0
    room = height - 2 * LABELS
    zero = round(LABELS + top / size * room, 1)
    step = width / len(known)
    above, below = [], []
    for place, value in enumerate(known):
        end = zero - value / size * room
        bar = f"M{round((place + 0.5) * step, 1):g},{zero:g}V{round(end, 1):g}"
        (below if value < 0 else above).append(bar if value else "")
    bars = [("".join(paths), colour) for paths, colour in ((above, "up"), (below, "down"))]
    parts = [f'<path d="{path}" stroke="var(--{colour})" stroke-width="{step * 0.76:.1f}"/>' for path, colour in bars if path]
    at = min(max((known.index(top) + 0.5) * step, 30), width - 30)
    text = 'font-size="11" fill="var(--muted)"'
    labels = ((at, 12, "middle", highest), (0, height - 4, "start", first), (width, height - 4, "end", last))
    parts.append(f'<path d="M0,{zero:g}h{width}" stroke="var(--grid)"/>')
    parts += [f'<text x="{x:.0f}" y="{y}" text-anchor="{anchor}" {text}>{escape(label)}</text>' for x, y, anchor, label in labels]
    return Picture(f'<svg {HIDDEN} viewBox="0 0 {width} {height}" style="max-width:{width}px">{"".join(parts)}</svg>')
