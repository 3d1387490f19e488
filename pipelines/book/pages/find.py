"""Find a customer, a person or a KPI: everything that has a page, by name, in three lists that a search narrows in the browser.

Keep out: figures that a list of its own has; here they only tell one name from another.
"""

from __future__ import annotations

from typing import Any

from pipelines.book.blocks import Column, Page, Table
from pipelines.book.writer import Writer

#: Customers in the index: those with a page first, then the most revenue. The warehouse holds all.
SHOWN = 2_000


def page(writer: Writer) -> Page:
    words = writer.words
    return Page(
        "find.html",
        words.t("nav.find"),
        "find",
        [
            writer.section("find-customers", customers(writer)),
            writer.section("find-people", people(writer)),
            writer.section("find-kpis", kpis(writer)),
        ],
        lead=words.t("leads.find"),
    )


def customers(writer: Writer) -> Any:
    words, figures = writer.words, writer.figures
    title = words.t("tables.customer_index")
    if not figures.filled("core.dim_customers"):
        return writer.absent("core.dim_customers", title, ("customers",))
    columns: list[str | Column] = ["customer_id"]
    if not figures.pseudonyms:
        columns.append(Column("number", words.label("customer_number")))
    parts, joins = ["c.customer_id", "c.customer_id as number", "c.account_owner_id"], ""
    columns.append("account_owner_id")
    for table, key, kind in (
        ("customer_accounting.customer_360", "trailing_net_revenue_amount", "revenue"),
        ("receivables.overdue_customers", "overdue_amount", "overdue"),
        ("customer_accounting.customer_actions", "action", "advice"),
    ):
        if figures.filled(table, key):
            parts.append(f"{kind}.{key}")
            joins += f" left join {table} as {kind} using (customer_id)"
            columns.append(words.column(key, table))
    revenue = "trailing_net_revenue_amount desc nulls last, " if "revenue.trailing_net_revenue_amount" in parts else ""
    own, parameters = "true", [list(figures.customer_pages)]
    if "customer_id" in writer.only:
        own, parameters = "c.customer_id in (select unnest($2))", [*parameters, writer.only["customer_id"]]
    table = writer.table(
        "customer-index",
        title,
        "core.dim_customers",
        f"select {', '.join(parts)} from core.dim_customers as c{joins} where c.customer_id not in ('unknown', 'none') and {own}"
        f" order by c.customer_id in (select unnest($1)) desc, {revenue}c.customer_id",
        parameters,
        columns,
        shown=SHOWN,
        limit=SHOWN,
        note=words.t("notes.customer_index"),
    )
    table.rows.sort(key=lambda row: (str(row["customer_name"]).casefold(), str(row["number"])))
    return table


def people(writer: Writer) -> Any:
    words, figures = writer.words, writer.figures
    if not figures.salesperson_pages:
        return None
    rows = [{"salesperson_id": key, "team": figures.salespeople[key]["team"]} for key in figures.salesperson_pages]
    columns = [words.column("salesperson_id"), Column("team", words.label("team"), "team")]
    return Table("people-index", words.t("tables.people_index"), columns, rows, shown=SHOWN, is_download=False)


def kpis(writer: Writer) -> Table:
    words, figures = writer.words, writer.figures
    rows = []
    for kpi, definition in sorted(figures.definitions.items(), key=lambda item: words.kpi(item[0]).casefold()):
        row = writer.value(kpi)
        if row is not None:
            rows.append({"kpi": kpi, "value": row["value"], "unit": definition["unit"], "owner": writer.owner(kpi)})
    columns = [words.column("kpi"), Column("value", words.notation.month(writer.month), "measure"), Column("owner", words.label("owner"))]
    return Table("kpi-index", words.t("tables.kpi_index"), columns, rows, shown=len(rows), is_download=False)
