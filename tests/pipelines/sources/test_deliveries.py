"""Deliveries in any order, repeated, corrected and late: the same set of files gives the same warehouse."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

from tests.pipelines.sources.conftest import HEADER, SmallCompany

FIRST = HEADER + "1,A,2025-01-02,100.00,121.00\n2,B,2025-01-02,50.00,60.50\n"
CORRECTED = HEADER + "1,A,2025-01-02,90.00,108.90\n2,B,2025-01-02,50.00,60.50\n"
LATER = HEADER + "3,C,2025-01-05,10.00,12.10\n1,A,2025-01-02,95.00,114.95\n"
ALL = "select * from raw.invoices order by invoice_id, _version_number"


def test_same_file_twice_changes_nothing(small: SmallCompany) -> None:
    small.write("2025-01-03.csv", FIRST)
    before = small.load().query(ALL)
    small.write("2025-01-03 again.csv", FIRST)
    after = small.load()
    assert after.query(ALL) == before
    assert after.landing.repeated_count == 2
    assert after.landing.new_count == 0


def test_corrected_row_supersedes_and_history_stays(small: SmallCompany) -> None:
    small.write("2025-01-03.csv", FIRST)
    small.write("2025-01-04.csv", CORRECTED)
    loaded = small.load()
    assert loaded.invoices() == [("1", "A", Decimal("108.9000")), ("2", "B", Decimal("60.5000"))]
    history = loaded.query("select _version_number, gross_amount, _is_current from raw.invoices where invoice_id = '1' order by 1")
    assert history == [(1, Decimal("121.0000"), False), (2, Decimal("108.9000"), True)]
    assert loaded.accounts() == [("2025-01-03.csv", 2, 2, 0, 0), ("2025-01-04.csv", 2, 1, 1, 0)]


def test_every_order_of_arrival_gives_the_same_warehouse(tmp_path) -> None:
    files = {"2025-01-03.csv": FIRST, "2025-01-04.csv": CORRECTED, "2025-01-06.csv": LATER}
    results = []
    for number, order in enumerate(itertools.permutations(files)):
        folder = tmp_path / str(number)
        folder.mkdir()
        small = SmallCompany(folder)
        for name in order:
            small.write(name, files[name])
            loaded = small.load()
        results.append((loaded.query(ALL), loaded.accounts()))
    assert all(result == results[0] for result in results)


def test_one_go_and_one_by_one_give_the_same_warehouse(tmp_path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    at_once, by_night = SmallCompany(tmp_path / "a"), SmallCompany(tmp_path / "b")
    for name, content in {"2025-01-03.csv": FIRST, "2025-01-04.csv": CORRECTED, "2025-01-06.csv": LATER}.items():
        at_once.write(name, content)
        by_night.write(name, content)
        by_night.load()
    assert at_once.load().query(ALL) == by_night.load().query(ALL)


def test_file_delivered_again_under_its_name_withdraws_what_it_no_longer_holds(small: SmallCompany) -> None:
    """So a night that a wrong file blocked is healed by the right one in its place."""
    small.document["sources"]["invoices"]["control_total"] = {"rows": 3}
    small.write("2025-01-03.csv", FIRST + "9,X,2025-01-02,1.00,1.21\n8,X,2025-01-02,1.00,1.21\n")
    small.write("2025-01-02.csv", HEADER + "8,Y,2025-01-02,1.00,1.21\n")
    assert small.load().query("select is_met from raw.control_totals") == [(False,)]
    small.write("2025-01-03.csv", FIRST)
    loaded = small.load()
    assert [(number, customer) for number, customer, _ in loaded.invoices()] == [("1", "A"), ("2", "B"), ("8", "Y")]
    assert loaded.query("select is_met from raw.control_totals") == [(True,)]
    assert loaded.query("select count(*) from raw.invoices where invoice_id = '9'") == [(0,)]
    assert loaded.query("select is_replaced, delivered_count from raw.source_deliveries order by version_order") == [
        (True, 4), (False, 1), (False, 2)
    ]  # fmt: skip
    assert loaded.query(
        "select count(*) from raw.delivery_rows where delivered_count <> loaded_count + unchanged_count + quarantined_count"
    ) == [(0,)]


def test_known_by_leaves_out_what_came_later(small: SmallCompany) -> None:
    small.write("2025-01-03.csv", FIRST)
    small.write("2025-01-04.csv", CORRECTED)
    assert small.load(known_by=date(2025, 1, 3)).invoices()[0] == ("1", "A", Decimal("121.0000"))


def test_two_contents_for_one_key_in_a_delivery_are_quarantined(small: SmallCompany) -> None:
    small.write("2025-01-03.csv", FIRST + "1,A,2025-01-02,70.00,84.70\n1,A,2025-01-02,100.00,121.00\n")
    loaded = small.load()
    assert loaded.invoices()[0] == ("1", "A", Decimal("121.0000"))
    assert loaded.quarantine() == [("invoice_id", "duplicate_key", "1", "2025-01-03.csv", 3)]
    assert loaded.accounts() == [("2025-01-03.csv", 4, 2, 1, 1)]


def test_key_that_disappears_from_a_full_delivery_is_closed_not_lost(small: SmallCompany) -> None:
    small.document["sources"]["invoices"]["delivery"] = "full"
    small.write("2025-01-03.csv", FIRST)
    small.write("2025-01-04.csv", HEADER + "2,B,2025-01-02,50.00,60.50\n")
    closed = small.load().query("select invoice_id, _closed_date from raw.invoices order by 1")
    assert closed == [("1", date(2025, 1, 4)), ("2", None)]


def test_killed_landing_leaves_nothing_half(small: SmallCompany) -> None:
    small.write("2025-01-03.csv", FIRST)
    small.land()
    (small.landed / "invoices" / "000001.json").unlink()
    assert len(small.load().invoices()) == 2


def test_control_total_is_compared(small: SmallCompany) -> None:
    small.document["sources"]["invoices"]["control_total"] = {"rows": 2, "sums": {"gross": "181.50"}}
    small.write("2025-01-03.csv", FIRST)
    assert small.load().query("select measure, is_met from raw.control_totals order by 1") == [("rows", True), ("sum of gross", True)]
    small.write("2025-01-04.csv", LATER)
    assert small.load().query("select measure, is_met from raw.control_totals order by 1") == [("rows", False), ("sum of gross", False)]


def test_control_total_beside_a_file_is_compared(small: SmallCompany) -> None:
    small.write("2025-01-03.csv", FIRST)
    small.write("2025-01-03.csv.control.json", '{"rows": 3, "sums": {"net": "150.00", "gross": "181.51"}}')
    rows = small.load().query("select path, measure, expected, delivered, is_met from raw.control_totals order by 2")
    assert rows == [
        ("2025-01-03.csv", "rows", Decimal(3), Decimal(2), False),
        ("2025-01-03.csv", "sum of gross", Decimal("181.51"), Decimal("181.50"), False),
        ("2025-01-03.csv", "sum of net", Decimal(150), Decimal(150), True),
    ]


def test_row_that_no_mapping_takes_is_quarantined(small: SmallCompany) -> None:
    small.document["entities"]["invoices"]["where"] = "customer <> 'B'"
    small.write("2025-01-03.csv", FIRST)
    loaded = small.load()
    assert [item[0] for item in loaded.invoices()] == ["1"]
    assert [(rule, row) for _, rule, _, _, row in loaded.quarantine()] == [("not_mapped", 2)]


def test_entity_with_columns_called_like_ours_keeps_its_versions(small: SmallCompany) -> None:
    small.document["sources"] = {"goods": {"files": "*.csv", "columns": ["delivery_id", "line", "order_id", "quantity"]}}
    columns = {
        "delivery_id": "delivery_id",
        "line_number": "line",
        "order_id": "order_id",
        "order_line_number": "line",
        "quantity": "quantity",
    }
    small.document["entities"] = {"deliveries": {"source": "goods", "where": "delivery_id <> 'x'", "columns": columns}}
    small.write("a.csv", "delivery_id,line,order_id,quantity\nD1,1,O1,5\nx,1,O1,5\n")
    small.write("b.csv", "delivery_id,line,order_id,quantity\nD1,1,O1,6\n")
    loaded = small.load()
    assert loaded.query("select quantity, _is_current from raw.deliveries order by 1") == [(5, False), (6, True)]
    assert [rule for _, rule, *_ in loaded.quarantine()] == ["not_mapped"]


def test_group_with_an_unreadable_value_is_quarantined_not_summed_without_it(small: SmallCompany) -> None:
    mapping = small.document["entities"]["invoices"]
    mapping["group_by"] = ["number"]
    mapping["columns"] |= {"customer_id": "max(customer)", "issued_date": "max(issued)"}
    mapping["columns"] |= {"net_amount": "total(number(net))", "gross_amount": "total(number(gross))"}
    small.write("2025-01-03.csv", HEADER + "1,A,2025-01-02,1,1\n1,A,2025-01-02,2,x\n2,B,2025-01-02,3,3\n2,B,2025-01-02,4,4\n")
    loaded = small.load()
    assert loaded.invoices() == [("2", "B", Decimal("7.0000"))]
    assert [(column, rule) for column, rule, *_ in loaded.quarantine()] == [("gross_amount", "not_a_amount")]
