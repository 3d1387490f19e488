"""The mapping that statements of a bank bring along: their columns as read, and which entities these fill.

Keep out: how the formats are read (``pipelines/sources/statements.py``).
"""

from __future__ import annotations

STATEMENT_FORMATS = ("camt", "mt940")

#: Columns of a row as read, all of them text; ``record`` says whether it is a statement or an entry.
STATEMENT_COLUMNS = (
    "record", "kind", "statement_id", "bank_account", "statement_number", "statement_date", "opening_date", "currency", "opening_amount",
    "closing_amount", "entries_amount", "entry_number", "detail_number", "booked_date", "value_date", "amount", "is_reversal",
    "counterparty_name", "counterparty_iban", "end_to_end_id", "structured_reference", "remittance_text", "transaction_code",
    "bank_reference",
)  # fmt: skip

#: Entity -> (which rows, columns of the same name, columns of another one). All entries of a statement are other entries to the
#: payments that a company delivers itself.
STATEMENT_ENTITIES = {
    "bank_statements": (
        "record = 'statement'",
        (
            "statement_id", "bank_account", "statement_number", "statement_date", "opening_date", "currency", "opening_amount",
            "closing_amount",
        ),
        {"other_entries_amount": "entries_amount"},
    ),
    "bank_transactions": (
        "record = 'entry'",
        (
            "statement_id", "bank_account", "kind", "entry_number", "detail_number", "booked_date", "value_date", "amount", "currency",
            "is_reversal", "counterparty_name", "counterparty_iban", "end_to_end_id", "structured_reference", "remittance_text",
            "transaction_code", "bank_reference", "opening_amount", "closing_amount",
        ),
        {},
    ),
}  # fmt: skip
