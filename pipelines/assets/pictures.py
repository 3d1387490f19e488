"""The book's pictures as metadata of the publish asset, for the Dagster UI. Keep out: any drawing or figure of its own."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from textwrap import wrap

import dagster as dg

from pipelines.book import STYLE_SHEET
from pipelines.book.blocks import Cards, Chart, Matrix, Page
from pipelines.book.svg import standalone

#: Characters beside one another that the column of metadata shows; it cuts the rest.
NARROW = 48


def pictures(pages: Iterable[Page]) -> dict[str, dg.MetadataValue]:
    """Page and title -> scorecard, picture or matrix of the book's ``pages``."""
    css = STYLE_SHEET.read_text(encoding="utf-8")
    found: dict[str, dg.MetadataValue] = {}
    for page in pages:
        for section in page.sections:
            for block in section.blocks:
                name = f"{page.title}: {getattr(block, 'title', section.heading)}"
                if isinstance(block, Cards):
                    found[name] = dg.MetadataValue.md(scorecard(block))
                elif isinstance(block, Chart):
                    image = base64.b64encode(standalone(block.picture.wide, css).encode()).decode()
                    found[name] = dg.MetadataValue.md(f"{block.subtitle}\n\n![{block.title}](data:image/svg+xml;base64,{image})")
                elif isinstance(block, Matrix):
                    found[name] = dg.MetadataValue.md(f"{narrow(block.subtitle)}\n\n{matrix(block)}")
    return found


def narrow(text: str) -> str:
    """``text`` with line breaks that Markdown keeps, no line longer than what is shown."""
    return "  \n".join(wrap(text, NARROW))


def scorecard(block: Cards) -> str:
    """Cards as a Markdown table: figure, value, verdict, owner."""
    lines = [f"| {card.label} | {card.value} {card.unit} | {card.sign} {card.verdict} | {card.owner} |" for card in block.cards]
    return "\n".join(["| KPI | value | status | owner |", "|---|---:|---|---|", *lines])


def matrix(block: Matrix) -> str:
    """A matrix as a Markdown table. Columns carry the short name of a class; the rows say what it stands for."""
    labels = [label.partition(":")[0] for label in block.column_labels]
    lines = ["| " + " | ".join([block.corner, *labels]) + " |", "|---|" + "---:|" * len(labels)]
    lines += ["| " + " | ".join([label, *(f"{text} {detail}".strip() for text, _, detail in cells)]) + " |" for label, cells in block.rows]
    return "\n".join(lines)
