"""What is planted into a demo world: per family of rules its errors and what stands at their edges.

A tolerance has entries at it and below it, which are right, and one a cent, a day or a piece beyond it, which is wrong. What would be
held out of the KPIs beyond its edge has a count of 0: it is planted in worlds that plant everything. Keep out: how it is planted.
"""

from __future__ import annotations

from pipelines.demo.planted import amounts, cash, collective, credits, numbering, parties, price, quantity, standard
from pipelines.demo.planted.entry import Planted

FAMILIES = (quantity, price, parties, amounts, numbering, credits, cash)

#: All that is planted, in the order of planting.
REGISTRY: tuple[Planted, ...] = (
    *(entry for family in FAMILIES for entry in family.ERRORS),
    *(entry for family in FAMILIES for entry in family.EDGES),
    *standard.STANDARD,
    *collective.ENTRIES,
)
