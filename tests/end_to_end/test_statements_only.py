"""A company that delivers its invoices and the statements of its bank, and nothing else: matching settles what was paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.end_to_end.conftest import run_night

pytestmark = pytest.mark.slow

COMPANY = """
company: alleen_bank
name: Alleen facturen en bank
time_zone: Europe/Amsterdam
reporting_currency: EUR
last_complete_day: bank_statements.statement_date
notation: {date_format: "%d-%m-%Y", decimal_sign: ",", thousands_sign: "."}
sources:
  facturen: {files: "facturen.csv", delimiter: ";", columns: [Nummer, Klant, Datum, Vervalt, Bedrag]}
  bank: {files: "bank/*.xml", format: camt}
entities:
  invoices:
    source: facturen
    columns:
      {invoice_id: Nummer, document_type: "'invoice'", customer_id: Klant, issued_date: Datum, due_date: Vervalt, currency: "'EUR'",
       net_amount: Bedrag, gross_amount: Bedrag}
"""

INVOICES = """Nummer;Klant;Datum;Vervalt;Bedrag
2025-0101;D1;06-01-2025;05-02-2025;1.210,00
2025-0102;D1;10-01-2025;09-02-2025;363,00
2025-0103;D2;13-01-2025;12-02-2025;484,00
2025-0104;D2;03-02-2025;05-03-2025;200,00
2025-0105;D3;04-02-2025;06-03-2025;99,00
"""

#: amount, day, text, name, account, structured reference
ENTRIES = (
    ("1573.00", "2025-01-31", "Facturen 2025-0101 en 2025-0102", "Alfa", "NL91ABNA0417164300", ""),
    ("484.00", "2025-02-03", "", "Beta", "NL69INGB0123456789", "RF4220250103"),
    # The account has paid for D2 before, and one document of its has this amount.
    ("200.00", "2025-02-10", "dank u wel", "Beta", "NL69INGB0123456789", ""),
    ("50.00", "2025-02-11", "?", "Wie", "NL02RABO0123456789", ""),
    ("-12.50", "2025-02-12", "Kosten betalingsverkeer", "", "", ""),
)


def statement() -> str:
    entries = ""
    for number, (amount, day, text, name, iban, reference) in enumerate(ENTRIES, 1):
        side = "CRDT" if not amount.startswith("-") else "DBIT"
        code = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{}</Cd><SubFmlyCd>{}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        party = f"<RltdPties><Dbtr><Nm>{name}</Nm></Dbtr><DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct></RltdPties>" if iban else ""
        told = f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>" if reference else f"<Ustrd>{text}</Ustrd>"
        entries += (
            f'<Ntry><NtryRef>{number}</NtryRef><Amt Ccy="EUR">{amount.lstrip("-")}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>BOOK</Sts>'
            f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
            f"{code.format(*(('RCDT', 'ESCT') if iban else ('MCOP', 'CHRG')))}"
            f"<NtryDtls><TxDtls>{party}<RmtInf>{told}</RmtInf></TxDtls></NtryDtls></Ntry>"
        )
    total = sum(Decimal(amount) for amount, *_ in ENTRIES)
    balance = '<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{}</Dt></Dt></Bal>'
    balances = balance.format("OPBD", "1000.00", "2025-01-01") + balance.format("CLBD", total + 1000, "2025-02-28")
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>1</MsgId><CreDtTm>2025-02-28T18:00:00</CreDtTm></GrpHdr><Stmt><Id>1</Id><ElctrncSeqNb>1</ElctrncSeqNb>"
        "<CreDtTm>2025-02-28T18:00:00</CreDtTm><Acct><Id><IBAN>NL20INGB0001234567</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{balances}{entries}</Stmt></BkToCstmrStmt></Document>"
    )


def test_invoices_and_statements_alone_give_receivables_and_what_waits(tmp_path: Path) -> None:
    (tmp_path / "alleen_bank.yaml").write_text(COMPANY, encoding="utf-8")
    (tmp_path / "data" / "bank").mkdir(parents=True)
    (tmp_path / "data" / "facturen.csv").write_text(INVOICES, encoding="utf-8")
    (tmp_path / "data" / "bank" / "2025-02.xml").write_text(statement(), encoding="utf-8")
    night = run_night(str(tmp_path / "alleen_bank.yaml"), tmp_path / "warehouse", tmp_path / "data")
    assert night.status == 0, night.output
    matched = "select invoice_id, payment_id is not null, document_amount, applied_date from core.fct_payment_applications order by 1"
    assert night.query(matched) == [
        ("2025-0101", True, 1210, date(2025, 1, 31)),
        ("2025-0102", True, 363, date(2025, 1, 31)),
        ("2025-0103", True, 484, date(2025, 2, 3)),
        ("2025-0104", True, 200, date(2025, 2, 10)),
    ]
    receivables = {month: value for month, (value, _) in night.monthly("receivables").items()}
    # Open at the end: 99 of the last invoice, less the 50 of which nobody knows what it is for.
    assert receivables == {date(2025, 1, 1): 484, date(2025, 2, 1): 99 - 50}
    assert night.monthly("unapplied_cash_amount")[date(2025, 2, 1)][0] == -50
    by_step = night.query("select matched_by, sum(received_amount) from receivables.cash_matching_monthly group by 1 order by 1")
    assert by_step == [("numbers", 1573), ("payer and amount", 200), ("reference", 484), ("unmatched", 50)]
    told_apart = night.query("select entry_kind, sum(moved_amount) from receivables.bank_entries_monthly group by 1 order by 1")
    assert told_apart == [("charge", Decimal("-12.50")), ("receipt", 1573 + 484 + 200 + 50)]
    worklist = night.query("select customer_id, unapplied_amount, suggestion from receivables.cash_matching_worklist")
    assert worklist == [("unknown", 50, "payer_not_known")]
    assert night.monthly("cash_match_share")[date(2025, 2, 1)][0] == (Decimal(684) / 734).quantize(Decimal("0.000001"))
