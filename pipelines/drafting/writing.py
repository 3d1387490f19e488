"""The draft as YAML, every choice with its reason and everything unknown as a question.

Keep out: what the choices are (``columns.py``, ``matching.py``).
"""

from __future__ import annotations

import json
import re
from collections import Counter

from pipelines.check import availability
from pipelines.companies.own_mappings import OWN_MAPPINGS
from pipelines.drafting.columns import Choice, Draft
from pipelines.drafting.names import identifier_of
from pipelines.drafting.tables import Table
from pipelines.drafting.values import Reading, kind_of, reading_of
from pipelines.sources.contracts import TEXT_TYPES, load_contracts

QUESTION = "QUESTION:"
#: Where the last day that the deliveries cover is looked for.
LAST_DAYS = ("invoices.issued_date", "open_items.balance_date", "orders.ordered_at", "opportunities.closed_date", "payments.received_date")


def draft_text(name: str, folder: str, tables: list[Table], drafts: list[Draft]) -> str:
    """The company's file as a draft: valid YAML once its questions are answered."""
    from text_unidecode import unidecode

    readings = {table.name: reading_of(table, _kinds(table, drafts)) for table in tables}
    company = re.sub(r"[^a-z0-9]+", "_", unidecode(name).lower()).strip("_") or "company"
    lines = [
        f"# Draft for {name}, made from {folder}. It decides nothing: read it, answer every {QUESTION.rstrip(':')},",
        f"# take the marks away and save it as {company}.yaml. Then: make check COMPANY=.../{company}.yaml DATA_DIR=...",
        f"company: {company if company[0].isalpha() else f'company_{company}'}",
        f"name: {_text(name)}",
        f"time_zone: Europe/Amsterdam  # {QUESTION} in which time zone does a day of the company end?",
        _currency(drafts),
        _last_day(tables, drafts),
        "",
        "sources:",
    ]
    for table in tables:
        lines += _source(table, readings[table.name], drafts)
    if drafts:
        lines += ["", "entities:"]
        for draft in drafts:
            lines += _entity(draft)
    own = {entity for table in tables for entity in _of_format(table.format)}
    lines += ["", *_outlook({draft.entity for draft in drafts} | own)]
    return "\n".join(lines) + "\n"


def questions_of(text: str) -> int:
    """How many questions a draft asks."""
    return text.count(QUESTION)


def _kinds(table: Table, drafts: list[Draft]) -> dict[str, str]:
    """What the columns hold that are read as numbers, days, instants or flags; how others are written does not matter."""
    read = {
        choice.source_column
        for draft in drafts
        for choice in draft.choices.values()
        if draft.table is table and choice.source_column and choice.column.type not in TEXT_TYPES
    }
    return {column: kind_of(table.values(column)) for column in table.columns if column in read}


def _source(table: Table, reading: Reading, drafts: list[Draft]) -> list[str]:
    used = [draft for draft in drafts if draft.table is table]
    lines = [f"  # {note}" for note in table.notes]
    lines += [f"  # {reason}" for reason in reading.because]
    lines += [f"  # {QUESTION} {words}" for words in (*reading.questions, *reading.contradictions)]
    if table.format is None or (not used and table.format not in OWN_MAPPINGS):
        words = "nothing reads it" if table.format is None else f"which entity is it? Its columns: {', '.join(table.columns)}"
        return [*lines, f"  # {QUESTION} {table.files or table.name}: {words}"]
    options: dict[str, object] = {"files": table.files} if table.files else {}
    if table.format != "csv":
        options["format"] = table.format
    options |= table.options
    if table.format not in OWN_MAPPINGS:
        named = {choice.source_column for draft in used for choice in draft.choices.values()}
        options["columns"] = [column for column in table.columns if column in named or column == "line"]
        rest = [column for column in table.columns if column not in named and column != "line"]
        if rest:
            lines.append(f"  # not used: {', '.join(rest)}")
    if reading.notation:
        options["notation"] = reading.notation
    lines.append(f"  {table.name}:")
    return lines + [f"    {key}: {_value(value)}" for key, value in options.items()]


def _entity(draft: Draft) -> list[str]:
    where = [note.removeprefix("where: ") for note in draft.notes if note.startswith("where: ")]
    lines = [f"  {draft.entity}:"]
    lines += [f"    # {QUESTION} {note}" for note in draft.notes if not note.startswith("where: ")]
    lines.append(f"    source: {draft.table.name}")
    lines += [f"    where: {_text(text)}" for text in where]
    if draft.group_by:
        lines.append(f"    group_by: {_value([identifier_of(name) for name in draft.group_by])}")
    lines.append("    columns:")
    for column in load_contracts()[draft.entity].columns:
        choice = draft.choices.get(column.name)
        if choice:
            lines.append(f"      {column.name}: {_chosen(choice)}")
    return lines


def _chosen(choice: Choice) -> str:
    why = "" if choice.is_sure and choice.why == "by name" else choice.why if choice.is_sure else f"{QUESTION} {choice.why}"
    return f"{_text(choice.expression or '')}{'  # ' if why else ''}{why}".strip()


def _currency(drafts: list[Draft]) -> str:
    found = Counter(
        value.strip()
        for draft in drafts
        for choice in draft.choices.values()
        if choice.column.name == "currency" and choice.source_column
        for value in draft.table.values(choice.source_column)
    )
    if not found:
        return f"reporting_currency: EUR  # {QUESTION} no column of currencies: in which one are the books?"
    ((best, count),) = found.most_common(1)
    others = f", beside {', '.join(sorted(set(found) - {best}))}" if len(found) > 1 else ""
    return f"reporting_currency: {best}  # {count:,} of {found.total():,} rows{others}"


def _last_day(tables: list[Table], drafts: list[Draft]) -> str:
    if any("delivered_on" in table.options for table in tables):
        return f"last_complete_day: delivered_on  # {QUESTION} the day in the file names: is that the last day that a file covers?"
    known = {f"{draft.entity}.{name}" for draft in drafts for name, choice in draft.choices.items() if choice.expression}
    days = [day for day in LAST_DAYS if day in known] or [
        f"{draft.entity}.{name}"
        for draft in drafts
        for name, choice in draft.choices.items()
        if choice.column.type in ("date", "timestamp")
    ]
    if not days:
        return f"last_complete_day: delivered_on  # {QUESTION} no column of days: what is the last day that the files cover?"
    return f"last_complete_day: {days[0]}  # {QUESTION} is the latest of these the last day that the files cover?"


def _outlook(delivered: set[str]) -> list[str]:
    """What becomes available, and by which further entity how much more."""
    kpis = availability("kpi_definitions.csv", "kpi", "or_entity", delivered)
    rules = availability("invoice_error_types.csv", "error_code", "''", delivered)
    lines = [
        f"# With these entities {sum(not lacking for _, lacking in kpis)} of {len(kpis)} KPIs"
        f" and {sum(not lacking for _, lacking in rules)} of {len(rules)} rules become available."
    ]
    more = Counter(lacking[0] for _, lacking in [*kpis, *rules] if len(lacking) == 1)
    lines += [f"#   {entity}: {count} more" for entity, count in more.most_common(12)]
    return lines


def _of_format(name: str | None) -> tuple[str, ...]:
    return tuple(OWN_MAPPINGS[name].entities) if name in OWN_MAPPINGS else ()


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(value: str) -> str:
    """A YAML scalar: bare where nothing in it means anything to YAML, in single quotes otherwise."""
    bare = not value or (
        re.fullmatch(r"[A-Za-z_][A-Za-z0-9_./()]*", value)
        and value.lower()
        not in (
            "true",
            "false",
            "yes",
            "no",
            "on",
            "off",
            "null",
            "y",
            "n",
        )
    )
    return value if bare else "'" + value.replace("'", "''") + "'"
