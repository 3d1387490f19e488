"""Electronic invoices of EN 16931: UBL 2.1, UN/CEFACT CII, and either of them within a PDF (Factur-X, ZUGFeRD).

A file may hold one document or several (an envelope, a set). Rows of a document: itself, its buyer, lines, allowances and charges, VAT
breakdown, preceding documents, what the official rules say of it, and every field that is none of these. Days become ISO and percentages
shares; what is no day or number stays as it is and is a row of the quarantine.
A document type declaration, an entity, an encoding that is another than declared refuses the file. Keep out: whether figures are right.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

from lxml import etree

from pipelines.companies.delivered import Notation, Source
from pipelines.companies.einvoices import EINVOICE_COLUMNS
from pipelines.sources.readers import einvoice_terms as terms
from pipelines.sources.readers.base import Inspection, RefusedFileError, scratch_file
from pipelines.sources.readers.delimited import csv_select_sql
from pipelines.sources.readers.einvoice_rules import verdicts
from pipelines.sources.readers.opening import unpacked
from pipelines.sources.readers.xml import SAFE, XML_NUMBER, check_no_document_type

Row = dict[str, str]
#: An ISO day as XML writes it, with or without its zone; a day as CII writes it (format 102).
_ISO_DAY, _CII_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?"), re.compile(r"(\d{4})(\d{2})(\d{2})")
#: What is attached to a document, in base64: all of it but the beginning, which tells what it is.
_ATTACHED = re.compile(rb">([A-Za-z0-9+/=\s]{200})[A-Za-z0-9+/=\s]{1000000,}<")
#: What standards call the one document within a PDF (Factur-X, ZUGFeRD 2 and 1, XRechnung); other XML beside it is an attachment.
_WITHIN_PDF = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
#: Elements that may be a document, by their whole name.
_ROOTS = (*(f"{{{space}}}{name}" for space, name in terms.UBL_ROOTS.items()), f"{{*}}{terms.CII_ROOT}")
#: How an archive (zip) begins.
ARCHIVE = b"PK\x03\x04"
#: What Peppol writes where an order number must stand and there is none.
NO_ORDER = "NA"
#: The customer of a document that does not say who the buyer is: its money counts, and the standard's rule says what is missing (BR-07).
UNKNOWN_BUYER = "unknown"


class EinvoiceReader:
    """Both syntaxes make the same rows, so that nothing behind the reader knows which one a document came in."""

    def inspect(self, path: Path, source: Source, notation: Notation, scratch: Path, *, careful: bool = False) -> Inspection:
        rows = list(self.rows(path, source.largest_file))
        copy = scratch_file(scratch, ".csv")
        with copy.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["", *EINVOICE_COLUMNS])
            writer.writerows([number, *(row.get(column, "") for column in EINVOICE_COLUMNS)] for number, row in enumerate(rows, start=1))
        return Inspection(EINVOICE_COLUMNS, len(rows), copy, is_copy=True)

    def select_sql(self, inspections: list[Inspection], wanted: tuple[str, ...], source: Source, notation: Notation) -> str:
        return csv_select_sql(inspections, wanted, source)

    def rows(self, path: Path, largest: int = 4_000_000_000) -> Iterator[Row]:
        """The rows of all documents of a file or archive, which may unpack to ``largest`` bytes."""
        with path.open("rb") as file:
            is_archive = file.read(4) == ARCHIVE
        if not is_archive:
            yield from self._rows(path.read_bytes())
            return
        for name, content in unpacked(path, largest):
            try:
                yield from self._rows(content)
            except RefusedFileError as error:
                raise RefusedFileError(f"{name} in it: {error}") from None

    @staticmethod
    def _rows(content: bytes) -> Iterator[Row]:
        root = _parsed(_xml_of(content))
        documents = [(element, syntax) for element in root.iter(*_ROOTS) if (syntax := _syntax(element)) is not None]
        if not documents:
            found = etree.QName(root).localname
            raise RefusedFileError(f"no Invoice, CreditNote or {terms.CII_ROOT} in {found}. Deliver the electronic invoice itself")
        known = {element for element, _ in documents}
        around = {above for element in known for above in element.iterancestors()}
        for other in root.iter(*(f"{{*}}{name}" for name in terms.DOCUMENT_NAMES)):
            if other not in known | around and known.isdisjoint(other.iterancestors()):
                raise RefusedFileError(
                    f"beside {len(known)} that are read it holds {other.tag}, which is not. Deliver that as UBL 2.1 or CII,"
                    " or as a file of its own"
                )
        for element, syntax in documents:
            yield from (_UblDocument if syntax == "ubl" else _CiiDocument)(element).rows()


class _Document:
    """One document and what has been read of it. ``lines`` and the other groups are elements, each read by paths of its own."""

    syntax: str
    document_paths: terms.Paths
    party_paths: terms.Paths
    line_paths: terms.Paths
    allowance_paths: terms.Paths
    vat_paths: terms.Paths
    reference_paths: terms.Paths

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.read: set[etree._Element] = set()
        self.currency = self.text(root, self.document_paths["currency"][0]).upper()

    def rows(self) -> Iterator[Row]:
        own = self.row(self.root, self.document_paths)
        own["document_type"] = terms.OTHER_DOCUMENT_TYPES.get(own["document_type"], own["document_type"])
        own["customer_order_number"] = "" if own["customer_order_number"] == NO_ORDER else own["customer_order_number"]
        own["vat_amount"], own["buyer_vat_id"] = self.vat_amount(own["currency"]), self.buyer_vat_id()
        buyer = self.row(self.root, self.party_paths)
        registration = own["buyer_registration_number"]
        # The buyer is known by the number that the seller gave it (BT-46), else by what else says who it is.
        known_by = (buyer.pop("own_id"), own["buyer_vat_id"], registration, buyer.pop("endpoint"), buyer["name"])
        own["customer_id"] = next(filter(None, known_by), UNKNOWN_BUYER)
        buyer |= {"customer_id": own["customer_id"], "name": buyer["name"] or own["customer_id"]}
        buyer |= {"vat_id": own["buyer_vat_id"], "registration_number": registration}
        earlier = [self.row(part, self.reference_paths) for part in self.references()]
        own["corrects_invoice_id"] = earlier[0]["preceding_invoice_id"] if len(earlier) == 1 else ""
        lines, allowances = [], [self.allowance(part) for part in self.allowances(self.root)]
        for part in self.lines():
            line = self.row(part, self.line_paths)
            line["line_kind"] = line.get("line_kind", "").lower()
            on_line = [self.allowance(inner) | {"line_number": line["line_number"]} for inner in self.allowances(part)]
            line["discount_amount"], line["charge_amount"] = (_sum(on_line, is_charge) for is_charge in (False, True))
            lines.append(line)
            allowances += on_line
        for number, row in enumerate(allowances, start=1):
            row["allowance_number"] = str(number)
        breakdown = [self.row(part, self.vat_paths) for part in self.vat_parts(own["currency"])]
        buyers = [buyer] if own["customer_id"] != UNKNOWN_BUYER else []
        groups = {"document": [own], "buyer": buyers, "line": lines, "allowance": allowances, "vat": breakdown, "reference": earlier}
        groups |= {"field": list(self.fields()), "verdict": list(self.verdicts())}
        for record, found in groups.items():
            for row in found:
                yield row | {"record": record, "invoice_id": own["invoice_id"]}

    def row(self, part: etree._Element, paths: terms.Paths) -> Row:
        found = {column: next(filter(None, (self.text(part, path) for path in choices)), "") for column, choices in paths.items()}
        return {
            column: _share(text) if column.endswith("_share") else _day(text) if column.endswith("_date") else text
            for column, text in found.items()
        }

    def text(self, part: etree._Element, path: str) -> str:
        """What stands at the first place of ``path`` below ``part``, or in its attribute; nothing where there is none."""
        place, _, attribute = path.partition("/@")
        found = part.find(_below(place))
        if found is None:
            return ""
        if attribute:
            return (found.get(attribute) or "").strip()
        self.read.add(found)
        text, currency = " ".join((found.text or "").split()), found.get("currencyID", "").strip()
        # An amount of another currency than the document's is no amount of it: it stands with its currency, and the contract refuses it.
        return f"{text} {currency}" if text and currency and self.currency not in ("", currency.upper()) else text

    def allowance(self, part: etree._Element) -> Row:
        return self.row(part, self.allowance_paths) | {"line_number": ""}

    def fields(self) -> Iterator[Row]:
        """Every field that no row holds, by its path."""
        found: dict[str, list[str]] = {}
        for element in self.root.iter(etree.Element):
            if len(element) == 0 and element not in self.read and (text := (element.text or "").strip()):
                names = [etree.QName(above).localname for above in (element, *element.iterancestors()) if above is not self.root]
                depth = next((place for place, above in enumerate(element.iterancestors()) if above is self.root), 0)
                found.setdefault("/".join(reversed(names[: depth + 1])), []).append(text)
        for path, texts in found.items():
            yield {"field_path": path, "occurrences": str(len(texts)), "value_text": texts[0][:200]}

    def verdicts(self) -> Iterator[Row]:
        for verdict in verdicts(self.root, self.syntax, self.profile()):
            yield {
                "rule_code": verdict.rule, "place_number": str(verdict.number), "is_about_amounts": str(verdict.is_about_amounts).lower(),
                "message_text": verdict.message, "place_text": verdict.place,
            }  # fmt: skip

    def profile(self) -> str:
        return ""

    def lines(self) -> list[etree._Element]:
        raise NotImplementedError

    def allowances(self, part: etree._Element) -> list[etree._Element]:
        raise NotImplementedError

    def vat_parts(self, currency: str) -> list[etree._Element]:
        raise NotImplementedError

    def references(self) -> list[etree._Element]:
        raise NotImplementedError

    def vat_amount(self, currency: str) -> str:
        raise NotImplementedError

    def buyer_vat_id(self) -> str:
        raise NotImplementedError


class _UblDocument(_Document):
    syntax = "ubl"
    document_paths, party_paths, line_paths = terms.UBL_DOCUMENT, terms.UBL_PARTY, terms.UBL_LINE
    allowance_paths, vat_paths, reference_paths = terms.UBL_ALLOWANCE, terms.UBL_VAT, terms.UBL_REFERENCE

    def lines(self) -> list[etree._Element]:
        return [*self.root.iterfind("{*}InvoiceLine"), *self.root.iterfind("{*}CreditNoteLine")]

    def allowances(self, part: etree._Element) -> list[etree._Element]:
        return part.findall("{*}AllowanceCharge")

    def references(self) -> list[etree._Element]:
        return self.root.findall("{*}BillingReference")

    def vat_parts(self, currency: str) -> list[etree._Element]:
        """Those of BT-110; what a total in the currency of the accounts is made of stands among the fields."""
        own = [
            total for total in self.root.iterfind("{*}TaxTotal")
            if all(amount.get("currencyID", currency) == currency for amount in total.iterfind("{*}TaxAmount"))
        ]  # fmt: skip
        return [part for total in own for part in total.iterfind("{*}TaxSubtotal")]

    def vat_amount(self, currency: str) -> str:
        """BT-110; a second total is in the currency of the accounts (BT-111)."""
        for total in self.root.iterfind("{*}TaxTotal/{*}TaxAmount"):
            if total.get("currencyID", currency) == currency:
                self.read.add(total)
                return (total.text or "").strip()
        return ""

    def buyer_vat_id(self) -> str:
        for scheme in self.root.iterfind(_below(f"{terms.UBL_BUYER}/PartyTaxScheme")):
            if self.text(scheme, "TaxScheme/ID").upper() == "VAT":
                return self.text(scheme, "CompanyID")
        return ""


class _CiiDocument(_Document):
    syntax = "cii"
    document_paths, party_paths, line_paths = terms.CII_DOCUMENT, terms.CII_PARTY, terms.CII_LINE
    allowance_paths, vat_paths, reference_paths = terms.CII_ALLOWANCE, terms.CII_VAT, terms.CII_REFERENCE

    def profile(self) -> str:
        """The profile of Factur-X that the document follows (BT-24), by the end of its name."""
        (guideline,) = terms.CII_DOCUMENT["specification_id"]
        return re.split(r"[:#]", self.text(self.root, guideline).lower())[-1]

    def lines(self) -> list[etree._Element]:
        return self.root.findall(_below(terms.CII_LINES))

    def allowances(self, part: etree._Element) -> list[etree._Element]:
        return part.findall(_below(terms.CII_ALLOWANCES if part is self.root else terms.CII_LINE_ALLOWANCES))

    def references(self) -> list[etree._Element]:
        return self.root.findall(_below(f"{terms.CII_SETTLEMENT}/InvoiceReferencedDocument"))

    def vat_parts(self, currency: str) -> list[etree._Element]:
        return self.root.findall(_below(f"{terms.CII_SETTLEMENT}/ApplicableTradeTax"))

    def vat_amount(self, currency: str) -> str:
        for total in self.root.iterfind(_below(f"{terms.CII_TOTALS}/TaxTotalAmount")):
            if total.get("currencyID", currency) == currency:
                self.read.add(total)
                return (total.text or "").strip()
        return ""

    def buyer_vat_id(self) -> str:
        for number in self.root.iterfind(_below(f"{terms.CII_BUYER}/SpecifiedTaxRegistration/ID")):
            if number.get("schemeID") == "VA":
                self.read.add(number)
                return (number.text or "").strip()
        return ""


def _xml_of(content: bytes) -> bytes:
    """The XML of a file: the file itself, or what a PDF carries. Raises RefusedFileError where a PDF carries none, or several."""
    if not content.startswith(b"%PDF"):
        return _ATTACHED.sub(rb">\1<", content)
    import pypdf

    try:
        attached = pypdf.PdfReader(io.BytesIO(content)).attachments
        every = [(name.lower(), content) for name, contents in attached.items() for content in contents if name.lower().endswith(".xml")]
        found = [content for name, content in every if name in _WITHIN_PDF] or [content for _, content in every]
    except (pypdf.errors.PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise RefusedFileError(f"not readable as PDF: {error}. Deliver the file again, as it was made") from None
    if len(found) != 1:
        names = ", ".join(name for name, contents in attached.items() for _ in contents) or "nothing"
        raise RefusedFileError(f"a PDF that carries {names}, and one XML is expected (Factur-X, ZUGFeRD). Deliver the electronic invoice")
    return found[0]


def _parsed(content: bytes) -> etree._Element:
    try:
        root = etree.fromstring(content, etree.XMLParser(**SAFE))
    except (etree.XMLSyntaxError, LookupError, ValueError) as error:
        raise RefusedFileError(f"not readable as XML: {error}. Deliver the file again, as it was made") from None
    check_no_document_type(root, "an electronic invoice")
    return root


def _syntax(element: etree._Element) -> str | None:
    name = etree.QName(element)
    if terms.UBL_ROOTS.get(name.namespace or "") == name.localname:
        return "ubl"
    return "cii" if name.localname == terms.CII_ROOT else None


@cache
def _below(path: str) -> str:
    """A path of local names in any namespace."""
    return "/".join(f"{{*}}{name}" for name in path.split("/"))


def _day(text: str) -> str:
    iso, cii = _ISO_DAY.fullmatch(text), _CII_DAY.fullmatch(text)
    return iso[1] if iso else "-".join(cii.groups()) if cii else text


def _share(text: str) -> str:
    """A percentage as a share, exactly; what is no number stays."""
    return format(Decimal(text) / 100, "f") if XML_NUMBER.fullmatch(text) else text


def _sum(allowances: list[Row], is_charge: bool) -> str:
    """The allowances or charges of a line together; nothing where it has none, or where one has no amount."""
    amounts = [row["amount"] for row in allowances if (row["is_charge"] in ("true", "1")) == is_charge]
    return str(sum(map(Decimal, amounts))) if amounts and all(map(XML_NUMBER.fullmatch, amounts)) else ""
