"""Readers of bank statements: ISO 20022 CAMT.053, .052 and .054, and MT940. They bring their own mapping.

Both make one shape of text rows of a file (:data:`STATEMENT_COLUMNS`): a row per statement, one per entry (number 1, 2, ... within its
statement) and one per detail of an entry that holds several. Amounts are signed (money that came in is positive) and days are
ISO; detail number 0 is the entry itself.
Nothing that stands on a statement is left out; what a file says that is no day, no amount or no statement refuses it by name.
Well-kept parsers do the reading: ``lxml``, and ``mt-940`` field by field, because it makes one of several statements.
Keep out: whether totals and chains hold (``expectations/arrival``) and which receipt settles what.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import ClassVar

from lxml import etree

from pipelines.companies.delivered import Notation, Source
from pipelines.companies.statements import STATEMENT_COLUMNS
from pipelines.sources.readers.base import Inspection, RefusedFileError, scratch_file
from pipelines.sources.readers.delimited import csv_select_sql, scan
from pipelines.sources.readers.xml import SAFE, check_no_document_type, day_or_instant

#: Balances of a CAMT statement: booked at its opening (or the previous closing), booked at its closing.
OPENING, CLOSING = ("OPBD", "PRCD", "OPAV"), ("CLBD", "CLAV")
#: A balance within a statement: where one page of several ends and the next begins.
INTERIM = "ITBD"
#: An amount of ISO 20022 is never below zero: a mark beside it says which way it went.
AMOUNT = re.compile(r"\d+\.?\d*|\.\d+", re.ASCII)
#: What a CAMT message holds; only a statement (.053) says what is booked, once and for all.
KINDS = {"BkToCstmrStmt": "statement", "BkToCstmrAcctRpt": "report", "BkToCstmrDbtCdtNtfctn": "notification"}


@dataclass
class Row:
    """One row as text; ``record`` says of what."""

    record: str = "entry"
    kind: str = "statement"
    statement_id: str = ""
    bank_account: str = ""
    statement_number: str = ""
    statement_date: str = ""
    opening_date: str = ""
    currency: str = ""
    opening_amount: str = ""
    closing_amount: str = ""
    entries_amount: str = ""
    entry_number: str = ""
    detail_number: str = "0"
    booked_date: str = ""
    value_date: str = ""
    amount: str = ""
    is_reversal: str = ""
    counterparty_name: str = ""
    counterparty_iban: str = ""
    end_to_end_id: str = ""
    structured_reference: str = ""
    remittance_text: str = ""
    transaction_code: str = ""
    bank_reference: str = ""


class _StatementReader:
    """What both formats share: rows become a clean copy that numbers them."""

    def inspect(self, path: Path, source: Source, notation: Notation, scratch: Path, *, careful: bool = False) -> Inspection:
        rows = list(self.rows(path, source))
        if not rows:
            raise RefusedFileError("holds no statement. Deliver the file again, as the bank made it")
        copy = scratch_file(scratch, ".csv")
        with copy.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["", *STATEMENT_COLUMNS])
            writer.writerows([number, *asdict(row).values()] for number, row in enumerate(rows, start=1))
        return Inspection(STATEMENT_COLUMNS, len(rows), copy, is_copy=True)

    def select_sql(self, inspections: list[Inspection], wanted: tuple[str, ...], source: Source, notation: Notation) -> str:
        return csv_select_sql(inspections, wanted, source)

    def rows(self, path: Path, source: Source) -> Iterator[Row]:
        raise NotImplementedError


class CamtReader(_StatementReader):
    """CAMT.053, .052 and .054 in all their versions: the names of the elements are the same, their namespace is not read."""

    def rows(self, path: Path, source: Source) -> Iterator[Row]:
        try:
            root = etree.parse(str(path), etree.XMLParser(**SAFE)).getroot()
        except (etree.XMLSyntaxError, LookupError, OSError) as error:
            raise RefusedFileError(f"not readable as XML: {error}. Deliver the file again, as the bank made it") from None
        check_no_document_type(root, "a bank's message")
        messages = [child for child in root if etree.QName(child).localname in KINDS]
        if not messages:
            raise RefusedFileError(f"no CAMT message ({', '.join(KINDS)}) in {etree.QName(root).localname}. Deliver the bank's own file")
        for message in messages:
            kind = KINDS[etree.QName(message).localname]
            for part in message.iterfind("{*}Stmt" if kind == "statement" else "{*}Rpt" if kind == "report" else "{*}Ntfctn"):
                yield from self._statement(part, kind, self._page(part) or self._page(message.find("{*}GrpHdr")))

    @staticmethod
    def _page(part: etree._Element | None) -> str:
        """The number of a page, where there are several; until version 5 only the message has pages."""
        found = [child for child in part if isinstance(child.tag, str) and child.tag.endswith("Pgntn")] if part is not None else []
        number, is_last = (_text(found[0], "{*}PgNb"), _text(found[0], "{*}LastPgInd")) if found else ("", "")
        return "" if number in ("", "1") and is_last != "false" else number

    def _statement(self, part: etree._Element, kind: str, page: str) -> Iterator[Row]:
        account = _text(part, "{*}Acct/{*}Id/{*}IBAN") or _text(part, "{*}Acct/{*}Id/{*}Othr/{*}Id")
        opening, closing = self._balance(part, OPENING, page), self._balance(part, CLOSING, page)
        written = closing[1] or _text(part, "{*}FrToDt/{*}ToDtTm") or _text(part, "{*}CreDtTm")
        _check_one_currency(f"statement {_text(part, '{*}Id')}", opening[2], closing[2])
        since, until = _day(opening[1], "balance"), _day(written, "statement")
        number = _text(part, "{*}LglSeqNb") or _text(part, "{*}ElctrncSeqNb") or _text(part, "{*}Id")
        number = "/".join(filter(None, (number, page)))
        head = Row(
            record="statement", kind=kind, bank_account=account, statement_number=number, statement_date=until, opening_date=since,
            currency=_text(part, "{*}Acct/{*}Ccy") or closing[2] or opening[2], opening_amount=opening[0], closing_amount=closing[0],
            statement_id="/".join((account, written[:10], number)) + ("" if kind == "statement" else f"/{kind}"),
        )  # fmt: skip
        entries = list(self._entries(part, head))
        head.entries_amount = _sum(row.amount for row in entries if row.detail_number == "0" and row.kind == "statement")
        # Reports and notifications tell of what a statement books later: they have no balances of their own to prove.
        yield from ([head] if kind == "statement" else [])
        yield from entries

    @staticmethod
    def _balance(part: etree._Element, codes: tuple[str, ...], page: str) -> tuple[str, str, str]:
        """(signed amount, day as written, currency) of the first of these balances; a page may begin or end with an interim one."""
        balances = [(_text(balance, "{*}Tp/{*}CdOrPrtry/{*}Cd"), balance) for balance in part.iterfind("{*}Bal")]
        found = dict(reversed(balances))
        interim = [balance for code, balance in balances if code == INTERIM and page]
        balance = next((found[code] for code in codes if code in found), None)
        if balance is None and interim:
            balance = interim[0 if codes is OPENING else -1]
        if balance is None:
            return "", "", ""
        amount = balance.find("{*}Amt")
        day = _text(balance, "{*}Dt/{*}Dt") or _text(balance, "{*}Dt/{*}DtTm")
        return _signed(balance, amount), day, (amount.get("Ccy") or "") if amount is not None else ""

    def _entries(self, part: etree._Element, head: Row) -> Iterator[Row]:
        for number, entry in enumerate(part.iterfind("{*}Ntry"), start=1):
            amount = entry.find("{*}Amt")
            status = next(filter(None, (_text(entry, f"{{*}}Sts{name}") for name in ("/{*}Cd", "/{*}Prtry", ""))), "")
            booked = _text(entry, "{*}BookgDt/{*}Dt") or _text(entry, "{*}BookgDt/{*}DtTm")
            valued = _text(entry, "{*}ValDt/{*}Dt") or _text(entry, "{*}ValDt/{*}DtTm")
            row = Row(
                kind=head.kind if status in ("BOOK", "") else "pending", statement_id=head.statement_id, bank_account=head.bank_account,
                opening_amount=head.opening_amount, closing_amount=head.closing_amount,
                entry_number=str(number), booked_date=_day(booked, f"entry {number}") or head.statement_date,
                value_date=_day(valued, f"entry {number}"), amount=_signed(entry, amount), currency=amount.get("Ccy") or head.currency,
                is_reversal=_flag(_text(entry, "{*}RvslInd")), bank_reference=_text(entry, "{*}AcctSvcrRef") or _text(entry, "{*}NtryRef"),
                transaction_code=_code(entry), remittance_text=_text(entry, "{*}AddtlNtryInf"),
            )  # fmt: skip
            details = list(entry.iterfind("{*}NtryDtls/{*}TxDtls"))
            if len(details) == 1:
                self._describe(row, details[0])
            yield row
            for place, detail in enumerate(details if len(details) > 1 else [], start=1):
                own = Row(**asdict(row) | {"detail_number": str(place), "remittance_text": ""})
                names = ("{*}Amt", "{*}AmtDtls/{*}TxAmt/{*}Amt", "{*}AmtDtls/{*}InstdAmt/{*}Amt")
                money = next((found for name in names if (found := detail.find(name)) is not None), None)
                if money is None:
                    raise RefusedFileError(f"statement {head.statement_id}: detail {place} of entry {number} has no amount. Ask the bank")
                is_marked = detail.find("{*}CdtDbtInd") is not None
                own.amount, own.currency = _signed(detail if is_marked else entry, money), money.get("Ccy") or row.currency
                self._describe(own, detail)
                yield own

    @staticmethod
    def _describe(row: Row, detail: etree._Element) -> None:
        """The other party: what is returned or reversed keeps the roles of what it undoes, and nobody pays from our own account."""
        is_undoing = row.is_reversal == "true" or detail.find("{*}RtrInf") is not None
        others = ["Dbtr", "Cdtr"] if (row.amount[:1] != "-") != is_undoing else ["Cdtr", "Dbtr"]
        parties = [
            tuple(
                next(filter(None, (_text(detail, f"{{*}}RltdPties/{{*}}{path}") for path in paths)), "")
                for paths in (
                    (f"{role}/{{*}}Nm", f"{role}/{{*}}Pty/{{*}}Nm"),
                    (f"{role}Acct/{{*}}Id/{{*}}IBAN", f"{role}Acct/{{*}}Id/{{*}}Othr/{{*}}Id"),
                )
            )
            for role in others
        ]
        row.counterparty_name, row.counterparty_iban = parties[parties[0][1] == row.bank_account != ""]
        row.end_to_end_id = _text(detail, "{*}Refs/{*}EndToEndId").replace("NOTPROVIDED", "")
        row.structured_reference = _text(detail, "{*}RmtInf/{*}Strd/{*}CdtrRefInf/{*}Ref")
        told = ("Ustrd", "Strd/{*}RfrdDocInf/{*}Nb", "Strd/{*}CdtrRefInf/{*}Ref", "Strd/{*}AddtlRmtInf")
        free = [text.text.strip() for name in told for text in detail.iterfind(f"{{*}}RmtInf/{{*}}{name}") if text.text]
        free = [text for text in free if text != row.structured_reference]
        row.remittance_text = " ".join([*free, *filter(None, (row.remittance_text, _text(detail, "{*}AddtlTxInf")))])
        row.bank_reference = row.bank_reference or _text(detail, "{*}Refs/{*}AcctSvcrRef")
        row.transaction_code = row.transaction_code or _code(detail)


class Mt940Reader(_StatementReader):
    """MT940 as banks write it: with or without SWIFT blocks, one statement after another, each from ``:20:`` to the next."""

    #: Parts of field 86 that banks give a name to: /NAME/...; those that they number (?32) are the parser's.
    NAMED: ClassVar = {"counterparty_name": r"/NAME/([^/]+)", "counterparty_iban": r"/IBAN/([A-Z0-9]+)", "end_to_end_id": r"/EREF/([^/]+)"}
    IBAN = re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b")
    #: What stands where an amount does, on the line of an entry and of a balance, and how SWIFT writes it (15d; a comma may be left out).
    MONEY = re.compile(r"^\s*:(?:61:\d{6}(?:\d{4})?[A-Z]{1,3}|6[0245][FM]?:[CD]\d{6}[A-Z]{3})([\d.,' ]*)", re.MULTILINE | re.IGNORECASE)
    AMOUNT = re.compile(r"\d+(?:,\d*)?", re.ASCII)
    #: Lines that belong to a statement and to nothing else.
    OF_A_STATEMENT = re.compile(r"^\s*:(?:61|6[02][FM]):.*", re.MULTILINE)
    REFERENCE = re.compile(r"\bRF\d{2}[A-Z0-9]{1,21}\b|\+{3}\d{3}/\d{4}/\d{5}\+{3}|/(?:STRD|CUR)/(?:CUR/)?([A-Z0-9]{5,35})")

    def rows(self, path: Path, source: Source) -> Iterator[Row]:
        scan(path, source)
        try:
            text = path.read_bytes().decode(source.encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            said = f"not {source.encoding}: byte {error.object[error.start]:#04x} at place {error.start}"
            raise RefusedFileError(f"{said}. Deliver the file in the declared encoding, or declare the one it has") from None
        before, *blocks = re.split(r"(?m)^(?=:20:)", text.removeprefix("\ufeff"))
        # What stands between two statements (SWIFT's envelope, the next one's header) belongs to neither.
        parts = [re.split(r"(?m)^-\}?(?=\s*$|\{)|^\{1:", block, maxsplit=1) for block in blocks]
        for outside in [before, *(rest for _, *more in parts for rest in more)] if blocks else []:
            if line := self.OF_A_STATEMENT.search(outside):
                raise RefusedFileError(
                    f"{line[0].strip()[:60]!r} stands outside of any statement, each of which runs from :20: to a line with - alone."
                    " Ask the bank for a right file"
                )
        for place, (body, *_) in enumerate(parts, start=1):
            yield from self._statement(body, place)

    def _statement(self, body: str, place: int) -> Iterator[Row]:
        for found in self.MONEY.finditer(body):
            if not self.AMOUNT.fullmatch(found[1].strip()):
                raise RefusedFileError(
                    f"statement {place}: {found[1].strip()!r} is no amount, which has a decimal comma and no other sign:"
                    f" {found[0].strip()!r}. Ask the bank for a right file"
                )
        found = Counter(re.findall(r"(?m)^\s*:(25P?|28C?|6[02][FM]):", body))
        if twice := [tag for tag, count in found.items() if count > 1]:
            raise RefusedFileError(f"statement {place}: the field :{twice[0]}: stands in it twice. Ask the bank for a right file")
        parsed = self._parsed(body, place)
        data = parsed.data
        opening = data.get("final_opening_balance") or data.get("intermediate_opening_balance")
        closing = data.get("final_closing_balance") or data.get("intermediate_closing_balance")
        account = re.sub(r"\s", "", str(data.get("account_identification") or ""))
        number = "/".join(str(data[name]) for name in ("statement_number", "sequence_number") if data.get(name))
        if opening and closing:
            _check_one_currency(f"statement {place}", opening.amount.currency, closing.amount.currency)
        until = closing.date.isoformat() if closing else ""
        head = Row(
            record="statement", bank_account=account, statement_number=number, statement_date=until,
            opening_date=opening.date.isoformat() if opening else "",
            currency=(closing or opening).amount.currency if closing or opening else "",
            opening_amount=str(opening.amount.amount) if opening else "", closing_amount=str(closing.amount.amount) if closing else "",
            statement_id="/".join((account, until or str(place), number)),
        )  # fmt: skip
        entries = [self._entry(item.data, head, number) for number, item in enumerate(parsed, start=1)]
        if len(entries) != len(re.findall(r"(?m)^\s*:61:", body)):
            raise RefusedFileError(
                f"statement {head.statement_id}: {len(entries)} of its entries could be read. Ask the bank for a right file"
            )
        head.entries_amount = _sum(row.amount for row in entries)
        yield head
        yield from entries

    @staticmethod
    def _parsed(body: str, place: int):
        """The fields of one statement. Some banks write the holder of the other account on the line below an entry."""
        import logging

        import mt940

        logging.getLogger("mt940").setLevel(logging.CRITICAL)
        # The parser makes the last day of February of a 30th; that is another day than the file says.
        fixes = mt940.processors.date_fixup_pre_processor
        processors = {
            step: [each for each in steps if each is not fixes] for step, steps in mt940.models.Transactions.DEFAULT_PROCESSORS.items()
        }
        first_error = None
        for tag in (None, mt940.tags.StatementASNB):
            parsed = mt940.models.Transactions(processors, options=mt940.Options.all(), tags={tag.id: tag()} if tag else None)
            try:
                parsed.parse(body)
            except (RuntimeError, ValueError, InvalidOperation) as error:
                first_error = first_error or error
            else:
                return parsed
        said = str(first_error.args[0] if first_error.args else first_error).splitlines()[0]
        raise RefusedFileError(f"statement {place}: {said[:160]}. Ask the bank for a right file, or correct that line") from None

    def _entry(self, data: dict, head: Row, number: int) -> Row:
        # The parser takes numbered parts (166?00...?20...?32...) apart and leaves no text of the whole.
        numbered = [data.get(name) for name in ("purpose", "additional_purpose", "posting_text", "deviate_applicant", "recipient_name")]
        details = str(data.get("transaction_details") or " ".join(filter(None, numbered)))
        joined = details.replace("\n", "")
        references = [str(data.get(name) or "").strip() for name in ("customer_reference", "extra_details")]
        remittance = " ".join(filter(None, (details.replace("\n", " "), *references))).strip()
        row = Row(
            statement_id=head.statement_id, bank_account=head.bank_account, entry_number=str(number), currency=head.currency,
            opening_amount=head.opening_amount, closing_amount=head.closing_amount,
            booked_date=(data.get("entry_date") or data["date"]).isoformat(), value_date=data["date"].isoformat(),
            amount=str(data["amount"].amount),
            is_reversal=str(str(data.get("status") or "").upper().startswith("R")).lower(),
            transaction_code="/".join(filter(None, (data.get("id"), data.get("transaction_code")))),
            bank_reference=str(data.get("bank_reference") or ""), remittance_text=remittance,
        )  # fmt: skip
        for column, pattern in self.NAMED.items():
            found = re.search(pattern, joined)
            setattr(row, column, found[1].strip() if found else "")
        row.counterparty_name = row.counterparty_name or str(data.get("applicant_name") or "").strip()
        row.end_to_end_id = row.end_to_end_id or str(data.get("end_to_end_reference") or "").strip()
        row.counterparty_iban = (
            row.counterparty_iban
            or str(data.get("applicant_iban") or data.get("gvc_applicant_iban") or "").strip()
            or next(iter(self.IBAN.findall(remittance)), "")
        )
        reference = self.REFERENCE.search(joined)
        row.structured_reference = (reference[1] or reference[0]) if reference else ""
        return row


def _text(part: etree._Element, path: str) -> str:
    found = part.find(path)
    return found.text.strip() if found is not None and found.text else ""


def _flag(text: str) -> str:
    """A boolean of XML, which has two ways to write each."""
    return {"1": "true", "0": "false"}.get(text, text)


def _code(part: etree._Element) -> str:
    """The bank transaction code: domain, family and sub-family, or the bank's own."""
    names = ("{*}BkTxCd/{*}Domn/{*}Cd", "{*}BkTxCd/{*}Domn/{*}Fmly/{*}Cd", "{*}BkTxCd/{*}Domn/{*}Fmly/{*}SubFmlyCd")
    return "/".join(filter(None, (_text(part, name) for name in names))) or _text(part, "{*}BkTxCd/{*}Prtry/{*}Cd")


def _signed(marked: etree._Element, amount: etree._Element | None) -> str:
    """An amount with the sign of the mark beside it; a debit left the account."""
    text, mark = (amount.text or "").strip() if amount is not None else "", _text(marked, "{*}CdtDbtInd")
    if not AMOUNT.fullmatch(text):
        raise RefusedFileError(f"{text!r} is no amount. Deliver the file again, as the bank made it")
    if mark not in ("CRDT", "DBIT"):
        raise RefusedFileError(f"{text}: {mark!r} does not say whether it came in (CRDT) or went out (DBIT). Ask the bank for a right file")
    return str(-Decimal(text) if mark == "DBIT" else Decimal(text))


def _check_one_currency(what: str, opening: str, closing: str) -> None:
    if opening and closing and opening != closing:
        raise RefusedFileError(
            f"{what}: it opens in {opening} and closes in {closing}, and an account has one currency. Ask the bank for a right file"
        )


def _day(text: str, what: str) -> str:
    return day_or_instant(text, what, "Ask the bank for a right file, or correct that day")


def _sum(amounts: Iterator[str]) -> str:
    return str(sum((Decimal(amount) for amount in amounts), Decimal(0)))
