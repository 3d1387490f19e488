"""What a database holds: every table and view with its first rows as text.

Keep out: reading a night's rows (``sources/databases.py``), and what a column means.
"""

from __future__ import annotations

from pipelines.drafting.tables import LOOKED_AT, Table, typed_text
from pipelines.settings import database_address
from pipelines.sources.databases import snapshot, without_address


def tables_of_database(variable: str) -> list[Table]:
    """The tables and views behind the address in ``variable``, read-only, by name; what cannot be read is a note.

    Raises SettingsError when the variable holds no address of a database that answers.
    """
    import sqlalchemy as sa

    address = database_address(variable)
    found = []
    with snapshot(variable, address) as connection:
        inspector = sa.inspect(connection)
        for name in sorted([*inspector.get_table_names(), *inspector.get_view_names()]):
            options = {"address": variable, "table": name}
            notes = ["QUESTION: day_query: which select gives the day that the rows stand for?"]
            try:
                table = sa.table(name, *(sa.column(column["name"]) for column in inspector.get_columns(name)))
                rows = connection.execute(sa.select(table).limit(LOOKED_AT)).mappings()
                texts = [{column: typed_text(value) for column, value in row.items()} for row in rows]
                found.append(Table(name.lower(), "", "database", tuple(table.columns.keys()), texts, options, notes, is_typed=True))
            except sa.exc.SQLAlchemyError as error:
                found.append(Table(name.lower(), name, None, notes=[without_address(error, address)]))
    return found
