"""Which column of a table is which of a contract: by name in four languages, then by what the values are and whether they tie.

Every choice says why it was made; what has no evidence stays a question. Keep out: which table is which entity (``matching.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.drafting.names import SURE, identifier_of, name_score
from pipelines.drafting.tables import Table
from pipelines.sources.contracts import Column, Contract, load_contracts

#: Contract type -> kinds of values (values.kind_of) that fit it. A column without values fits by name alone.
FITS = {
    "id": {"text", "number", "day", "currency", "iban", "vat_id", "flag"},
    "text": {"text", "number", "currency", "iban", "vat_id", "flag"},
    "currency": {"text", "currency"},
    "one_of": {"text", "flag", "number", "currency"},
    "boolean": {"flag", "text"},
    "date": {"day", "instant"},
    "month": {"day", "instant"},
    "timestamp": {"day", "instant"},
}
NUMBERS = {"number", "flag"}
#: Columns whose values say what they are, whatever they are called.
BY_VALUE = {"iban": "payer_iban", "vat_id": "vat_id", "currency": "currency"}
#: What follows from the other two of a line where a file leaves it out.
DERIVED = {
    "net_amount": "number({quantity}) * number({unit_price_amount})",
    "unit_price_amount": "cast(round(number({net_amount}) / nullif(number({quantity}), 0), 6) as decimal(18,6))",
}
#: A name that is worth a look; joins and sums that hold in so much of the rows are evidence.
LIKELY, HOLDS = 0.6, 0.95


@dataclass
class Choice:
    """A column of a contract and where it comes from: ``expression`` as a company's file writes it, why, and whether to look at it."""

    column: Column
    expression: str | None
    why: str
    is_sure: bool
    source_column: str | None = None


@dataclass
class Draft:
    """One entity drafted from one table."""

    entity: str
    table: Table
    choices: dict[str, Choice] = field(default_factory=dict)
    group_by: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def _fits(column: Column, kind: str) -> bool:
    return kind == "empty" or kind in FITS.get(column.type, NUMBERS)


def pairs_of(table: Table, contract: Contract, kinds: dict[str, str]) -> dict[str, tuple[str, float]]:
    """Column of the contract -> column of the table and how sure it is; each used for the one that it fits best."""
    scored = sorted(
        (
            (
                name_score(name, contract.name, column.name) + 0.01 * column.is_required + 0.1 * (column.name in contract.key),
                column.name,
                name,
            )
            for name in table.columns
            for column in contract.columns
            if _fits(column, kinds[name])
        ),
        reverse=True,
    )
    pairs: dict[str, tuple[str, float]] = {}
    taken: set[str] = set()
    for score, column, name in scored:
        is_free = score >= LIKELY and column not in pairs and name not in taken
        if is_free and not (column == "customer_id" and _is_shared(table, name)):
            pairs[column] = (name, min(score, 1.0))
            taken.add(name)
    # What is known by its name only has one column for both.
    for score, column, name in scored:
        if score >= SURE and column == "name" and column not in pairs and name in (pairs[key][0] for key in contract.key if key in pairs):
            pairs[column] = (name, min(score, 1.0))
    for name, kind in kinds.items():
        wanted = BY_VALUE.get(kind)
        if wanted and name not in taken and wanted not in pairs and wanted in {column.name for column in contract.columns}:
            pairs[wanted] = (name, 0.8)
    return pairs


def _is_shared(table: Table, column: str) -> bool:
    """Whether most values of ``column`` stand beside several names of customers: an account of the ledger, say, and no customer."""
    name = next((name for name in table.columns if name != column and name_score(name, "customers", "name") >= SURE), "")
    beside: dict[str, set[str]] = {}
    for row in table.rows:
        if row.get(column) and row.get(name):
            beside.setdefault(row[column], set()).add(row[name])
    return 2 * sum(len(found) > 1 for found in beside.values()) > len(beside)


def answers(contract: Contract, column: Column, pairs: dict[str, object]) -> bool:
    """Whether a person can answer for a required column that a file lacks: constants, numbers of rows, amounts that follow."""
    others = {"net_amount": ("gross_amount",), "gross_amount": ("net_amount",)}.get(column.name, ()) if contract.name == "invoices" else ()
    return bool(
        column.name == "currency"
        or is_numbering(column.name)
        or _constant(contract, column)
        or any(name in pairs for name in others)
        or (contract.name == "open_items" and column.name == "amount" and "open_amount" in pairs)
        or (column.name in DERIVED and contract.name in ("order_lines", "invoice_lines"))
    )


def is_unique(table: Table, columns: list[str]) -> bool:
    seen = [tuple(row.get(column) for column in columns) for row in table.rows]
    return len(set(seen)) == len(seen)


def is_numbering(column: str) -> bool:
    return column in ("line_number", "allocation_id", "payment_id", "order_line_number")


def _constant(contract: Contract, column: Column) -> str | None:
    """What a required column is where a file has none: said as a question, never as a fact."""
    return {"document_type": "'invoice'", "is_outbound": "true"}.get(column.name)


def draft_of(table: Table, contract: Contract, kinds: dict[str, str]) -> Draft:
    draft = Draft(contract.name, table)
    pairs = pairs_of(table, contract, kinds)
    for column in contract.columns:
        if column.name in pairs:
            name, score = pairs[column.name]
            why = "by name" if score >= SURE else "by its values" if score == 0.8 else "by a part of its name"
            expression, is_sure = identifier_of(name), score >= SURE
            if column.type == "share" and any((_amount(value) or 0) > 1 for value in table.values(name)):
                expression, why, is_sure = f"number({expression}) / 100", f"{why}; percentages, as a share", False
            draft.choices[column.name] = Choice(column, expression, why, is_sure, name)
    _sums(draft, kinds)
    for column in contract.columns:
        if column.is_required and column.name not in draft.choices:
            draft.choices[column.name] = _question(draft, contract, column)
    keys = [draft.choices[name].source_column for name in contract.key]
    if all(keys) and not is_unique(table, keys):
        draft.notes.append(
            f"{', '.join(keys)} repeats in the first {len(table.rows):,} rows: group them, or find the column that makes them one"
        )
    return draft


def _question(draft: Draft, contract: Contract, column: Column) -> Choice:
    if column.name in DERIVED and contract.name in ("order_lines", "invoice_lines"):
        parts = {name: choice.expression for name, choice in draft.choices.items() if choice.expression}
        amounts = [name for name in draft.table.columns if name_score(name, "invoice_lines", "net_amount") >= SURE]
        if contract.name == "order_lines" and amounts:
            parts.setdefault("net_amount", identifier_of(amounts[0]))
        try:
            return Choice(
                column, DERIVED[column.name].format(**parts), "no column: does it follow from quantity, price and amount so?", False
            )
        except KeyError:
            return Choice(column, None, "no column found", False)
    numbers = {name: f"number({choice.expression})" for name, choice in draft.choices.items() if choice.source_column}
    for wanted, sign, rest in (("net_amount", "-", "gross_amount"), ("gross_amount", "+", "net_amount")):
        if column.name == wanted and contract.name == "invoices" and {rest, "vat_amount"} <= set(numbers):
            return Choice(column, f"{numbers[rest]} {sign} {numbers['vat_amount']}", "no column: does it follow from the VAT so?", False)
    if column.name in ("amount", "gross_amount") and contract.name in ("open_items", "invoices"):
        sides = [named(draft.table, side) for side in ("debit_amount", "credit_amount")]
        if all(sides):
            text = " - ".join(f"coalesce(number({identifier_of(side)}), 0)" for side in sides)
            return Choice(column, text, "debit less credit: is that the amount of the document, or what is open of it?", False)
    if column.name == "net_amount" and "gross_amount" in draft.choices:
        return Choice(column, draft.choices["gross_amount"].expression, "no column: is the amount without VAT the same?", False)
    if column.name == "gross_amount" and "net_amount" in draft.choices:
        return Choice(column, draft.choices["net_amount"].expression, "no column: is the amount with VAT the same?", False)
    if is_numbering(column.name) and column.name == contract.key[-1]:
        return Choice(column, "_row_number", "no column: the row's number in the file stands in for it", False)
    constant = _constant(contract, column)
    return Choice(column, constant, "no column: is every row one?" if constant else "no column found", False)


def named(table: Table, name: str) -> str | None:
    """The column of ``table`` that is called ``name``, which is no column of a contract."""
    score, column = max(((name_score(column, "", name), column) for column in table.columns), default=(0.0, None))
    return column if score >= SURE else None


def _sums(draft: Draft, kinds: dict[str, str]) -> None:
    """Net and VAT make gross: where three amounts of a document tie, they are those, whatever they are called."""
    if draft.entity != "invoices":
        return
    table = draft.table
    others = {choice.source_column for name, choice in draft.choices.items() if choice.column.type != "amount"}
    amounts = [name for name, kind in kinds.items() if kind == "number" and name not in others and len(set(table.values(name))) > 1]
    for net in amounts:
        for vat in amounts:
            for gross in amounts:
                if len({net, vat, gross}) == 3 and _ties(table, net, vat, gross):
                    for name, column in (("net_amount", net), ("vat_amount", vat), ("gross_amount", gross)):
                        before = draft.choices.get(name)
                        if before is None or before.source_column != column:
                            contract = load_contracts()["invoices"]
                            why = f"{net} and {vat} make {gross} in the rows"
                            draft.choices[name] = Choice(contract.column(name), identifier_of(column), why, False, column)
                    return


def _ties(table: Table, net: str, vat: str, gross: str) -> bool:
    rows = [[_amount(row.get(name)) for name in (net, vat, gross)] for row in table.rows[:500]]
    rows = [row for row in rows if None not in row and row[0] and row[2]]
    # VAT is the smaller part: net and VAT are not to be confused.
    holds = sum(abs(a + b - c) <= 0.011 and 0 <= abs(b) < abs(a) for a, b, c in rows)
    return len(rows) >= 5 and holds >= HOLDS * len(rows) and any(row[1] for row in rows)


def _amount(text: str | None) -> float | None:
    """A number for a comparison of sums only: the last sign that is no digit is taken for the decimal sign."""
    found = re.fullmatch(r"([-+]?[\d.,' ]*?)(?:[.,](\d{1,2}))?", (text or "").strip())
    digits = re.sub(r"[^\d-]", "", found[1]) if found else ""
    return float(f"{digits}.{found[2] or 0}") if found and re.search(r"\d", digits) else None
