"""What the readers of XML share: no entity is resolved, no document type is read, and what a number, a day and an instant are.

Keep out: any one format.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from lxml import etree

from pipelines.sources.readers.base import RefusedFileError

#: What every parser is told. A comment within an amount would end it: what stands around it is one text.
SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": False, "remove_comments": True, "remove_pis": True}
#: A number as XML writes it (xs:decimal); Python reads more than that as one (1_000, digits of other scripts).
XML_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
#: A day or an instant, with or without its zone.
ISO_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T[\d:.]+)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)


def check_no_document_type(root: etree._Element, what: str) -> None:
    """Raises RefusedFileError where a document type is declared, of which ``what`` has none: it can name entities and other files."""
    if root.getroottree().docinfo.doctype:
        raise RefusedFileError(
            f"it has a document type declaration (DOCTYPE), which {what} never has and which is not read. Ask who made it, and deliver it"
            " without"
        )


def written_day(text: str, what: str, advice: str) -> str:
    """The day of an ISO day or instant, as it stands; nothing stays nothing. Raises RefusedFileError where ``what`` is neither."""
    found = ISO_DAY.fullmatch(text)
    try:
        return date.fromisoformat(found[1] if found else "none").isoformat() if text else ""
    except ValueError:
        raise RefusedFileError(f"{what} {text!r} is no day (YYYY-MM-DD). {advice}") from None


def day_or_instant(text: str, what: str, advice: str) -> str:
    """The same, but for an instant with a zone, which is given in UTC: the company's zone says its day, as everywhere."""
    day, found = written_day(text, what, advice), ISO_DAY.fullmatch(text)
    if not found or not found[2] or not found[3]:
        return day
    try:
        # The end of a day belongs to it.
        moment = datetime.fromisoformat(text.replace("T24:00:00", "T23:59:59")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise RefusedFileError(f"{what} {text!r} is no instant (YYYY-MM-DDThh:mm:ss and a zone). {advice}") from None
    return f"{moment:%Y-%m-%d %H:%M:%S}+00"
