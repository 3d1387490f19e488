"""The mapping that electronic invoices (EN 16931) bring along: their columns as read, and which entities these fill.

Keep out: where a business term stands in a document (``pipelines/sources/readers/einvoice_terms.py``).
"""

from __future__ import annotations

EINVOICE_FORMATS = ("einvoice",)

#: Entity -> (which rows, columns of the same name, columns of another one).
EINVOICE_ENTITIES: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "customers": ("record = 'buyer'", ("customer_id", "name", "country", "vat_id", "registration_number"), {}),
    "invoices": (
        "record = 'document'",
        (
            "invoice_id", "document_type", "customer_id", "issued_date", "due_date", "currency", "net_amount", "vat_amount",
            "gross_amount", "order_id", "customer_order_number", "corrects_invoice_id", "allowance_amount", "charge_amount",
            "prepaid_amount", "rounding_amount", "due_amount", "period_start_date", "period_end_date", "tax_point_date",
            "seller_country", "deliver_to_country", "buyer_vat_id", "buyer_registration_number", "project_id",
            "contract_id", "payment_reference", "specification_id",
        ),
        {},
    ),
    "invoice_lines": (
        "record = 'line'",
        (
            "invoice_id", "line_number", "order_line_number", "product_id", "description", "quantity", "unit", "unit_price_amount",
            "gross_unit_price_amount", "price_discount_amount", "discount_amount", "charge_amount", "net_amount", "vat_category",
            "vat_share", "price_base_quantity", "price_base_unit", "period_start_date", "period_end_date", "buyers_item_id",
            "standard_item_id", "item_class", "origin_country", "line_kind",
        ),
        {},
    ),
    "invoice_allowances": (
        "record = 'allowance'",
        (
            "invoice_id", "allowance_number", "is_charge", "amount", "base_amount", "allowance_share", "vat_category", "vat_share",
            "reason_text", "reason_code", "line_number",
        ),
        {},
    ),
    "invoice_references": ("record = 'reference'", ("invoice_id", "preceding_invoice_id", "preceding_issued_date"), {}),
    "invoice_vat": (
        "record = 'vat'", ("invoice_id", "vat_category", "vat_share", "base_amount", "vat_amount", "exemption_reason"), {},
    ),
    "invoice_verdicts": (
        "record = 'verdict'", ("invoice_id", "rule_code", "place_number", "is_about_amounts", "message_text", "place_text"), {},
    ),
    "invoice_fields": ("record = 'field'", ("invoice_id", "field_path", "occurrences", "value_text"), {}),
}  # fmt: skip

#: Columns of a row as read, all of them text; ``record`` says what it is of.
EINVOICE_COLUMNS = ("record", *dict.fromkeys(column for _, columns, _ in EINVOICE_ENTITIES.values() for column in columns))
