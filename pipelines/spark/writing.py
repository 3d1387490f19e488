"""Parts of a statement, written: what the rewrites are made of. Keep out: what is rewritten, and why (``rewrites.py``, ``selects.py``)."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from sqlglot import exp


class NotOnSparkError(ValueError):
    """The statement asks what Spark does not do, or what no rewrite is known for; the message says what."""


def of_type(node: Any, kind: Any) -> Any:
    """``node`` with its type."""
    node.type = kind
    return node


def call(name: str, *arguments: Any, of: Any = None) -> Any:
    """A function by its name in Spark; ``of`` its type."""
    return of_type(exp.Anonymous(this=name, expressions=list(arguments)), of)


def cast(node: Any, kind: str) -> Any:
    return of_type(exp.cast(node, kind, copy=False), exp.DataType.build(kind))


def number(text: Any) -> exp.Literal:
    return exp.Literal.number(text)


def in_paren(node: Any) -> exp.Paren:
    return exp.paren(node, copy=False)


def lambda_of(body: Any, *names: str) -> exp.Lambda:
    return exp.Lambda(this=body, expressions=[exp.to_identifier(name) for name in names])


def is_null(node: Any) -> exp.Is:
    return exp.Is(this=node.copy(), expression=exp.null())


def when(condition: Any, value: Any, otherwise: Any = None) -> exp.Case:
    return exp.Case(ifs=[exp.If(this=condition, true=value)], default=otherwise)


@cache
def accents() -> tuple[str, str]:
    """Letters with what is left of each without its accent; accents of their own stand last and are left out."""
    plain = {}
    for sign in map(chr, [*range(0xC0, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000)]):
        bare = [part for part in unicodedata.normalize("NFD", sign) if not unicodedata.combining(part)]
        if len(bare) == 1 and bare[0] != sign:
            plain[sign] = bare[0]
    return "".join(plain) + "".join(map(chr, range(0x300, 0x370))), "".join(plain.values())
