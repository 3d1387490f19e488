"""Publications of small companies, written row by row, for groups to read. Keep out: what a group makes of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

import duckdb

DAY = date(2025, 12, 31)
BUCKETS = (
    "not_due", "overdue_1_30", "overdue_31_60", "overdue_61_90", "overdue_91_120", "overdue_over_120", "no_due_date",
    "unapplied_credit", "unapplied_cash",
)  # fmt: skip
TABLES = {
    "meta.entity_coverage": "entity varchar, is_delivered boolean",
    "kpi.kpi_values": "kpi varchar, period_type varchar, period_start_date date, scope_type varchar, scope_id varchar,"
    " value decimal(38, 6), status varchar, reason varchar",
    "core.dim_customers": "customer_id varchar, name varchar, vat_id varchar, registration_number varchar, country_code varchar,"
    " legal_entity_id varchar, is_unknown boolean",
    "core.fct_exchange_rates": "rate_date date, currency varchar, rate decimal(18, 8)",
    "receivables.receivables_ageing_monthly": "month_start_date date, customer_id varchar, salesperson_id varchar, industry_code varchar,"
    " size_class varchar, " + ", ".join(f"{bucket}_amount decimal(18, 4)" for bucket in (*BUCKETS, "overdue", "receivables"))
    + ", held_out_receivables_amount decimal(18, 4)",
    "receivables.customer_exposure": "customer_id varchar, open_amount decimal(18, 4), delivered_not_billed_amount decimal(18, 4),"
    " accepted_orders_amount decimal(18, 4), exposure_amount decimal(18, 4), insured_amount decimal(18, 4)",
    "receivables.days_sales_outstanding_monthly": "period_type varchar, period_start_date date, scope_type varchar, day_count integer,"
    " credit_sales_gross_amount decimal(18, 4)",
    "growth.revenue_monthly": "month_start_date date, customer_id varchar, credit_sales_gross_amount decimal(18, 4)",
}  # fmt: skip


@dataclass
class Shop:
    """A company: customers as (number, VAT id, registration number, country), what is open as (customer, bucket, amount)."""

    name: str
    currency: str = "EUR"
    day: date = DAY
    customers: list[tuple] = field(default_factory=list)
    open: list[tuple] = field(default_factory=list)
    sales: list[tuple] = field(default_factory=list)
    accepted: list[tuple] = field(default_factory=list)
    rates: list[tuple] = field(default_factory=list)
    status: str = "final"
    reason: str | None = None
    #: What the KPI says where it is not the sum of what is open.
    said: str | None = None
    size: str = "small"

    def publish(self, warehouse: Path, number: int = 1) -> Path:
        """Writes a version as a night does and makes it the published one."""
        folder = warehouse / self.name
        version = folder / "versions" / f"{number:06d}-{self.day}-run"
        version.mkdir(parents=True)
        file, month = version / "kpis.duckdb", self.day.replace(day=1)
        with duckdb.connect(str(file)) as connection:
            for table, shape in TABLES.items():
                connection.execute(f"create schema if not exists {table.partition('.')[0]}")
                connection.execute(f"create table {table} ({shape})")
            connection.execute(
                f"create table meta.publication as select '{version.name}' as version, '{self.day}-run' as run_id,"
                f" '{self.name}' as company, date '{self.day}' as report_date, date '{self.day}' as complete_until_date,"
                f" timestamp '2026-01-01' as published_at, '{self.currency}' as reporting_currency, 'abc' as code_version"
            )

            def insert(table: str, rows: list[tuple]) -> None:
                if rows:
                    connection.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)

            insert(
                "core.dim_customers",
                [
                    (n, f"{n} of {self.name}", vat, reg, land, entity[0] if entity else n, n == "unknown")
                    for n, vat, reg, land, *entity in self.customers
                ],
            )
            insert("core.fct_exchange_rates", self.rates)
            for customer, bucket, amount in self.open:
                amounts = [f"{amount if name == bucket else 0}" for name in BUCKETS]
                overdue = amount if bucket.startswith("overdue") else 0
                held = amount if bucket == "held_out" else 0
                connection.execute(
                    f"insert into receivables.receivables_ageing_monthly values (date '{month}', ?, 'S1', '47', ?, {', '.join(amounts)},"
                    f" {overdue}, {0 if held else amount}, {held})",
                    [customer, self.size],
                )
            # What stood open a month earlier is no receivable of today.
            connection.execute(
                "insert into receivables.receivables_ageing_monthly by name"
                " select date '2025-06-01' as month_start_date, 'A' as customer_id, 'S1' as salesperson_id, '47' as industry_code,"
                " 'small' as size_class, 9999 as not_due_amount"
            )
            accepted = dict(self.accepted)
            connection.execute(
                "insert into receivables.customer_exposure select customer_id, greatest(sum(receivables_amount), 0), 0, 0, 0, 0"
                f" from receivables.receivables_ageing_monthly where month_start_date = date '{month}' group by 1"
            )
            for customer, amount in accepted.items():
                connection.execute(
                    "update receivables.customer_exposure set accepted_orders_amount = ?, insured_amount = 10 where customer_id = ?",
                    [amount, customer],
                )
            connection.execute(
                "update receivables.customer_exposure"
                " set exposure_amount = open_amount + delivered_not_billed_amount + accepted_orders_amount"
            )
            insert("growth.revenue_monthly", [(month, customer, amount) for customer, amount in self.sales])
            for period, start, days in (("month", month, self.day.day), ("quarter", date(self.day.year, 10, 1), 61 + self.day.day)):
                connection.execute(
                    "insert into receivables.days_sales_outstanding_monthly select ?, ?, 'company', ?,"
                    " coalesce(sum(credit_sales_gross_amount), 0) from growth.revenue_monthly",
                    [period, start, days],
                )
                connection.execute(
                    "insert into kpi.kpi_values select kpi, ?, ?, 'company', 'company', case kpi when 'receivables' then"
                    " coalesce(?, (select sum(receivables_amount) from receivables.receivables_ageing_monthly"
                    " where month_start_date = ?), 0)"
                    " end, ?, ? from (values ('receivables'), ('dso_simple')) as kpis (kpi)",
                    [period, start, self.said, month, self.status, self.reason],
                )
            connection.execute(f"insert into meta.entity_coverage values ('orders', {bool(self.accepted)}), ('deliveries', true)")
        manifest = {
            "version": version.name, "report_date": str(self.day), "complete_until_date": str(self.day), "known_by_date": None,
            "tables": {},
            "warehouse": {"path": "kpis.duckdb", "sha256": sha256(file.read_bytes()).hexdigest()},
        }  # fmt: skip
        (version / "manifest.json").write_text(json.dumps(manifest))
        link = folder / "published"
        link.unlink(missing_ok=True)
        link.symlink_to(version.relative_to(folder))
        return version
