"""What a joined source stands for: its rows as they are now, however often it was delivered.

A list of countries that comes again every night would otherwise give every customer as many rows as there were nights. The source that
a mapping is of keeps all its deliveries: its rows are the ones that are loaded. Keep out: the mapping itself (``loading.py``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.sources.accounting import COUNTS
from pipelines.warehouse import identifier, literal

if TYPE_CHECKING:
    from pipelines.companies.delivered import Mapping, Source


def joined_sources(mapping: Mapping, sources: dict[str, Source]) -> str:
    """``with ...`` that names every joined source as it is now; empty without joins.

    Of a full delivery the latest one counts, of a source with a ``key`` the row of each key that was delivered last; of any other
    source all rows do, because nothing says which of them replaces which.
    """
    parts = [f"{identifier(name)} as ({current_rows(name, sources[name])})" for name in joined_names(mapping, sources)]
    return f"with {', '.join(parts)} " if parts else ""


def joined_names(mapping: Mapping, sources: dict[str, Source]) -> list[str]:
    """The sources that a mapping joins to its own."""
    words = {word.lower() for word in re.findall(r"\w+", mapping.joins)} - {mapping.source}
    return [name for name in sources if name in words]


def current_rows(name: str, source: Source) -> str:
    """The select of a source's rows as they are now, over its view in the loader's own schema."""
    rows, known = f"temp.main.{identifier(name)}", f"raw.source_deliveries where source = {literal(name)} and {COUNTS}"
    if source.key:
        keys = ", ".join(f"rows.{identifier(column)}" for column in source.key)
        return (
            f"select rows.* from {rows} as rows join (select * from {known}) as known on known.delivery_id = rows._delivery_id"
            f" qualify row_number() over (partition by {keys} order by known.version_order desc, rows._row_number desc) = 1"
        )
    if source.delivery == "full":
        return f"select * from {rows} where _delivery_id = (select arg_max(delivery_id, version_order) from {known})"
    return f"select * from {rows}"
