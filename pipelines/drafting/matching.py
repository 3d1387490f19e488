"""Which table is which entity, what stands in the rows of another, and where tables join.

Keep out: which column is which (``columns.py``), reading files, and writing the draft.
"""

from __future__ import annotations

from pipelines.drafting.columns import HOLDS, LIKELY, Choice, Draft, answers, draft_of, is_numbering, is_unique, named, pairs_of
from pipelines.drafting.names import SURE, identifier_of, name_score, tokens, words
from pipelines.drafting.tables import Table
from pipelines.drafting.values import kind_of
from pipelines.sources.contracts import Contract, load_contracts

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
            drafts[entity] = draft_of(by_name[table_name], load_contracts()[entity], kinds[table_name])
    for draft in list(drafts.values()):
        for contained in _contained(draft, drafts, kinds[draft.table.name]):
            drafts.setdefault(contained.entity, contained)
    _joins(drafts)
    return [drafts[entity] for entity in load_contracts() if entity in drafts]


def drafted_contracts() -> list[Contract]:
    """The contracts that files are compared with: those that have words."""
    return [contract for contract in load_contracts().values() if contract.name in words()["entities"]]


def _rating(table: Table, contract: Contract, kinds: dict[str, str]) -> float:
    """How much of what ``contract`` needs ``table`` has, from 0 to 1 and a little beyond for what the file is called."""
    pairs = pairs_of(table, contract, kinds)
    needed = [
        column for column in contract.columns if column.is_required and (column.name in pairs or not answers(contract, column, pairs))
    ]
    if not needed or not all(name in pairs for name in contract.key if not is_numbering(name)):
        return 0.0
    if not TELLING.get(contract.name, set(pairs)) & set(pairs):
        return 0.0
    share = sum(pairs[column.name][1] for column in needed if column.name in pairs) / len(needed)
    # A document with what is open of it and nothing of its VAT is an open item.
    if contract.name == "invoices" and not {"net_amount", "vat_amount"} & set(pairs) and named(table, "open_amount"):
        share *= 0.5
    key = [pairs[name][0] for name in contract.key if name in pairs]
    if len(key) == len(contract.key) and not is_unique(table, key):
        share *= 0.5
    used = len({column for column, _ in pairs.values()}) / max(len(table.columns), 1)
    called = max((_alike(tokens(table.name), phrase) for phrase in words()["entities"][contract.name]), default=0.0)
    return share * 0.75 + called * 0.3 + used * 0.2


def _alike(found: tuple[str, ...], phrase: tuple[str, ...]) -> float:
    if found == phrase or "".join(found) == "".join(phrase):
        return 1.0
    return 0.5 if set(phrase) <= set(found) else 0.0


def _contained(draft: Draft, drafts: dict[str, Draft], kinds: dict[str, str]) -> list[Draft]:
    """Entities that stand inside another one's rows: documents in their lines, customers and products in documents, cash in them."""
    found: dict[str, Draft] = {}
    if draft.entity == "payments":
        return _allocated(draft, drafts)
    if draft.entity not in HOLDERS:
        return []
    for entity, key in (("invoices", "invoice_id"), ("orders", "order_id"), ("products", "product_id"), ("customers", "customer_id")):
        if entity in drafts or entity not in HOLDERS[draft.entity]:
            continue
        # What the rows themselves refer to it by goes before what its own file would call its key.
        reference = draft.choices.get(key)
        column, score = pairs_of(draft.table, load_contracts()[entity], kinds).get(key, (None, 0.0))
        if reference and reference.source_column:
            column, score = reference.source_column, SURE if reference.is_sure else LIKELY
        if column and score >= SURE:
            found[entity] = _grouped(draft, entity, key, column, kinds)
            if reference and not reference.expression:
                reference.expression, reference.source_column = identifier_of(column), column
                reference.why = f"no column of its own: what {entity} are known by"
    if draft.entity == "invoices":
        found |= {inner.entity: inner for inner in _paid_invoices(draft, drafts, kinds)}
    return list(found.values())


def _grouped(draft: Draft, entity: str, key: str, column: str, kinds: dict[str, str]) -> Draft:
    """One row of ``entity`` for each value of ``column`` in the rows of ``draft``."""
    inner = draft_of(draft.table, load_contracts()[entity], kinds)
    inner.group_by = (column,)
    inner.notes = [f"no file of its own: one for each {column} of {draft.table.name}"]
    amount = draft.choices.get("net_amount")
    for name, choice in inner.choices.items():
        if name == key:
            choice.expression, choice.source_column, choice.why, choice.is_sure = identifier_of(column), column, "by name", True
            continue
        choice.is_sure = False
        if choice.column.type == "amount" and entity == "invoices" and amount and amount.expression:
            text = amount.expression if "number(" in amount.expression else f"number({amount.expression})"
            choice.expression, choice.why = f"total({text})", "the sum of its lines: without VAT, and is there anything beside them?"
        elif choice.source_column:
            is_number = "number(" in (choice.expression or "")
            choice.expression = f"max({choice.expression})" if is_number else f"max(filled({choice.expression}))"
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
