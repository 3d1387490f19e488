"""The KPI book of a company of any size: a published warehouse whose customers and salespeople are multiplied, and the book of it.

A whole night of 200,000 customers takes half an hour; what the book takes depends on the published tables alone. Ids get a suffix and
amounts of the company stay as they are, so that the pages add up to nothing: only time and size are looked at.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipelines.book import build_book

#: Tables of single lines, which the book does not read.
UNREAD = {
    "core.fct_invoice_lines",
    "core.fct_order_lines",
    "core.fct_deliveries",
    "core.fct_price_agreements",
    "core.fct_payment_applications",
}
CUSTOMERS = ("customer_id", "customer_group_id", "parent_customer_id")
PEOPLE = ("salesperson_id", "account_owner_id")


def book_of(published: Path, customers: int, salespeople: int) -> None:
    """Prints seconds, pages and bytes of the book of ``published`` with so many customers and salespeople."""
    with TemporaryDirectory(prefix="bench-book-") as scratch:
        folder = Path(scratch)
        multiply(published / "kpis.duckdb", folder / "kpis.duckdb", customers, salespeople)
        started = time.monotonic()
        summary = build_book(folder, folder / "book")
        seconds = time.monotonic() - started
        print(f"the book of {customers:,} customers and {salespeople:,} salespeople on {os.cpu_count()} cores:")
        print(f"  {seconds:.1f} s, {summary.page_count:,} pages, {summary.csv_count:,} CSV files, {summary.byte_count / 1e6:.1f} MB")
        for kind, size in kinds(folder / "book").most_common():
            print(f"  {kind:12}{size / 1e6:6.1f} MB")


def kinds(book: Path) -> Counter[str]:
    """Bytes by kind of file: the folder below that of the language (people, customers, kpis, data), main pages, what all share."""
    found: Counter[str] = Counter()
    for path in book.rglob("*.*"):
        folders = path.relative_to(book).parts[:-1]
        found[folders[1] if len(folders) > 1 else "main pages" if folders else "shared"] += path.stat().st_size
    return found


def multiply(source: Path, target: Path, customers: int, salespeople: int) -> None:
    """Writes ``target``: the tables of ``source``, each customer and salesperson as often as it takes."""
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"attach '{source}' as source (read_only)")
        here = connection.execute("select count(*) from source.core.dim_customers").fetchone()[0]
        people = connection.execute("select count(*) from source.core.dim_salespeople where salesperson_id <> 'unknown'").fetchone()[0]
        times, people_times = -(-customers // here), -(-salespeople // people)
        tables = connection.execute(
            "select schema_name, table_name, list(column_name order by column_index) from duckdb_columns()"
            " where database_name = 'source' group by all order by all"
        ).fetchall()
        for schema, table, columns in tables:
            connection.execute(f"create schema if not exists {schema}")
            name = f"{schema}.{table}"
            suffix = "'-' || n.number"
            owner = f"'-' || (n.number % {people_times})"
            changed = [f"{column} || {suffix} as {column}" for column in columns if column in (*CUSTOMERS, "invoice_id", "payment_id")]
            changed += [f"if({column} = 'unknown', 'unknown', {column} || {owner}) as {column}" for column in columns if column in PEOPLE]
            repeats = 1
            if name in UNREAD:
                repeats = 0
            elif "customer_id" in columns:
                repeats = times
            elif set(PEOPLE) & set(columns):
                repeats = people_times
            elif "scope_type" in columns and "scope_id" in columns:
                changed = [f"if(scope_type = 'salesperson' and scope_id <> 'unknown', scope_id || {owner}, scope_id) as scope_id"]
                where = " where n.number = 0 or (scope_type = 'salesperson' and scope_id <> 'unknown')"
                connection.execute(_copy(name, changed, people_times, where))
                continue
            connection.execute(_copy(name, changed if repeats > 1 else [], repeats, ""))


def _copy(name: str, changed: list[str], repeats: int, where: str) -> str:
    columns = f"* replace ({', '.join(changed)})" if changed else "*"
    return f"create table {name} as select {columns.replace('*', 't.*', 1)} from source.{name} as t, range({repeats}) as n(number){where}"
