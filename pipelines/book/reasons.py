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


def _tell_rule(writer: Writer, row: Row) -> None:
    if row.get("missing_entities"):
        row["not_assessed_reason"] = writer.words.told([{"reason_code": "not_delivered", "reason_subject": row["missing_entities"]}])


#: Table whose reasons have figures -> how a row of it gets its sentence.
TELLS_REASONS = {
    "kpi.kpi_values": _tell_value,
    "customer_accounting.customer_actions": _tell_action,
    "growth.opportunity_terms_advice": _tell_action,
    "core.rule_coverage": _tell_rule,
}
