"""Parquet. Values carry their own types; they become text in the notation that is declared for texts, days in ISO notation.

Keep out: how each type is written (``values.py``).
"""

from __future__ import annotations

from pathlib import Path

from pipelines.companies.delivered import Notation, Source
from pipelines.sources.readers.base import Inspection, RefusedFileError, check_columns, look_into, paths_sql
from pipelines.sources.values import typed_column_sql
from pipelines.warehouse import identifier

#: The engine reads wider decimals as floating numbers, and as other ones (1.50 of 50 digits was 25165824).
MOST_DIGITS = 38


def top_level(elements: list[tuple[str, int, int | None]]) -> list[tuple[str, int]]:
    """(name, digits of its decimals) of every column of a schema, whose elements (name, children, digits) stand parents first."""
    found, place = [], 1

    def behind(start: int) -> int:
        end = start + 1
        for _ in range(elements[start][1]):
            end = behind(end)
        return end

    for _ in range(elements[0][1]):
        name, _, digits = elements[place]
        found.append((name, digits or 0))
        place = behind(place)
    return found


class ParquetReader:
    """Parquet, read column by column."""

    def inspect(self, path: Path, source: Source, notation: Notation, scratch: Path, *, careful: bool = False) -> Inspection:
        with look_into() as connection:
            try:
                described = connection.execute(f"describe select * from read_parquet({paths_sql([path])})").fetchall()
                (count,) = connection.execute(f"select count(*) from read_parquet({paths_sql([path])})").fetchone()
                named = top_level(
                    connection.execute(
                        f"select name, coalesce(num_children, 0), precision from parquet_schema({paths_sql([path])})"
                    ).fetchall()
                )
            except Exception as error:
                raise RefusedFileError(
                    f"not readable as Parquet: {str(error).splitlines()[0]}. It may be cut off: deliver it again"
                ) from None
        columns = tuple(row[0] for row in described)
        # The engine gives a name that stands twice another one; who reads by it would take the first without a word.
        names = [name for name, _ in named]
        check_columns((*names, *(name for name in columns if name not in names)), source)
        if wide := [name for name, digits in named if digits > MOST_DIGITS and name in (*source.columns, *source.optional_columns)]:
            raise RefusedFileError(
                f"column {wide[0]} holds decimals of more than {MOST_DIGITS} digits, which the engine reads wrong. Deliver it with fewer"
            )
        return Inspection(columns, count, path, types=tuple(row[1] for row in described))

    def select_sql(self, inspections: list[Inspection], wanted: tuple[str, ...], source: Source, notation: Notation) -> str:
        types = dict(zip(inspections[0].columns, inspections[0].types, strict=True))
        taken = {name.lower() for name in types}
        # The engine's own columns need names that the file does not have.
        file = next(name for number in range(len(taken) + 1) if (name := f"_file_{number}") not in taken)
        columns = ", ".join(
            (typed_column_sql(identifier(name), types[name], notation) if name in types else "cast(null as varchar)") + f" as w{number}"
            for number, name in enumerate(wanted)
        )
        paths = paths_sql([inspection.path for inspection in inspections])
        if "file_row_number" not in taken:
            read = f"read_parquet({paths}, filename = '{file}', file_row_number = true)"
            return f"select {columns}, {file} as path, file_row_number + 1 as row_number from {read}"
        return (
            f"select * exclude (place), place - min(place) over (partition by path) + 1 as row_number"
            f" from (select {columns}, {file} as path, row_number() over () as place from read_parquet({paths}, filename = '{file}'))"
        )
