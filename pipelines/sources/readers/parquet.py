"""Parquet. Values carry their own types; they become text in the notation that is declared for texts, days in ISO notation.

Keep out: how each type is written (``values.py``).
"""

from __future__ import annotations

from pathlib import Path

from pipelines.companies.delivered import Notation, Source
from pipelines.sources.readers.base import Inspection, RefusedFileError, check_columns, paths_sql
from pipelines.sources.values import typed_column_sql
from pipelines.warehouse import connect, identifier


class ParquetReader:
    """Parquet, read column by column."""

    def inspect(self, path: Path, source: Source, notation: Notation, scratch: Path, *, careful: bool = False) -> Inspection:
        columns, count = self._described(path)
        check_columns(tuple(columns), source)
        return Inspection(tuple(columns), count, path)

    @staticmethod
    def _described(path: Path) -> tuple[dict[str, str], int]:
        """Column name -> engine type, and the number of rows."""
        with connect() as connection:
            try:
                names = connection.execute(f"describe select * from read_parquet({paths_sql([path])})").fetchall()
                (count,) = connection.execute(f"select count(*) from read_parquet({paths_sql([path])})").fetchone()
            except Exception as error:
                raise RefusedFileError(
                    f"not readable as Parquet: {str(error).splitlines()[0]}. It may be cut off: deliver it again"
                ) from None
        return {row[0]: row[1] for row in names}, count

    def select_sql(self, inspections: list[Inspection], wanted: tuple[str, ...], source: Source, notation: Notation) -> str:
        return " union all ".join(self._select_one(inspection, wanted, notation) for inspection in inspections)

    def _select_one(self, inspection: Inspection, wanted: tuple[str, ...], notation: Notation) -> str:
        """One file: two of one header may differ in types, and both keep theirs."""
        types, _ = self._described(inspection.path)
        columns = ", ".join(
            (typed_column_sql(identifier(name), types[name], notation) if name in types else "cast(null as varchar)") + f" as w{number}"
            for number, name in enumerate(wanted)
        )
        path = paths_sql([inspection.path])
        name = f"'{str(inspection.path).replace(chr(39), chr(39) * 2)}'"
        return f"select {columns}, {name} as path, row_number() over () as row_number from read_parquet({path})"
