"""Checks that failed, as people say it: what differs, how many euros, which figure it touches and what to do.

Keep out: what is checked (``expectations/``, dbt), and where it is shown (``pages/``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.book.writer import Writer

#: Check -> the KPIs that it touches. ``errors_in_<family>`` is one check per family of invoice errors.
TOUCHES = {
    "rollforward_agrees_with_the_ledger": ("receivables",),
    "errors_in": ("invoice_error_rate",),
    "no_number_stands_on_two_documents": ("net_revenue",),
    "no_row_is_quarantined": (),
    "no_file_was_refused": (),
    "cursors_bring_every_row": (),
    "bank_details_sum_to_their_entry": ("cash_match_share",),
    "confirmed_matches_are_followed": ("cash_match_share",),
    "bank_statements_follow_one_another": ("cash_match_share",),
    "closed_figures_do_not_move_threefold_without_a_document": (),
    "customers_are_not_worth_more_than_their_revenue_of_twenty_years": ("customer_equity",),
    "nobody_waits_two_years_for_all_of_its_money": ("dso_simple",),
    "parts_of_a_whole_lie_between_nothing_and_all": (),
    "revenue_and_cost_agree_with_the_ledger": ("net_revenue", "customer_result"),
    "revenue_does_not_grow_tenfold": ("net_revenue",),
    "revenue_of_known_customers_does_not_triple": ("net_revenue_retention",),
}
ROLLFORWARD = "receivables.receivables_rollforward_monthly"


@dataclass(frozen=True)
class FailedCheck:
    """``amount`` is in the reporting currency, None where the check is about no euros."""

    name: str
    text: str
    what_to_do: str
    amount: Decimal | None
    kpis: tuple[str, ...]


def family_of(check_name: str) -> str:
    """The key of a check's words: checks of one kind share them."""
    return "errors_in" if check_name.startswith("errors_in_") else check_name


def in_words(writer: Writer, row: dict[str, Any]) -> FailedCheck:
    """A failed row of meta.check_results. A check without words of its own is said by its name, which is true when it passes."""
    words, name = writer.words, row["check_name"]
    family = family_of(name)
    amount, count = _amount(writer, family, row), words.count(row["culprit_count"])
    values = {"count": count, "amount": words.money(amount), "month": words.notation.month(writer.month)}
    texts = words.texts["checks"].get(family)
    if texts is None:
        sentence = words.t("checks.other.text", name=name.replace("_", " "), count=count)
        return FailedCheck(name, sentence, row["what_to_do"] or words.t("checks.other.what_to_do"), amount, ())
    if family == "errors_in":
        subject = name.removeprefix("errors_in_").removesuffix("_stay_below_the_limit")
        values["family"] = words.term("error_family", subject)
    return FailedCheck(name, texts["text"].format(**values), texts["what_to_do"], amount, TOUCHES[family])


def _amount(writer: Writer, family: str, row: dict[str, Any]) -> Decimal | None:
    """The euros that a failed check is about: what the ledger differs by now, or what is at stake in the culprits."""
    if family == "rollforward_agrees_with_the_ledger":
        sql = f"select ledger_difference_amount as a from {ROLLFORWARD} where month_start_date = ?"
        found = writer.figures.raw(sql, [writer.month]) if writer.figures.has(ROLLFORWARD, "ledger_difference_amount") else []
        return abs(found[0]["a"]) if found and found[0]["a"] is not None else None
    if family == "revenue_and_cost_agree_with_the_ledger":
        differences = (Decimal(culprit.get("difference_amount") or 0) for culprit in json.loads(row["culprits"] or "[]"))
        return sum((abs(difference) for difference in differences), Decimal(0))
    if family == "errors_in":
        return sum((Decimal(culprit.get("stake_amount") or 0) for culprit in json.loads(row["culprits"] or "[]")), Decimal(0))
    return None
