"""A group's set of figures: read from its companies' latest publications, built by ``sql/``, and published as a company's is.

Builds of companies are never read. Keep out: what a figure is (``sql/``), and how a publication is switched (``assets/publish.py``).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import duckdb
import yaml

from pipelines.assets.publish import close_and_swap, forget_old_versions, instant, write_tables
from pipelines.files import lock
from pipelines.groups.config import Group, load_group
from pipelines.night import BlockedNightError
from pipelines.project import code_version
from pipelines.publications import Shelf, last_warehouse, next_number
from pipelines.settings import Settings, SettingsError
from pipelines.warehouse import connect, identifier, literal

SQL = Path(__file__).with_name("sql")
DICTIONARY = Path(__file__).with_name("dictionary.yaml")
#: Published tables of a company that a group reads; each is one relation of all companies, with the company before its columns.
READ = {
    "publication": "meta.publication",
    "entity_coverage": "meta.entity_coverage",
    "kpi_values": "kpi.kpi_values",
    "customers": "core.dim_customers",
    "exchange_rates": "core.fct_exchange_rates",
    "ageing": "receivables.receivables_ageing_monthly",
    "exposure": "receivables.customer_exposure",
    "days_sales_outstanding": "receivables.days_sales_outstanding_monthly",
    "revenue": "growth.revenue_monthly",
}
#: Sales to such a company would count as the group's.
UNKNOWN_MEMBERS = "select company, null from work.member_identifiers where identifier is null"
IDENTIFIERS_FILE, RATES_FILE = "01_identifiers.sql", "03_rates.sql"


@dataclass(frozen=True)
class GroupSet(Shelf):
    """Folders of one group below the warehouse folder, and its file."""

    settings: Settings
    group: Group
    text: str

    @classmethod
    def of(cls, settings: Settings) -> GroupSet:
        """The group that ``settings.group`` names. Raises SettingsError when its file is not there or wrong."""
        if settings.group is None or not settings.group.is_file():
            raise SettingsError(f"GROUP={settings.group or ''}: expected the path of a group's YAML file")
        return cls(settings, *load_group(settings.group))

    @property
    def folder(self) -> Path:
        return self.settings.warehouse_dir / self.group.group

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """One writer at a time. Raises BlockedNightError while another process writes."""
        if (self.folder / "landed").exists():
            raise SettingsError(f"group: {self.folder} is a company's folder; call the group otherwise")
        self.versions_folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o750)
        held = lock(self.folder / ".lock")
        if held is None:
            raise BlockedNightError(f"another publication of {self.group.group} is being made; wait until it has ended")
        with held:
            yield

    def standing(self) -> dict[str, Path]:
        """The warehouse that each company published last and that is whole; with a report date, the last one of that day.

        Raises BlockedNightError naming the companies that have none.
        """
        found, lacking = {}, []
        wanted = self.settings.report_date
        for company in self.group.companies:
            folder = self.settings.warehouse_dir / company
            warehouse = last_warehouse(folder, str(wanted) if wanted else None)
            if warehouse is None:
                lacking.append(f"  {company}: no publication{f' of {wanted}' if wanted else ''} stands in {folder}")
            else:
                found[company] = warehouse
        if lacking:
            raise BlockedNightError("\n".join(["companies without figures; run their nights first:", *lacking]))
        return found


def publish_group(group: GroupSet) -> dict:
    """Builds and publishes the set; returns its manifest. Raises BlockedNightError when it cannot be published; the last one stands."""
    with group.exclusive():
        standing = group.standing()
        unfinished = group.versions_folder / ".unfinished-group"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        with connect(memory_limit=group.settings.memory_limit, temp_folder=unfinished / "temp") as connection:
            build(connection, group.group, standing)
            manifest = _write_version(connection, group, unfinished)
        shutil.rmtree(unfinished / "temp", ignore_errors=True)
        close_and_swap(group, unfinished, manifest["version"])
        forget_old_versions(group)
        return manifest


def build(connection, group: Group, standing: dict[str, Path]) -> None:
    """Writes schemas ``receivables`` and ``meta`` of the group from the warehouses in ``standing``.

    Raises BlockedNightError where a company publishes no receivables or in a currency without a rate, or a critical check fails.
    """
    for schema in ("input", "read", "work", "receivables", "meta"):
        connection.execute(f"create schema {schema}")
    _write_input(connection, group)
    try:
        _attach(connection, standing)
        for path in sorted(SQL.glob("*.sql")):
            connection.execute(path.read_text(encoding="utf-8"))
            if path.name == IDENTIFIERS_FILE:
                _require(
                    connection, UNKNOWN_MEMBERS, "is known in the group's file by a VAT id or registration number that identifies nobody"
                )
            if path.name == RATES_FILE:
                _require_rates(connection, group)
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise BlockedNightError(
            f"a company's publication was made by another version of the project; run its night again.\n  {error}"
        ) from None
    _require(connection, "select company, receivables_reason from meta.companies where receivables_status = 'not_available'",
             "publishes no receivables; take it out of the group's file or see why")  # fmt: skip
    _require(connection, "select check_name, culprits || '. ' || what_to_do from meta.check_results"
             " where severity = 'critical' and outcome <> 'passed'", "failed")  # fmt: skip


def _write_input(connection, group: Group) -> None:
    """The group's file as tables of schema ``input``."""
    members = group.companies.items()
    tables = {
        "members (company varchar, position integer)": [(company, number) for number, company in enumerate(group.companies)],
        "member_vat_ids (company varchar, vat_id varchar)": [(company, vat_id) for company, member in members for vat_id in member.vat_ids],
        "member_registration_numbers (company varchar, registration_number varchar, country varchar)": [
            (company, number, member.country) for company, member in members for number in member.registration_numbers
        ],
        "rates (currency varchar, rate_date date, rate decimal(18, 8))": [
            (item.currency, item.rate_date, item.rate) for item in group.rates
        ],
        "segments (segment_type varchar, company varchar, theirs varchar, ours varchar)": [
            (kind, company, theirs, ours)
            for kind, companies in group.segments.items()
            for company, names in companies.items()
            for theirs, ours in names.items()
        ],
    }
    for table, rows in tables.items():
        connection.execute(f"create table input.{table}")
        if rows:
            values = ", ".join("(" + ", ".join(literal(value) for value in row) + ")" for row in rows)
            connection.execute(f"insert into input.{table.partition(' ')[0]} values {values}")
    connection.execute(f"set variable group_currency = {literal(group.currency)}")


def _attach(connection, standing: dict[str, Path]) -> None:
    """The companies' publications as relations of schema ``read``, and the latest report date as the rate date."""
    for company, warehouse in standing.items():
        connection.execute(f"attach {literal(warehouse)} as {identifier(f'of_{company}')} (read_only)")
    for name, table in READ.items():
        parts = " union all by name ".join(
            f"select {literal(company)} as company, * {'exclude (company)' if name == 'publication' else ''} from"
            f" {identifier(f'of_{company}')}.{table}"
            for company in standing
        )
        connection.execute(f"create view read.{name} as {parts}")
    connection.execute("set variable rate_date = (select max(report_date) from read.publication)")


def _require_rates(connection, group: Group) -> None:
    rows = connection.execute(
        "select publication.company, publication.reporting_currency, rates.rate_date from read.publication"
        " left join meta.exchange_rates as rates on publication.reporting_currency = rates.currency where rates.rate is null order by 1"
    ).fetchall()
    if rows:
        raise BlockedNightError(
            "\n".join(
                f"{company}: no rate of {currency} to {group.currency} on {day} or in the seven days before it. No company of the group"
                f" delivers one; name it under rates in the group's file"
                if currency
                else f"{company}: its publication does not say its currency; run its night again"
                for company, currency, day in rows
            )
        )


def _require(connection, query: str, words: str) -> None:
    """Raises BlockedNightError with every row (name, reason) of ``query``."""
    rows = connection.execute(f"{query} order by 1").fetchall()
    if rows:
        raise BlockedNightError("\n".join(f"{name} {words}" + (f": {reason}" if reason else "") for name, reason in rows))


def _write_version(connection, group: GroupSet, folder: Path) -> dict:
    """Adds what a reader needs to trust the set, writes its files and the manifest; returns the manifest."""
    report_date, latest, status, reason, reason_nl = connection.execute("select * from work.status").fetchone()
    runs = connection.execute("select company, run_id, version from meta.companies order by 1").fetchall()
    run_id = f"{latest}-{sha256(json.dumps([group.text, runs]).encode()).hexdigest()[:10]}"
    version = f"{next_number(group.versions_folder):06d}-{run_id}"
    counts = {"passed": 0, "failed": 0}
    counts |= dict(connection.execute("select outcome, count(*) from meta.check_results group by 1").fetchall())
    published_at = instant()
    row = {
        "version": version, "run_id": run_id, "group_id": group.group.group, "group_name": group.group.name,
        "currency": group.group.currency, "report_date": report_date, "rate_date": latest, "status": status, "reason": reason,
        "reason_nl": reason_nl, "published_at": published_at, "checks_passed_count": counts["passed"],
        "checks_failed_count": counts["failed"], "code_version": code_version(),
    }  # fmt: skip
    types = {"report_date": "date", "rate_date": "date", "published_at": "timestamp"}
    columns = ", ".join(
        f"cast({literal(value)} as {types.get(name, 'bigint' if name.endswith('_count') else 'varchar')}) as {name}"
        for name, value in row.items()
    )
    connection.execute(f"create table meta.publication as select {columns}")
    grains = _write_dictionary(connection)
    written = write_tables(connection, folder, grains)
    manifest = {
        "group": group.group.group, "version": version, "run_id": run_id, "report_date": str(report_date) if report_date else None,
        "rate_date": str(latest), "complete_until_date": None, "known_by_date": None, "status": status, "reason": reason,
        "published_at": f"{published_at.isoformat()}Z", "companies": {company: version for company, _, version in runs},
        "checks": counts, **written,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return manifest


def dictionary() -> dict[str, dict]:
    """Table -> its description, grain and columns (description and Dutch label): the published names of a group."""
    return yaml.safe_load(DICTIONARY.read_text(encoding="utf-8"))


def _write_dictionary(connection) -> dict[tuple[str, str], str]:
    """Writes ``meta.data_dictionary`` and comments of every published table; returns the order of each, which is its grain."""
    connection.execute(
        "create table meta.data_dictionary (schema_name varchar, table_name varchar, table_description varchar, column_name varchar,"
        " data_type varchar, description varchar, label_nl varchar)"
    )
    orders = {}
    for name, table in dictionary().items():
        schema, _, short = name.partition(".")
        orders[schema, short] = ", ".join(identifier(column) for column in table["grain"])
        for column, (description, label) in table["columns"].items():
            connection.execute(
                "insert into meta.data_dictionary select ?, ?, ?, ?, lower(data_type), ?, ? from information_schema.columns"
                " where table_catalog = current_database() and table_schema = ? and table_name = ? and column_name = ?",
                [schema, short, table["description"], column, description, label, schema, short, column],
            )
    return orders
