"""The data dictionary and the names that are published with the figures. dbt's models carry the words of what dbt builds;
dictionary.yaml has those of schema ``meta``, and the Dutch label of a name whose model gives none.

Keep out: which tables are published; the warehouse itself says that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

import yaml

from pipelines import dbt
from pipelines.warehouse import literal

TEXTS = Path(__file__).with_name("dictionary.yaml")
NAMES = Path(__file__).with_name("published_names.txt")
UNPUBLISHED_LAYERS = ("staging", "intermediate")


@dataclass(frozen=True)
class Word:
    """What the dictionary says of one column; ``deprecated_from`` is the day from which its name goes."""

    schema: str
    table: str
    table_description: str
    column: str
    description: str
    label_nl: str | None
    deprecated_from: str | None

    @property
    def name(self) -> str:
        return f"{self.schema}.{self.table}.{self.column}"


def dictionary_words() -> list[Word]:
    """A word for every column of core, marts, seeds and ``meta``."""
    texts = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    return [*_words_of_dbt(texts["labels_nl"]), *_words_of_meta(texts)]


def _words_of_dbt(labels: dict[str, str]) -> Iterator[Word]:
    manifest = dbt.manifest()
    for node in sorted(manifest["nodes"].values(), key=lambda node: (node["schema"], node["name"])):
        if node["resource_type"] not in ("model", "seed") or node["schema"] in UNPUBLISHED_LAYERS:
            continue
        for name, column in node["columns"].items():
            meta = column["config"].get("meta") or {}
            yield Word(
                node["schema"],
                node["name"],
                node["description"],
                name,
                column["description"],
                meta.get("label_nl") or labels.get(name),
                meta.get("deprecated_from") and str(meta["deprecated_from"]),
            )


def _words_of_meta(texts: dict) -> Iterator[Word]:
    for table, words in texts["meta"].items():
        for name, description in words["columns"].items():
            yield Word("meta", table, words["description"], name, description, texts["labels_nl"].get(name), None)


def names_version() -> str:
    """Version of the published names: the first number rises when a name is gone, the second when one is new."""
    return NAMES.read_text(encoding="utf-8").splitlines()[0].removeprefix("version ")


def write_data_dictionary(connection, schemas: Iterable[str]) -> None:
    """Writes ``meta.data_dictionary``: one row per column that stands in ``schemas`` of the build, its own included."""
    connection.execute(
        "create or replace table meta.data_dictionary (schema_name varchar, table_name varchar, table_description varchar,"
        " column_name varchar, data_type varchar, description varchar, label_nl varchar, deprecated_from_date date)"
    )
    words = ", ".join("(" + ", ".join(literal(text) for text in astuple(word)) + ")" for word in dictionary_words())
    connection.execute(
        "insert into meta.data_dictionary"
        " select columns.table_schema, columns.table_name, words.table_description, columns.column_name, lower(columns.data_type),"
        " words.description, words.label_nl, cast(words.deprecated_from as date)"
        " from information_schema.columns as columns"
        f" left join (values {words}) as words"
        " (table_schema, table_name, table_description, column_name, description, label_nl, deprecated_from)"
        " on columns.table_schema = words.table_schema and columns.table_name = words.table_name"
        " and columns.column_name = words.column_name"
        " where columns.table_catalog = current_database() and list_contains(?, columns.table_schema)"
        " order by columns.table_schema, columns.table_name, columns.ordinal_position",
        [list(schemas)],
    )
