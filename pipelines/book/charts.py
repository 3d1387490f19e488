"""Pictures of published figures: one function per shape, drawn by Altair and turned into SVG while the book is built.

Altair with vl-convert, not Plotly: a picture is 4-12 kB of SVG in the page and needs no script, so that it prints, scales and
opens from a file share; Plotly's script alone is 4.8 MB beside every book and draws nothing without it. Measured 2026-11 on two
cores: 30-40 ms a picture after 1.3 s for the first one. Installed, vl-convert takes 84 MB and Plotly 64 MB; Altair is there
already, for Great Expectations. Colours are written as CSS variables, so that dark mode and print choose their own. Channels
are objects: of one that is given as text the library hashes its whole schema first, 1.5 ms each.

Keep out: where figures come from, and tables.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pipelines.book.formats import Notation
from pipelines.book.svg import COLOURS, CONFIG, clean

#: Pixels of a picture on a wide and on a narrow screen.
WIDTHS = {"wide": 520, "narrow": 290}
#: One size for every screen, where hundreds of pictures are drawn.
ONE_WIDTH = 400
#: A month on an axis with its year: a trend of two years has each month twice.
MONTH_LABEL = "timeFormat(toDate(datum.value), '%b %y')"
#: Pixels of a letter of a label, on average.
LETTER = 6.0


@dataclass(frozen=True)
class Picture:
    """The same picture for a wide and a narrow screen; ``narrow`` is empty where one size serves both."""

    wide: str
    narrow: str = ""


@dataclass(frozen=True)
class Scale:
    """How an axis writes its values: ``datum.value`` divided, formatted and followed by a unit."""

    kind: str
    notation: Notation
    currency: str = "EUR"

    def label(self, largest: float) -> str:
        """An expression of the chart library for the labels of an axis that reaches ``largest``."""
        if self.kind in ("share", "points"):
            digits = 0 if largest >= 0.1 else 1
            return f"format(datum.value * 100, '.{digits}f')" + (" + '%'" if self.kind == "share" else "")
        if self.kind != "money":
            digits = 0 if largest >= 5 else 1
            return f"format(datum.value, ',.{digits}f')"
        symbol = self.notation.symbol(self.currency)
        divisor, unit = (1e6, self.notation.million) if largest >= 2e6 else (1e3, self.notation.thousand) if largest >= 2e3 else (1, "")
        digits = 1 if largest / divisor < 5 and divisor > 1 else 0
        number = f"format(abs(datum.value) / {divisor:.0f}, ',.{digits}f')"
        return f"(datum.value < 0 ? '\u2212' : '') + '{symbol}' + (datum.value == 0 ? '0' : {number} + '{unit}')"


def _svg(chart: Any, notation: Notation) -> str:
    import altair as alt
    import vl_convert

    # Our own shapes are drawn in a test; validating each one again took half of the time of a book (2026-11).
    with alt.utils.schemapi.debug_mode(False):
        spec = chart.to_dict(validate=False)
    spec["config"] = CONFIG
    spec["datasets"] = dict(_datasets)
    svg = vl_convert.vegalite_to_svg(spec, format_locale=notation.locale, time_format_locale=notation.locale, show_warnings=False)
    return clean(svg)


#: Rows of the picture being drawn, by name: the chart library copies a chart often, and would copy them along.
_datasets: dict[str, list[dict]] = {}


def _drawn(draw: Callable[[], Any], notation: Notation) -> str:
    import altair as alt

    _datasets.clear()
    with alt.utils.schemapi.debug_mode(False):
        chart = draw()
    return _svg(chart, notation)


def _both(draw: Any, notation: Notation, one_size: bool = False) -> Picture:
    if one_size:
        return Picture(_drawn(lambda: draw(ONE_WIDTH, False), notation))
    return Picture(**{name: _drawn(lambda w=width, n=name: draw(w, n == "narrow"), notation) for name, width in WIDTHS.items()})


def _values(rows: list[dict]) -> Any:
    import altair as alt

    plain = [{key: float(value) if isinstance(value, Decimal) else value for key, value in row.items()} for row in rows]
    name = f"rows{len(_datasets)}"
    _datasets[name] = plain
    return alt.NamedData(name=name)


def trend(
    rows: list[dict],
    series: dict[str, tuple[str, str, bool]],
    scale: Scale,
    *,
    from_zero: bool = True,
    one_size: bool = False,
) -> Picture:
    """Lines over months. ``rows``: month, series, value. ``series``: key -> (label, colour, dashed), drawn in that order."""
    import altair as alt

    rows = [{**row, "month": str(row["month"])[:10], "value": float(row["value"])} for row in rows if row["value"] is not None]
    largest = max((abs(row["value"]) for row in rows), default=1.0)
    newest = {key: max((row for row in rows if row["series"] == key), key=lambda row: row["month"], default=None) for key in series}
    marks = sorted({row["month"] for row in rows})

    def draw(width: int, narrow: bool) -> Any:
        longest = max(len(label) for label, _, _ in series.values())
        label_width = 0 if len(series) == 1 or narrow else min(180, 18 + round(7.0 * longest))
        step = max(1, round(len(marks) / (4 if narrow else 8)))
        shown = marks[::-1][::step][::-1]
        ticks = [alt.DateTime(year=int(m[:4]), month=int(m[5:7]), date=1) for m in shown]
        x = alt.X("month:T", title=None, axis=alt.Axis(grid=False, values=ticks, labelExpr=MONTH_LABEL, labelFlush=True))
        y = alt.Y(
            "value:Q",
            title=None,
            scale=alt.Scale(zero=from_zero, nice=True),
            axis=alt.Axis(labelExpr=scale.label(largest), tickCount=5),
        )
        layers = []
        colours = alt.Scale(domain=list(series), range=[COLOURS[colour] for _, colour, _ in series.values()])
        names = {key: label for key, (label, _, _) in series.items()}
        legend = None
        if narrow and len(series) > 1:
            labels = "{" + ",".join(f"'{key}':'{_quoted(label)}'" for key, label in names.items()) + "}[datum.value]"
            legend = alt.Legend(title=None, orient="top", labelExpr=labels, columns=1, symbolType="square", labelLimit=250)
        dashes = alt.StrokeDash(
            "series:N",
            scale=alt.Scale(domain=list(series), range=[[5, 3] if dashed else [1, 0] for *_, dashed in series.values()]),
            legend=None,
        )
        base = alt.Chart(_values(rows))
        layers.append(
            base.mark_line(strokeWidth=2.2, strokeJoin="round").encode(
                x=x, y=y, color=alt.Color("series:N", scale=colours, legend=legend), strokeDash=dashes
            )
        )
        ends = [row for row in newest.values() if row]
        layers.append(
            alt.Chart(_values(ends))
            .mark_point(filled=True, size=42, opacity=1)
            .encode(x=alt.X("month:T"), y=alt.Y("value:Q"), color=alt.Color("series:N", scale=colours, legend=legend))
        )
        if label_width:
            heights = _apart([row["value"] for row in ends], largest * 0.075)
            texts = [{**row, "at": at, "text": names[row["series"]]} for row, at in zip(ends, heights, strict=True)]
            layers.append(
                alt.Chart(_values(texts))
                .mark_text(align="left", dx=9, limit=label_width, fontWeight="bold")
                .encode(
                    x=alt.X("month:T"), y=alt.Y("at:Q"), text=alt.Text("text:N"), color=alt.Color("series:N", scale=colours, legend=legend)
                )
            )
        return alt.layer(*layers).properties(width=width - label_width, height=210 if not narrow else 180)

    return _both(draw, scale.notation, one_size)


def _lines(name: str, width: float) -> str:
    """``name`` over as many lines as ``width`` pixels ask for: nothing a reader needs ends in dots."""
    return "\n".join(textwrap.wrap(name, max(8, int(width / LETTER)), break_long_words=True, break_on_hyphens=True)) or name


def _axis_of_names() -> Any:
    """The names beside lying bars, each over its own lines."""
    import altair as alt

    return alt.Axis(labelLimit=0, labelLineHeight=12, grid=False, labelColor=COLOURS["ink"], labelExpr=r"split(datum.value, '\n')")


def _step(names: list[str], least: int) -> int:
    """The height of a lying bar that leaves room for the longest name."""
    return max(least, 6 + 12 * max(name.count("\n") + 1 for name in names)) if names else least


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _apart(values: list[float], gap: float) -> list[float]:
    """Heights of labels, pushed apart so that none covers another."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    placed = list(values)
    for below, above in pairwise(order):
        placed[above] = max(placed[above], placed[below] + gap)
    return placed


def columns(rows: list[dict], scale: Scale, *, line: str | None = None, one_size: bool = False) -> Picture:
    """Columns over months, with an optional thin line (``line``: the key of its value), such as the year before."""
    import altair as alt

    rows = [{**row, "month": str(row["month"])[:10], "value": float(row["value"])} for row in rows if row["value"] is not None]
    largest = max((abs(row["value"]) for row in rows), default=1.0)
    marks = [row["month"] for row in rows]

    def draw(width: int, narrow: bool) -> Any:
        step = max(1, round(len(marks) / (4 if narrow else 8)))
        shown = marks[::-1][::step][::-1]
        axis = alt.Axis(grid=False, labelExpr=MONTH_LABEL, values=shown, labelAngle=0, labelOverlap=True)
        x = alt.X("month:O", title=None, axis=axis, scale=alt.Scale(paddingInner=0.25))
        y = alt.Y("value:Q", title=None, axis=alt.Axis(labelExpr=scale.label(largest), tickCount=5))
        colour = alt.condition("datum.value < 0", alt.value(COLOURS["down"]), alt.value(COLOURS["up"]))
        layers = [alt.Chart(_values(rows)).mark_bar(cornerRadiusEnd=2).encode(x=x, y=y, color=colour)]
        if line:
            behind = [{"month": row["month"], "value": float(row[line])} for row in rows if row.get(line) is not None]
            if behind:
                layers.append(alt.Chart(_values(behind)).mark_line(color=COLOURS["ink"], strokeWidth=2, strokeDash=[4, 2]).encode(x=x, y=y))
        return alt.layer(*layers).properties(width=width, height=200 if not narrow else 170)

    return _both(draw, scale.notation, one_size)


def stacked(rows: list[dict], parts: dict[str, tuple[str, str]], scale: Scale, *, ends: dict[str, str] | None = None) -> Picture:
    """Lying bars in parts. ``rows``: name, part, value, in order. ``parts``: key -> (label, colour). ``ends``: a text per bar."""
    import altair as alt

    rows = [{**row, "value": float(row["value"]), "order": list(parts).index(row["part"])} for row in rows if row["value"]]
    plain_names = list(dict.fromkeys(row["name"] for row in rows))
    totals = {name: sum(row["value"] for row in rows if row["name"] == name and row["value"] > 0) for name in plain_names}
    largest = max(totals.values(), default=1.0)

    def draw(width: int, narrow: bool) -> Any:
        room, side = 96 if ends else 0, 95 if narrow else 145
        lines = {name: _lines(name, side) for name in plain_names}
        names = list(lines.values())
        colours = alt.Scale(domain=list(parts), range=[COLOURS[colour] for _, colour in parts.values()])
        labels = "{" + ",".join(f"'{key}':'{_quoted(label)}'" for key, (label, _) in parts.items()) + "}[datum.value]"
        legend = alt.Legend(title=None, orient="top", labelExpr=labels, columns=2 if narrow else 4, symbolType="square", labelLimit=0)
        y = alt.Y("name:N", title=None, sort=names, axis=_axis_of_names())
        x = alt.X("value:Q", title=None, axis=alt.Axis(labelExpr=scale.label(largest), tickCount=3 if narrow else 5))
        bars = (
            alt.Chart(_values([{**row, "name": lines[row["name"]]} for row in rows]))
            .mark_bar(height=20)
            .encode(x=x, y=y, color=alt.Color("part:N", scale=colours, legend=legend), order=alt.Order("order:Q"))
        )
        layers = [bars]
        if ends:
            texts = [{"name": lines[name], "value": totals[name], "text": ends.get(name, "")} for name in plain_names]
            layers.append(
                alt.Chart(_values(texts))
                .mark_text(align="left", dx=6, color=COLOURS["ink"], limit=room + 30)
                .encode(x=alt.X("value:Q"), y=alt.Y("name:N", sort=names), text=alt.Text("text:N"))
            )
        return alt.layer(*layers).properties(width=width - room - (70 if narrow else 110), height=alt.Step(_step(names, 34)))

    return _both(draw, scale.notation)


def bars(rows: list[dict], scale: Scale) -> Picture:
    """Lying bars from zero, blue above it and vermilion below. ``rows``: name, value, text; ``colour`` may name another one.

    Where rows have ``low`` and ``high``, the interval lies over the bar as a line.
    """
    import altair as alt

    rows = [
        {
            **row,
            "value": float(row["value"] or 0),
            "end": max(float(row.get("high") or 0), float(row["value"] or 0), 0.0),
            "fill": COLOURS[row.get("colour") or ("down" if (row["value"] or 0) < 0 else "up")],
        }
        for row in rows
    ]
    for row in rows:
        row.pop("colour", None)
    reached = [abs(float(row.get(end, 0))) for row in rows for end in ("value", "low", "high")]
    largest = max(reached, default=1.0) or 1.0
    lowest = min((float(row.get("low", row["value"])) for row in rows), default=0.0)
    longest = max((len(row["name"]) for row in rows), default=0)

    def draw(width: int, narrow: bool) -> Any:
        side = 105 if narrow else min(250, 20 + round(LETTER * longest))
        lined = [{**row, "name": _lines(row["name"], side)} for row in rows]
        names = list(dict.fromkeys(row["name"] for row in lined))
        # The widest text has to fit between the end of the longest bar and the border.
        room = 66
        y = alt.Y("name:N", title=None, sort=names, axis=_axis_of_names())
        x = alt.X("value:Q", title=None, axis=alt.Axis(labelExpr=scale.label(largest), tickCount=3 if narrow else 5))
        chart = alt.Chart(_values(lined))
        above = chart.mark_bar(height=16, cornerRadiusEnd=2).encode(x=x, y=y, color=alt.Color("fill:N", scale=None))
        texts = chart.mark_text(align="left", dx=5, color=COLOURS["ink"]).encode(
            x=alt.X("end:Q"), y=alt.Y("name:N", sort=names), text=alt.Text("text:N")
        )
        ranges = [row for row in lined if "low" in row]
        interval = (
            alt.Chart(_values(ranges))
            .mark_rule(strokeWidth=2.5, color=COLOURS["ink"])
            .encode(x=alt.X("low:Q"), x2=alt.X2("high"), y=alt.Y("name:N", sort=names))
        )
        zero = alt.Chart(_values([{"value": 0}])).mark_rule(color=COLOURS["total"]).encode(x=alt.X("value:Q")) if lowest < 0 else None
        layers = [above, *([interval] if ranges else []), texts, *([zero] if zero else [])]
        return alt.layer(*layers).properties(width=width - side - room, height=alt.Step(_step(names, 26)))

    return _both(draw, scale.notation)


def waterfall(steps: list[dict], scale: Scale, *, more_is_better: bool = True) -> Picture:
    """From an opening to a closing total. ``steps``: name, value, text, is_total; changes stand on what came before.

    Blue is a change for the better: upwards, or downwards where less is better. A step whose direction is neither names its ``colour``.
    The bars lie where a word of a name is wider than its column.
    """
    import altair as alt

    drawn, level = [], 0.0
    for step in steps:
        value = float(step["value"])
        begin, end = (0.0, value) if step["is_total"] else (level, level + value)
        colour = step.get("colour") or ("total" if step["is_total"] else "up" if (value >= 0) == more_is_better else "down")
        drawn.append(
            {"name": step["name"], "begin": begin, "end": end, "top": max(begin, end), "text": step["text"], "fill": COLOURS[colour]}
        )
        level = end
    largest = max((abs(row["top"]) for row in drawn), default=1.0) or 1.0
    longest_word = max(len(word) for row in drawn for word in row["name"].split())

    def draw(width: int, narrow: bool) -> Any:
        names = [row["name"] for row in drawn]
        if narrow or longest_word * LETTER > (width - 50) / len(names):
            side = 105 if narrow else 150
            lying = [{**row, "name": _lines(row["name"], side)} for row in drawn]
            names = [row["name"] for row in lying]
            y = alt.Y("name:N", title=None, sort=names, axis=_axis_of_names())
            x = alt.X("begin:Q", title=None, axis=alt.Axis(labelExpr=scale.label(largest), tickCount=3))
            base = alt.Chart(_values(lying))
            bar = base.mark_bar(height=18).encode(y=y, x=x, x2=alt.X2("end:Q"), color=alt.Color("fill:N", scale=None))
            text = base.mark_text(align="left", dx=4, color=COLOURS["ink"]).encode(
                y=alt.Y("name:N", sort=names), x=alt.X("top:Q"), text=alt.Text("text:N")
            )
            return alt.layer(bar, text).properties(width=width - side - 60, height=alt.Step(_step(names, 30)))
        wrapped = "split(datum.value, ' ')" if len(names) > 4 else "datum.value"
        x = alt.X("name:N", title=None, sort=names, axis=alt.Axis(labelAngle=0, grid=False, labelExpr=wrapped, labelColor=COLOURS["ink"]))
        y = alt.Y("begin:Q", title=None, axis=alt.Axis(labelExpr=scale.label(largest), tickCount=5))
        base = alt.Chart(_values(drawn))
        bar = base.mark_bar(cornerRadius=1).encode(x=x, y=y, y2=alt.Y2("end:Q"), color=alt.Color("fill:N", scale=None))
        text = base.mark_text(dy=-8, fontWeight="bold", color=COLOURS["ink"]).encode(
            x=alt.X("name:N", sort=names), y=alt.Y("top:Q"), text=alt.Text("text:N")
        )
        return alt.layer(bar, text).properties(width=width, height=220)

    return _both(draw, scale.notation)


def whale(points: list[dict], peak: dict, note: str, scale: Scale, x_title: str) -> Picture:
    """The cumulative curve. ``points``: share (of customers), value (cumulative); from the peak on it is vermilion."""
    import altair as alt

    points = [{"share": float(point["share"]), "value": float(point["value"])} for point in points]
    top = {"share": float(peak["share"]), "value": float(peak["value"]), "text": note}
    total = points[-1]["value"]
    largest = max(abs(point["value"]) for point in points)
    behind = [point for point in points if point["share"] >= top["share"]]
    before = [point for point in points if point["share"] <= top["share"]]

    def draw(width: int, narrow: bool) -> Any:
        x = alt.X(
            "share:Q", title=x_title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=4 if narrow else 6, grid=False)
        )
        y = alt.Y("value:Q", title=None, axis=alt.Axis(labelExpr=scale.label(largest), tickCount=5))
        layers = [
            alt.Chart(_values(behind)).mark_area(color=COLOURS["down"], opacity=0.16).encode(x=x, y=y, y2=alt.datum(total)),
            alt.Chart(_values([{"value": total}])).mark_rule(strokeDash=[2, 3], color=COLOURS["total"]).encode(y=alt.Y("value:Q")),
            alt.Chart(_values(before)).mark_line(color=COLOURS["up"], strokeWidth=2.4).encode(x=x, y=y),
            alt.Chart(_values(behind)).mark_line(color=COLOURS["down"], strokeWidth=2.4).encode(x=x, y=y),
            alt.Chart(_values([top])).mark_point(filled=True, size=60, opacity=1, color=COLOURS["up"]).encode(x=x, y=y),
        ]
        if not narrow:
            right = top["share"] > 0.55
            layers.append(
                alt.Chart(_values([top]))
                .mark_text(align="right" if right else "left", dx=-2 if right else 8, dy=-12, fontWeight="bold", color=COLOURS["ink"])
                .encode(x=x, y=y, text=alt.Text("text:N"))
            )
        return alt.layer(*layers).properties(width=width, height=230 if not narrow else 190)

    return _both(draw, scale.notation)
