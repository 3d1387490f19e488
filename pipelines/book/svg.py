"""SVG for a page: colours as the variables of its style sheet, so that dark mode and print choose their own, and nothing that the figure
around it says.

Keep out: the shapes (``charts.py``).
"""

from __future__ import annotations

import re

#: Name of a CSS variable -> the stand-in that the chart library sees. Blue is up, vermilion down, grey a total.
COLOURS = {
    "up": "#0b0001",
    "down": "#0b0002",
    "total": "#0b0003",
    "accent": "#0b0004",
    "ink": "#0b0005",
    "muted": "#0b0006",
    "grid": "#0b0007",
    "age-0": "#0b0010",
    "age-1": "#0b0011",
    "age-2": "#0b0012",
    "age-3": "#0b0013",
    "age-4": "#0b0014",
    "age-5": "#0b0015",
    "age-6": "#0b0016",
    "series-1": "#0b0021",
    "series-2": "#0b0022",
    "series-3": "#0b0023",
    "series-4": "#0b0024",
}
VARIABLES = {stand_in: f"var(--{name})" for name, stand_in in COLOURS.items()}
FONT = "Arial"
#: Attributes that hold coordinates.
PLACES = re.compile(r' (?:d|transform|[xy][12]?|width|height)="[^"]*"')

CONFIG = {
    "background": "transparent",
    "font": FONT,
    "padding": {"left": 2, "right": 2, "top": 4, "bottom": 2},
    "view": {"stroke": None},
    "axis": {
        "labelColor": COLOURS["muted"],
        "titleColor": COLOURS["muted"],
        "gridColor": COLOURS["grid"],
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
    },
    "legend": {"labelColor": COLOURS["ink"], "labelFontSize": 11, "symbolSize": 90, "symbolStrokeWidth": 0},
    "text": {"fontSize": 11},
}


def clean(svg: str) -> str:
    """The picture for a page: colours as variables, no ids or roles of its own (the figure around it has them)."""
    svg = re.sub(r'"(#0b00\d\d)"', lambda found: f'"{VARIABLES[found[1]]}"', svg)
    svg = re.sub(r' (role|aria-[a-z]+|class|pointer-events|font-family|xmlns:xlink|version)="[^"]*"', "", svg)
    svg = re.sub(r'<path d="M0,0h0v0h0Z"/>|<path d="M[\d.,\-]+h[\d.]+v[\d.]+h-[\d.]+Z"/>(?=<g>)', "", svg)
    # Nothing is drawn beyond its frame, and the numbers of the frames count on from picture to picture.
    svg = re.sub(r' clip-path="url\(#\w+\)"|<clipPath.*?</clipPath>|<defs>\s*</defs>', "", svg, flags=re.S)
    svg = svg.replace("<defs></defs>", "")
    # What is not seen: labels that gave way to others, what every shape is anyway, a hundredth of a pixel, groups of nothing.
    svg = re.sub(r'<text [^>]*opacity="0"[^>]*>[^<]*</text>|<path d="" display="none"/>', "", svg)
    svg = re.sub(r' (?:opacity="1"|stroke-width="1"|transform="translate\(0,0\)"|[xy]2="0")', "", svg)
    svg = PLACES.sub(lambda found: re.sub(r"-?\d+\.\d+(e-\d+)?", lambda number: f"{round(float(number[0]), 1):g}", found[0]), svg)
    svg = _ungrouped(svg)
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    svg = re.sub(r'<svg ([^>]*?)width="[\d.]+" height="[\d.]+"', r"<svg \1", svg, count=1)
    return svg.replace("<svg ", f'<svg aria-hidden="true" focusable="false" style="max-width:{float(size[1]) * 1.25:.0f}px" ', 1)


def _ungrouped(svg: str) -> str:
    """Without groups that say nothing of what is in them."""
    plain: list[bool] = []

    def kept(tag: re.Match[str]) -> str:
        if tag[0] == "</g>":
            return "" if plain.pop() else tag[0]
        plain.append(tag[0] == "<g>")
        return "" if plain[-1] else tag[0]

    return re.sub(r"<g(?: [^>]*)?>|</g>", kept, svg)


def standalone(svg: str, css: str) -> str:
    """The picture as a file of its own, on the light ground of the style sheet ``css``."""
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", css[: css.index("}")]))
    svg = re.sub(r"var\(--([\w-]+)\)", lambda found: colours[found[1]], svg)
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    frame = f'width="{width}" height="{height}" font-family="{FONT}, sans-serif" style="background:{colours["panel"]}" '
    return re.sub(r'style="max-width:\d+px" ', frame, svg, count=1)
