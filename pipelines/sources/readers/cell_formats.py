"""Formats of cells that show a number with leading zeros, as numbers of customers, articles and postal codes are kept: 17 as 00017.

Such a number is an identifier, and what is shown is what people know it by. Other formats (thousands, decimals, currencies, days) show
a value, which is read as it stands. Keep out: which cells have which format (``excel.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree

#: Parts of a format: a text in quotes or behind a stroke, a colour or condition, a blank of a sign's width, anything else.
_PARTS = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|_.|\*.|(.)', re.DOTALL)
#: Signs that stand for themselves without quotes.
_PLAIN = "-+() "
#: Where a digit stands in a mask.
DIGIT = "\0"


@dataclass(frozen=True)
class Mask:
    """Signs with places of digits between them; where there is a ``bound``, those of the numbers ``beyond`` it are others."""

    within: str
    bound: int | None = None
    beyond: str | None = None


def masks_of_styles(content: bytes) -> dict[str, Mask]:
    """Style of a cell -> its mask, of those that show leading zeros."""
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError:
        return {}
    codes = {item.get("numFmtId"): item.get("formatCode") or "" for item in root.iter() if local_name(item) == "numFmt"}
    cells = next((item for item in root if local_name(item) == "cellXfs"), ())
    styles = {str(number): mask_of(codes.get(style.get("numFmtId"), "")) for number, style in enumerate(cells)}
    return {style: mask for style, mask in styles.items() if mask}


def mask_of(code: str) -> Mask | None:
    """The mask of a format that shows at least two digits, zeros before them, and nothing else of a number; None for any other."""
    first, *others = _sections(code)
    mask = _shown_digits(first)
    if mask is None:
        return None
    bound = re.match(r"\[<(=?)(\d+)\]", first)
    if bound is None or not others:
        return Mask(mask)
    return Mask(mask, int(bound[2]) - (not bound[1]), _shown_digits(others[0]))


def _sections(code: str) -> list[str]:
    """The parts of a format: for numbers above zero or within a bound, below zero or beyond it, for zero, for texts."""
    sections = [""]
    for part in _PARTS.finditer(code):
        if part[3] == ";":
            sections.append("")
        else:
            sections[-1] += part[0]
    return sections


def _shown_digits(section: str) -> str | None:
    mask = ""
    # Signs right before the zeros are places of digits that are not shown where there are none.
    for part in _PARTS.finditer(re.sub("#+(?=0)", "", section, count=1)):
        quoted, escaped, sign = part.groups()
        if sign is None:
            mask += quoted or escaped or ""
        elif sign == "0":
            mask += DIGIT
        elif sign in _PLAIN:
            mask += sign
        else:
            return None
    return mask if mask.count(DIGIT) > 1 else None


def shown_by(mask: Mask, value: str) -> str | None:
    """A whole number as a mask shows it; None for what is none."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    if not number.is_finite() or number != number.to_integral_value() or abs(number) >= 10**15:
        return None
    signs = mask.within if mask.bound is None or number <= mask.bound else mask.beyond
    if signs is None:
        return None
    places = signs.count(DIGIT)
    digits = format(abs(number), ".0f").zfill(places)
    # More digits than the mask has stand before its first.
    before, rest = digits[: len(digits) - places], iter(digits[len(digits) - places :])
    shown = "".join(sign if sign != DIGIT else next(rest) for sign in signs)
    place = signs.index(DIGIT)
    return ("-" if number < 0 else "") + shown[:place] + before + shown[place:]


def has_leading_zeros(text: str, value: str) -> bool:
    """Whether ``text`` shows the whole number ``value`` with zeros before it, or in parts with strokes between."""
    if not re.fullmatch(r"-?(?:0[0-9]+|[0-9]+(?:-[0-9]+)+)", text):
        return False
    try:
        return Decimal(text.replace("-", "")) == abs(Decimal(value))
    except InvalidOperation:
        return False


def local_name(element: ElementTree.Element) -> str:
    """The name in any namespace: the strict form of the standard has another one."""
    return element.tag.rpartition("}")[2]
