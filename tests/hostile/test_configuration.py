"""A company's file: what YAML or SQL would let pass, and what must be answered with the key and what was expected."""

from __future__ import annotations

import copy
import time
from pathlib import Path

import pytest
import yaml

from pipelines.companies.config import load_company
from pipelines.settings import Settings, SettingsError
from pipelines.sources.expressions import check_expression, check_joins
from pipelines.warehouse import connect
from tests.hostile.company import document

#: Expressions that a company may write.
EXPRESSIONS = [
    "Number", '"my column"', "'EUR'", "30", "-1.5", "true", "null", "number(Net) + number(VAT)", "case Kind when 'F' then 'invoice' else 'credit_note' end",
    "total(number(Quantity) * number(UnitPrice))", "max_by(Country, _row_number)", "coalesce(day(a), date '2016-10-20')", "regexp_replace(a, '\\.0$', '')",
    "a like 'C%' and b in ('x', 'y')", "substr(line, 8, 4) || '-' || _row_number", "cast(round(number(a) / nullif(number(b), 0), 6) as decimal(18,6))",
    "filled(a) is not null", "a -- the number", "a /* b */", "trim(both ' ' from a)", "extract(year from day(d))", "a[1:3]", "count(*)", "sum(number(a)) filter (where b = 'x')",
    "partners.customer", "not a", "a between '1' and '2'", "list_transform([a], lambda x: x || 'y')[1]", "string_agg(a, ',' order by b)", "strftime(day(d), '%Y')",
]  # fmt: skip
#: What is no expression over delivered columns.
NOT_EXPRESSIONS = [
    "", ";", "true; copy (select 1) to '/tmp/hostile'", "1) from read_csv('/etc/passwd') --", "1) union all (select 2", "1), (2", "(select 1)", "exists (select 1)",
    "a in (select b from c)", "(select content from read_text('/etc/passwd'))", "read_text('/etc/passwd')", "read_csv('/etc/passwd')", "glob('/*')", "a where true", "a from b",
    "a union select 1", "a order by 1", "a limit 1", "*", "columns('a')", "$1", "?", "now()", "current_" + "date", "current_" + "timestamp", "today()", "random()", "uuid()",
    "current_setting('memory_limit')", "getvariable('x')", "nextval('s')", "getenv('HOME')", "sniff_csv('x')", "query('select 1')", "main.number(a)", "unknown(a)",
    "pragma version", "attach 'x' as y", "install httpfs", "set threads = 1", "copy x to 'y'", "drop table x", "a); drop table raw.invoices; --", "case when", "'open", "(a",
]  # fmt: skip
JOINS = [
    "left join other as o on o.a = ledger.a",
    "left join (select a, min(b) as b from other group by 1) as o on o.a = ledger.a\ninner join other as p on p.a = o.a",
    "left join (select * from other where b = '1') as o using (a)",
]
NOT_JOINS = [
    "; drop table x", "where true", "limit 1", "left join nowhere as o on true", "left join read_csv('/etc/passwd') as o on true", "left join '/etc/passwd' as o on true",
    "left join (select * from read_text('/etc/passwd')) as o on true", "left join raw.invoices as o on true", "left join other as o on true where true", "cross join range(10)",
    "left join (select 1 as a union all select 2) as o on true", "left join (with q as (select * from glob('/*')) select * from q) as o on true", "left join (values (1)) as o(a) on true",
    "left join (select now() as a from other) as o on true", "left join duckdb_settings() as s on true", "left join information_schema.tables as t on true", ", other",
]  # fmt: skip


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expression(text: str) -> None:
    check_expression(text)


@pytest.mark.parametrize("text", NOT_EXPRESSIONS)
def test_what_is_no_expression_is_refused_in_a_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"got '|got \"") as refused:
        check_expression(text)
    assert "\n" not in str(refused.value)
    assert not Path("/tmp/hostile").exists()


@pytest.mark.parametrize("text", JOINS)
def test_joins(text: str) -> None:
    check_joins("ledger", text, ["ledger", "other"])


@pytest.mark.parametrize("text", [item for item in NOT_JOINS if item != ", other"])
def test_what_is_no_join_of_sources_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="got"):
        check_joins("ledger", text, ["ledger", "other"])


def refusal(tmp_path: Path, text: str) -> str:
    path = tmp_path / "company.yaml"
    path.write_text(text, encoding="utf-8")
    started = time.process_time()
    with pytest.raises(SettingsError) as refused:
        load_company(path)
    assert time.process_time() - started < 2
    return str(refused.value)


def changed(place: str, value: object) -> str:
    made = copy.deepcopy(document())
    *parents, last = place.split("/")
    part = made
    for name in parents:
        part = part.setdefault(name, {})
    part[last] = value
    return yaml.safe_dump(made, sort_keys=False)


COLUMNS, LEDGER = "entities/invoices/columns", "sources/ledger"
#: Key -> value -> words of the answer, which names the key.
WRONG = {
    "a statement in where": ("entities/invoices/where", "true; copy (select 1) to '/tmp/hostile'", "entities.invoices: where:"),
    "a query in a column": (f"{COLUMNS}/net_amount", "(select 1)", "columns.net_amount:"),
    "the clock in a column": (f"{COLUMNS}/issued_date", "current_" + "date", "reads the clock"),
    "a query in a group": ("entities/invoices/group_by", ["(select 1)"], "group_by.0:"),
    "a file in a join": ("entities/invoices/joins", "left join '/etc/passwd' as p on true", "entities.invoices.joins:"),
    "a query in a total": (f"{LEDGER}/control_total", {"sums": {"(select 1)": 1}}, "control_total"),
    "no in YAML": (f"{COLUMNS}/order_id", False, "put the expression in quotes"),
    "a day in YAML": (f"{COLUMNS}/order_id", yaml.safe_load("2025-01-02"), "put the expression in quotes"),
    "files from the root": (f"{LEDGER}/files", "/etc/*.csv", "below the data folder"),
    "files above": (f"{LEDGER}/files", "../*.csv", "below the data folder"),
    "files above, later": (f"{LEDGER}/files", "a/../../*.csv", "below the data folder"),
    "files at home": (f"{LEDGER}/files", "~/x.csv", "below the data folder"),
    "no files": (f"{LEDGER}/files", " ", "below the data folder"),
    "a format of dates that does not exist": ("notation/date_format", "%Q", "notation.date_format: %Q is no part"),
    "a format with the month for the minutes": ("notation/timestamp_format", "%Y-%m-%d %H:%m", "%m and %m say the same part twice"),
    "a format with two years": ("notation/date_format", "%Y-%m-%d %y", "%Y and %y say the same part twice"),
    "a format of twelve hours without their half": ("notation/timestamp_format", "%Y-%m-%d %I:%M", "expected both, or %H"),
    "a format without a year": ("notation/date_format", "%d.%m", "expected a year"),
    "a format that ends in a percent sign": ("notation/date_format", "%Y-%m-%d%", "is no part"),
    "a format of instants without a day": ("notation/timestamp_format", "%H:%M", "notation.timestamp_format"),
    "one sign for two things": ("notation/thousands_sign", ".", "are the same"),
    "a sign that is none": ("notation/thousands_sign", "x", "notation.thousands_sign"),
    "groups of nothing": ("notation/group_sizes", [0], "group_sizes"),
    "no groups": ("notation/group_sizes", [], "group_sizes"),
    "a flag that is both": ("notation/false_values", ["yes"], "share yes"),
    "a zone that is none": ("notation/time_zone", "Mars/Olympus", "unknown time zone"),
    "a zone out of bounds": ("time_zone", "../../etc/passwd", "unknown time zone"),
    "a share above one": ("parameters/quarantined_share_limit", 1.5, "a share from 0 to 1"),
    "a share below none": ("parameters/quarantined_row_share_limit", -0.1, "a share from 0 to 1"),
    "days below none": ("parameters/late_invoicing_days", -1, "no negative number"),
    "days that are no number": ("parameters/late_invoicing_days", "soon", "parameters.late_invoicing_days"),
    "an encoding that is none": (f"{LEDGER}/encoding", "klingon", "unknown encoding"),
    "two delimiters": (f"{LEDGER}/delimiter", "||", "delimiter"),
    "delimiter and quote alike": (f"{LEDGER}/delimiter", '"', "are the same"),
    "a pattern that is none": (f"{LEDGER}/delivered_on", "(", "is no regular expression"),
    "a pattern without a group": (f"{LEDGER}/delivered_on", r"\d+", "exactly one group"),
    "a skip that is none": (f"{LEDGER}/skip_pattern", "[", "is no regular expression"),
    "a header on line nought": (f"{LEDGER}/header_row", 0, "header_row"),
    "a footer of less than nothing": (f"{LEDGER}/skip_footer", -1, "skip_footer"),
    "a header row of Parquet": (LEDGER, {"files": "*.parquet", "format": "parquet", "columns": ["number"], "header_row": 2}, "has no such rows"),
    "a column of ours": (f"{LEDGER}/columns", ["_row_number"], "is a name of our own"),
    "columns that differ in case": (f"{LEDGER}/columns", ["Net", "net"], "stands twice"),
    "an unknown key": (f"{LEDGER}/colums", [], "colums"),
    "an unknown source": ("entities/invoices/source", "elsewhere", "is not one of the sources"),
    "an unknown column": (f"{COLUMNS}/nett", "net", "unknown column"),
    "a range of no column": ("date_ranges", {"invoices.net_amount": {}}, "expected <entity>.<column of days>"),
    "a range of less than nothing": ("date_ranges", {"invoices.issued_date": {"days_ahead": -1}}, "days_ahead"),
    "options of an entity that does not come so": ("contract_sources", {"customers": {}}, "is no entity that comes by contract_files"),
    "a confirmation without a name": ("confirmed_deliveries", [{"path": "x"}], "confirmed_by"),
}  # fmt: skip


@pytest.mark.parametrize(("place", "value", "words"), WRONG.values(), ids=WRONG)
def test_wrong_value_is_answered_with_its_key(tmp_path: Path, place: str, value: object, words: str) -> None:
    assert words in refusal(tmp_path, changed(place, value))


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{this}: &{this} [{', '.join([f'*{before}'] * 9)}]\n" for before, this in zip("abcdefgh", "bcdefghi", strict=True)
)
YAML = {
    "a key twice": ("company: a\nname: b\ncompany: c\n", "line 3: the key 'company' stands twice, first on line 1"),
    "a key twice below": ("sources:\n  a: 1\n  b: 2\n  a: 3\n", "line 4: the key 'a' stands twice"),
    "a bomb": (BOMB, "its aliases stand for more than 50,000 values"),
    "an alias that holds itself": ("a: &a [*a]\n", "an alias that holds itself"),
    "brackets without end": ("[" * 20_000, "not readable as YAML"),
    "a file without end": ("a: " + "x" * 1_100_000, "at most 1,000,000 bytes"),
    "an object of the language": ("!!python/object/apply:os.system ['true']", "not readable as YAML"),
    "a list": ("- a\n- b\n", "expected keys such as company"),
    "nothing": ("", "expected keys such as company"),
    "tabs": ("a:\n\tb: 1\n", "not readable as YAML"),
    "two documents": ("a: 1\n---\na: 2\n", "not readable as YAML"),
}


@pytest.mark.parametrize(("text", "words"), YAML.values(), ids=YAML)
def test_yaml_is_refused_quickly_and_by_name(tmp_path: Path, text: str, words: str) -> None:
    answer = refusal(tmp_path, text)
    assert words in answer
    assert answer.startswith("company.yaml: ")
    assert len(answer) < 600


def test_engine_reaches_its_own_folders_only(tmp_path: Path) -> None:
    """What slipped through every other check would still find nothing there."""
    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    other.mkdir()
    (other / "secret.csv").write_text("a\n1\n")
    with connect(own / "x.duckdb", reach=[own], temp_folder=own / "temp") as connection:
        connection.execute(f"copy (select 1 as a) to '{own}/mine.parquet'")
        for statement in (
            f"select * from read_csv('{other}/secret.csv')", f"select * from read_csv('{own}/../other/secret.csv')", f"copy (select 1) to '{other}/x.csv'",
            f"attach '{other}/y.duckdb' as y", "select * from glob('/etc/*')", "set enable_external_access = true", "install httpfs", "select * from read_text('/etc/passwd')",
        ):  # fmt: skip
            with pytest.raises(Exception, match=r"disabled by configuration|locked"):
                connection.execute(statement)


@pytest.mark.parametrize("limit", ["lots", "4", "-1GB", "4 gigabytes", "0GB", "GB"])
def test_memory_limit_that_is_none_is_a_wrong_set_up(limit: str) -> None:
    with pytest.raises(SettingsError, match=r"MEMORY_LIMIT=.*expected a size such as 4GB"):
        Settings.from_environment({"MEMORY_LIMIT": limit})


@pytest.mark.parametrize("limit", ["4GB", "512MB", "1.5 GiB", "50%", "2gb"])
def test_memory_limit(limit: str) -> None:
    assert Settings.from_environment({"MEMORY_LIMIT": limit}).memory_limit == limit
