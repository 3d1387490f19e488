"""A group's figures on companies of a few rows: who is one debtor, what is left out, which rate, which day, and that it ties."""

from __future__ import annotations

import json
import random
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from pipelines.groups.__main__ import main
from pipelines.groups.publish import GroupSet, dictionary, publish_group
from pipelines.night import BlockedNightError
from pipelines.settings import Settings, SettingsError
from tests.pipelines.groups.world import DAY, Shop

GROUP = """
group: holding
name: Holding N.V.
currency: EUR
companies:
  north: {vat_ids: [NL 0099.99.995 B01]}
  south: {registration_numbers: ["87654321"], country: US}
"""
USD = [(date(2025, 12, 24), "USD", "0.9")]


@pytest.fixture
def north() -> Shop:
    return Shop(
        "north", rates=USD,
        customers=[("A", "NL001234567B01", "11223344", "NL"), ("B", "DE123456788", None, "DE"), ("C", None, None, None),
                   ("D", "NL000000000B00", None, "NL"), ("E", None, "55667788", "BE"), ("S", None, "8765.4321", "US")],
        open=[("A", "not_due", 100), ("A", "overdue_1_30", 50), ("B", "overdue_over_120", 40), ("C", "not_due", 7), ("D", "not_due", 3),
              ("E", "not_due", 2), ("S", "not_due", 500), ("A", "held_out", 11)],
        sales=[("A", 300), ("S", 700)], accepted=[("A", 25), ("S", 60)],
    )  # fmt: skip


@pytest.fixture
def south() -> Shop:
    return Shop(
        "south", currency="USD", size="gross",
        customers=[("a", None, "1122-3344", "NL"), ("b", "de 123.456.788", None, None), ("c", None, None, None),
                   ("d", "NL000000000B00", None, "NL"), ("e", None, "55667788", "LU"), ("n", "NL009999995B01", None, "NL")],
        open=[("a", "not_due", 200), ("b", "unapplied_cash", -10), ("c", "not_due", 1), ("d", "not_due", 4), ("e", "not_due", 5),
              ("n", "overdue_1_30", 1000)],
        sales=[("a", 100), ("n", 900)],
    )  # fmt: skip


class Holding:
    def __init__(self, folder: Path, text: str = GROUP) -> None:
        self.warehouse, self.file = folder / "warehouse", folder / "holding.yaml"
        self.file.write_text(text)

    def publish(self, **settings: object) -> dict:
        return publish_group(GroupSet.of(Settings(group=self.file, warehouse_dir=self.warehouse, **settings)))

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.warehouse / "holding" / "published" / "kpis.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def debtors(self) -> dict:
        return dict(self.query("select debtor_id, receivables_amount from receivables.debtor_ageing"))


@pytest.fixture
def holding(tmp_path: Path, north: Shop, south: Shop) -> Holding:
    holding = Holding(tmp_path)
    north.publish(holding.warehouse)
    south.publish(holding.warehouse)
    return holding


def test_a_debtor_is_one_by_vat_id_or_registration_number_and_nobody_else_is(holding: Holding) -> None:
    holding.publish()
    # A is known by its register in the south, B by its VAT id; a placeholder and the same number in another country make nobody one.
    assert holding.debtors() == {
        "REG NL 11223344": Decimal(100 + 50 + 180), "VAT DE123456788": Decimal(40 - 9), "north C": 7, "south c": Decimal("0.9"),
        "north D": 3, "south d": Decimal("3.6"), "REG BE 55667788": 2, "REG LU 55667788": Decimal("4.5"),
    }  # fmt: skip
    assert holding.query("select company, not_identified_customer_count, not_identified_receivables_amount from meta.companies") == [
        ("north", 2, 10), ("south", 2, 5),
    ]  # fmt: skip
    reasons = {
        reason for (reason,) in holding.query("select not_identified_reason from receivables.debtor_customers where not is_identified")
    }
    assert reasons == {"no VAT id and no registration number", "a placeholder or no VAT id of any country"}
    (ageing,) = holding.query(
        "select companies, not_due_amount, overdue_1_30_amount, overdue_amount, held_out_receivables_amount from receivables.debtor_ageing"
        " where debtor_id = 'REG NL 11223344'"
    )
    assert ageing == ("north, south", 280, 50, 50, 11)


def test_a_chain_of_identifiers_is_one_debtor_and_two_registrations_of_one_country_are_said(
    tmp_path: Path, north: Shop, south: Shop
) -> None:
    north.customers += [("F", "NL222333449B01", "10101010", "NL"), ("G", None, "10101010", "NL")]
    south.customers += [
        ("f", "NL222333449B01", "20202020", "NL"),
        ("g", "BE0123456749", "20202020", "NL"),
        ("h", "BE0123456749", None, None),
    ]
    south.open += [("h", "not_due", 1)]
    north.open += [("G", "not_due", 1)]
    holding = Holding(tmp_path)
    north.publish(holding.warehouse)
    south.publish(holding.warehouse)
    holding.publish()
    assert holding.debtors()["REG NL 10101010"] == Decimal("1.9")
    assert holding.query(
        "select debtor_id, vat_ids, registration_numbers, customer_count from receivables.debtors where has_several_registrations"
    ) == [
        ("REG NL 10101010", "BE0123456749, NL222333449B01", "NL 10101010, NL 20202020", 5)
    ]  # fmt: skip
    assert holding.query("select outcome from meta.check_results where check_name = 'a_debtor_has_one_registration_in_a_country'") == [
        ("failed",)
    ]


def test_a_branch_is_its_legal_entity_and_the_unknown_customer_is_nobody(tmp_path: Path, north: Shop, south: Shop) -> None:
    north.customers += [("branch", None, None, "NL", "A"), ("shop", "NL333444559B01", None, "NL", "A"), ("unknown", None, None, None)]
    south.customers += [("unknown", "NL001234567B01", None, "NL")]
    north.open += [("branch", "not_due", 1), ("shop", "not_due", 2), ("unknown", "unapplied_cash", -5)]
    south.open += [("unknown", "unapplied_cash", -10)]
    holding = Holding(tmp_path)
    north.publish(holding.warehouse)
    south.publish(holding.warehouse)
    holding.publish()
    found = holding.debtors()
    # What the branch lacks it has from its entity; a shop with a VAT id of its own is connected by the entity's registration.
    assert found["REG NL 11223344"] == Decimal(100 + 50 + 180 + 1 + 2)
    assert (found["north unknown"], found["south unknown"]) == (-5, -9)


def test_what_companies_owe_one_another_stands_apart_and_nowhere_else(holding: Holding) -> None:
    holding.publish()
    assert holding.query("select * from receivables.intercompany order by 1") == [
        ("north", "south", "EUR", 500, 500, 0), ("south", "north", "USD", 1000, 900, 900),
    ]  # fmt: skip
    exposure = dict(holding.query("select debtor_id, exposure_amount from receivables.debtor_exposure"))
    assert exposure["REG NL 11223344"] == 150 + 25 + 180
    assert sum(exposure.values()) == Decimal("150") + 25 + 40 + 7 + 3 + 2 + Decimal("180") + Decimal("0.9") + Decimal("3.6") + Decimal(
        "4.5"
    )
    assert holding.query("select distinct at_least_because_of from receivables.debtor_exposure where company_count = 1 order by 1")[0] == (
        "south",
    )
    dso = dict(holding.query("select scope_id, dso_days from receivables.days_sales_outstanding where period_type = 'month'"))
    # North: 202 x 31 / 300; south: 200 x 31 / 100; the group: (202 + 180) x 31 / (300 + 90).
    assert dso["north"] == Decimal("20.873333")
    assert dso["south"] == Decimal("62.000000")
    assert dso["group"] == round(Decimal(382) * 31 / 390, 6)


def test_the_set_stands_beside_a_company_s_and_says_what_it_rests_on(holding: Holding) -> None:
    manifest = holding.publish()
    assert (manifest["report_date"], manifest["status"], manifest["companies"]["north"]) == ("2025-12-31", "final", "000001-2025-12-31-run")
    published = holding.warehouse / "holding" / "published"
    assert published.is_symlink()
    assert (published / "kpis.duckdb").stat().st_mode & 0o777 == 0o440
    for table, said in manifest["tables"].items():
        (count,) = holding.query(f"select count(*) from '{published / said['parquet']}'")[0]
        assert (count, said["rows"]) == (said["rows"], holding.query(f"select count(*) from {table}")[0][0])
    assert holding.query("select source, quoted_date, rate from meta.exchange_rates where currency = 'USD'") == [
        ("north", date(2025, 12, 24), Decimal("0.9"))
    ]  # fmt: skip
    again = holding.publish()
    assert again["run_id"] == manifest["run_id"]
    assert (published / "manifest.json").resolve().parent.name == again["version"] == f"000002-{again['run_id']}"


def test_published_names_are_those_of_the_dictionary(holding: Holding) -> None:
    holding.publish()
    columns = holding.query(
        "select table_schema || '.' || table_name, list(column_name order by ordinal_position) from information_schema.columns"
        " where table_schema in ('receivables', 'meta') group by 1"
    )
    assert dict(columns) == {name: list(table["columns"]) for name, table in dictionary().items()}
    for name, table in dictionary().items():
        assert all(description and label for description, label in table["columns"].values()), name
        (repeated,) = holding.query(f"select count(*) - count(distinct ({', '.join(table['grain'])})) from {name}")[0]
        assert repeated == 0, name
    (untold,) = holding.query("select count(*) from meta.data_dictionary where data_type is null")[0]
    assert untold == 0


def test_every_cut_ties_to_the_cent_at_a_rate_that_rounds(tmp_path: Path) -> None:
    chance = random.Random(20)
    customers = [(f"C{n}", f"NL{123456780 + n}B01", None, "NL") for n in range(400)]
    holding, shops = Holding(tmp_path), []
    for name, currency in (("north", "GBP"), ("south", "USD")):
        amounts = [
            (f"C{chance.randrange(400)}", chance.choice(("not_due", "overdue_1_30", "overdue_over_120")), chance.randint(1, 9**6) / 100)
            for _ in range(3000)
        ]
        shops.append(Shop(name, currency=currency, customers=customers, open=[(c, b, f"{a:.2f}") for c, b, a in amounts]))
    shops[0].rates = [(DAY, "USD", "0.78871342"), (DAY, "EUR", "0.87213377")]
    for shop in shops:
        shop.publish(holding.warehouse)
    holding.publish()
    rates = dict(holding.query("select currency, rate from meta.exchange_rates"))
    assert rates == {"GBP": Decimal("1.14661309"), "USD": Decimal("0.90434913")}
    expected = {}
    for shop in shops:
        own = sum((Decimal(amount) for *_, amount in shop.open), Decimal())
        late = sum((Decimal(amount) for _, bucket, amount in shop.open if bucket.startswith("overdue")), Decimal())
        expected[shop.name] = (round(own * rates[shop.currency], 4), round(late * rates[shop.currency], 2))
    found = holding.query(
        "select company, sum(receivables_amount), sum(overdue_amount) from receivables.debtor_receivables_by_company group by 1"
    )
    assert {company: (total, round(late, 2)) for company, total, late in found} == expected
    (total,) = holding.query("select sum(receivables_amount) from receivables.debtor_ageing")[0]
    assert total == sum(amount for amount, _ in expected.values())


@pytest.mark.parametrize(
    ("north_currency", "north_rates", "south_rates", "own", "found"),
    [
        ("EUR", [(DAY, "USD", "0.9")], [(DAY, "EUR", "1.25")], "", ("north", Decimal("0.9"))),
        ("EUR", [], [(DAY, "EUR", "1.25")], "", ("south, inverse", Decimal("0.8"))),
        ("EUR", [(DAY, "USD", "0.9")], [], "rates: [{currency: USD, rate_date: 2025-12-30, rate: 0.95}]",
         ("the group's file", Decimal("0.95"))),
        ("EUR", [(date(2025, 12, 24), "USD", "0.9")], [], "", ("north", Decimal("0.9"))),
        ("EUR", [(date(2025, 12, 23), "USD", "0.9")], [], "", None),
        ("EUR", [(date(2026, 1, 1), "USD", "0.9")], [], "", None),
        ("EUR", [(DAY, "GBP", "0.9")], [], "", None),
    ],
)  # fmt: skip
def test_the_rate_is_one_of_its_week_or_the_currency_is_refused_by_name(
    tmp_path: Path, north_currency: str, north_rates: list, south_rates: list, own: str, found: tuple | None
) -> None:
    holding = Holding(tmp_path, GROUP + own)
    Shop("north", currency=north_currency, rates=north_rates).publish(holding.warehouse)
    Shop("south", currency="USD", rates=south_rates).publish(holding.warehouse)
    if found is None:
        with pytest.raises(BlockedNightError, match=r"south: no rate of USD to EUR on 2025-12-31"):
            holding.publish()
    else:
        holding.publish()
        assert holding.query("select source, rate from meta.exchange_rates where currency = 'USD'") == [found]


def test_companies_of_different_days_are_no_set_of_one_day(holding: Holding, north: Shop) -> None:
    north.day = date(2026, 1, 1)
    north.rates = [(date(2026, 1, 1), "USD", "0.9")]
    north.publish(holding.warehouse, 2)
    manifest = holding.publish()
    assert (manifest["report_date"], manifest["rate_date"], manifest["status"]) == (None, "2026-01-01", "provisional")
    assert manifest["reason"] == "not of one report date: south 2025-12-31, north 2026-01-01"
    assert holding.query("select company from meta.companies where not is_of_latest_report_date") == [("south",)]
    # Of the day that both have, it is a set of one day again.
    assert holding.publish(report_date=DAY)["report_date"] == "2025-12-31"
    with pytest.raises(BlockedNightError, match=r"south: no publication of 2026-01-01 stands"):
        holding.publish(report_date=date(2026, 1, 1))


def test_status_is_the_worst_of_the_companies(tmp_path: Path, north: Shop, south: Shop) -> None:
    north.status, north.reason = "quarantine_bounded", "3 invoices of 10.00 are held out"
    holding = Holding(tmp_path)
    north.publish(holding.warehouse)
    south.publish(holding.warehouse)
    holding.publish()
    assert holding.query("select status, reason, reason_nl from meta.publication") == [
        ("quarantine_bounded", "north: 3 invoices of 10.00 are held out", "met documenten buiten de cijfers: north")
    ]  # fmt: skip


def test_a_company_without_receivables_or_whose_rows_do_not_tie_blocks_and_the_last_set_stands(holding: Holding, south: Shop) -> None:
    first = holding.publish()
    south.status, south.reason = "not_available", "payments are not delivered"
    south.publish(holding.warehouse, 2)
    with pytest.raises(BlockedNightError, match=r"south publishes no receivables.*: payments are not delivered"):
        holding.publish()
    south.status, south.said = "final", "1200.01"
    south.publish(holding.warehouse, 3)
    with pytest.raises(
        BlockedNightError, match=r"every_euro_of_a_company_is_in_the_group_once failed: south: 1200.0100 published, 1200.0000 found"
    ):
        holding.publish()
    assert (holding.warehouse / "holding" / "published").resolve().name == first["version"]
    assert [path.name for path in (holding.warehouse / "holding" / "versions").glob("[0-9]*")] == [first["version"]]


def test_a_company_that_its_file_identifies_by_nothing_is_refused(holding: Holding) -> None:
    holding.file.write_text(GROUP.replace("NL 0099.99.995 B01", "NL000000012B01"))
    holding.publish()  # a number, though it begins with zeros
    holding.file.write_text(GROUP.replace("NL 0099.99.995 B01", "to follow"))
    with pytest.raises(
        BlockedNightError, match="north is known in the group's file by a VAT id or registration number that identifies nobody"
    ):
        holding.publish()


def test_a_publication_of_an_older_project_is_refused_by_name(holding: Holding, south: Shop) -> None:
    version = south.publish(holding.warehouse, 2)
    with duckdb.connect(str(version / "kpis.duckdb")) as connection:
        connection.execute("alter table meta.publication drop column reporting_currency")
    manifest = json.loads((version / "manifest.json").read_text())
    manifest["warehouse"]["sha256"] = sha256((version / "kpis.duckdb").read_bytes()).hexdigest()
    (version / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BlockedNightError, match="south: its publication does not say its currency; run its night again"):
        holding.publish()


def test_a_damaged_publication_is_passed_over_for_the_last_whole_one(holding: Holding, south: Shop) -> None:
    south.publish(holding.warehouse, 2)
    file = holding.warehouse / "south" / "published" / "kpis.duckdb"
    file.write_bytes(file.read_bytes()[:-1])
    assert holding.publish()["companies"]["south"] == "000001-2025-12-31-run"


def test_segments_take_the_names_that_the_group_gives(tmp_path: Path, north: Shop, south: Shop) -> None:
    holding = Holding(tmp_path, GROUP + "segments: {size_class: {south: {gross: small}}}\n")
    north.publish(holding.warehouse)
    south.publish(holding.warehouse)
    holding.publish()
    assert holding.query(
        "select segment_type, segment_id, receivables_amount, receivables_share from receivables.segment_receivables order by 1"
    ) == [
        ("industry_code", "47", 382, 1), ("size_class", "small", 382, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GROUP.replace("holding", "north", 1), "'north' is one of its companies"),
        (GROUP.replace("{vat_ids: [NL 0099.99.995 B01]}", "{}"), "expected vat_ids or registration_numbers"),
        (GROUP.replace(", country: US", ""), "need the country"),
        (GROUP + "segments: {size_class: {west: {}}}", "not one of the companies"),
        (GROUP + "rates: [{currency: USD, rate_date: 2025-12-31, rate: 0}]", "rates.0.rate"),
        (GROUP + "interest: 3", "interest"),
        (GROUP.replace("south:", "../south:"), "companies.../south"),
    ],
)
def test_a_wrong_file_is_answered_with_its_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        Holding(tmp_path, text).publish()


def test_the_command_line_ends_as_a_night_does(holding: Holding, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setenv("WAREHOUSE_DIR", str(holding.warehouse))
    assert main([]) == 2
    monkeypatch.setenv("GROUP", str(holding.file))
    assert main([]) == 0
    assert "Holding N.V.: published as of 2025-12-31, final" in capsys.readouterr().out
    assert main([]) == 0
    assert main(["--versions"]) == 0
    first, second = [line.split()[-1] for line in capsys.readouterr().out.splitlines()[-2:]]
    assert main(["--republish", first]) == 0
    assert (holding.warehouse / "holding" / "published").resolve().name == first != second
    monkeypatch.setenv("REPORT_DATE", "2024-01-01")
    assert main([]) == 1
    assert "no publication of 2024-01-01" in capsys.readouterr().err
