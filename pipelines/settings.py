"""Every path and knob of a night; the only reader of the environment.

Keep out: what a company delivers (``companies``) and any rule. A wrong value raises :class:`SettingsError`, which the
command line turns into exit status 2.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
COMPANIES_FOLDER = PROJECT_FOLDER / "pipelines" / "companies"
TEMPLATES_FOLDER = COMPANIES_FOLDER / "templates"
#: What the KPI book shows of customers: their names, pseudonyms, or nothing because no book is made.
BOOKS = ("full", "pseudonymised", "none")
#: For whom a book of their own is written: each team, each person.
BOOK_SCOPES = ("teams", "people")
#: What ``make company`` writes; it is a company's file when a person has read and renamed it.
DRAFT_SUFFIX = ".draft.yaml"
#: What runs the models: this machine alone, or a cluster.
ENGINES = ("duckdb", "spark")
#: Every so many nights all is built again, whatever changed.
FULL_EVERY_NIGHTS = 30
DBT_FOLDER = PROJECT_FOLDER / "dbt_project"
EXPECTATIONS_FOLDER = PROJECT_FOLDER / "expectations"


class SettingsError(ValueError):
    """The set-up or a company's configuration is wrong; the message says where and what was expected."""


def database_address(variable: str, environment: Mapping[str, str] = os.environ) -> str:
    """The database address that an environment variable holds; it is shown nowhere. Raises SettingsError when it is not set."""
    address = environment.get(variable)
    if not address:
        raise SettingsError(f"{variable} is not set: expected the address of a database, dialect://user:password@host/database")
    return address


def _date(name: str, text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{name}={text!r}: expected a day as YYYY-MM-DD") from None


def _count(name: str, text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise SettingsError(f"{name}={text!r}: expected a number of 1 or more")
    return int(text)


def environments(environment: Mapping[str, str] = os.environ) -> list[dict[str, str]]:
    """The environment of each company that COMPANIES names, in its order: that of this process, and what stands in ``bakery.env``
    beside ``bakery.yaml``. None where COMPANIES is not set: then COMPANY is the one.

    COMPANIES holds names or files with commas between, or a folder whose YAML files are meant.
    """
    named = environment.get("COMPANIES") or ""
    folder = Path(named).expanduser()
    if "/" in named and folder.is_dir():
        references = [str(path.resolve()) for path in sorted(folder.glob("*.yaml")) if not path.name.endswith(DRAFT_SUFFIX)]
        if not references:
            raise SettingsError(f"COMPANIES={named}: the folder holds no company's YAML file")
    else:
        references = [name for part in named.split(",") if (name := part.strip())]
    found = []
    for reference in references:
        beside = Path(reference).expanduser().with_suffix(".env")
        own = _variables(beside) if "/" in reference and beside.is_file() else {}
        found.append(dict(environment) | own | {"COMPANY": reference})
    return found


def _variables(path: Path) -> dict[str, str]:
    """``NAME=value`` per line, as a service manager reads it; blank lines and those that begin with # say nothing."""
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, sign, value = line.strip().partition("=")
        if not sign or not re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
            # The line may hold a password.
            raise SettingsError(f"{path.name}, line {number}: expected NAME=value")
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
        found[name] = value[1:-1] if quoted else value
    return found


@dataclass(frozen=True)
class Settings:
    """What one deployment runs: a company, where its files lie and where its warehouse stands."""

    company: str = "demo"
    #: The company's code location where one Dagster serves several: it stands before the names of its tables and of its pool.
    code_location: str | None = None
    #: The file of a group of companies, where its figures are to be made.
    group: Path | None = None
    warehouse_dir: Path = PROJECT_FOLDER / "warehouse"
    data_dir: Path | None = None
    report_date: date | None = None
    known_by: date | None = None
    memory_limit: str = "4GB"
    kept_publications: int = 7
    full: bool = False
    engine: str = "duckdb"
    #: Where the cluster is, where it runs the models: the address of a Connect server, or of a master.
    spark_remote: str | None = None
    spark_master: str | None = None
    #: How many models the cluster is given at once.
    spark_threads: int = 2
    book: str = "full"
    book_scopes: tuple[str, ...] = ()
    publish_database: str | None = None
    dagster_database: str | None = None
    ui_hosts: tuple[str, ...] = ()
    digest_recipients: Path | None = None
    book_address: str | None = None
    alert_webhook: str | None = None
    alert_mail_to: str | None = None
    alert_mail_server: str = "localhost"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Settings from COMPANY, CODE_LOCATION, GROUP, WAREHOUSE_DIR, DATA_DIR, REPORT_DATE, KNOWN_BY, MEMORY_LIMIT,
        KEPT_PUBLICATIONS, FULL, ENGINE, SPARK_REMOTE, SPARK_MASTER, SPARK_THREADS, BOOK, BOOK_SCOPES, PUBLISH_DATABASE,
        DAGSTER_DATABASE, UI_HOSTS, DIGEST_RECIPIENTS, BOOK_ADDRESS and ALERT_*; empty counts as not given."""

        def get(name: str) -> str | None:
            return environment.get(name) or None

        full = get("FULL") or "0"
        if full not in ("0", "1"):
            raise SettingsError(f"FULL={full!r}: expected 1 to build everything again, or 0")
        engine = get("ENGINE") or "duckdb"
        if engine not in ENGINES:
            raise SettingsError(f"ENGINE={engine!r}: expected one of {', '.join(ENGINES)}")
        if engine == "spark" and bool(get("SPARK_REMOTE")) == bool(get("SPARK_MASTER")):
            raise SettingsError("ENGINE=spark: expected either SPARK_REMOTE=sc://host:port or SPARK_MASTER=spark://host:port")
        book = get("BOOK") or "full"
        if book not in BOOKS:
            raise SettingsError(f"BOOK={book!r}: expected one of {', '.join(BOOKS)}")
        scopes = tuple(name for part in (get("BOOK_SCOPES") or "").split(",") if (name := part.strip()))
        if wrong := [name for name in scopes if name not in BOOK_SCOPES]:
            raise SettingsError(f"BOOK_SCOPES={wrong[0]!r}: expected {' or '.join(BOOK_SCOPES)}, or both with a comma between")
        memory_limit = get("MEMORY_LIMIT") or "4GB"
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?\s*([KMGT]i?B|%)", memory_limit, re.IGNORECASE) or not float(
            re.match(r"[0-9.]+", memory_limit)[0]
        ):
            raise SettingsError(f"MEMORY_LIMIT={memory_limit!r}: expected a size such as 4GB, 512MB or 50%")
        data_dir = get("DATA_DIR")
        return cls(
            company=get("COMPANY") or "demo",
            code_location=get("CODE_LOCATION"),
            group=Path(group).expanduser().resolve() if (group := get("GROUP")) else None,
            warehouse_dir=Path(get("WAREHOUSE_DIR") or PROJECT_FOLDER / "warehouse").expanduser().resolve(),
            data_dir=Path(data_dir).expanduser().resolve() if data_dir else None,
            report_date=_date("REPORT_DATE", get("REPORT_DATE")),
            known_by=_date("KNOWN_BY", get("KNOWN_BY")),
            memory_limit=memory_limit,
            kept_publications=_count("KEPT_PUBLICATIONS", get("KEPT_PUBLICATIONS") or "7"),
            full=full == "1",
            engine=engine,
            spark_remote=get("SPARK_REMOTE"),
            spark_master=get("SPARK_MASTER"),
            spark_threads=_count("SPARK_THREADS", get("SPARK_THREADS") or "2"),
            book=book,
            book_scopes=scopes,
            publish_database=get("PUBLISH_DATABASE"),
            dagster_database=get("DAGSTER_DATABASE"),
            ui_hosts=tuple(name for part in (get("UI_HOSTS") or "").split(",") if (name := part.strip())),
            digest_recipients=Path(recipients).expanduser().resolve() if (recipients := get("DIGEST_RECIPIENTS")) else None,
            book_address=get("BOOK_ADDRESS"),
            alert_webhook=get("ALERT_WEBHOOK"),
            alert_mail_to=get("ALERT_MAIL_TO"),
            alert_mail_server=get("ALERT_MAIL_SERVER") or "localhost",
        )

    @property
    def asset_prefix(self) -> tuple[str, ...]:
        """What stands before the path of each table in Dagster: the company, where several are served."""
        return (self.code_location,) if self.code_location else ()

    @property
    def pool(self) -> str:
        """The pool of which a run of this company holds the only place."""
        return "_".join([*self.asset_prefix, "warehouse"])

    @property
    def company_file(self) -> Path:
        """The company's YAML: a shipped name, or the path of a file anywhere."""
        if self.company.endswith((".yaml", ".yml")) or "/" in self.company:
            path = Path(self.company).expanduser().resolve()
            if not path.is_file():
                raise SettingsError(f"COMPANY={self.company}: there is no such file")
            return path
        path = COMPANIES_FOLDER / f"{self.company}.yaml"
        if not path.is_file():
            shipped = ", ".join(sorted(file.stem for file in COMPANIES_FOLDER.glob("*.yaml")))
            raise SettingsError(f"COMPANY={self.company}: expected one of {shipped}, or the path of a YAML file")
        return path
