"""Which table is which entity, and which column which: by name in four languages, then by what the values are and where they join.

Every choice says why it was made; what has no evidence stays a question. Keep out: reading files, and writing the draft.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.drafting.names import SURE, identifier_of, name_score, tokens, words
from pipelines.drafting.tables import Table
from pipelines.drafting.values import kind_of
from pipelines.sources.contracts import Column, Contract, load_contracts

#: Contract type -> kinds of values (values.kind_of) that fit it. A column without values fits by name alone.
FITS = {
    "id": {"text", "number", "day", "currency", "iban", "vat_id", "flag"},
    "text": {"text", "number", "currency", "iban", "vat_id", "flag"},
    "one_of": {"text", "flag", "number", "currency"},
    "boolean": {"flag", "text"},
    "date": {"day", "instant"},
    "month": {"day", "instant"},
    "timestamp": {"day", "instant"},
}
NUMBERS = {"number", "flag"}
#: Columns whose values say what they are, whatever they are called.
BY_VALUE = {"iban": "payer_iban", "vat_id": "vat_id", "currency": "currency"}
#: Entities that others contain: only these columns tell that a table is one.
TELLING = {"open_items": {"open_amount", "balance_date", "cleared_date"}, "invoice_lines": {"quantity", "unit_price_amount"}}
#: Entity -> what may stand in its rows where it has no file of its own.
HOLDERS = {
    "invoices": ("customers",),
    "open_items": ("customers",),
    "orders": ("customers",),
    "invoice_lines": ("invoices", "products", "customers"),
    "order_lines": ("orders", "products", "customers"),
}
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


def drafts_of(tables: list[Table]) -> list[Draft]:
    """The entities that ``tables`` hold, at most one table for each."""
    readable = [table for table in tables if table.columns and table.rows]
    kinds = {table.name: {column: kind_of(table.values(column)) for column in table.columns} for table in readable}
    rated = sorted(
        (
            (_rating(table, contract, kinds[table.name]), table.name, contract.name)
            for table in readable
            for contract in drafted_contracts()
        ),
        reverse=True,
    )
    by_name = {table.name: table for table in readable}
    drafts: dict[str, Draft] = {}
    used: set[str] = set()
    for rating, table_name, entity in rated:
        if rating >= LIKELY and entity not in drafts and table_name not in used:
            used.add(table_name)
            drafts[entity] = _draft(by_name[table_name], load_contracts()[entity], kinds[table_name])
    for draft in list(drafts.values()):
        for contained in _contained(draft, drafts, kinds[draft.table.name]):
            drafts.setdefault(contained.entity, contained)
    _joins(drafts)
    return [drafts[entity] for entity in load_contracts() if entity in drafts]


def drafted_contracts() -> list[Contract]:
    """The contracts that files are compared with: those that have words."""
    return [contract for contract in load_contracts().values() if contract.name in words()["entities"]]


def _fits(column: Column, kind: str) -> bool:
    return kind == "empty" or kind in FITS.get(column.type, NUMBERS)


# ------------------------------------------------------------------------------------------------------------ entities
def _rating(table: Table, contract: Contract, kinds: dict[str, str]) -> float:
    """How much of what ``contract`` needs ``table`` has, from 0 to 1 and a little beyond for what the file is called."""
    pairs = _pairs(table, contract, kinds)
    needed = [
        column for column in contract.columns if column.is_required and (column.name in pairs or not _answers(contract, column, pairs))
    ]
    if not needed or not all(name in pairs for name in contract.key if not _is_numbering(name)):
        return 0.0
    if not TELLING.get(contract.name, set(pairs)) & set(pairs):
        return 0.0
    share = sum(pairs[column.name][1] for column in needed if column.name in pairs) / len(needed)
    key = [pairs[name][0] for name in contract.key if name in pairs]
    if len(key) == len(contract.key) and not _is_unique(table, key):
        share *= 0.5
    used = len({column for column, _ in pairs.values()}) / max(len(table.columns), 1)
    named = max((_alike(tokens(table.name), phrase) for phrase in words()["entities"][contract.name]), default=0.0)
    return share * 0.75 + named * 0.3 + used * 0.2


def _alike(found: tuple[str, ...], phrase: tuple[str, ...]) -> float:
    if found == phrase or "".join(found) == "".join(phrase):
        return 1.0
    return 0.5 if set(phrase) <= set(found) else 0.0


def _pairs(table: Table, contract: Contract, kinds: dict[str, str]) -> dict[str, tuple[str, float]]:
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
        if score >= LIKELY and column not in pairs and name not in taken:
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


def _answers(contract: Contract, column: Column, pairs: dict[str, object]) -> bool:
    """Whether a person can answer for a required column that a file lacks: constants, numbers of rows, amounts that follow."""
    others = {"net_amount": ("gross_amount",), "gross_amount": ("net_amount",)}.get(column.name, ()) if contract.name == "invoices" else ()
    return bool(
        column.name == "currency"
        or _is_numbering(column.name)
        or _constant(contract, column)
        or any(name in pairs for name in others)
        or (column.name in DERIVED and contract.name in ("order_lines", "invoice_lines"))
    )


def _is_unique(table: Table, columns: list[str]) -> bool:
    seen = [tuple(row.get(column) for column in columns) for row in table.rows]
    return len(set(seen)) == len(seen)


def _is_numbering(column: str) -> bool:
    return column in ("line_number", "allocation_id", "payment_id", "order_line_number")


def _constant(contract: Contract, column: Column) -> str | None:
    """What a required column is where a file has none: said as a question, never as a fact."""
    return {"document_type": "'invoice'", "is_outbound": "true"}.get(column.name)


# -------------------------------------------------------------------------------------------------------------- drafts
def _draft(table: Table, contract: Contract, kinds: dict[str, str]) -> Draft:
    draft = Draft(contract.name, table)
    pairs = _pairs(table, contract, kinds)
    for column in contract.columns:
        if column.name in pairs:
            name, score = pairs[column.name]
            why = "by name" if score >= SURE else "by its values" if score == 0.8 else "by a part of its name"
            draft.choices[column.name] = Choice(column, identifier_of(name), why, score >= SURE, name)
    _sums(draft, kinds)
    for column in contract.columns:
        if column.is_required and column.name not in draft.choices:
            draft.choices[column.name] = _question(draft, contract, column)
    keys = [draft.choices[name].source_column for name in contract.key]
    if all(keys) and not _is_unique(table, keys):
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
    if column.name == "net_amount" and "gross_amount" in draft.choices:
        return Choice(column, draft.choices["gross_amount"].expression, "no column: is the amount without VAT the same?", False)
    if column.name == "gross_amount" and "net_amount" in draft.choices:
        return Choice(column, draft.choices["net_amount"].expression, "no column: is the amount with VAT the same?", False)
    if _is_numbering(column.name) and column.name == contract.key[-1]:
        return Choice(column, "_row_number", "no column: the row's number in the file stands in for it", False)
    constant = _constant(contract, column)
    return Choice(column, constant, "no column: is every row one?" if constant else "no column found", False)


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


def _contained(draft: Draft, drafts: dict[str, Draft], kinds: dict[str, str]) -> list[Draft]:
    """Entities that stand inside another one's rows: documents in their lines, customers and products in documents, cash in them."""
    found: dict[str, Draft] = {}
    if draft.entity == "payments":
        return _allocated(draft, drafts)
    if draft.entity not in HOLDERS:
        return []
    for entity, key in (("invoices", "invoice_id"), ("orders", "order_id"), ("products", "product_id"), ("customers", "customer_id")):
        column = _pairs(draft.table, load_contracts()[entity], kinds).get(key)
        if entity in drafts or entity == draft.entity or column is None or column[1] < SURE or entity not in HOLDERS[draft.entity]:
            continue
        found[entity] = _grouped(draft, entity, key, column[0], kinds)
    if draft.entity == "invoices":
        found |= {inner.entity: inner for inner in _paid_invoices(draft, drafts, kinds)}
    return list(found.values())


def _grouped(draft: Draft, entity: str, key: str, column: str, kinds: dict[str, str]) -> Draft:
    """One row of ``entity`` for each value of ``column`` in the rows of ``draft``."""
    inner = _draft(draft.table, load_contracts()[entity], kinds)
    inner.group_by = (column,)
    inner.notes = [f"no file of its own: one for each {column} of {draft.table.name}"]
    amount = draft.choices.get("net_amount")
    for name, choice in inner.choices.items():
        if name == key:
            choice.expression, choice.source_column, choice.is_sure = identifier_of(column), column, True
            continue
        choice.is_sure = False
        if choice.column.type == "amount" and entity == "invoices" and amount and amount.expression:
            text = amount.expression if "number(" in amount.expression else f"number({amount.expression})"
            choice.expression, choice.why = f"total({text})", "the sum of its lines: without VAT, and is there anything beside them?"
        elif choice.source_column:
            choice.expression = f"max(filled({choice.expression}))"
            choice.why = f"{choice.why}; the largest of its rows: does that hold?"
        elif name == "name":
            choice.expression, choice.why = identifier_of(column), "no name: the number stands in for it"
    return inner


def _allocated(draft: Draft, drafts: dict[str, Draft]) -> list[Draft]:
    """Payments that name their invoice: an allocation of each that does."""
    taken = {choice.source_column for choice in draft.choices.values()}
    named = [(name_score(name, "payment_allocations", "invoice_id"), name) for name in draft.table.columns if name not in taken]
    needed = [draft.choices.get(name) for name in ("payment_id", "received_date", "amount")]
    if "payment_allocations" in drafts or max(named, default=(0, ""))[0] < SURE or not all(c and c.expression for c in needed):
        return []
    invoice = max(named)[1]
    (payment, day, amount), contract = needed, load_contracts()["payment_allocations"]
    inner = Draft("payment_allocations", draft.table, notes=[f"where: filled({identifier_of(invoice)}) is not null"])
    for name, expression, source in (
        ("allocation_id", f"'A' || {payment.expression}", None),
        ("payment_id", payment.expression, payment.source_column),
        ("invoice_id", identifier_of(invoice), invoice),
        ("allocated_date", day.expression, day.source_column),
        ("amount", amount.expression, amount.source_column),
    ):
        why = f"{invoice} stands beside the payment: was all of each for that one invoice?" if name == "amount" else "by name"
        inner.choices[name] = Choice(contract.column(name), expression, why, name != "amount", source)
    return [inner]


def _paid_invoices(draft: Draft, drafts: dict[str, Draft], kinds: dict[str, str]) -> list[Draft]:
    """A ledger that writes the day of payment beside the invoice: a payment and its allocation for each invoice that has one."""
    days = [(name_score(name, "payments", "received_date"), name) for name, kind in kinds.items() if kind in ("day", "instant")]
    taken = {choice.source_column for choice in draft.choices.values()}
    days = [(score, name) for score, name in days if score >= LIKELY and name not in taken]
    needed = [draft.choices.get(name) for name in ("invoice_id", "gross_amount", "customer_id")]
    if "payments" in drafts or "payment_allocations" in drafts or not days or not all(c and c.expression for c in needed):
        return []
    paid, (number, amount, customer) = max(days)[1], (choice.expression for choice in needed)
    why = f"{paid} stands beside the invoice: was each paid in full, at once, on that day?"
    day = identifier_of(paid)
    payment = {"payment_id": f"'P' || {number}", "received_date": day, "amount": amount, "customer_id": customer}
    allocation = {"allocation_id": f"'A' || {number}", "payment_id": f"'P' || {number}"}
    allocation |= {"invoice_id": number, "allocated_date": day, "amount": amount}
    sources = {name: draft.choices[name].source_column for name in ("invoice_id", "customer_id")}
    sources |= {"received_date": paid, "allocated_date": paid, "amount": draft.choices["gross_amount"].source_column}
    made = []
    for entity, columns in (("payments", payment), ("payment_allocations", allocation)):
        inner = Draft(entity, draft.table, notes=[why, f"where: filled({day}) is not null"])
        contract = load_contracts()[entity]
        for name, expression in columns.items():
            inner.choices[name] = Choice(contract.column(name), expression, "by name", True, sources.get(name))
        if entity == "payments":
            inner.choices["currency"] = draft.choices["currency"]
        made.append(inner)
    return made


def _joins(drafts: dict[str, Draft]) -> None:
    """Columns that nothing named: values that stand in the key of another table refer to it."""
    keys = {}
    for entity, key in (("customers", "customer_id"), ("products", "product_id"), ("orders", "order_id"), ("invoices", "invoice_id"),
                        ("payments", "payment_id"), ("salespeople", "salesperson_id")):  # fmt: skip
        draft = drafts.get(entity)
        if draft and not draft.group_by and draft.choices[key].source_column:
            keys[key] = (entity, draft.table.name, set(draft.table.values(draft.choices[key].source_column)))
    for draft in drafts.values():
        taken = {choice.source_column for choice in draft.choices.values()}
        for column in load_contracts()[draft.entity].columns:
            choice = draft.choices.get(column.name)
            if column.name not in keys or (choice and choice.source_column) or draft.group_by:
                continue
            entity, table_name, known = keys[column.name]
            if table_name == draft.table.name:
                continue
            for name in draft.table.columns:
                values = draft.table.values(name)
                if (
                    name not in taken
                    and len(values) >= 5
                    and len(set(values)) > 1
                    and sum(v in known for v in values) >= HOLDS * len(values)
                ):
                    why = f"its values stand in {entity}.{column.name} of {table_name}"
                    draft.choices[column.name] = Choice(column, identifier_of(name), why, False, name)
                    taken.add(name)
                    break
