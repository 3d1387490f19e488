"""Parts of one day's statement under one account, day and number: told apart by their balances, and nothing stands twice or is lost."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.companies.delivered import Source
from pipelines.night import Night
from pipelines.settings import Settings
from pipelines.sources.loading import Loader, load_all
from pipelines.sources.readers import RefusedFileError
from pipelines.sources.readers.statements import CamtReader, Mt940Reader
from tests import worlds
from tests.expectations.test_arrival import outcome
from tests.pipelines.sources.conftest import SmallCompany
from tests.pipelines.sources.test_statements import CAMT, MT940, SWIFT, camt

COMPANY = """
company: parts
name: Parts of a day
time_zone: Europe/Amsterdam
reporting_currency: EUR
last_complete_day: bank_statements.statement_date
sources: {bank: {files: "*.sta", format: mt940, encoding: utf-8, delivered_on: '^(\\d{4}-\\d{2}-\\d{2})'}}
"""


def part(opening: int, *amounts: int, number: str = "00005", closing: int | None = None, account: str = "NL20INGB0001234567") -> str:
    """A statement of 3 January 2025, by its opening balance and the amounts that came in (or went out, below zero)."""

    def balance(tag: str, amount: int) -> str:
        return f":{tag}:{'C' if amount >= 0 else 'D'}250103EUR{abs(amount)},00\n"

    entries = "".join(
        f":61:2501030103{'C' if amount > 0 else 'D'}{abs(amount)},00NTRFNONREF\n:86:Paid {amount} from {opening}\n" for amount in amounts
    )
    ending = opening + sum(amounts) if closing is None else closing
    return f":20:A\n:25:{account}\n:28C:{number}\n{balance('60F', opening)}{entries}{balance('62F', ending)}-\n"


def loaded(folder: Path, *files: str) -> tuple[list[tuple], list[tuple]]:
    """(number, opening, closing) of the statements and (number, amount) of the entries that hold, from files of one day and order."""
    (folder / "data").mkdir(parents=True)
    (folder / "company.yaml").write_text(COMPANY, encoding="utf-8")
    for place, text in enumerate(files, start=1):
        (folder / "data" / f"2025-01-04 {place}.sta").write_text(text, encoding="utf-8")
    night = Night.of(Settings(company=str(folder / "company.yaml"), warehouse_dir=folder / "warehouse", data_dir=folder / "data"))
    night.land(lambda text: None)
    with duckdb.connect() as connection:
        load_all(Loader(connection, night.company, night.landed(), night.landed_folder))
        night.write_night_tables(connection, None, None)
        assert connection.execute("select entity, column_name, rule, value from raw.quarantine").fetchall() == []
        assert connection.execute("from raw.entity_keys where delivered_key_count <> loaded_key_count").fetchall() == []
        worlds.run_rules(connection, worlds.compiled_steps(("int_bank_entries",)))
        number = "regexp_extract(statement_id, '[^/]*$')"
        statements = connection.execute(
            f"select {number}, opening_amount::int, closing_amount::int from raw.bank_statements where _is_current order by 2, 1"
        ).fetchall()
        entries = connection.execute(
            f"select {number}, amount::int from raw.bank_transactions where _is_current order by statement_id, entry_number"
        ).fetchall()
        (told, receipts) = connection.execute("select count(*), count(distinct payment_id) from intermediate.int_bank_entries").fetchone()
        assert told == receipts == len(entries)
        for entity in ("bank_statements", "bank_transactions"):
            connection.execute(f"copy raw.{entity} to '{folder}/{entity}.parquet'")
    found = {name: f"from '{folder}/{name}.parquet'" for name in ("bank_statements", "bank_transactions")}
    for check in ("bank_transactions_run_from_opening_to_closing", "bank_statements_follow_one_another"):
        (folder / check / "warehouse").mkdir(parents=True)
        assert outcome(folder / check, check, found) == ("passed", 0)
    return statements, entries


HALVES = (part(1000, 100, 50), part(1150, 30, -10, 5))
BOTH = (
    [("00005", 1000, 1150), ("00005 (b)", 1150, 1175)],
    [("00005", 100), ("00005", 50), ("00005 (b)", 30), ("00005 (b)", -10), ("00005 (b)", 5)],
)


@pytest.mark.parametrize(
    "files", [HALVES, HALVES[::-1], ("".join(HALVES),), (*HALVES, *HALVES), ("".join(HALVES[::-1]),)],
    ids=["two files", "the second first", "one file", "each delivered twice", "one file, the second first"],
)  # fmt: skip
def test_two_halves_of_a_day_both_stay_in_any_order(tmp_path: Path, files: tuple[str, ...]) -> None:
    assert loaded(tmp_path, *files) == BOTH


def test_a_corrected_half_takes_the_place_of_that_half_alone(tmp_path: Path) -> None:
    statements, entries = loaded(tmp_path, *HALVES, part(1150, 30, -10, 7))
    assert statements == [("00005", 1000, 1150), ("00005 (b)", 1150, 1177)]
    assert [amount for number, amount in entries if number.endswith("(b)")] == [30, -10, 7]


def test_the_whole_day_takes_the_place_of_its_halves(tmp_path: Path) -> None:
    statements, entries = loaded(tmp_path, *HALVES, part(1000, 100, 50, 30, -10, 5))
    assert statements == [("00005", 1000, 1175)]
    assert [amount for _, amount in entries] == [100, 50, 30, -10, 5]


def test_a_longer_statement_that_begins_alike_is_the_same(tmp_path: Path) -> None:
    assert loaded(tmp_path, part(1000, 100), part(1000, 100, 50)) == ([("00005", 1000, 1150)], [("00005", 100), ("00005", 50)])


def test_three_parts_of_which_one_takes_all_back(tmp_path: Path) -> None:
    statements, entries = loaded(tmp_path, part(1000, 100), part(1100, 40), part(1140, -140))
    assert statements == [("00005", 1000, 1100), ("00005 (b)", 1100, 1140), ("00005 (bb)", 1140, 1000)]
    assert sum(Decimal(amount) for _, amount in entries) == 0


def test_a_half_that_takes_all_back_is_the_second(tmp_path: Path) -> None:
    assert loaded(tmp_path, part(1000, 100), part(1100, -100))[0] == [("00005", 1000, 1100), ("00005 (b)", 1100, 1000)]


def test_another_account_or_number_is_no_part(tmp_path: Path) -> None:
    statements, _ = loaded(tmp_path, part(1000, 100), part(1100, 40, number="00006"), part(1100, 7, account="NL91ABNA0417164300"))
    assert [number for number, *_ in statements] == ["00005", "00005", "00006"]


@pytest.mark.parametrize(
    ("written", "booked"),
    [
        ("<Dt>2025-01-04</Dt>", date(2025, 1, 4)),
        ("<Dt>2025-01-04Z</Dt>", date(2025, 1, 4)),
        ("<DtTm>2025-01-04T23:30:00</DtTm>", date(2025, 1, 4)),
        ("<DtTm>2025-01-04T23:30:00Z</DtTm>", date(2025, 1, 5)),
        ("<DtTm>2025-01-04T22:59:59.999Z</DtTm>", date(2025, 1, 4)),
        ("<DtTm>2025-07-04T22:00:00.0000000Z</DtTm>", date(2025, 7, 5)),
        ("<DtTm>2025-01-05T00:30:00+01:00</DtTm>", date(2025, 1, 5)),
        ("<DtTm>2025-01-05T00:30:00+02:00</DtTm>", date(2025, 1, 4)),
        ("<DtTm>2025-01-04T24:00:00+01:00</DtTm>", date(2025, 1, 4)),
    ],
)
def test_an_instant_of_a_bank_falls_on_a_day_of_the_zone_of_the_company(small: SmallCompany, written: str, booked: date) -> None:
    small.document |= {"sources": {"bank": {"files": "*.xml", "format": "camt"}}, "last_complete_day": "bank_transactions.booked_date"}
    del small.document["entities"]
    small.write("a.xml", camt().replace("<BookgDt><Dt>2025-01-02</Dt>", f"<BookgDt>{written}"))
    loaded = small.load()
    assert loaded.query("select distinct booked_date from raw.bank_transactions where detail_number = 0") == [(booked,)]
    assert loaded.quarantine() == []
    assert loaded.query("select statement_date from raw.bank_statements") == [(date(2025, 1, 2),)]


def test_an_instant_that_is_none_refuses_its_statement(small: SmallCompany) -> None:
    small.document |= {"sources": {"bank": {"files": "*.xml", "format": "camt"}}, "last_complete_day": "bank_transactions.booked_date"}
    del small.document["entities"]
    small.write("a.xml", camt().replace("<BookgDt><Dt>2025-01-02</Dt>", "<BookgDt><DtTm>2025-01-04T25:00:00Z</DtTm>"))
    (refused,) = small.land().refusals
    assert "entry 1 '2025-01-04T25:00:00Z' is no instant" in refused.reason


CP1252 = Source(files="*.sta", format="mt940", encoding="cp1252")


@pytest.mark.parametrize(
    ("content", "source", "said"),
    [
        (SWIFT.replace("Terug", "Ter\u00fcg").encode(), CP1252, "declared as cp1252 and valid UTF-8"),
        (SWIFT.replace("Terug", "Ter\u00e4g").encode("cp850"), CP1252, "it stands in ':86:Ter\u201eggeboekt'"),
        (SWIFT.replace(":62F:C250103EUR", ":62F:C250103USD").encode(), MT940, "statement 1: it opens in EUR and closes in USD"),
        (
            SWIFT.replace(":60F:C250101EUR1000,00", ":60F:C250101EUR1000,00\n:60F:C250101EUR2000,00").encode(),
            MT940,
            ":60F: stands in it twice",
        ),
        (SWIFT.replace(":28C:00001/001", ":28C:00001/001\n:28C:00002/001").encode(), MT940, ":28C: stands in it twice"),
    ],
)
def test_a_statement_that_says_two_things_is_refused(tmp_path: Path, content: bytes, source: Source, said: str) -> None:
    (tmp_path / "a.sta").write_bytes(content)
    with pytest.raises(RefusedFileError, match=re.escape(said)):
        list(Mt940Reader().rows(tmp_path / "a.sta", source))


def test_a_statement_in_its_declared_encoding_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.sta").write_bytes(SWIFT.replace("Terug", "Ter\u00fcg").encode("cp1252"))
    assert any("Ter\u00fcg" in row.remittance_text for row in Mt940Reader().rows(tmp_path / "a.sta", CP1252))


def test_a_statement_of_camt_that_closes_in_another_currency_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(camt().replace("<Amt Ccy='EUR'>1290.00", "<Amt Ccy='USD'>1290.00"), encoding="utf-8")
    with pytest.raises(RefusedFileError, match="statement X: it opens in EUR and closes in USD"):
        list(CamtReader().rows(tmp_path / "a.xml", CAMT))
