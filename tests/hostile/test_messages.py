"""What a person reads: the entity, file, row, column, value, rule, what was expected, and what to do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from pipelines.night import BlockedNightError, Night
from pipelines.nightly import main
from pipelines.settings import Settings, SettingsError
from pipelines.sources.loading import Loader, load_all
from tests.hostile.company import GOOD, HEADER, document


@pytest.fixture
def night(tmp_path: Path) -> Night:
    (tmp_path / "data").mkdir()
    company = tmp_path / "hostile.yaml"
    company.write_text(yaml.safe_dump(document()), encoding="utf-8")
    return Night.of(Settings(company=str(company), warehouse_dir=tmp_path / "warehouse", data_dir=tmp_path / "data"))


def deliver(night: Night, **files: str) -> None:
    for name, content in files.items():
        (night.data_folder / f"{name.replace('d', '').replace('_', '-')}.csv").write_text(content, encoding="utf-8")


def load(night: Night) -> date:
    """Lands and loads as a night does; returns the last complete day."""
    night.folder.mkdir(parents=True, exist_ok=True)
    night.land(lambda text: None)
    night.start_build()
    with night.warehouse(reach=[night.landed_folder, night.build_folder]) as connection:
        load_all(Loader(connection, night.company, night.landed(), night.landed_folder))
    with night.warehouse() as connection:
        return night.last_complete_day(connection)


def test_rows_in_another_notation_are_answered_with_the_notation_and_an_example(night: Night) -> None:
    deliver(night, d2025_01_03=HEADER + "".join(f"{n},A,31-12-2024,1.00,1.21\n" for n in range(1000)))
    with pytest.raises(BlockedNightError) as blocked:
        load(night)
    words = (
        "invoices, issued_date: 1,000 rows (not_a_date); expected a day as %Y-%m-%d;",
        "for example '31-12-2024' in 2025-01-03.csv row 1",
    )
    assert [word for word in words if word not in str(blocked.value)] == []


def test_no_row_moves_the_last_complete_day_beyond_the_latest_delivery(night: Night) -> None:
    deliver(night, d2025_01_03=GOOD + "3,C,2025-01-31,1.00,1.21\n")
    assert load(night) == date(2025, 1, 3)


def test_nothing_known_by_a_day_before_the_first_delivery_is_said_so(night: Night) -> None:
    deliver(night, d2025_01_03=GOOD)
    load(night)
    with pytest.raises(BlockedNightError, match=r"KNOWN_BY=2025-01-02: nothing had come by then.*2025-01-03.csv of 2025-01-03"):
        night.landed(date(2025, 1, 2))
    assert len(night.landed(date(2025, 1, 3)).deliveries) == 1


def test_a_folder_that_cannot_be_written_is_a_wrong_set_up(tmp_path: Path, night: Night) -> None:
    (tmp_path / "file").write_text("x")
    other = Night(Settings(company=night.settings.company, warehouse_dir=tmp_path / "file"), night.company)
    with pytest.raises(SettingsError, match=r"WAREHOUSE_DIR=.*cannot be written"):
        other.hold()


def run(night: Night, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    settings = {"COMPANY": night.settings.company, "WAREHOUSE_DIR": night.settings.warehouse_dir, "DATA_DIR": night.settings.data_dir}
    for name, value in settings.items():
        monkeypatch.setenv(name, str(value))
    return main(list(arguments))


def test_quarantine_of_a_night_that_was_not_published_is_listed(
    night: Night, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    deliver(night, d2025_01_03=GOOD + '3,C,2025-01-04,"1,00",1.21\n')
    load(night)
    assert run(night, monkeypatch, "--quarantine") == 0
    *_, header, row = capsys.readouterr().out.strip().split("\n")
    assert header.split("\t")[:7] == ["entity", "file", "row", "column", "rule", "value", "expected"]
    assert row.split("\t")[:6] == ["invoices", "2025-01-03.csv", "3", "net_amount", "not_a_amount", "1,00"]
    assert '"customer":"C"' in row


def test_a_delivery_is_taken_back_from_the_command_line(
    night: Night, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    deliver(night, d2025_01_03=GOOD, d2025_01_04=HEADER + "3,C,2025-01-04,1,1\n")
    load(night)
    assert run(night, monkeypatch, "--withdraw", "nowhere.csv", "--reason", "x") == 2
    assert "is no delivery that counts" in capsys.readouterr().err
    assert run(night, monkeypatch, "--withdraw", "2025-01-04.csv", "--reason", "of another company") == 0
    assert "Taken back: 2025-01-04.csv (1 rows of ledger)" in capsys.readouterr().out
    assert load(night) == date(2025, 1, 3)
    with night.warehouse(read_only=True) as connection:
        assert connection.execute("select invoice_id from raw.invoices order by 1").fetchall() == [("1",), ("2",)]
