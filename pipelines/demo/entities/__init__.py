"""How each contract's columns are read from the work tables, and what of a row is known on a day.

One ``Entity`` per contract. ``dates`` lists the days on which a version of the row is delivered: first the day on which the
row comes into being, then the days on which it changes. The column expressions may use ``known_on``: what is dated later
is not shown. Keep out: drawing (``sql/``) and files (``deliver.py``).
"""

from __future__ import annotations

from pipelines.demo.entities import cash, ledger, relations, trade
from pipelines.demo.entities.entity import Entity

ENTITIES: dict[str, Entity] = trade.ENTITIES | cash.ENTITIES | relations.ENTITIES | ledger.ENTITIES
