"""The sentence of a row whose reasons are codes with figures. Keep out: the words of a reason (kpi.kpi_reasons)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.book.figures import Row

if TYPE_CHECKING:
    from pipelines.book.writer import Writer


def _tell_value(writer: Writer, row: Row) -> None:
    row["reason"] = writer.why(row)


def _tell_action(writer: Writer, row: Row) -> None:
    if "reason_code" in row:
        row["reason"] = writer.words.told([row])


def kpi_row(row: Row) -> Row | None:
    """The row of kpi_values that a lever's reason is of; None where no row says why."""
    if not row.get("reason_kpi"):
        return None
    told = {"kpi": row["reason_kpi"], "period_type": "month", "period_start_date": row["reason_period_start_date"], "reason": row["reason"]}
    return told | {"scope_type": "company", "scope_id": "company"}


def _tell_lever(writer: Writer, row: Row) -> None:
    row["reason"] = writer.why(kpi_row(row)) or row["reason"]


def _tell_rule(writer: Writer, row: Row) -> None:
    if row.get("missing_entities"):
        row["not_assessed_reason"] = writer.words.told([{"reason_code": "not_delivered", "reason_subject": row["missing_entities"]}])


#: Table whose reasons have figures -> how a row of it gets its sentence.
TELLS_REASONS = {
    "kpi.kpi_values": _tell_value,
    "customer_accounting.customer_actions": _tell_action,
    "growth.opportunity_terms_advice": _tell_action,
    "core.rule_coverage": _tell_rule,
    "growth.levers_monthly": _tell_lever,
}
