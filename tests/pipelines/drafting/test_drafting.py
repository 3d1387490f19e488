"""Drafts of companies' files: what is chosen, why, what is asked; and that an answered draft loads as it stands."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from pipelines.check import check
from pipelines.companies.config import load_company
from pipelines.drafting.__main__ import main
from pipelines.drafting.matching import drafts_of
from pipelines.drafting.tables import tables_of
from pipelines.settings import Settings, SettingsError
from tests.pipelines.drafting import against_shipped

CUSTOMERS = "Klantnummer;Bedrijfsnaam;Land;BTW-nummer\n" + "".join(f"K{n};Bedrijf {n};NL;NL00449544{n}B01\n" for n in range(1, 7))
#: (net, VAT, gross) as a Dutch ledger prints them, one in euros and cents above a thousand.
AMOUNTS = [("100,00", "21,00", "121,00"), ("1.000,50", "210,11", "1.210,61"), ("50,00", "10,50", "60,50")] * 2
INVOICES = "Factuurnr;Klantnummer;Factuurdatum;Vervaldatum;Bedrag excl. BTW;BTW;Totaal;Valuta\n" + "".join(
    f"F{n};K{n};{n + 10}-03-2025;{n + 10}-04-2025;{net};{vat};{gross};EUR\n" for n, (net, vat, gross) in enumerate(AMOUNTS, 1)
)


def draft(folder: Path, capsys: pytest.CaptureFixture) -> str:
    """The text of the draft of ``folder``."""
    assert main([str(folder), "--name", "Bakkerij Jansen", "--to", str(folder.parent)]) == 0
    capsys.readouterr()
    return (folder.parent / "bakkerij_jansen.draft.yaml").read_text(encoding="utf-8")


def answered(text: str, **answers: str) -> str:
    """The draft as a person saves it: marks taken away, empty columns filled from ``answers``."""
    lines = []
    for line in text.splitlines():
        line = re.sub(r"\s*#.*", "", line)
        key = line.strip().rstrip(":")
        lines.append(f"{line} {answers[key]}" if line.strip().endswith(":") and key in answers else line)
    return "\n".join(lines)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "klanten.csv").write_text(CUSTOMERS, encoding="utf-8")
    (tmp_path / "in" / "facturen_2025-03-31.csv").write_text(INVOICES, encoding="cp1252")
    return tmp_path / "in"


def test_a_dutch_ledger_is_drafted_and_loads_once_its_questions_are_answered(folder: Path, tmp_path: Path, capsys):
    text = draft(folder, capsys)
    for line in (
        "customer_id: Klantnummer", "issued_date: Factuurdatum", "due_date: Vervaldatum", "vat_amount: BTW", "gross_amount: Totaal",
        "net_amount: '\"Bedrag excl. BTW\"'", "reporting_currency: EUR", "delimiter: ';'", "files: 'facturen_*.csv'",
    ):  # fmt: skip
        assert line in text
    assert "date_format %d-%m-%Y: row 3, Factuurdatum '13-03-2025' is no %m-%d-%Y" in text
    assert "decimal sign ','" in text
    with pytest.raises(SettingsError, match="a draft"):
        load_company(tmp_path / "bakkerij_jansen.draft.yaml")
    company = tmp_path / "bakkerij_jansen.yaml"
    company.write_text(answered(text), encoding="utf-8")
    settings = Settings.from_environment({"COMPANY": str(company), "DATA_DIR": str(folder), "WAREHOUSE_DIR": str(tmp_path / "warehouse")})
    said = check(settings, tmp_path / "scratch")
    assert "customers: 6 rows loaded, 0 unchanged, 0 in quarantine" in said
    assert "invoices: 6 rows loaded, 0 unchanged, 0 in quarantine" in said


def test_german_headers_with_umlauts_and_payments_that_name_their_invoice(tmp_path: Path, capsys):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "debitoren.csv").write_text("Kundennummer;Firma;UID-Nummer\n" + "".join(f"{n};Firma {n};ATU{n}\n" for n in range(100, 112)))
    (folder / "rechnungen.csv").write_text(
        "Rechnungsnummer;Kundennummer;Rechnungsdatum;Fälligkeit;Nettobetrag;Währung\n"
        + "".join(f"R{n};{100 + n};{n + 10}.03.2025;{n + 10}.04.2025;{n}00,00;EUR\n" for n in range(1, 9))
    )
    payments = "".join(f"Z{n};{100 + n};{n + 10}.04.2025;{n}00,00;{f'R{n}' if n % 3 else ''}\n" for n in range(1, 9))
    (folder / "zahlungen.csv").write_text("Zahlungsnummer;Kundennummer;Zahlungsdatum;Betrag;Rechnungsnummer\n" + payments)
    text = draft(folder, capsys)
    for line in ("due_date: '\"Fälligkeit\"'", "currency: '\"Währung\"'", "vat_id: '\"UID-Nummer\"'", "payment_id: Zahlungsnummer"):
        assert line in text
    allocations = text.partition("  payment_allocations:")[2]
    assert "where: 'filled(Rechnungsnummer) is not null'" in allocations
    assert "invoice_id: Rechnungsnummer" in allocations
    assert "amount: Betrag  # QUESTION: Rechnungsnummer stands beside the payment" in allocations
    # A payment file that names no invoice is that alone.
    (folder / "zahlungen.csv").write_text("Zahlungsnummer;Kundennummer;Zahlungsdatum;Betrag;Text\n" + payments)
    assert "payment_allocations:" not in draft(folder, capsys).partition("# With these")[0]


#: Lists as other programs print them: what is read of each, and that nothing else is read for these columns.
LISTS = {
    "aging detail of an American program": (
        "AR_Aging_Detail.csv",
        """Date,Transaction Type,Num,Customer,Due Date,Amount,Open Balance
01/15/2026,Invoice,1037,Amy's Birds,02/14/2026,"1,250.00","1,250.00"
01/22/2026,Payment,P9,Bill's Shop,01/22/2026,-50.00,-50.00
02/01/2026,Credit Memo,1040,Amy's Birds,02/01/2026,-100.00,-100.00
""",
        {"open_items.item_id": "Num", "open_items.customer_id": "Customer", "open_items.amount": "Amount",
         "open_items.open_amount": '"Open Balance"', "customers.customer_id": "Customer"},
    ),
    "open items with debit and credit in German": (
        "OPOS.csv",
        """Konto;Kontobezeichnung;Rechnungs-Nr.;Rechnungsdatum;Fälligkeit;Betrag Soll;Betrag Haben;Saldo
10100;Müller GmbH;RE-1;15.01.2026;14.02.2026;1.190,00;0,00;1.190,00
10200;Schmidt AG;RE-2;20.01.2026;19.02.2026;595,00;95,00;500,00
""",
        {"open_items.item_id": '"Rechnungs-Nr."', "open_items.customer_id": "Konto", "open_items.open_amount": "Saldo",
         "open_items.amount": 'coalesce(number("Betrag Soll"), 0) - coalesce(number("Betrag Haben"), 0)', "customers.customer_id": "Konto"},
    ),
    "aged balance in French": (
        "export.csv",
        """Compte tiers;Intitulé;N° facture;Date pièce;Date d'échéance;Montant initial;Solde
411DUP;Dupont SARL;FA1;15/01/2026;14/02/2026;1 190,00;1 190,00
411MAR;Martin et fils;FA2;25/01/2026;24/02/2026;238,00;38,00
""",
        {"open_items.item_id": '"N° facture"', "open_items.customer_id": '"Compte tiers"', "open_items.amount": '"Montant initial"',
         "customers.name": 'max(filled("Intitulé"))'},
    ),
    "an account of the ledger is no customer, and net is gross less VAT": (
        "SalesInvoices.csv",
        """*ContactName,*InvoiceNumber,*InvoiceDate,*DueDate,Total,TaxTotal,InvoiceAmountDue,*AccountCode,Currency
Jansen,INV-1,14/01/2026,13/02/2026,242.00,42.00,0.00,200,EUR
Hotel Zee,INV-2,20/01/2026,19/02/2026,121.00,21.00,121.00,200,EUR
De Boer,INV-3,21/01/2026,20/02/2026,121.00,21.00,121.00,210,EUR
Smit,INV-4,22/01/2026,21/02/2026,121.00,21.00,121.00,210,EUR
""",
        {"invoices.customer_id": '"*ContactName"', "customers.customer_id": '"*ContactName"', "invoices.gross_amount": "Total",
         "invoices.vat_amount": "TaxTotal", "invoices.net_amount": "number(Total) - number(TaxTotal)"},
    ),
    "an account that is the customer, though one was renamed": (
        "invoices.csv",
        """Account,Name,Invoice No,Invoice Date,Due Date,Net,VAT,Gross
A1,Alpha Ltd,1,01/02/2026,03/03/2026,100.00,20.00,120.00
A1,Alpha Group Ltd,2,13/02/2026,15/03/2026,200.00,40.00,240.00
B2,Beta plc,3,20/02/2026,22/03/2026,50.00,10.00,60.00
""",
        {"invoices.customer_id": "Account", "customers.customer_id": "Account", "invoices.net_amount": "Net"},
    ),
    "names cut short": (
        "ARINV.csv",
        """CUST_NO,CUST_NAME,INV_NO,INV_DT,DUE_DT,CURR_CD,NET_AMT,VAT_AMT,INV_AMT,DISC_PCT
C1,Alpha BV,1001,2026-02-01,2026-03-03,EUR,100.00,21.00,121.00,5
C2,Beta BV,1002,2026-02-13,2026-03-15,EUR,200.00,42.00,242.00,0
""",
        {"invoices.customer_id": "CUST_NO", "invoices.invoice_id": "INV_NO", "invoices.due_date": "DUE_DT",
         "invoices.currency": "CURR_CD", "invoices.gross_amount": "INV_AMT", "customers.name": "max(filled(CUST_NAME))"},
    ),
    "percentages of lines": (
        "factuurregels.csv",
        """Factuur;Factuurdatum;Klant;Artikel;Aantal;Prijs;Korting %;Regelbedrag;BTW%
F1;01-02-2026;K1;A1;10;2,00;10;18,00;9
F1;01-02-2026;K1;A2;5;3,00;0;15,00;21
F2;13-02-2026;K2;A1;1;2,00;0;2,00;9
""",
        {"invoice_lines.vat_share": 'number("BTW%") / 100', 
         "invoices.customer_id": "max(filled(Klant))", "customers.customer_id": "Klant"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", LISTS)
def test_lists_as_other_programs_print_them(tmp_path: Path, kind: str) -> None:
    name, text, expected = LISTS[kind]
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = {
        f"{draft.entity}.{column}": choice.expression
        for draft in drafts_of(tables_of(tmp_path))
        for column, choice in draft.choices.items()
    }
    assert {place: found.get(place) for place in expected} == expected


def test_what_two_readings_fit_is_asked_and_what_contradicts_is_named(tmp_path: Path, capsys):
    folder = tmp_path / "in"
    folder.mkdir()
    rows = "".join(f"{n},C{n},0{n}/0{n + 1}/2025,1.00{n}\n" for n in range(1, 7))
    (folder / "invoices.csv").write_text("invoice number,customer,invoice date,total amount\n" + rows + "7,C7,2025-05-05,12\n")
    text = draft(folder, capsys)
    assert "QUESTION: row 7, invoice date '2025-05-05' is not written as" in text
    (folder / "invoices.csv").write_text("invoice number,customer,invoice date,total amount\n" + rows)
    text = draft(folder, capsys)
    assert "QUESTION: date_format: every value fits %d/%m/%Y as well as %m/%d/%Y" in text
    assert "QUESTION: '.' in '1.001' (row 1, total amount): decimals, or thousands?" in text


def test_columns_that_nothing_names_are_found_by_what_they_hold(tmp_path: Path, capsys):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "customers.csv").write_text("customer number,company\n" + "".join(f"{n},Firm {n}\n" for n in range(100, 120)))
    (folder / "invoices.csv").write_text(
        "invoice number,party,invoice date,aa,bb,cc\n"
        + "".join(f"{n},{100 + n % 20},2025-01-{n % 27 + 1:02},{n}.00,{n * 0.21:.2f},{n * 1.21:.2f}\n" for n in range(1, 40))
    )
    text = draft(folder, capsys)
    assert "customer_id: party  # QUESTION: its values stand in customers.customer_id of customers" in text
    for column in ("net_amount: aa", "vat_amount: bb", "gross_amount: cc"):
        assert f"{column}  # QUESTION: aa and bb make cc in the rows" in text


def test_near_misses_are_left_open(tmp_path: Path, capsys):
    folder = tmp_path / "in"
    folder.mkdir()
    # A party that is no customer in one row of ten, and amounts that tie in no row.
    (folder / "customers.csv").write_text("customer number,company\n" + "".join(f"{n},Firm {n}\n" for n in range(100, 118)))
    (folder / "invoices.csv").write_text(
        "invoice number,party,invoice date,aa,bb,cc\n"
        + "".join(f"{n},{100 + n % 20},2025-01-{n % 27 + 1:02},{n}.00,{n * 0.2:.2f},{n * 1.21:.2f}\n" for n in range(1, 40))
    )
    text = draft(folder, capsys)
    assert "customer_id: party" not in text
    assert "gross_amount: cc" not in text


def test_other_formats_and_documents_of_standards(tmp_path: Path, capsys, shared_data: Path):
    import openpyxl

    folder = tmp_path / "in"
    folder.mkdir()
    book = openpyxl.Workbook()
    for row in (["Debiteuren per 1 maart"], [], ["Debiteurnr", "Naam", "Kredietlimiet"], ["1", "Jansen", 1500.5], ["2", "Pieters", 200]):
        book.active.append(row)
    book.save(folder / "debiteuren.xlsx")
    (folder / "orders.jsonl").write_text('{"orderId": "1", "customer": "1", "orderDate": "2025-01-02T10:00:00", "currency": "EUR"}\n' * 1)
    statement = next((shared_data / "bank_statements" / "camt053").glob("*.xml"))
    (folder / "statement.xml").write_bytes(statement.read_bytes())
    (folder / "manual.pdf").write_bytes(b"%PDF")
    text = draft(folder, capsys)
    for line in ("format: excel", "header_row: 3", "credit_limit_amount: Kredietlimiet", "format: camt", "format: jsonl"):
        assert line in text
    assert "QUESTION: manual.pdf: nothing reads it" in text


def test_a_database_is_drafted_without_its_address(tmp_path: Path, capsys, monkeypatch):
    with sqlite3.connect(tmp_path / "secret_place.db") as database:
        database.execute("create table customer (customer_no text, company_name text)")
        database.executemany("insert into customer values (?, ?)", [(str(n), f"Firm {n}") for n in range(9)])
    monkeypatch.setenv("LEDGER", f"sqlite:///{tmp_path}/secret_place.db")
    assert main(["--database", "LEDGER", "--name", "Firm", "--to", str(tmp_path)]) == 0
    text = (tmp_path / "firm.draft.yaml").read_text()
    for line in ("address: LEDGER", "table: customer", "customer_id: customer_no"):
        assert line in text
    assert "secret_place" not in text + capsys.readouterr().out
    monkeypatch.delenv("LEDGER")
    assert main(["--database", "LEDGER", "--name", "Firm", "--to", str(tmp_path)]) == 2


@pytest.mark.parametrize(("arguments", "said"), [([], "NAME"), (["nowhere", "--name", "X"], "no folder")])
def test_a_wrong_call_says_what_to_say(arguments: list[str], said: str, capsys):
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", against_shipped.COMPANIES)
def test_nothing_of_a_shipped_company_is_drafted_wrong(name: str, shared_data: Path):
    compared = against_shipped.compare(name, shared_data / name)
    assert compared.wrong == []
    assert len(compared.right) >= 2 * len(compared.left_open)


@pytest.mark.parametrize("name", ["ibm_receivables", "crm_opportunities", "online_retail"])
def test_neither_is_it_with_dutch_headers_and_names_that_say_nothing(name: str, shared_data: Path, tmp_path: Path):
    compared = against_shipped.compare(name, against_shipped.in_dutch(shared_data / name, tmp_path / name), against_shipped.DUTCH)
    assert compared.wrong == []
    assert len(compared.entities) >= 3
