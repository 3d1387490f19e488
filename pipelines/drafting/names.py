"""What a name says: its words in four languages, and how well it names a column of a contract.

The words stand in ``words.yaml``. Keep out: what a column holds.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

WORDS = Path(__file__).with_name("words.yaml")
#: A name that is as good as certain.
SURE = 0.9


@cache
def _read() -> dict[str, dict[str, list[str]]]:
    read = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {part: {name: [text.strip() for text in line.split(",")] for name, line in lines.items()} for part, lines in read.items()}


@cache
def words() -> dict[str, dict[str, list[tuple[str, ...]]]]:
    """``entities`` and ``columns`` -> name -> what it is called, each as words."""
    parts = ("entities", "columns")
    return {part: {name: [tokens(text) for text in texts] for name, texts in _read()[part].items()} for part in parts}


@cache
def _abbreviated() -> dict[str, str]:
    return {short: word for word, shorts in _read()["abbreviations"].items() for short in shorts}


def tokens(name: str) -> tuple[str, ...]:
    """The words of a name: camelCase and signs cut, without case and accents, ae as a (Fälligkeit), inv as invoice.

    Numbers of things are all called id."""
    from text_unidecode import unidecode

    spaced = re.sub(
        r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", unidecode(name.replace("°", "o").replace("%", " percentage "))
    ).lower()
    spaced = re.sub(r"(?<=[aou])e", "", spaced)
    # Dutch and German write the number of a thing as one word.
    spaced = re.sub(r"(?<=[a-z]{4})(nummer|nr|code)\b", r" \1", spaced)
    numbers = ("no", "nr", "num", "number", "nummer", "numero", "code", "cd", "key", "identifier")
    return tuple("id" if word in numbers else _abbreviated().get(word, word) for word in re.findall(r"[a-z]+|\d+", spaced))


def name_score(name: str, entity: str, column: str) -> float:
    """How well ``name`` says that it is ``column`` of ``entity``: 1 for one of its words, less where only a part agrees."""
    found = tokens(name)
    own = [*words()["columns"].get(f"{entity}.{column}", []), tokens(column), tokens(f"{entity[:-1]} {column}")]
    general = words()["columns"].get(column, [])
    if not found:
        return 0.0
    best = 0.0
    for place, phrase in enumerate([*own, *general]):
        if found == phrase or "".join(found) == "".join(phrase):
            # The more usual words stand first.
            best = max(best, (1.0 if place < len(own) else 0.97) - 0.001 * min(place, 30))
        elif set(found) == set(phrase):
            best = max(best, 0.95)
        elif len(phrase) > 1 and set(phrase) < set(found):
            best = max(best, 0.75)
        elif set(phrase) < set(found) and found[-1] == phrase[0] and phrase[0] != "id":
            best = max(best, 0.65)
    return best


def identifier_of(name: str) -> str:
    """``name`` as an expression names it: bare where that is safe."""
    return (
        name if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) and name.lower() not in _reserved() else '"' + name.replace('"', '""') + '"'
    )


@cache
def _reserved() -> frozenset[str]:
    from pipelines.warehouse import connect

    with connect() as connection:
        rows = connection.execute("select keyword_name from duckdb_keywords() where keyword_category <> 'unreserved'").fetchall()
    return frozenset(name for (name,) in rows)
