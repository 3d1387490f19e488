"""What a publication changes of figures that an earlier one called closed, and why. Keep out: what a figure is.

A published figure is never rewritten: the earlier publication stays, and this one carries a row per changed figure and reason.
For revenue and receivables the reasons are added up from the documents and payments that differ, so that they sum to the
change; for other KPIs one row names all reasons that touch its period.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.warehouse import literal

COLUMNS = """
    kpi varchar, period_type varchar, period_start_date date, scope_type varchar, scope_id varchar, reason varchar,
    old_value decimal(38, 6), new_value decimal(38, 6), change_value decimal(38, 6), document_count bigint, documents varchar,
    old_run_id varchar, new_run_id varchar, report_date date
"""

#: The reason where other code made the earlier publication.
PROJECT = "the project changed"

#: Figures whose period had ended by the earlier report date, and that are not what they were.
CHANGED = """
create or replace temporary table changed as
with earlier as (
    select *, cast(period_start_date + case period_type when 'month' then interval 1 month when 'quarter' then interval 3 month
        else interval 12 month end as date) - 1 as period_end_date
    from last.kpi.kpi_values
    where status in ('final', 'quarantine_bounded')
)
select
    earlier.kpi, earlier.period_type, earlier.period_start_date, earlier.period_end_date, earlier.scope_type, earlier.scope_id,
    earlier.value as old_value, now.value as new_value, earlier.run_id as old_run_id,
    earlier.report_date as old_report_date, night.report_date, night.run_id as new_run_id
from earlier
cross join raw.night as night
left join kpi.kpi_values as now
    on earlier.kpi = now.kpi and earlier.period_type = now.period_type and earlier.period_start_date = now.period_start_date
    and earlier.scope_type = now.scope_type and earlier.scope_id = now.scope_id
where earlier.period_end_date <= earlier.report_date and earlier.report_date <= night.report_date
    and earlier.value is distinct from now.value
"""

#: Every document and event that differs, once as it was (sign -1) and once as it is (sign 1), with what it does to which KPI.
DIFFERENCES = """
create or replace temporary table differences as
with events as (
    select
        coalesce(new.event_type, old.event_type) as event_type,
        coalesce(new.invoice_id, new.payment_id, old.invoice_id, old.payment_id) as document,
        case
            when old.source_id is null then case
                when new.event_type = 'invoiced' then 'late invoice'
                when new.event_type in ('credited', 'credit_applied') then 'late credit note'
                when new.event_type = 'written_off' then 'late write-off'
                when new.event_type = 'adjusted' then 'late adjustment'
                else 'late payment' end
            when new.source_id is null then 'withdrawn delivery'
            when old.is_held_out and not new.is_held_out then 'released document'
            when new.is_held_out and not old.is_held_out then 'held-out document'
            when old.amount is distinct from new.amount or old.event_date <> new.event_date then 'corrected delivery'
            else 'corrected master data'
        end as reason,
        old.event_date as old_date, new.event_date as new_date,
        old.salesperson_id as old_salesperson, new.salesperson_id as new_salesperson,
        case when not old.is_held_out then old.amount else 0 end as old_amount,
        case when not new.is_held_out then new.amount else 0 end as new_amount
    from last.core.fct_receivable_events as old
    full join core.fct_receivable_events as new on old.event_type = new.event_type and old.source_id = new.source_id
    where old.source_id is null or new.source_id is null
        or (old.event_date, old.amount, old.is_held_out, old.salesperson_id)
            is distinct from (new.event_date, new.amount, new.is_held_out, new.salesperson_id)
),
invoices as (
    select
        coalesce(new.invoice_id, old.invoice_id) as document,
        case
            when old.invoice_id is null then case new.document_class
                when 'credit' then 'late credit note' when 'adjustment' then 'late adjustment' else 'late invoice' end
            when new.invoice_id is null then 'withdrawn delivery'
            when old.is_held_out and not new.is_held_out then 'released document'
            when new.is_held_out and not old.is_held_out then 'held-out document'
            when (old.net_amount, old.gross_amount, old.issued_date) is distinct from (new.net_amount, new.gross_amount, new.issued_date)
                then 'corrected delivery'
            else 'corrected master data'
        end as reason,
        old.issued_date as old_date, new.issued_date as new_date,
        old.salesperson_id as old_salesperson, new.salesperson_id as new_salesperson,
        old.document_class as old_class, new.document_class as new_class,
        case when not old.is_held_out then old.net_amount else 0 end as old_net,
        case when not new.is_held_out then new.net_amount else 0 end as new_net,
        case when not old.is_held_out then old.gross_amount else 0 end as old_gross,
        case when not new.is_held_out then new.gross_amount else 0 end as new_gross
    from last.core.fct_invoices as old
    full join core.fct_invoices as new on old.invoice_id = new.invoice_id
    where old.invoice_id is null or new.invoice_id is null
        or (old.issued_date, old.net_amount, old.gross_amount, old.is_held_out, old.salesperson_id, old.document_class)
            is distinct from (new.issued_date, new.net_amount, new.gross_amount, new.is_held_out, new.salesperson_id, new.document_class)
),
sides as (
    select document, reason, old_date as day, old_salesperson as salesperson_id, 'events' as kind, null as document_class,
        -old_amount as amount, 0 as gross_amount
    from events where old_date is not null
    union all
    select document, reason, new_date, new_salesperson, 'events', null, new_amount, 0 from events where new_date is not null
    union all
    select document, reason, old_date, old_salesperson, 'invoices', old_class, -old_net, -old_gross
    from invoices where old_date is not null
    union all
    select document, reason, new_date, new_salesperson, 'invoices', new_class, new_net, new_gross
    from invoices where new_date is not null
)
select sides.*, coalesce(salespeople.team, 'unknown') as team
from sides left join core.dim_salespeople as salespeople on sides.salesperson_id = salespeople.salesperson_id
"""

EXPLAINED = """
with touching as (
    select
        changed.*, differences.reason, differences.document,
        case changed.kpi
            when 'receivables' then case when differences.kind = 'events' then differences.amount else 0 end
            when 'net_revenue' then case when differences.kind = 'invoices' then differences.amount else 0 end
            when 'credit_sales' then case when differences.kind = 'invoices' and differences.document_class <> 'adjustment'
                then differences.gross_amount else 0 end
            else case when differences.kind = 'invoices' and differences.document_class = case changed.kpi
                when 'invoiced_amount' then 'invoice' when 'credited_amount' then 'credit' when 'adjusted_amount' then 'adjustment' end
                then differences.amount else 0 end
        end as part_amount,
        changed.kpi in ('receivables', 'net_revenue', 'credit_sales', 'invoiced_amount', 'credited_amount', 'adjusted_amount')
            and changed.scope_type in ('company', 'salesperson', 'team') as is_additive
    from changed
    inner join differences
        on differences.day <= changed.period_end_date
        and (differences.day >= changed.period_start_date or changed.kpi = 'receivables' or differences.kind = 'events')
        and case changed.scope_type when 'salesperson' then differences.salesperson_id = changed.scope_id
            when 'team' then differences.team = changed.scope_id else true end
),
additive as (
    select
        kpi, period_type, period_start_date, scope_type, scope_id, reason, cast(sum(part_amount) as decimal(38, 6)) as change_value,
        count(distinct document) as document_count, string_agg(distinct document, ', ' order by document) as documents
    from touching where is_additive and part_amount <> 0
    group by all having sum(part_amount) <> 0
),
remaining as (
    select
        changed.kpi, changed.period_type, changed.period_start_date, changed.scope_type, changed.scope_id,
        getvariable('unexplained') as reason,
        cast(changed.new_value - changed.old_value - coalesce(sum(additive.change_value), 0) as decimal(38, 6)) as change_value,
        0 as document_count, '' as documents
    from changed left join additive using (kpi, period_type, period_start_date, scope_type, scope_id)
    where changed.kpi in ('receivables', 'net_revenue', 'credit_sales', 'invoiced_amount', 'credited_amount', 'adjusted_amount')
        and changed.scope_type in ('company', 'salesperson', 'team')
    group by 1, 2, 3, 4, 5, changed.new_value, changed.old_value
    having coalesce(changed.new_value - changed.old_value - coalesce(sum(additive.change_value), 0), 1) <> 0
),
named as (
    select
        changed.kpi, changed.period_type, changed.period_start_date, changed.scope_type, changed.scope_id,
        coalesce(
            getvariable('by_project') || string_agg(distinct touching.reason, ', ' order by touching.reason), getvariable('unexplained')
        ) as reason,
        cast(changed.new_value - changed.old_value as decimal(38, 6)) as change_value,
        count(distinct touching.document) as document_count,
        coalesce(string_agg(distinct touching.document, ', ' order by touching.document), '') as documents
    from changed left join touching using (kpi, period_type, period_start_date, scope_type, scope_id)
    where changed.kpi not in ('receivables', 'net_revenue', 'credit_sales', 'invoiced_amount', 'credited_amount', 'adjusted_amount')
        or changed.scope_type not in ('company', 'salesperson', 'team')
    group by 1, 2, 3, 4, 5, 7
),
parts as (select * from additive union all select * from remaining union all select * from named)
select
    parts.kpi, parts.period_type, parts.period_start_date, parts.scope_type, parts.scope_id, parts.reason,
    changed.old_value, changed.new_value, parts.change_value, parts.document_count, left(parts.documents, 200),
    changed.old_run_id, changed.new_run_id, changed.report_date
from parts inner join changed using (kpi, period_type, period_start_date, scope_type, scope_id)
"""


def write_restatements(connection, last_publication: Path | None, code: str | None = None) -> int:
    """Writes ``meta.kpi_restatements``: those of the last publication and what this build adds. Returns how many it adds.

    ``code`` is the version of the project that makes the build.
    """
    connection.execute("create schema if not exists meta")
    connection.execute(f"create or replace table meta.kpi_restatements ({COLUMNS})")
    if last_publication is None or not last_publication.is_file():
        return 0
    connection.execute(f"attach {literal(last_publication)} as last (read_only)")
    try:
        tables = {
            f"{schema}.{table}"
            for schema, table in connection.execute(
                "select table_schema, table_name from information_schema.tables where table_catalog = 'last'"
            ).fetchall()
        }
        if "meta.kpi_restatements" in tables:
            connection.execute("insert into meta.kpi_restatements select * from last.meta.kpi_restatements")
        if not {"kpi.kpi_values", "core.fct_receivable_events", "core.fct_invoices"} <= tables:
            return 0
        (before,) = connection.execute("select count(*) from meta.kpi_restatements").fetchone()
        connection.execute(CHANGED)
        (count,) = connection.execute("select count(*) from changed").fetchone()
        if count:
            _write_reasons(connection, tables, code)
            connection.execute(DIFFERENCES)
            connection.execute(f"insert into meta.kpi_restatements {EXPLAINED}")
        (after,) = connection.execute("select count(*) from meta.kpi_restatements").fetchone()
        return after - before
    finally:
        for variable in ("unexplained", "by_project"):
            connection.execute(f"reset variable {variable}")
        for table in ("changed", "differences"):
            connection.execute(f"drop table if exists {table}")
        connection.execute("detach last")


def _write_reasons(connection, tables: set[str], code: str | None) -> None:
    """Sets what is said where no document explains a change, and what stands before the documents of a figure that is no sum.

    Of the same run (report date, deliveries, the company's file) by other code the project is the only thing that changed.
    """
    columns = connection.execute(
        "select count(*) from information_schema.columns where table_catalog = 'last' and table_schema = 'meta'"
        " and table_name = 'publication' and column_name = 'code_version'"
    ).fetchone()
    earlier = connection.execute("select code_version from last.meta.publication").fetchone() if columns[0] else (None,)
    unexplained, by_project = "rates, rules or master data", ""
    if code is not None and "meta.publication" in tables and earlier != (code,):
        (is_same_run,) = connection.execute("select bool_and(old_run_id = new_run_id) from changed").fetchone()
        unexplained, by_project = PROJECT if is_same_run else f"{PROJECT}, {unexplained}", f"{PROJECT}, "
    connection.execute(f"set variable unexplained = {literal(unexplained)}")
    connection.execute(f"set variable by_project = {literal(by_project)}")
