"""The shape of an entity of the demo company, and expressions that several of them use. Keep out: the entities."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entity:
    """``source``: a FROM item whose columns the expressions use. ``columns``: the expression of each contract column that is
    not simply the source's column of that name. ``unfilled``: contract columns that the demo company leaves empty."""

    source: str
    dates: tuple[str, ...]
    columns: dict[str, str]
    unfilled: tuple[str, ...] = ()

    def column(self, name: str) -> str:
        """The expression of a contract's column."""
        return "null" if name in self.unfilled else self.columns.get(name, name)


def number(prefix: str, width: int, column: str) -> str:
    """An identifier made of a prefix and a zero-padded key; NULL stays NULL."""
    return f"'{prefix}' || format('{{:0{width}d}}', {column}::bigint)"


def customer(column: str = "customer_key") -> str:
    return number("C", 5, column)


def salesperson(column: str = "salesperson_key") -> str:
    return number("S", 2, column)


def order(column: str = "order_key") -> str:
    return number("SO", 7, column)


def product(column: str = "product_key") -> str:
    return number("P", 4, column)


def opportunity(column: str = "opportunity_key") -> str:
    return number("OP", 6, column)


def campaign(column: str = "campaign_key") -> str:
    return number("CAM", 3, column)


def known(value: str, day: str) -> str:
    """``value`` from ``day`` on, NULL before."""
    return f"case when {day} <= known_on then {value} end"


def instant(day: str, draw: str, latest_hour: int = 16) -> str:
    """An instant on ``day`` within office hours; the same calendar day in UTC and in Amsterdam."""
    return f"{day} + to_seconds(28800 + (abs({draw}::bigint) * 7919 % {(latest_hour - 8) * 3600})::bigint)"
