"""Electronic invoices: what stands on them is read, in either syntax and within a PDF; the official rules judge them."""

# ruff: noqa: E501 (documents keep an element on one line)
from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from lxml import etree

from pipelines.companies.config import Company
from pipelines.companies.delivered import Notation, Source
from pipelines.companies.einvoices import EINVOICE_COLUMNS, EINVOICE_ENTITIES
from pipelines.sources import landing
from pipelines.sources.contracts import load_contracts
from pipelines.sources.readers import RefusedFileError
from pipelines.sources.readers.einvoices import EinvoiceReader, Row
from pipelines.sources.readers.opening import unpack

EINVOICE = Source(files="*", format="einvoice")

UBL = """<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
 xmlns:c="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:b="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<b:CustomizationID>urn:cen.eu:en16931:2017</b:CustomizationID><b:ID>F-1</b:ID><b:IssueDate>2025-06-01+02:00</b:IssueDate>
{due}<b:{root}TypeCode>{code}</b:{root}TypeCode><b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode><b:BuyerReference>Purchasing</b:BuyerReference>
<c:OrderReference><b:ID>PO-7</b:ID><b:SalesOrderID>SO-7</b:SalesOrderID></c:OrderReference>
<c:BillingReference><c:InvoiceDocumentReference><b:ID>F-0</b:ID><b:IssueDate>2025-05-01</b:IssueDate></c:InvoiceDocumentReference></c:BillingReference>
<c:AccountingSupplierParty><c:Party><c:PostalAddress><c:Country><b:IdentificationCode>NL</b:IdentificationCode></c:Country></c:PostalAddress>
<c:PartyTaxScheme><b:CompanyID>NL123456782B90</b:CompanyID><c:TaxScheme><b:ID>VAT</b:ID></c:TaxScheme></c:PartyTaxScheme>
<c:PartyLegalEntity><b:RegistrationName>Seller BV</b:RegistrationName></c:PartyLegalEntity></c:Party></c:AccountingSupplierParty>
<c:AccountingCustomerParty><c:Party><c:PartyIdentification><b:ID>K-1</b:ID></c:PartyIdentification>
<c:PostalAddress><c:Country><b:IdentificationCode>NL</b:IdentificationCode></c:Country></c:PostalAddress>
<c:PartyTaxScheme><b:CompanyID>12</b:CompanyID><c:TaxScheme><b:ID>LOC</b:ID></c:TaxScheme></c:PartyTaxScheme>
<c:PartyTaxScheme><b:CompanyID>NL001234567B01</b:CompanyID><c:TaxScheme><b:ID>VAT</b:ID></c:TaxScheme></c:PartyTaxScheme>
<c:PartyLegalEntity><b:RegistrationName>Buyer BV</b:RegistrationName><b:CompanyID>30123456</b:CompanyID></c:PartyLegalEntity>
</c:Party></c:AccountingCustomerParty>
<c:PaymentMeans><b:PaymentMeansCode>30</b:PaymentMeansCode>{payment}<c:PayeeFinancialAccount><b:ID>NL20INGB0001234567</b:ID>
</c:PayeeFinancialAccount></c:PaymentMeans>
<c:AllowanceCharge><b:ChargeIndicator>1</b:ChargeIndicator><b:AllowanceChargeReason>Freight</b:AllowanceChargeReason>
<b:Amount currencyID="EUR">10.00</b:Amount><c:TaxCategory><b:ID>S</b:ID><b:Percent>21</b:Percent><c:TaxScheme><b:ID>VAT</b:ID></c:TaxScheme>
</c:TaxCategory></c:AllowanceCharge>
<c:TaxTotal><b:TaxAmount currencyID="SEK">300.00</b:TaxAmount></c:TaxTotal>
<c:TaxTotal><b:TaxAmount currencyID="EUR">27.30</b:TaxAmount><c:TaxSubtotal><b:TaxableAmount currencyID="EUR">130.00</b:TaxableAmount>
<b:TaxAmount currencyID="EUR">27.30</b:TaxAmount><c:TaxCategory><b:ID>S</b:ID><b:Percent>21</b:Percent><c:TaxScheme><b:ID>VAT</b:ID></c:TaxScheme>
</c:TaxCategory></c:TaxSubtotal></c:TaxTotal>
<c:LegalMonetaryTotal><b:LineExtensionAmount currencyID="EUR">120.00</b:LineExtensionAmount>
<b:TaxExclusiveAmount currencyID="EUR">130.00</b:TaxExclusiveAmount><b:TaxInclusiveAmount currencyID="EUR">157.30</b:TaxInclusiveAmount>
<b:ChargeTotalAmount currencyID="EUR">10.00</b:ChargeTotalAmount><b:PayableAmount currencyID="EUR">157.30</b:PayableAmount></c:LegalMonetaryTotal>
<c:{root}Line><b:ID>1</b:ID><b:{quantity} unitCode="C62">1000</b:{quantity}><b:LineExtensionAmount currencyID="EUR">120.00</b:LineExtensionAmount>
<c:OrderLineReference><b:LineID>3</b:LineID></c:OrderLineReference>
<c:AllowanceCharge><b:ChargeIndicator>false</b:ChargeIndicator><b:AllowanceChargeReason>Season</b:AllowanceChargeReason>
<b:Amount currencyID="EUR">3.45</b:Amount></c:AllowanceCharge>
<c:Item><b:Name>Screw</b:Name><c:SellersItemIdentification><b:ID>P-1</b:ID></c:SellersItemIdentification><c:ClassifiedTaxCategory><b:ID>S</b:ID>
<b:Percent>21</b:Percent><c:TaxScheme><b:ID>VAT</b:ID></c:TaxScheme></c:ClassifiedTaxCategory></c:Item>
<c:Price><b:PriceAmount currencyID="EUR">123.45</b:PriceAmount><b:BaseQuantity unitCode="C62">1000</b:BaseQuantity></c:Price></c:{root}Line>
</{root}>"""

RAM, UDT = (
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
)
CII = f"""<?xml version="1.0" encoding="UTF-8"?>
<r:CrossIndustryInvoice xmlns:r="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" xmlns:a="{RAM}" xmlns:u="{UDT}">
<r:ExchangedDocumentContext><a:GuidelineSpecifiedDocumentContextParameter><a:ID>urn:cen.eu:en16931:2017</a:ID>
</a:GuidelineSpecifiedDocumentContextParameter></r:ExchangedDocumentContext>
<r:ExchangedDocument><a:ID>F-1</a:ID><a:TypeCode>380</a:TypeCode><a:IssueDateTime><u:DateTimeString format="102">20250601</u:DateTimeString>
</a:IssueDateTime></r:ExchangedDocument>
<r:SupplyChainTradeTransaction>
<a:IncludedSupplyChainTradeLineItem><a:AssociatedDocumentLineDocument><a:LineID>1</a:LineID></a:AssociatedDocumentLineDocument>
<a:SpecifiedTradeProduct><a:SellerAssignedID>P-1</a:SellerAssignedID><a:Name>Screw</a:Name></a:SpecifiedTradeProduct>
<a:SpecifiedLineTradeAgreement><a:BuyerOrderReferencedDocument><a:LineID>3</a:LineID></a:BuyerOrderReferencedDocument>
<a:NetPriceProductTradePrice><a:ChargeAmount>123.45</a:ChargeAmount><a:BasisQuantity unitCode="C62">1000</a:BasisQuantity>
</a:NetPriceProductTradePrice></a:SpecifiedLineTradeAgreement>
<a:SpecifiedLineTradeDelivery><a:BilledQuantity unitCode="C62">1000</a:BilledQuantity></a:SpecifiedLineTradeDelivery>
<a:SpecifiedLineTradeSettlement><a:ApplicableTradeTax><a:TypeCode>VAT</a:TypeCode><a:CategoryCode>S</a:CategoryCode>
<a:RateApplicablePercent>21</a:RateApplicablePercent></a:ApplicableTradeTax>
<a:SpecifiedTradeAllowanceCharge><a:ChargeIndicator><u:Indicator>false</u:Indicator></a:ChargeIndicator><a:ActualAmount>3.45</a:ActualAmount>
<a:Reason>Season</a:Reason></a:SpecifiedTradeAllowanceCharge>
<a:SpecifiedTradeSettlementLineMonetarySummation><a:LineTotalAmount>120.00</a:LineTotalAmount></a:SpecifiedTradeSettlementLineMonetarySummation>
</a:SpecifiedLineTradeSettlement></a:IncludedSupplyChainTradeLineItem>
<a:ApplicableHeaderTradeAgreement><a:BuyerReference>Purchasing</a:BuyerReference>
<a:SellerTradeParty><a:Name>Seller BV</a:Name><a:PostalTradeAddress><a:CountryID>NL</a:CountryID></a:PostalTradeAddress>
<a:SpecifiedTaxRegistration><a:ID schemeID="VA">NL123456782B90</a:ID></a:SpecifiedTaxRegistration></a:SellerTradeParty>
<a:BuyerTradeParty><a:ID>K-1</a:ID><a:Name>Buyer BV</a:Name><a:SpecifiedLegalOrganization><a:ID>30123456</a:ID></a:SpecifiedLegalOrganization>
<a:PostalTradeAddress><a:CountryID>NL</a:CountryID></a:PostalTradeAddress>
<a:SpecifiedTaxRegistration><a:ID schemeID="VA">NL001234567B01</a:ID></a:SpecifiedTaxRegistration></a:BuyerTradeParty>
<a:SellerOrderReferencedDocument><a:IssuerAssignedID>SO-7</a:IssuerAssignedID></a:SellerOrderReferencedDocument>
<a:BuyerOrderReferencedDocument><a:IssuerAssignedID>PO-7</a:IssuerAssignedID></a:BuyerOrderReferencedDocument></a:ApplicableHeaderTradeAgreement>
<a:ApplicableHeaderTradeDelivery/>
<a:ApplicableHeaderTradeSettlement><a:InvoiceCurrencyCode>EUR</a:InvoiceCurrencyCode>
<a:SpecifiedTradeSettlementPaymentMeans><a:TypeCode>30</a:TypeCode><a:PayeePartyCreditorFinancialAccount><a:IBANID>NL20INGB0001234567</a:IBANID>
</a:PayeePartyCreditorFinancialAccount></a:SpecifiedTradeSettlementPaymentMeans>
<a:ApplicableTradeTax><a:CalculatedAmount>27.30</a:CalculatedAmount><a:TypeCode>VAT</a:TypeCode><a:BasisAmount>130.00</a:BasisAmount>
<a:CategoryCode>S</a:CategoryCode><a:RateApplicablePercent>21</a:RateApplicablePercent></a:ApplicableTradeTax>
<a:SpecifiedTradeAllowanceCharge><a:ChargeIndicator><u:Indicator>1</u:Indicator></a:ChargeIndicator><a:ActualAmount>10.00</a:ActualAmount>
<a:Reason>Freight</a:Reason><a:CategoryTradeTax><a:TypeCode>VAT</a:TypeCode><a:CategoryCode>S</a:CategoryCode>
<a:RateApplicablePercent>21</a:RateApplicablePercent></a:CategoryTradeTax></a:SpecifiedTradeAllowanceCharge>
<a:SpecifiedTradePaymentTerms><a:DueDateDateTime><u:DateTimeString format="102">20250701</u:DateTimeString></a:DueDateDateTime>
</a:SpecifiedTradePaymentTerms>
<a:SpecifiedTradeSettlementHeaderMonetarySummation><a:LineTotalAmount>120.00</a:LineTotalAmount><a:ChargeTotalAmount>10.00</a:ChargeTotalAmount>
<a:TaxBasisTotalAmount>130.00</a:TaxBasisTotalAmount><a:TaxTotalAmount currencyID="EUR">27.30</a:TaxTotalAmount>
<a:GrandTotalAmount>157.30</a:GrandTotalAmount><a:DuePayableAmount>157.30</a:DuePayableAmount>
</a:SpecifiedTradeSettlementHeaderMonetarySummation>
<a:InvoiceReferencedDocument><a:IssuerAssignedID>F-0</a:IssuerAssignedID></a:InvoiceReferencedDocument>
</a:ApplicableHeaderTradeSettlement></r:SupplyChainTradeTransaction></r:CrossIndustryInvoice>"""

DUE = "<b:DueDate>2025-07-01</b:DueDate>"
INVOICE = UBL.format(root="Invoice", due=DUE, code=380, payment="", quantity="InvoicedQuantity")
CREDIT_NOTE = UBL.format(root="CreditNote", due="", code=381, payment=DUE.replace("DueDate", "PaymentDueDate"), quantity="CreditedQuantity")

Read = Callable[..., list[Row]]


def of(rows: list[Row], record: str) -> list[Row]:
    return [row for row in rows if row["record"] == record]


def within_pdf(**attached: str) -> bytes:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    for name, text in attached.items():
        writer.add_attachment(name.replace("_", "."), text.encode())
    writer.write(out)
    return out.getvalue()


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def rows(content: str | bytes) -> list[Row]:
        path = tmp_path / "document"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        found = list(EinvoiceReader().rows(path))
        inspection = EinvoiceReader().inspect(path, EINVOICE, Notation(), tmp_path)
        assert (inspection.columns, inspection.row_count) == (EINVOICE_COLUMNS, len(found))
        return found

    return rows


def test_mapping_names_columns_of_the_contracts_and_fills_what_they_require() -> None:
    for entity, (_, columns, renamed) in EINVOICE_ENTITIES.items():
        contract = load_contracts()[entity]
        assert {*columns, *renamed} <= {column.name for column in contract.columns}
        assert {column.name for column in contract.columns if column.is_required} <= {*columns, *renamed}, entity


@pytest.mark.parametrize(
    "document", [INVOICE, CREDIT_NOTE, CII, within_pdf(**{"factur-x_xml": CII})],
    ids=["UBL invoice", "UBL credit note", "CII", "PDF"],
)  # fmt: skip
def test_both_syntaxes_say_the_same(read: Read, document: str | bytes) -> None:
    rows = read(document)
    (own,) = of(rows, "document")
    assert {name: own[name] for name in ("invoice_id", "customer_id", "issued_date", "due_date", "currency")} == {
        "invoice_id": "F-1", "customer_id": "K-1", "issued_date": "2025-06-01", "due_date": "2025-07-01", "currency": "EUR",
    }  # fmt: skip
    assert [own[f"{name}_amount"] for name in ("net", "vat", "gross", "charge", "due")] == ["130.00", "27.30", "157.30", "10.00", "157.30"]
    assert (own["order_id"], own["customer_order_number"], own["corrects_invoice_id"]) == ("SO-7", "PO-7", "F-0")
    assert (own["buyer_vat_id"], own["buyer_registration_number"], own["seller_country"]) == ("NL001234567B01", "30123456", "NL")
    (line,) = of(rows, "line")
    assert [line[name] for name in ("quantity", "unit_price_amount", "price_base_quantity", "discount_amount", "net_amount")] == [
        "1000", "123.45", "1000", "3.45", "120.00",
    ]  # fmt: skip
    assert (line["vat_category"], line["vat_share"], line["order_line_number"], line["product_id"]) == ("S", "0.21", "3", "P-1")
    freight, season = of(rows, "allowance")
    assert (freight["is_charge"], freight["amount"], freight["reason_text"], freight["line_number"]) == ("1", "10.00", "Freight", "")
    assert (season["is_charge"], season["amount"], season["line_number"], season["allowance_number"]) == ("false", "3.45", "1", "2")
    (vat,) = of(rows, "vat")
    assert (vat["vat_share"], vat["base_amount"], vat["vat_amount"]) == ("0.21", "130.00", "27.30")
    (buyer,) = of(rows, "buyer")
    assert (buyer["customer_id"], buyer["name"], buyer["country"], buyer["vat_id"]) == ("K-1", "Buyer BV", "NL", "NL001234567B01")
    assert [row["preceding_invoice_id"] for row in of(rows, "reference")] == ["F-0"]
    assert {row["value_text"] for row in of(rows, "field")} >= {"Purchasing", "Seller BV", "NL20INGB0001234567"}
    assert [(row["rule_code"], row["message_text"]) for row in of(rows, "verdict")] == []


@pytest.mark.parametrize(("document", "due"), [(INVOICE, "PayableAmount"), (CII, "DuePayableAmount")], ids=["UBL", "CII"])
def test_official_rules_judge_each_document(read: Read, document: str, due: str) -> None:
    head, _, tail = document.rpartition("157.30</")
    verdicts = of(read(f"{head}157.31</{tail}"), "verdict")
    assert [(row["rule_code"], row["is_about_amounts"], row["invoice_id"]) for row in verdicts] == [("BR-CO-16", "true", "F-1")]
    assert due in verdicts[0]["place_text"] or "Total" in verdicts[0]["place_text"] or "Summation" in verdicts[0]["place_text"]
    nameless = document.replace("Buyer BV", "")
    assert ("BR-07", "false") in {(row["rule_code"], row["is_about_amounts"]) for row in of(read(nameless), "verdict")}


def test_subtotal_and_text_among_the_lines_of_an_extended_document_are_called_so(read: Read) -> None:
    extended = CII.replace("urn:cen.eu:en16931:2017", "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended")
    head, line, tail = re.split("(<a:IncludedSupplyChainTradeLineItem>.*</a:IncludedSupplyChainTradeLineItem>)", extended, flags=re.DOTALL)
    called = {"1": "DETAIL", "2": "GROUP", "3": "INFORMATION"}
    lines = [
        line.replace("ID>1</a:LineID>", f"ID>{n}</a:LineID><a:LineStatusReasonCode>{kind}</a:LineStatusReasonCode>")
        for n, kind in called.items()
    ]
    rows = read(head + "".join(lines) + tail)
    assert {row["line_number"]: row["line_kind"] for row in of(rows, "line")} == {n: kind.lower() for n, kind in called.items()}
    # Where nothing says what a line is, and in UBL, which cannot say so, it is invoiced.
    assert [of(read(text), "line")[0]["line_kind"] for text in (CII, INVOICE)] == ["", ""]


def test_code_of_the_standard_that_no_contract_names_has_its_kind_and_an_unknown_one_stays(read: Read) -> None:
    for code, kind in {"380": "380", "80": "debit_note", "751": "invoice", "999": "999"}.items():
        text = INVOICE.replace("TypeCode>380<", f"TypeCode>{code}<")
        assert of(read(text), "document")[0]["document_type"] == kind


def test_buyer_without_a_number_is_known_by_what_else_it_has(read: Read) -> None:
    text = INVOICE.replace("<c:PartyIdentification><b:ID>K-1</b:ID></c:PartyIdentification>", "")
    for removed, known_by in {"": "NL001234567B01", "NL001234567B01": "30123456", "30123456": "Buyer BV"}.items():
        text = text.replace(removed, "") if removed else text
        rows = read(text)
        assert of(rows, "document")[0]["customer_id"] == of(rows, "buyer")[0]["customer_id"] == known_by

    rows = read(text.replace("Buyer BV", ""))
    assert (of(rows, "document")[0]["customer_id"], of(rows, "buyer")) == ("unknown", [])


def test_several_documents_of_one_file_are_each_read(read: Read) -> None:
    bodies = [text.split("?>", 1)[1].replace("F-1", number) for text, number in ((INVOICE, "F-1"), (CREDIT_NOTE, "C-2"))]
    rows = read(f"<set>{''.join(bodies)}</set>")
    assert Counter(row["invoice_id"] for row in of(rows, "line")) == {"F-1": 1, "C-2": 1}


def zipped(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("__MACOSX/x", "")
        for name, text in files.items():
            packed.writestr(f"{name}.xml", text)
    return out.getvalue()


def test_archive_of_many_documents_is_read_within_bounds_and_names_the_wrong_one(read: Read, tmp_path: Path) -> None:
    rows = read(zipped(first=INVOICE, second=CII.replace("F-1", "F-2")))
    assert [row["invoice_id"] for row in of(rows, "document")] == ["F-1", "F-2"]
    with pytest.raises(RefusedFileError, match=r"second.xml in it: not readable as XML"):
        read(zipped(first=INVOICE, second="Number;Amount"))
    with pytest.raises(RefusedFileError, match=r"second\.xml in it is an archive itself \(zip\), .* Deliver second\.xml by itself"):
        read(zipped(first=INVOICE, second=zipped(third=INVOICE)))
    archive = tmp_path / "many.zip"
    archive.write_bytes(zipped(first=INVOICE, second=INVOICE))
    assert unpack(archive, EINVOICE, tmp_path) == archive
    with pytest.raises(RefusedFileError, match="more than the 6,000 bytes"):
        list(EinvoiceReader().rows(archive, 6_000))
    archive.write_bytes(archive.read_bytes().replace(b"first.xml", b"fjrst.xml", 1))
    with pytest.raises(RefusedFileError, match=r"cannot be unpacked as \.zip"):
        list(EinvoiceReader().rows(archive))


def test_days_and_numbers_that_are_none_stay_and_are_refused_by_the_contract(read: Read) -> None:
    rows = read(INVOICE.replace("2025-06-01+02:00", "1 June").replace("<b:Percent>21<", "<b:Percent>high<"))
    assert (of(rows, "document")[0]["issued_date"], of(rows, "line")[0]["vat_share"]) == ("1 June", "high")
    # Rules that cannot compute with it say so; they never refuse the file.
    (verdict,) = of(rows, "verdict")
    assert (verdict["rule_code"], "high" in verdict["message_text"]) == ("SCHEMA", True)


ENTITY = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "x">{more}]><a>{used}</a>'
BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "boom"}">' for n in range(10))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (ENTITY.format(more="", used="&e;"), "document type declaration"),
        (ENTITY.format(more=BOMB, used="&e9;"), "document type declaration|not readable as XML"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document type declaration"),
        (INVOICE[:-30], "not readable as XML"),
        (INVOICE.replace("Screw", "Schräubchen").encode("cp1252"), "not readable as XML"),
        (INVOICE.replace("UTF-8", "klingon").encode(), "not readable as XML"),
        ("", "not readable as XML"),
        ("<a>" + "<b>" * 100_000, "not readable as XML"),
        ("Number;Amount\n1;2\n", "not readable as XML"),
        ("<Order xmlns='urn:x'/>", "no Invoice, CreditNote or CrossIndustryInvoice in Order"),
        (b"%PDF-1.7 and no more", "not readable as PDF|carries nothing"),
        (within_pdf(), "carries nothing"),
        (within_pdf(a_xml=INVOICE, b_xml=INVOICE), "carries a.xml, b.xml"),
        (within_pdf(**{"factur-x_xml": CII, "xrechnung_xml": CII}), "carries factur-x.xml, xrechnung.xml"),
        (f"<set>{INVOICE.split('?>')[1]}{INVOICE.split('?>')[1].replace('Invoice-2', 'DebitNote-2').replace('Invoice ', 'DebitNote ').replace('</Invoice>', '</DebitNote>')}</set>", "beside 1 that are read it holds .*DebitNote"),
        (f"<set>{INVOICE.split('?>')[1]}<Invoice xmlns='http://www.ebinterface.at/schema/4p3/'/></set>", "it holds .*ebinterface"),
    ],
    ids=["entity", "bomb", "external", "cut off", "other encoding", "no encoding", "empty", "deep", "csv", "other", "cut PDF", "PDF", "two", "two by name", "debit note beside", "other invoice beside"],
)  # fmt: skip
def test_what_is_no_electronic_invoice_is_refused_by_name(read: Read, content: str | bytes, said: str) -> None:
    with pytest.raises(RefusedFileError, match=said):
        read(content)


def test_what_is_attached_beside_the_invoice_is_no_reason_against_it(read: Read) -> None:
    plain = read(CII)
    assert read(within_pdf(**{"factur-x_xml": CII, "report_xml": "<report/>"})) == plain
    large = "QUJD" * 3_000_000
    attached = f"<c:AdditionalDocumentReference><b:ID>A</b:ID><c:Attachment><b:EmbeddedDocumentBinaryObject>{large}"
    attached += "</b:EmbeddedDocumentBinaryObject></c:Attachment></c:AdditionalDocumentReference>"
    rows = read(INVOICE.replace("<c:AccountingSupplierParty>", f"{attached}<c:AccountingSupplierParty>"))
    assert of(rows, "document") == of(read(INVOICE), "document")
    (field,) = (row for row in of(rows, "field") if row["field_path"].endswith("EmbeddedDocumentBinaryObject"))
    assert field["value_text"] == large[:200]


def test_an_envelope_may_be_called_as_what_it_holds(read: Read) -> None:
    assert of(read(f"<Invoice>{INVOICE.split('?>')[1]}</Invoice>"), "document") == of(read(INVOICE), "document")


def test_an_amount_of_another_currency_than_the_document_is_none_of_it(read: Read) -> None:
    rows = read(INVOICE.replace('<b:TaxInclusiveAmount currencyID="EUR">', '<b:TaxInclusiveAmount currencyID="USD">'))
    assert of(rows, "document")[0]["gross_amount"] == "157.30 USD"
    second = '<c:TaxTotal><b:TaxAmount currencyID="SEK">300.00</b:TaxAmount>'
    part = '<c:TaxSubtotal><b:TaxableAmount currencyID="SEK">1428.00</b:TaxableAmount></c:TaxSubtotal>'
    rows = read(INVOICE.replace(second, second + part))
    assert of(rows, "vat") == of(read(INVOICE), "vat")
    assert "1428.00" in [row["value_text"] for row in of(rows, "field")]


@pytest.mark.parametrize("wrong", ["2_1", "\uff12\uff11", "NaN", "21%"])
def test_what_only_python_takes_for_a_number_is_none(read: Read, wrong: str) -> None:
    (line,) = of(read(INVOICE.replace("<b:Percent>21<", f"<b:Percent>{wrong}<").replace(">3.45<", f">{wrong}<")), "line")
    assert (line["vat_share"], line["discount_amount"]) == (wrong, "")


def test_declared_encoding_is_read(read: Read) -> None:
    text = INVOICE.replace("UTF-8", "ISO-8859-1").replace("Screw", "Schräubchen")
    assert of(read(text.encode("latin-1")), "line")[0]["description"] == "Schräubchen"


def test_one_line_of_a_company_file_is_enough() -> None:
    company = {"company": "c", "name": "C", "time_zone": "UTC", "reporting_currency": "EUR", "last_complete_day": "invoices.issued_date"}
    company["sources"] = {"in": {"files": "*.xml", "format": "einvoice"}}
    assert set(Company.model_validate(company).all_entities()) == set(EINVOICE_ENTITIES)
    # A master of its own is the master; the buyer of a document repeats it.
    with_master = Company.model_validate(company | {"contract_files": "{entity}.csv"}).all_entities()
    assert (with_master["customers"].source, with_master["invoices"].source) == ("customers", "in")


def test_many_files_are_read_by_several_processes_with_the_same_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One broken file among them is refused by name; the others land in their order."""
    company = {"company": "c", "name": "C", "time_zone": "UTC", "reporting_currency": "EUR", "last_complete_day": "invoices.issued_date"}
    sources = Company.model_validate(company | {"sources": {"in": {"files": "*.xml", "format": "einvoice"}}}).all_sources()
    data = tmp_path / "data"
    data.mkdir()
    for number in range(5):
        (data / f"{number}.xml").write_text(INVOICE.replace(">F-1<", f">F-1{number}<") if number != 3 else "no XML", encoding="utf-8")
    landings = []
    for place, many in (("alone", 400), ("together", 2)):
        monkeypatch.setattr(landing, "MANY_FILES", many)
        monkeypatch.setattr(landing, "PART_FILES", 2)
        monkeypatch.setattr(landing.os, "cpu_count", lambda: 2)
        (tmp_path / place).mkdir()
        landings.append(landing.land(data, tmp_path / place, sources))
    alone, together = landings
    assert [refusal.path for refusal in together.refusals] == ["3.xml"]
    assert [delivery.path for delivery in together.deliveries] == ["0.xml", "1.xml", "2.xml", "4.xml"]
    assert (together.refusals, together.deliveries) == (alone.refusals, [replace(d, changed_ns=None) for d in alone.deliveries])


def test_official_unit_files_get_the_official_verdict(shared_data: Path, read: Read) -> None:
    """Every fragment of every unit file, for invoices and credit notes, delivered through the reader."""
    table: dict[str, Counter[str]] = {}
    differing = []
    for file in sorted((shared_data / "einvoices" / "en16931_unit").glob("*.xml")):
        family = file.stem.rpartition("-")[0] if file.stem.count("-") > 1 else file.stem.split("-")[0]
        counts = table.setdefault(family, Counter())
        for number, fragment in enumerate(etree.parse(file).getroot().iterfind("{*}test"), start=1):
            wanted, document = fragment.find("{*}assert"), fragment[-1]
            found = {row["rule_code"] for row in of(read(etree.tostring(document)), "verdict")}
            for kind in ("success", "warning", "error"):
                for asked in wanted.iterfind(f"{{*}}{kind}"):
                    agrees = ((rule := asked.text.strip()) in found) == (kind != "success")
                    counts["agree" if agrees else "differ"] += 1
                    differing += [] if agrees else [f"{file.stem}/{number}: {rule} is {kind}"]
    print(f"\n{'family':12}{'agree':>8}{'differ':>8}")
    for family, counts in table.items():
        print(f"{family:12}{counts['agree']:8}{counts['differ']:8}")
    assert sum(counts["agree"] for counts in table.values()) > 400
    assert differing == []
