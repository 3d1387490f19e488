"""Customers under pseudonyms: the same name for a customer on every page of one publication, another one in the next.

The order of the numbers follows a digest of the published figures themselves, so that whoever sees the book alone cannot
count back from a list of customers. Keep out: what is read or shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

#: What stands for a customer that the reader of a scope may not see.
HIDDEN = "*"
#: Columns that name a customer, wherever they stand.
ID_COLUMNS = frozenset(
    {"customer_id", "parent_customer_id", "customer_group_id", "same_as_customer_id", "bill_to_customer_id", "ship_to_customer_id"}
)
NAME_COLUMNS = frozenset({"customer_name", "legal_name", "parent_customer_name"})
#: Free text of the sources, which may name anybody: left out of a pseudonymised book.
FREE_TEXT_COLUMNS = frozenset(
    {
        "evidence",
        "evidence_nl",
        "expected_value",
        "actual_value",
        "found_value",
        "vat_id",
        "email",
        "address",
        "street",
        "city",
        "postal_code",
        "note",
        "notes",
        "comment",
        "remark",
        "row_text",
        "raw_row",
        "row_values",
        "delivered_row",
        "customer_order_reference",
        "order_reference",
        "iban",
        "payer_iban",
        "counterparty_name",
        "reference_text",
        "sample",
        "lost_reason",
        "contact_name",
        "contact_phone",
        "churn_reason",
    }
)


class Pseudonyms:
    """Customer id -> ``Customer 0001``. ``secret`` is what the outsider does not have."""

    def __init__(self, customer_ids: Iterable[str], secret: str):
        ordered = sorted(set(customer_ids), key=lambda name: sha256(f"{secret}|{name}".encode()).digest())
        width = max(4, len(str(len(ordered))))
        self._names = {customer_id: f"Customer {number:0{width}d}" for number, customer_id in enumerate(ordered, 1)}

    def name(self, customer_id: object) -> str | None:
        if customer_id is None:
            return None
        return self._names.get(
            str(customer_id), "Customer (unknown)" if str(customer_id) not in ("unknown", "none", "") else str(customer_id)
        )

    def apply(self, row: dict[str, Any]) -> dict[str, Any]:
        """``row`` without any name or id of a customer."""
        known = dict(row)
        owner = next((row[column] for column in ("customer_id",) if row.get(column)), None)
        if row.get("scope_type") == "customer":
            known["scope_id"] = self.name(row.get("scope_id"))
            owner = owner or row.get("scope_id")
        if row.get("document_kind") == "customer" or row.get("column_name") == "customer_id":
            known |= {column: None for column in ("document_id", "unmatched_value", "value") if column in row}
        for column in row:
            if column in ID_COLUMNS:
                known[column] = self.name(row[column])
            elif column in NAME_COLUMNS:
                known[column] = self.name(owner) if row[column] else row[column]
            elif column in FREE_TEXT_COLUMNS:
                known[column] = None
        return known
