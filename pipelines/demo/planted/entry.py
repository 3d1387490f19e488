"""The shape of what is planted, and answer rows: what rules must find, and what they must leave alone.

In all SQL of an entry, ``{picked}`` is the set of chosen documents. Keep out: what is planted, and how it is chosen (``planting.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Planted:
    """One thing that is planted, with its answer key.

    ``code``: its name, and the error code of answer rows that name no other. ``plant``: SQL that changes the chosen documents; nothing
    where they are at an edge as they stand. ``key`` and ``near``: queries with the columns document_kind, doc_key, line_number,
    order_key, stake_amount, note and, where a row shows under another code, error_code: what rules must find, and what they must leave
    alone; notes of errors that come along begin with 'follows from'. ``where``: which rows of work.plantable (or work.plantable_cash)
    may be chosen. ``count``: documents in a typical world, none at 0; where all is planted six of each error and two of each near miss
    at least.
    """

    code: str
    plant: str = ""
    key: str = ""
    near: str = ""
    where: str = "true"
    stage: Literal["documents", "cash", "limits"] = "documents"
    count: int = 4
    is_scarce: bool = False  # few documents fit: chosen before all others


def rows(*queries: str) -> str:
    """Answer rows of several queries."""
    return " union all by name ".join(queries)


def document_key(stake: str = "d.gross_amount", note: str = "null", line: str = "null", code: str | None = None, slot: int = 0) -> str:
    """Answer rows for the picked documents themselves (or the copy of them in ``slot``)."""
    extra = f", '{code}' as error_code" if code else ""
    return f"""select 'invoice' as document_kind, d.doc_key, {line} as line_number, d.order_key, ({stake})::decimal(18,
        4) as stake_amount, {note} as note{extra}
        from work.documents as d left join work.document_lines as l on l.doc_key = d.doc_key and l.line_number = 1
        where d.doc_key in (select doc_key + {slot} from {{picked}})"""


def near(note: str, *codes: str, slot: int = 0) -> str:
    """Answer rows that say: these documents are near misses of ``codes``."""
    return rows(*(document_key("null", f"'{note}'", code=code, slot=slot) for code in codes))


def line_key(stake: str, note: str = "null", code: str | None = None) -> str:
    return document_key(stake, note, "1", code)


def order_key(stake: str = "null", note: str = "null", code: str | None = None) -> str:
    extra = f", '{code}' as error_code" if code else ""
    return f"""select 'order' as document_kind, null::bigint as doc_key, null as line_number, p.doc_key // 16 as order_key,
        {stake}::decimal(18, 4) as stake_amount, {note} as note{extra}
        from {{picked}} as p"""


def payment_key(stake: str = "c.amount", note: str = "null", code: str | None = None) -> str:
    """Answer rows for the payments of the picked documents; their note is the payment's number, whatever ``note`` says."""
    extra = f", '{code}' as error_code" if code else ""
    return f"""select 'payment' as document_kind, c.doc_key, null as line_number, null::bigint as order_key,
        ({stake})::decimal(18, 4) as stake_amount, format('PM{{:07d}}', c.payment_key) as note{extra}
        from work.plantable_cash as c where c.doc_key in (select doc_key from {{picked}})"""


def copied_payment_key(stake: str = "p.amount", note: str = "null", code: str | None = None, piece: int = 9) -> str:
    """Answer rows for the copies of payments; as with ``payment_key`` their note is the payment's number."""
    extra = f", '{code}' as error_code" if code else ""
    return f"""select 'payment' as document_kind, p.first_doc_key as doc_key, null as line_number, null::bigint as order_key,
            ({stake})::decimal(18, 4) as stake_amount, format('PM{{:07d}}', p.payment_key) as note{extra}
        from work.payments as p where p.piece = {piece} and p.is_extra and p.first_doc_key in (select doc_key from {{picked}})"""


def around(
    code: str,
    plant: str,
    *,
    within: tuple[str, ...],
    beyond: str,
    note: str,
    key: Callable[..., str] = document_key,
    stake: str = "null",
    count: int = 2,
    **chosen: str,
) -> tuple[Planted, ...]:
    """Near misses of ``code`` for each value of ``within`` and an error for ``beyond``: what ``{off}`` stands for in all its SQL.

    ``count`` is of the error; a near miss is planted twice in a typical world.
    """

    def at(value: str, name: str) -> tuple[str, str, str]:
        return f"{code}_{name}", plant.replace("{off}", value), key(stake, f"'{note}'", code=code).replace("{off}", value)

    entries = []
    for number, value in enumerate(within, start=1):
        name, sql, answer = at(value, f"within_{number}")
        entries.append(Planted(name, sql, near=answer, count=2, **chosen))
    name, sql, answer = at(beyond, "just_beyond")
    return (*entries, Planted(name, sql, key=answer, count=count, **chosen))
