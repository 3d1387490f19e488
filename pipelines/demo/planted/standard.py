"""What the standard's own rules say of the demo's documents: verdicts that come with electronic invoices. Keep out: our own rules."""

from __future__ import annotations

from pipelines.demo.planted.changes import DOCUMENT, LINE, SMALL, TOTALS
from pipelines.demo.planted.entry import Planted, document_key, line_key, near

EN_16931 = "urn:cen.eu:en16931:2017"
PEPPOL = f"{EN_16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"


def _verdict(rule: str, is_about_amounts: bool, message: str) -> str:
    return f"insert into work.verdicts select doc_key, '{rule}', {is_about_amounts}, '{message}' from work.documents where {DOCUMENT};"


def _line_off(specification: str) -> str:
    """SQL that makes a line 10 more than its price says, in a document of this specification."""
    return (
        f"update work.document_lines set net_amount = net_amount + 10 where {LINE};"
        + TOTALS
        + f"insert into work.specifications select doc_key, '{specification}' from work.documents where {DOCUMENT};"
    )


STANDARD: tuple[Planted, ...] = (
    Planted(
        "standard_amounts_wrong",
        _verdict("BR-CO-16", True, "Amount due for payment = invoice total with VAT - paid amount + rounding amount."),
        document_key("null"),
        near("a rule about amounts and no other is broken", "standard_rule_broken"),
        where=SMALL,
        count=0,
    ),
    Planted(
        "standard_rule_broken",
        _verdict("BR-11", False, "The buyer postal address shall contain a buyer country code."),
        document_key("null"),
        near("a country is missing and the amounts add up", "standard_amounts_wrong"),
        where=SMALL,
        count=0,
    ),
    Planted(
        "line_not_by_price",
        _line_off(EN_16931),
        line_key("10"),
        near("the plain standard asks for no price behind a line", "line_net_wrong"),
        where=SMALL,
        count=0,
    ),
    Planted(
        "line_off_under_peppol",
        _line_off(PEPPOL),
        line_key("10", code="line_net_wrong"),
        near("Peppol asks for the price behind a line", "line_not_by_price"),
        where=SMALL,
        count=0,
    ),
)
