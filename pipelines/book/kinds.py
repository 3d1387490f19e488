"""What kind of values a column holds, by its name, and which vocabulary names them. Keep out: how a kind is written (``words.py``)."""

from __future__ import annotations

import re

#: Unit of a KPI -> the kind of a column that holds its values.
KINDS_OF_UNITS = {
    "reporting currency": "money", "share": "share", "points": "points", "days": "days", "percent": "percent", "hours": "days",
}  # fmt: skip
#: Columns that say by how much a figure changed: with their sign.
CHANGES = re.compile(r"(^|_)change(_days)?$|^change_(amount|value)$")
#: Columns that are a share or a rate by their name and no part of a whole -> the digits they are shown with.
PLAIN_NUMBERS = {f"parameter_{number}_rate": 4 for number in range(1, 5)} | {
    "log_likelihood_rate": 4,
    "rank_correlation_share": 2,
    "herfindahl_share": 3,
}

#: Columns whose values are codes, and the vocabulary that translates them.
CODES = {
    "severity": "severity",
    "step": "step",
    "owner_department": "department",
    "department": "department",
    "segment_type": "segment_type",
    "segment_id": "segment",
    "value_tier": "segment",
    "debtor_risk_class": "segment",
    "debtor_risk": "segment",
    "size_class": "segment",
    "state": "state",
    "status": "status",
    "outcome": "outcome",
    "role": "role",
    "rhythm": "rhythm",
    "entity": "entities",
    "cost_family": "cost_family",
    "assignment": "assignment",
    "cost_source": "cost_source",
    "layer": "layer",
    "stage": "stage",
    "kind": "kind",
    "deal_kind": "kind",
    "scope_type": "scope_type",
    "document_kind": "document_kind",
    "document_type": "document_kind",
    "value_basis": "basis",
    "curve_basis": "basis",
    "from_segment": "segment",
    "to_segment": "segment",
    "opening_segment": "segment",
    "closing_segment": "segment",
    "corner": "corner",
    "action": "advice",
    "terms_advice": "advice",
    "what_to_repair": "repair",
    "by_department": "department",
    "next_action": "next_action",
    "effect_verdict": "evidence_shown",
    "link_verdict": "evidence_shown",
    "budget_status": "budget",
    "bucket": "bucket",
    "debtor_risk_reason": "ground",
    "product_family": "segment",
    "from_segment_id": "segment",
    "to_segment_id": "segment",
    "cause": "overdue_cause",
    "matched_by": "matched_by",
    "entry_kind": "entry_kind",
    "suggestion": "suggestion",
    "scope_id": "segment",
    "team": "segment",
    "industry_code": "industry",
}


def kind_of(column: str) -> tuple[str, str, int | None]:
    """(kind, vocabulary, digits) of a column by its name."""
    if column in ("customer_id", "customer_name"):
        return "customer", "", None
    if column in ("salesperson_id", "account_owner_id", "known_by_salesperson_id"):
        return "salesperson", "segment", None
    if column == "kpi":
        return "kpi", "", None
    if column in CODES:
        return "code", CODES[column], None
    if column == "reason" or column.endswith("_reason"):
        return "reason", "", None
    if column == "error_code":
        return "code", "error", None
    if column.startswith(("is_", "has_", "was_", "are_")):
        return "flag", "", None
    if column.endswith(("month_start_date", "_month", "month")):
        return "month", "", None
    if column == "quarter_start_date":
        return "quarter", "", None
    if column.endswith(("_date", "_at", "_on")):
        return "date", "", None
    if column in PLAIN_NUMBERS:
        return "number", "", PLAIN_NUMBERS[column]
    suffix = column.rsplit("_", 1)[-1]
    kinds: dict[str, tuple[str, int | None]] = {
        "amount": ("money", None),
        "share": ("share", None),
        "rate": ("share", None),
        "days": ("days", None),
        "hours": ("days", None),
        "count": ("number", 0),
        "quantity": ("number", 0),
        "rank": ("number", 0),
        "score": ("number", 1),
        "quintile": ("number", 0),
    }
    kind, digits = kinds.get(suffix, ("text", None))
    return kind, "", digits
