"""Where the business terms of EN 16931 stand: in UBL 2.1 (Invoice, CreditNote) and in UN/CEFACT CII (D16B).

A path is made of local names, with ``@`` before an attribute; namespaces and their prefixes are not read. Several paths are
tried one after the other. Source: CEN/TS 16931-3-2 (UBL) and 16931-3-3 (CII), the syntax bindings.
Keep out: how rows are made of them (``einvoices.py``).
"""

from __future__ import annotations

#: What the roots of the three documents are called.
UBL_ROOTS = {
    "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2": "Invoice",
    "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2": "CreditNote",
}
CII_ROOT = "CrossIndustryInvoice"
#: What else bills, in these standards and in others that call it so: none of them is passed over where another document is read.
DOCUMENT_NAMES = (
    *UBL_ROOTS.values(), CII_ROOT, "CrossIndustryDocument", "DebitNote", "SelfBilledInvoice", "SelfBilledCreditNote", "FreightInvoice",
)  # fmt: skip

#: Codes of UNTDID 1001 that EN 16931 allows beside those the contract knows, and what each is for us (BR-CL-01).
OTHER_DOCUMENT_TYPES = {
    **dict.fromkeys(
        ("71", "82", "102", "130", "202", "203", "204", "211", "218", "219", "295", "331", "382", "385", "387", "388", "390", "393", "394",
         "395", "456", "457", "527", "553", "575", "623", "633", "751", "780", "817", "870", "935"),
        "invoice",
    ),
    **dict.fromkeys(("80", "84"), "debit_note"),
    **dict.fromkeys(("81", "83", "261", "262", "296", "308", "396", "420", "458", "532"), "credit_note"),
}  # fmt: skip

Paths = dict[str, tuple[str, ...]]

UBL_BUYER, UBL_SELLER = "AccountingCustomerParty/Party", "AccountingSupplierParty/Party"
UBL_DOCUMENT: Paths = {
    "invoice_id": ("ID",),  # BT-1
    "document_type": ("InvoiceTypeCode", "CreditNoteTypeCode"),  # BT-3
    "issued_date": ("IssueDate",),  # BT-2
    "due_date": ("DueDate", "PaymentMeans/PaymentDueDate"),  # BT-9
    "currency": ("DocumentCurrencyCode",),  # BT-5
    "net_amount": ("LegalMonetaryTotal/TaxExclusiveAmount",),  # BT-109
    "gross_amount": ("LegalMonetaryTotal/TaxInclusiveAmount",),  # BT-112
    "order_id": ("OrderReference/SalesOrderID",),  # BT-14
    "customer_order_number": ("OrderReference/ID",),  # BT-13
    "allowance_amount": ("LegalMonetaryTotal/AllowanceTotalAmount",),  # BT-107
    "charge_amount": ("LegalMonetaryTotal/ChargeTotalAmount",),  # BT-108
    "prepaid_amount": ("LegalMonetaryTotal/PrepaidAmount",),  # BT-113
    "rounding_amount": ("LegalMonetaryTotal/PayableRoundingAmount",),  # BT-114
    "due_amount": ("LegalMonetaryTotal/PayableAmount",),  # BT-115
    "period_start_date": ("InvoicePeriod/StartDate",),  # BT-73
    "period_end_date": ("InvoicePeriod/EndDate",),  # BT-74
    "tax_point_date": ("TaxPointDate",),  # BT-7
    "seller_country": (f"{UBL_SELLER}/PostalAddress/Country/IdentificationCode",),  # BT-40
    "deliver_to_country": ("Delivery/DeliveryLocation/Address/Country/IdentificationCode",),  # BT-80
    "buyer_registration_number": (f"{UBL_BUYER}/PartyLegalEntity/CompanyID",),  # BT-47
    "project_id": ("ProjectReference/ID",),  # BT-11
    "contract_id": ("ContractDocumentReference/ID",),  # BT-12
    "payment_reference": ("PaymentMeans/PaymentID",),  # BT-83
    "specification_id": ("CustomizationID",),  # BT-24
}
UBL_PARTY: Paths = {
    "own_id": (f"{UBL_BUYER}/PartyIdentification/ID",),  # BT-46
    "name": (f"{UBL_BUYER}/PartyLegalEntity/RegistrationName", f"{UBL_BUYER}/PartyName/Name"),  # BT-44, BT-45
    "endpoint": (f"{UBL_BUYER}/EndpointID",),  # BT-49
    "country": (f"{UBL_BUYER}/PostalAddress/Country/IdentificationCode",),  # BT-55
}
UBL_LINE: Paths = {
    "line_number": ("ID",),  # BT-126
    "order_line_number": ("OrderLineReference/LineID",),  # BT-132
    "product_id": ("Item/SellersItemIdentification/ID",),  # BT-155
    "description": ("Item/Name",),  # BT-153
    "quantity": ("InvoicedQuantity", "CreditedQuantity"),  # BT-129
    "unit": ("InvoicedQuantity/@unitCode", "CreditedQuantity/@unitCode"),  # BT-130
    "unit_price_amount": ("Price/PriceAmount",),  # BT-146
    "gross_unit_price_amount": ("Price/AllowanceCharge/BaseAmount",),  # BT-148
    "price_discount_amount": ("Price/AllowanceCharge/Amount",),  # BT-147
    "net_amount": ("LineExtensionAmount",),  # BT-131
    "vat_category": ("Item/ClassifiedTaxCategory/ID",),  # BT-151
    "vat_share": ("Item/ClassifiedTaxCategory/Percent",),  # BT-152
    "price_base_quantity": ("Price/BaseQuantity",),  # BT-149
    "price_base_unit": ("Price/BaseQuantity/@unitCode",),  # BT-150
    "period_start_date": ("InvoicePeriod/StartDate",),  # BT-134
    "period_end_date": ("InvoicePeriod/EndDate",),  # BT-135
    "buyers_item_id": ("Item/BuyersItemIdentification/ID",),  # BT-156
    "standard_item_id": ("Item/StandardItemIdentification/ID",),  # BT-157
    "item_class": ("Item/CommodityClassification/ItemClassificationCode",),  # BT-158
    "origin_country": ("Item/OriginCountry/IdentificationCode",),  # BT-159
}
UBL_ALLOWANCE: Paths = {
    "is_charge": ("ChargeIndicator",),
    "amount": ("Amount",),  # BT-92, BT-99, BT-136, BT-141
    "base_amount": ("BaseAmount",),  # BT-93, BT-100
    "allowance_share": ("MultiplierFactorNumeric",),  # BT-94, BT-101
    "vat_category": ("TaxCategory/ID",),  # BT-95, BT-102
    "vat_share": ("TaxCategory/Percent",),  # BT-96, BT-103
    "reason_text": ("AllowanceChargeReason",),  # BT-97, BT-104
    "reason_code": ("AllowanceChargeReasonCode",),  # BT-98, BT-105
}
UBL_VAT: Paths = {
    "vat_category": ("TaxCategory/ID",),  # BT-118
    "vat_share": ("TaxCategory/Percent",),  # BT-119
    "base_amount": ("TaxableAmount",),  # BT-116
    "vat_amount": ("TaxAmount",),  # BT-117
    "exemption_reason": ("TaxCategory/TaxExemptionReason", "TaxCategory/TaxExemptionReasonCode"),  # BT-120, BT-121
}
UBL_REFERENCE: Paths = {
    "preceding_invoice_id": ("InvoiceDocumentReference/ID", "CreditNoteDocumentReference/ID"),  # BT-25
    "preceding_issued_date": ("InvoiceDocumentReference/IssueDate", "CreditNoteDocumentReference/IssueDate"),  # BT-26
}

_DEAL = "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement"
_DELIVERY = "SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery"
CII_SETTLEMENT = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"
CII_TOTALS = f"{CII_SETTLEMENT}/SpecifiedTradeSettlementHeaderMonetarySummation"
CII_BUYER, _SELLER = f"{_DEAL}/BuyerTradeParty", f"{_DEAL}/SellerTradeParty"
CII_DOCUMENT: Paths = {
    "invoice_id": ("ExchangedDocument/ID",),
    "document_type": ("ExchangedDocument/TypeCode",),
    "issued_date": ("ExchangedDocument/IssueDateTime/DateTimeString",),
    "due_date": (f"{CII_SETTLEMENT}/SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString",),
    "currency": (f"{CII_SETTLEMENT}/InvoiceCurrencyCode",),
    "net_amount": (f"{CII_TOTALS}/TaxBasisTotalAmount",),
    "gross_amount": (f"{CII_TOTALS}/GrandTotalAmount",),
    "order_id": (f"{_DEAL}/SellerOrderReferencedDocument/IssuerAssignedID",),
    "customer_order_number": (f"{_DEAL}/BuyerOrderReferencedDocument/IssuerAssignedID",),
    "allowance_amount": (f"{CII_TOTALS}/AllowanceTotalAmount",),
    "charge_amount": (f"{CII_TOTALS}/ChargeTotalAmount",),
    "prepaid_amount": (f"{CII_TOTALS}/TotalPrepaidAmount",),
    "rounding_amount": (f"{CII_TOTALS}/RoundingAmount",),
    "due_amount": (f"{CII_TOTALS}/DuePayableAmount",),
    "period_start_date": (f"{CII_SETTLEMENT}/BillingSpecifiedPeriod/StartDateTime/DateTimeString",),
    "period_end_date": (f"{CII_SETTLEMENT}/BillingSpecifiedPeriod/EndDateTime/DateTimeString",),
    "tax_point_date": (f"{CII_SETTLEMENT}/ApplicableTradeTax/TaxPointDate/DateString",),
    "seller_country": (f"{_SELLER}/PostalTradeAddress/CountryID",),
    "deliver_to_country": (f"{_DELIVERY}/ShipToTradeParty/PostalTradeAddress/CountryID",),
    "buyer_registration_number": (f"{CII_BUYER}/SpecifiedLegalOrganization/ID",),
    "project_id": (f"{_DEAL}/SpecifiedProcuringProject/ID",),
    "contract_id": (f"{_DEAL}/ContractReferencedDocument/IssuerAssignedID",),
    "payment_reference": (f"{CII_SETTLEMENT}/PaymentReference",),
    "specification_id": ("ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID",),
}
CII_PARTY: Paths = {
    "own_id": (f"{CII_BUYER}/GlobalID", f"{CII_BUYER}/ID"),
    "name": (f"{CII_BUYER}/Name",),
    "endpoint": (f"{CII_BUYER}/URIUniversalCommunication/URIID",),
    "country": (f"{CII_BUYER}/PostalTradeAddress/CountryID",),
}
CII_LINES = "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem"
_PRICE, _GROSS = "SpecifiedLineTradeAgreement/NetPriceProductTradePrice", "SpecifiedLineTradeAgreement/GrossPriceProductTradePrice"
_OF_LINE = "SpecifiedLineTradeSettlement"
CII_LINE: Paths = {
    "line_number": ("AssociatedDocumentLineDocument/LineID",),
    "order_line_number": ("SpecifiedLineTradeAgreement/BuyerOrderReferencedDocument/LineID",),
    "product_id": ("SpecifiedTradeProduct/SellerAssignedID",),
    "description": ("SpecifiedTradeProduct/Name",),
    "quantity": ("SpecifiedLineTradeDelivery/BilledQuantity",),
    "unit": ("SpecifiedLineTradeDelivery/BilledQuantity/@unitCode",),
    "unit_price_amount": (f"{_PRICE}/ChargeAmount",),
    "gross_unit_price_amount": (f"{_GROSS}/ChargeAmount",),
    "price_discount_amount": (f"{_GROSS}/AppliedTradeAllowanceCharge/ActualAmount",),
    "net_amount": (f"{_OF_LINE}/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",),
    "vat_category": (f"{_OF_LINE}/ApplicableTradeTax/CategoryCode",),
    "vat_share": (f"{_OF_LINE}/ApplicableTradeTax/RateApplicablePercent",),
    "price_base_quantity": (f"{_PRICE}/BasisQuantity",),
    "price_base_unit": (f"{_PRICE}/BasisQuantity/@unitCode",),
    "period_start_date": (f"{_OF_LINE}/BillingSpecifiedPeriod/StartDateTime/DateTimeString",),
    "period_end_date": (f"{_OF_LINE}/BillingSpecifiedPeriod/EndDateTime/DateTimeString",),
    "buyers_item_id": ("SpecifiedTradeProduct/BuyerAssignedID",),
    "standard_item_id": ("SpecifiedTradeProduct/GlobalID",),
    "item_class": ("SpecifiedTradeProduct/DesignatedProductClassification/ClassCode",),
    "origin_country": ("SpecifiedTradeProduct/OriginTradeCountry/ID",),
    "line_kind": ("AssociatedDocumentLineDocument/LineStatusReasonCode",),  # BT-X-8; UBL has none
}
CII_ALLOWANCES, CII_LINE_ALLOWANCES = f"{CII_SETTLEMENT}/SpecifiedTradeAllowanceCharge", f"{_OF_LINE}/SpecifiedTradeAllowanceCharge"
CII_ALLOWANCE: Paths = {
    "is_charge": ("ChargeIndicator/Indicator",),
    "amount": ("ActualAmount",),
    "base_amount": ("BasisAmount",),
    "allowance_share": ("CalculationPercent",),
    "vat_category": ("CategoryTradeTax/CategoryCode",),
    "vat_share": ("CategoryTradeTax/RateApplicablePercent",),
    "reason_text": ("Reason",),
    "reason_code": ("ReasonCode",),
}
CII_VAT: Paths = {
    "vat_category": ("CategoryCode",),
    "vat_share": ("RateApplicablePercent",),
    "base_amount": ("BasisAmount",),
    "vat_amount": ("CalculatedAmount",),
    "exemption_reason": ("ExemptionReason", "ExemptionReasonCode"),
}
CII_REFERENCE: Paths = {
    "preceding_invoice_id": ("IssuerAssignedID",),
    "preceding_issued_date": ("FormattedIssueDateTime/DateTimeString",),
}
