"""Statements of banks: what stands on them is read, whole; what is no statement is refused by name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.companies.config import Company
from pipelines.companies.delivered import Notation, Source
from pipelines.companies.statements import STATEMENT_COLUMNS
from pipelines.sources.readers import RefusedFileError
from pipelines.sources.readers.statements import CamtReader, Mt940Reader, Row
from tests.conftest import SHARED_DATA

SAMPLES = SHARED_DATA / "bank_statements"
MT940 = Source(files="*.sta", format="mt940", encoding="utf-8")
CAMT = Source(files="*.xml", format="camt")

SWIFT = """{1:F01BANKNL2AXXXX0000000000}{2:O940BANKNL2AXXXXN}{3:}{4:
:20:A
:25:NL20INGB0001234567
:28C:00001/001
:60F:C250101EUR1000,00
:61:2501020102C121,00NTRFF-2025-001//B1
:86:/EREF/E-7//IBAN/NL91ABNA0417164300//NAME/Alpha BV//REMI/USTD//Factuur F-2025-001 RF18539007547034/
:61:2501030103RC20,50NTRFNONREF
:86:Teruggeboekt
:62F:C250103EUR1100,50
-}{5:}
{1:F01BANKNL2AXXXX0000000000}{2:O940BANKNL2AXXXXN}{3:}{4:
:20:B
:25:NL20INGB0001234567
:28C:00002/001
:60F:C250103EUR1100,50
:62F:C250104EUR1100,50
-}
"""

#: (version, how the parties are written): the names moved into a level of their own with version 8.
VERSIONS = {"02": "<Nm>Alpha</Nm>", "08": "<Pty><Nm>Alpha</Nm></Pty>", "10": "<Pty><Nm>Alpha</Nm></Pty>"}


def camt(
    version: str = "02", party: str = "<Nm>Alpha</Nm>", closing: str = "1290.00", day: str = "2025-01-02", message: str = "053"
) -> str:
    part, body = {"053": ("Stmt", "BkToCstmrStmt"), "054": ("Ntfctn", "BkToCstmrDbtCdtNtfctn")}[message]
    status = "<Sts>BOOK</Sts>" if version == "02" else "<Sts><Cd>BOOK</Cd></Sts>"

    def balance(code: str, amount: str, when: str) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
            f"<Dt><Dt>{when}</Dt></Dt></Bal>"
        )

    def detail(amount: str, end_to_end: str) -> str:
        return (
            f"<TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy='EUR'>{amount}</Amt></TxAmt></AmtDtls>"
            f"<RltdPties><Dbtr>{party}</Dbtr><DbtrAcct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></DbtrAcct></RltdPties><RmtInf>"
            f"<Ustrd>Factuur 1</Ustrd><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>"
        )

    balances = (balance("OPBD", "1000.00", "2025-01-01") + balance("CLBD", closing, day)) if message == "053" else ""
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.{message}.001.{version}'>"
        f"<{body}><{part}>"
        f"<Id>X</Id><LglSeqNb>7</LglSeqNb><CreDtTm>2025-01-02T10:00:00</CreDtTm><Acct><Id><IBAN>NL20INGB0001234567</IBAN></Id></Acct>{balances}"
        f"<Ntry><Amt Ccy='EUR'>300.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>{status}<BookgDt><Dt>{day}"
        f"</Dt></BookgDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly>"
        f"<Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls>{detail('200.00', 'E1')}{detail('100.00', 'E2')}"
        f"</NtryDtls></Ntry>"
        f"<Ntry><Amt Ccy='EUR'>10.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>{status}<BookgDt><Dt>{day}"
        f"</Dt></BookgDt><AddtlNtryInf>Costs</AddtlNtryInf></Ntry>"
        f"</{part}></{body}></Document>"
    )


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[Row]]:
    def rows(text: str | bytes, source: Source) -> list[Row]:
        path = tmp_path / "statement"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        reader = CamtReader() if source.format == "camt" else Mt940Reader()
        inspection = reader.inspect(path, source, Notation(), tmp_path)
        assert inspection.columns == STATEMENT_COLUMNS
        return list(reader.rows(path, source))

    return rows


def test_rows_have_the_columns_of_the_mapping() -> None:
    assert tuple(asdict(Row())) == STATEMENT_COLUMNS


def test_mt940_holds_every_statement_with_its_entries(read: Callable[..., list[Row]]) -> None:
    first, paid, reversed_, second = read(SWIFT, MT940)
    assert (first.record, first.statement_id, first.opening_amount, first.closing_amount, first.entries_amount) == (
        "statement", "NL20INGB0001234567/2025-01-03/00001/001", "1000.00", "1100.50", "100.50",
    )  # fmt: skip
    assert (paid.amount, paid.booked_date, paid.counterparty_name, paid.counterparty_iban) == (
        "121.00", "2025-01-02", "Alpha BV", "NL91ABNA0417164300",
    )  # fmt: skip
    assert (paid.end_to_end_id, paid.structured_reference, paid.bank_reference) == ("E-7", "RF18539007547034", "B1")
    assert "F-2025-001" in paid.remittance_text
    # A reversal of a credit left the account.
    assert (reversed_.amount, reversed_.is_reversal) == ("-20.50", "true")
    assert (second.opening_amount, second.entries_amount) == ("1100.50", "0")


@pytest.mark.parametrize(("version", "party"), VERSIONS.items())
def test_camt_of_every_version_gives_entries_and_the_details_of_a_batch(read: Callable[..., list[Row]], version: str, party: str) -> None:
    head, batch, one, two, costs = read(camt(version, party), CAMT)
    assert (head.statement_id, head.entries_amount, head.closing_amount) == ("NL20INGB0001234567/2025-01-02/7", "290.00", "1290.00")
    assert (batch.entry_number, batch.detail_number, batch.amount, batch.transaction_code) == ("1", "0", "300.00", "PMNT/RCDT/ESCT")
    assert [(row.detail_number, row.amount, row.end_to_end_id, row.counterparty_name) for row in (one, two)] == [
        ("1", "200.00", "E1", "Alpha"),
        ("2", "100.00", "E2", "Alpha"),
    ]
    assert (one.structured_reference, one.remittance_text, one.counterparty_iban) == ("RF18539007547034", "Factuur 1", "NL91ABNA0417164300")
    assert (costs.amount, costs.remittance_text, costs.detail_number) == ("-10.00", "Costs", "0")


def test_notification_tells_and_books_nothing(read: Callable[..., list[Row]]) -> None:
    rows = read(camt(message="054"), CAMT)
    assert {(row.record, row.kind) for row in rows} == {("entry", "notification")}


@pytest.mark.parametrize(
    ("text", "source", "said"),
    [
        (camt(day="2025-02-30"), CAMT, "2025-02-30"),
        (camt(closing="12,90"), CAMT, "12,90"),
        (camt().replace("300.00", "NaN"), CAMT, "NaN"),
        (camt().replace("300.00", "-300.00"), CAMT, "-300.00"),
        (camt().replace("<CdtDbtInd>DBIT</CdtDbtInd>", ""), CAMT, "10.00: '' does not say"),
        (camt().replace("DBIT", "DEBIT"), CAMT, "'DEBIT' does not say"),
        (camt()[:-30], CAMT, "not readable as XML"),
        (camt().replace("camt.053.001.02", "pain.001.001.03").replace("BkToCstmrStmt", "CstmrCdtTrfInitn"), CAMT, "no CAMT message"),
        (camt().replace("UTF-8", "US-ASCII").replace("Costs", "Kosten café"), CAMT, "not readable as XML"),
        (SWIFT.replace("250102", "250230"), MT940, "statement 1"),
        (SWIFT.replace(":61:2501030103RC20,50", ":61:2501030103Q20,50"), MT940, "statement 1"),
        ("Datum;Bedrag\n2025-01-01;12,00\n", MT940, "holds no statement"),
        (camt().replace("<Document", "<!DOCTYPE D><Document", 1), CAMT, "document type declaration"),
        (camt().replace(">10.00<", ">\u0661\u0660.00<"), CAMT, "is no amount"),
        (camt(day="2025-01-02 or so"), CAMT, "'2025-01-02 or so' is no day"),
        (SWIFT.replace("C121,00", "C121.00"), MT940, "statement 1: '121.00' is no amount"),
        (SWIFT.replace("C121,00", "C1.121,00"), MT940, "'1.121,00' is no amount"),
        (SWIFT.replace("EUR1000,00", "EUR1.000,00"), MT940, "'1.000,00' is no amount"),
        # Whatever of a statement stands where none is would be lost without a word.
        (SWIFT.replace(":20:A\n", ""), MT940, "':60F:C250101EUR1000,00' stands outside of any statement"),
        (SWIFT.replace("Teruggeboekt", "Terug\n-\n:61:2501030103C9,00NTRFNONREF"), MT940, "':61:2501030103C9,00NTRFNONREF' stands outside"),
        (SWIFT.replace(":61:2501030103RC", " :61:2501030103RC"), MT940, "1 of its entries could be read"),
    ],
)  # fmt: skip
def test_what_is_no_statement_is_refused_by_name(read: Callable[..., list[Row]], text: str, source: Source, said: str) -> None:
    with pytest.raises(RefusedFileError, match=said):
        read(text, source)


def test_a_comment_within_a_value_is_no_part_of_it(read: Callable[..., list[Row]]) -> None:
    text = camt().replace(">10.00<", ">1<!-- x -->0<?y z?>.00<").replace("<Ustrd>Factuur 1", "<Ustrd>Factuur<!-- x --> 1")
    assert read(text, CAMT) == read(camt(), CAMT)


def test_both_ways_to_write_a_reversal_tell_the_same_party(read: Callable[..., list[Row]]) -> None:
    first = "<CdtDbtInd>CRDT</CdtDbtInd><Sts>"
    written, one = (
        read(camt().replace(first, f"<CdtDbtInd>DBIT</CdtDbtInd><RvslInd>{flag}</RvslInd><Sts>"), CAMT) for flag in ("true", "1")
    )
    assert one == written
    assert [(row.is_reversal, row.counterparty_name) for row in one if row.detail_number == "1"] == [("true", "Alpha")]


def test_a_status_in_the_banks_own_words_is_not_taken_for_booked(read: Callable[..., list[Row]]) -> None:
    rows = read(camt("08").replace("<Sts><Cd>BOOK</Cd></Sts>", "<Sts><Prtry>PDNG</Prtry></Sts>"), CAMT)
    assert {row.kind for row in rows if row.record == "entry"} == {"pending"}


def test_every_message_of_a_file_is_read(read: Callable[..., list[Row]]) -> None:
    head, body, tail = re.split("(<BkToCstmrStmt>.*</BkToCstmrStmt>)", camt())
    rows = read(head + body + body.replace("<LglSeqNb>7", "<LglSeqNb>8") + tail, CAMT)
    assert [row.statement_number for row in rows if row.record == "statement"] == ["7", "8"]


def test_text_that_begins_with_a_dash_ends_no_statement_and_a_mark_of_utf8_hides_none(read: Callable[..., list[Row]]) -> None:
    plain = SWIFT.partition("{4:\n")[2]
    rows = read("\ufeff" + plain.replace("Teruggeboekt", "Terug\n-5% korting"), MT940)
    assert [(row.amount, row.closing_amount) for row in rows] == [(row.amount, row.closing_amount) for row in read(SWIFT, MT940)]
    assert "-5% korting" in rows[2].remittance_text


GERMAN = """:20:STARTUMSE
:25:DE89370400440532013000
:28C:00012/001
:60F:C251230EUR1000,00
:61:2512311231C595,00N051NONREF//4711
:86:166?00SEPA-UEBERWEISUNG?109310?20EREF+RE-7?21SVWZ+Rechnung 2025-0?2200815 Kd?23 4711
?30COBADEFFXXX?31DE02120300000000202051?32Muster Ma?33schinenbau GmbH?34000
:61:2601021231D119,00NMSCNONREF
:86:109?00RETOURE?20EREF+E-44?21SVWZ+RUECKLASTSCHRIFT?31DE02100100100006820101?32Kunde AG
:62F:C260102EUR1476,00
-
"""


def test_numbered_parts_of_a_field_are_read_and_none_is_lost(read: Callable[..., list[Row]]) -> None:
    head, paid, returned = read(GERMAN, MT940)
    assert (head.entries_amount, paid.transaction_code, returned.transaction_code) == ("476.00", "N051/166", "NMSC/109")
    assert (paid.counterparty_name, paid.counterparty_iban, paid.end_to_end_id) == (
        "Muster Maschinenbau GmbH", "DE02120300000000202051", "RE-7",
    )  # fmt: skip
    assert paid.remittance_text == "Rechnung 2025-000815 Kd 4711 SEPA-UEBERWEISUNG NONREF"
    # Booked in the old year, with value in the new one.
    assert (returned.booked_date, returned.value_date, returned.end_to_end_id) == ("2025-12-31", "2026-01-02", "E-44")


OWN, OTHER = (
    f"<{{0}}><Nm>{name}</Nm></{{0}}><{{0}}Acct><Id><IBAN>{iban}</IBAN></Id></{{0}}Acct>"
    for name, iban in (("We", "NL20INGB0001234567"), ("Payer", "DE02100100100006820101"))
)


@pytest.mark.parametrize(
    ("mark", "parties", "undoing", "found"),
    [
        ("DBIT", OTHER.format("Dbtr") + OWN.format("Cdtr"), "", "Payer"),  # a direct debit that came back, in the roles of what it undoes
        ("DBIT", "<Dbtr><Nm>Payer</Nm></Dbtr><Cdtr><Nm>We</Nm></Cdtr>", "<RtrInf><Rsn><Cd>MS03</Cd></Rsn></RtrInf>", "Payer"),
        ("DBIT", OWN.format("Dbtr") + OTHER.format("Cdtr"), "", "Payer"),  # what we paid ourselves
        ("CRDT", OTHER.format("Dbtr") + OWN.format("Cdtr"), "", "Payer"),
    ],
)
def test_other_party_is_never_ourselves(read: Callable[..., list[Row]], mark: str, parties: str, undoing: str, found: str) -> None:
    detail = f"<NtryDtls><TxDtls><RltdPties>{parties}</RltdPties>{undoing}</TxDtls></NtryDtls>"
    entry = f"<Ntry><Amt Ccy='EUR'>10.00</Amt><CdtDbtInd>{mark}</CdtDbtInd><Sts>BOOK</Sts>{detail}</Ntry>"
    *_, row = read(camt().replace("</Stmt>", f"{entry}</Stmt>"), CAMT)
    assert row.counterparty_name == found


def test_pages_of_a_statement_are_statements_that_follow_one_another(read: Callable[..., list[Row]]) -> None:
    def page(number: int, is_last: str) -> str:
        paged = f"<Stmt><StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{is_last}</LastPgInd></StmtPgntn>"
        return camt().replace("<Stmt>", paged).replace("OPBD" if number == 2 else "CLBD", "ITBD")

    (first, *_), (second, *_) = read(page(1, "false"), CAMT), read(page(2, "true"), CAMT)
    assert [row.statement_id.rpartition("/2025-01-02/")[2] for row in (first, second)] == ["7/1", "7/2"]
    assert [(row.opening_amount, row.closing_amount) for row in (first, second)] == [("1000.00", "1290.00")] * 2
    # The only page is no page, as before.
    (only, *_) = read(page(1, "true").replace("ITBD", "CLBD"), CAMT)
    assert only.statement_id == "NL20INGB0001234567/2025-01-02/7"


def test_documents_that_a_payment_names_are_text(read: Callable[..., list[Row]]) -> None:
    told = (
        "<Strd><RfrdDocInf><Nb>2025-000777</Nb></RfrdDocInf><AddtlRmtInf>less 2025-000778</AddtlRmtInf></Strd>"
        "<Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd><Strd><CdtrRefInf><Ref>SECOND</Ref></CdtrRefInf></Strd>"
    )
    text = camt().replace("<Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd>", told)
    one = read(text, CAMT)[2]
    assert (one.structured_reference, one.remittance_text) == ("RF18539007547034", "Factuur 1 2025-000777 SECOND less 2025-000778")


def test_other_encoding_is_refused_and_reads_where_it_is_declared(read: Callable[..., list[Row]]) -> None:
    text = SWIFT.replace("Alpha BV", "Café BV").encode("cp1252")
    with pytest.raises(RefusedFileError, match="not utf-8"):
        read(text, MT940)
    assert read(text, MT940.model_copy(update={"encoding": "cp1252"}))[1].counterparty_name == "Café BV"


def test_statements_bring_their_mapping_and_a_company_may_map_them_itself() -> None:
    company = {
        "company": "bank", "name": "Bank", "time_zone": "Europe/Amsterdam", "reporting_currency": "EUR",
        "last_complete_day": "delivered_on",
        "sources": {"bank": {"files": "*.xml", "format": "camt"}},
    }  # fmt: skip
    assert set(Company.model_validate(company).all_entities()) == {"bank_statements", "bank_transactions"}
    assert Company.model_validate(company).all_sources()["bank"].columns == STATEMENT_COLUMNS
    left_out = company | {"not_delivered": {"bank_transactions": "not wanted"}}
    assert set(Company.model_validate(left_out).all_entities()) == {"bank_statements"}
    with pytest.raises(ValueError, match="brings its own"):
        Company.model_validate(company | {"sources": {"bank": {"files": "*.xml", "format": "camt", "columns": ["a"]}}})


#: Sample -> statements, entries, details, sum of its entries, and how many of its statements do not lead to their closing balance: the
#: published samples had entries taken out.
PUBLISHED = {
    "camt053/single_account.xml": (1, 3, 2, "-12.99", 1), "mt940/ASNB/mt940.txt": (31, 8, 0, "56.94", 0),
    "mt940/ASNB/mt940_with_spaces_for_entry_date.txt": (31, 8, 0, "56.94", 0), "mt940/jejik/abnamro.sta": (2, 10, 0, "-345.93", 2),
    "mt940/jejik/generic.sta": (2, 2, 0, "-20.00", 0), "mt940/jejik/ing.sta": (1, 7, 0, "-45.59", 1),
    "mt940/jejik/knab.sta": (2, 3, 0, "-6260", 1), "mt940/jejik/postfinance.sta": (2, 4, 0, "159.4", 1),
    "mt940/jejik/rabobank-iban.sta": (2, 4, 0, "-70.00", 0), "mt940/jejik/rabobank.sta": (4, 5, 0, "-1589.09", 2),
    "mt940/jejik/sns.sta": (2, 2, 0, "-25.00", 0), "mt940/jejik/triodos.sta": (1, 2, 0, "-715.70", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_statements_are_read_whole(name: str) -> None:
    if not SAMPLES.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{SAMPLES} is not there")
        pytest.skip(f"the published statements are not at {SAMPLES}")
    reader, source = (CamtReader(), CAMT) if name.endswith(".xml") else (Mt940Reader(), MT940)
    rows = list(reader.rows(SAMPLES / name, source))
    statements = [row for row in rows if row.record == "statement"]
    entries = [row for row in rows if row.record == "entry" and row.detail_number == "0"]
    apart = [row for row in statements if Decimal(row.opening_amount) + Decimal(row.entries_amount) != Decimal(row.closing_amount)]
    found = (
        len(statements),
        len(entries),
        len(rows) - len(statements) - len(entries),
        sum(Decimal(row.amount) for row in entries),
        len(apart),
    )
    assert found == (*PUBLISHED[name][:3], Decimal(PUBLISHED[name][3]), PUBLISHED[name][4])
    assert len({row.statement_id for row in statements}) == len(statements)
