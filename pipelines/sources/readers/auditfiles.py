"""Reader of the Dutch audit file (XML Auditfile Financieel 3.2, www.softwarepakketten.nl): a ledger's year as its bookings.

It brings its own mapping (:data:`AUDITFILE_COLUMNS`). A row per customer; a document per booking of a sales journal, its gross
amount on the receivables account, its VAT on the accounts of the VAT codes, and the rest its lines; a payment per line of a bank or cash
journal on a receivables account, with an allocation where it names an invoice; and the ledger's own balance per account and month,
which receivables and revenue are compared with. What other journals book on a receivables account are adjustments, credit or
debit notes without VAT; where they are no turnover (set off against a supplier), the comparison with the ledger's revenue says so.
What was open when the year began stands in the file of the year before: deliver it as well. Amounts stand in the currency of the
books. Keep out: what follows from a booking.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from lxml import etree

from pipelines.companies.auditfiles import AUDITFILE_COLUMNS
from pipelines.companies.delivered import Notation, Source
from pipelines.sources.readers.base import Inspection, RefusedFileError, scratch_file
from pipelines.sources.readers.delimited import csv_select_sql
from pipelines.sources.readers.xml import SAFE, XML_NUMBER, check_no_document_type, written_day

#: Kinds of journals: sales; bank and cash; what a year begins with, which the year before has booked.
SALES, CASH, OPENING = ("S",), ("B", "C"), ("O",)
#: References of accounts in the standard scheme (RGS): trade receivables and net turnover.
RECEIVABLES, TURNOVER = "BVorDeb", "WOmz"
Row = dict[str, str]


class AuditfileReader:
    """One audit file: all of it, or refused by name."""

    def inspect(self, path: Path, source: Source, notation: Notation, scratch: Path, *, careful: bool = False) -> Inspection:
        ledger = _Ledger()
        encoding = source.encoding if source.is_encoding_certain else None
        try:
            parsed = etree.iterparse(str(path), events=("end",), encoding=encoding, **SAFE)
            for _, element in parsed:
                ledger.take(element)
        except (etree.XMLSyntaxError, LookupError, OSError) as error:
            raise RefusedFileError(
                f"not readable as XML: {error}. Export it again; where its declared encoding is wrong, say encoding and is_encoding_certain"
            ) from None
        check_no_document_type(parsed.root, "an audit file")
        rows = ledger.rows()
        copy = scratch_file(scratch, ".csv")
        with copy.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["", *AUDITFILE_COLUMNS])
            writer.writerows([number, *(row.get(column, "") for column in AUDITFILE_COLUMNS)] for number, row in enumerate(rows, start=1))
        return Inspection(AUDITFILE_COLUMNS, len(rows), copy, is_copy=True)

    def select_sql(self, inspections: list[Inspection], wanted: tuple[str, ...], source: Source, notation: Notation) -> str:
        return csv_select_sql(inspections, wanted, source)


@dataclass(frozen=True)
class _Line:
    number: str
    account: str
    day: str
    amount: Decimal
    """Debit positive."""
    customer: str
    invoice: str
    words: str
    product: str
    quantity: str
    vat_percentage: str


@dataclass(frozen=True)
class _Booking:
    journal: str
    kind: str
    offset: str
    bank_account: str
    number: str
    day: str
    lines: tuple[_Line, ...]


@dataclass
class _Ledger:
    """What was read of a file so far; elements are given back as soon as they are understood."""

    is_auditfile: bool = False
    currency: str = ""
    start: str = ""
    totals: tuple[Decimal, Decimal] | None = None
    customers: list[Row] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    vat_accounts: set[str] = field(default_factory=set)
    opening: Counter[str] = field(default_factory=Counter)
    bookings: list[_Booking] = field(default_factory=list)
    due_days: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, element: etree._Element) -> None:
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if name == "auditfile":
            self.is_auditfile = True
        elif name == "header":
            self.currency, self.start = _text(element, "curCode"), _day(element, "startDate")
        elif name == "customerSupplier" and _text(element, "custSupTp") in ("C", "B", ""):
            self.customers.append(self._customer(element))
        elif name == "ledgerAccount":
            self.references[_text(element, "accID")] = _text(element, "leadReference")
        elif name == "vatCode":
            self.vat_accounts |= {_text(element, "vatToPayAccID"), _text(element, "vatToClaimAccID")} - {""}
        elif name == "obLine":
            self.opening[_text(element, "accID")] += _signed(element)
        elif name == "sbLine" and _text(element, "invDueDt"):
            self.due_days[_text(element, "jrnID"), _text(element, "trNr")] = _day(element, "invDueDt")
        elif name == "journal":
            self._journal(element)
        elif name == "transactions" and _text(element, "totalDebit"):
            self.totals = (_amount(element, "totalDebit"), _amount(element, "totalCredit"))
        if name in ("journal", "customerSupplier", "subledger", "ledgerAccount"):
            element.clear()

    def _customer(self, element: etree._Element) -> Row:
        return {
            "record": "customer", "customer_id": _text(element, "custSupID"), "name": _text(element, "custSupName"),
            "country": _text(element, "streetAddress/{*}country") or _text(element, "taxRegistrationCountry"),
            "vat_id": _text(element, "taxRegIdent"), "registration_number": _text(element, "commerceNr"),
            "credit_limit_amount": _text(element, "custCreditLimit"),
        }  # fmt: skip

    def _journal(self, journal: etree._Element) -> None:
        head = (_text(journal, "jrnID"), _text(journal, "jrnTp"), _text(journal, "offsetAccID"), _text(journal, "bankAccNr"))
        for booking in journal.iterfind("{*}transaction"):
            day = _day(booking, "trDt")
            lines = tuple(
                _Line(
                    _text(line, "nr"), _text(line, "accID"), _day(line, "effDate") or day, _signed(line), _text(line, "custSupID"),
                    _text(line, "invRef"), _text(line, "desc"), _text(line, "prodID"), _text(line, "qntity"), _text(line, "vat/{*}vatPerc"),
                )
                for line in booking.iterfind("{*}trLine")
            )  # fmt: skip
            self.bookings.append(_Booking(*head, _text(booking, "nr"), day, lines))

    def rows(self) -> list[Row]:
        """Every row of the file. Raises RefusedFileError when it is no audit file or its totals are not those of its lines."""
        if not self.is_auditfile or not self.currency or not self.start:
            raise RefusedFileError("no audit file: auditfile with a header of startDate and curCode was expected. Export it as XAF 3.2")
        amounts = [line.amount for booking in self.bookings for line in booking.lines]
        sums = (sum((a for a in amounts if a > 0), Decimal(0)), -sum((a for a in amounts if a < 0), Decimal(0)))
        # Some products book a negative debit as a credit: the balance of both is the same.
        if self.totals is not None and self.totals[0] - self.totals[1] != sums[0] - sums[1]:
            raise RefusedFileError(
                f"says debit {self.totals[0]} and credit {self.totals[1]}, its lines make {sums[0]} and {sums[1]}. Export it again"
            )
        receivables = {account for account, reference in self.references.items() if reference.startswith(RECEIVABLES)}
        receivables |= {booking.offset for booking in self.bookings if booking.kind in SALES and booking.offset}
        found = [row | {"currency": self.currency} for row in self.customers]
        for booking in self.bookings:
            if booking.kind in SALES:
                found += self._document(booking, receivables)
            elif booking.kind in CASH:
                found += self._payments(booking, receivables)
            elif booking.kind not in OPENING:
                found += [self._adjustment(booking, line) for line in booking.lines if line.account in receivables]
        return found + self._controls(receivables)

    def _document(self, booking: _Booking, receivables: set[str]) -> list[Row]:
        owed = [line for line in booking.lines if line.account in receivables]
        if not owed:
            return []
        gross = sum((line.amount for line in owed), Decimal(0))
        vat = -sum((line.amount for line in booking.lines if line.account in self.vat_accounts), Decimal(0))
        net = -sum((line.amount for line in booking.lines if line.account not in self.vat_accounts | receivables), Decimal(0))
        sign, number = -1 if gross < 0 else 1, owed[0].invoice or booking.number
        billed = [line for line in booking.lines if line.account not in self.vat_accounts | receivables]
        return [
            {
                "record": "document", "invoice_id": number, "customer_id": owed[0].customer,
                "document_type": "credit_note" if gross < 0 else "invoice", "issued_date": booking.day, "currency": self.currency,
                "due_date": self.due_days.get((booking.journal, booking.number), ""), "series": booking.journal,
                "net_amount": str(sign * net), "vat_amount": str(sign * vat), "gross_amount": str(sign * gross),
            },
            *(_billed(line, number, -sign * line.amount) for line in billed),
        ]  # fmt: skip

    def _adjustment(self, booking: _Booking, line: _Line) -> Row:
        amount = str(abs(line.amount))
        return {
            "record": "document", "invoice_id": f"{booking.journal}/{booking.number}/{line.number}", "customer_id": line.customer,
            "document_type": "credit_note" if line.amount < 0 else "debit_note", "issued_date": booking.day, "currency": self.currency,
            "net_amount": amount, "vat_amount": "0", "gross_amount": amount, "series": booking.journal, "reason_code": "adjustment",
        }  # fmt: skip

    def _payments(self, booking: _Booking, receivables: set[str]) -> list[Row]:
        found = []
        for line in booking.lines:
            if line.account not in receivables:
                continue
            payment = f"{booking.journal}/{booking.number}/{line.number}"
            found.append(
                {
                    "record": "payment", "payment_id": payment, "received_date": line.day, "amount": str(-line.amount),
                    "currency": self.currency, "customer_id": line.customer, "bank_account": booking.bank_account,
                    "reference_text": " ".join(filter(None, (line.invoice, line.words))),
                }
            )  # fmt: skip
            if line.invoice:
                found.append(
                    {
                        "record": "allocation", "allocation_id": payment, "payment_id": payment, "kind": "cash", "invoice_id": line.invoice,
                        "allocated_date": line.day, "amount": str(-line.amount),
                    }
                )  # fmt: skip
        return found

    def _controls(self, receivables: set[str]) -> list[Row]:
        """Balance of every receivables account at the end of each month, turnover of the month (credit positive)."""
        months: dict[str, Counter[str]] = defaultdict(Counter)
        for booking in self.bookings:
            for line in booking.lines:
                months[f"{booking.day[:7]}-01"][line.account] += line.amount
        found = []
        for account in sorted(receivables):
            balance = self.opening[account]
            for month in sorted(months):
                balance += months[month][account]
                found.append(_control(account, month, "receivables", balance))
        for account, reference in sorted(self.references.items()):
            if reference.startswith(TURNOVER):
                found += [
                    _control(account, month, "revenue", -months[month][account]) for month in sorted(months) if account in months[month]
                ]
        return found


def _billed(line: _Line, invoice: str, net: Decimal) -> Row:
    """A line of a document; one without a quantity is one piece."""
    quantity = abs(_number(line.quantity, "qntity")) or Decimal(1)
    return {
        "record": "line", "invoice_id": invoice, "line_number": line.number, "product_id": line.product, "description": line.words,
        "quantity": str(quantity), "unit_price_amount": str(round(net / quantity, 8)), "net_amount": str(net),
        "vat_share": str(_number(line.vat_percentage, "vatPerc") / 100) if line.vat_percentage else "",
    }  # fmt: skip


def _control(account: str, month: str, kind: str, amount: Decimal) -> Row:
    return {"record": "control", "account": account, "month": month, "kind": kind, "amount": str(amount)}


def _text(element: etree._Element, name: str) -> str:
    """Text of a child in any namespace; empty where there is none."""
    return (element.findtext(f"{{*}}{name}") or "").strip()


def _day(element: etree._Element, name: str) -> str:
    # A book's days are days, whatever time an export writes behind them.
    return written_day(_text(element, name), name, "Export the file again")


def _amount(element: etree._Element, name: str) -> Decimal:
    return _number(_text(element, name), name)


def _number(text: str, name: str) -> Decimal:
    if text and not XML_NUMBER.fullmatch(text):
        raise RefusedFileError(f"{name} {text!r} is no number. Export the file again")
    return Decimal(text or "0")


def _signed(element: etree._Element) -> Decimal:
    amount, side = _amount(element, "amnt"), _text(element, "amntTp")
    if side not in ("D", "C"):
        raise RefusedFileError(f"amntTp {side!r} is neither D nor C. Export the file again")
    return amount if side == "D" else -amount
