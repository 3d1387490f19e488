"""Public holidays for terms of payment that name business days: ``raw.holidays``, from a library that is kept up to date.

Keep out: how a due date follows from terms (``int_invoice_terms``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import holidays

if TYPE_CHECKING:
    import duckdb

#: Years after the last document in which a due date may still fall.
YEARS_AHEAD = 2


def write_holidays(connection: duckdb.DuckDBPyConnection) -> int:
    """Fills ``raw.holidays`` for the countries that delivered terms name, over the years of the documents; returns the number of days.

    A country that the library does not know gets no rows: a due date that needs it is not assessed.
    """
    known = holidays.list_supported_countries()
    countries = connection.execute(
        "select distinct upper(trim(holiday_country)) from raw.payment_terms where _is_current and holiday_country is not null order by 1"
    ).fetchall()
    first, last = connection.execute("select year(min(issued_date)), year(max(issued_date)) from raw.invoices where _is_current").fetchone()
    if first is None:
        return 0
    rows = [
        (country, day, name)
        for (country,) in countries
        if country in known
        for day, name in sorted(holidays.country_holidays(country, years=range(first, last + YEARS_AHEAD + 1)).items())
    ]
    if rows:
        connection.executemany("insert into raw.holidays values (?, ?, ?)", rows)
    return len(rows)
