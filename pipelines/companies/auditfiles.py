"""The mapping that a Dutch audit file (XAF 3.2) brings along: its columns as read, and which entities these fill.

Keep out: how the format is read (``pipelines/sources/readers/auditfiles.py``).
"""

from __future__ import annotations

AUDITFILE_FORMATS = ("xaf",)

#: Entity -> (which rows, columns of the same name, columns of another one).
AUDITFILE_ENTITIES: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "customers": (
        "record = 'customer'",
        ("customer_id", "name", "country", "vat_id", "registration_number", "currency", "credit_limit_amount"),
        {},
    ),
    "invoices": (
        "record = 'document'",
        (
            "invoice_id", "document_type", "customer_id", "issued_date", "due_date", "currency", "net_amount", "vat_amount",
            "gross_amount", "series", "reason_code",
        ),
        {},
    ),
    "invoice_lines": (
        "record = 'line'",
        ("invoice_id", "line_number", "product_id", "description", "quantity", "unit_price_amount", "net_amount", "vat_share"),
        {},
    ),
    "payments": (
        "record = 'payment'",
        ("payment_id", "received_date", "amount", "currency", "customer_id", "reference_text", "bank_account"),
        {},
    ),
    "payment_allocations": (
        "record = 'allocation'", ("allocation_id", "payment_id", "kind", "invoice_id", "allocated_date", "amount"), {},
    ),
    "ledger_controls": ("record = 'control'", ("account", "month", "kind", "amount"), {}),
}  # fmt: skip
#: Columns of a row as read, all of them text; ``record`` says what it is.
AUDITFILE_COLUMNS = ("record", *dict.fromkeys(name for _, columns, _ in AUDITFILE_ENTITIES.values() for name in columns))
