"""Nights that go wrong: nothing is published, the last figures stand, the reason is said, and the next night is whole."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.end_to_end.conftest import NightResult, night_environment, run_night

pytestmark = pytest.mark.slow

COMPANY = """
company: shop
name: Shop
time_zone: Europe/Amsterdam
reporting_currency: EUR
last_complete_day: invoices.issued_date
sources:
  invoices: {files: "*.csv", delivered_on: '(\\d{4}-\\d{2}-\\d{2})', columns: [id, customer, day, amount]}
entities:
  customers: {source: invoices, group_by: [customer], columns: {customer_id: customer, name: customer}}
  invoices:
    source: invoices
    columns: {invoice_id: id, document_type: "'invoice'", customer_id: customer, issued_date: day, currency: "'EUR'",
              net_amount: amount, gross_amount: amount}
"""
HEADER = "id,customer,day,amount\n"
FIRST = HEADER + "".join(f"{n},C{n % 7},2025-01-{n % 28 + 1:02d},{n}.50\n" for n in range(1, 101))
SECOND = HEADER + "".join(f"{n},C{n % 7},2025-02-{n % 28 + 1:02d},{n}.50\n" for n in range(101, 201))

#: Rows of a file that cannot be taken apart into its columns.
UNREADABLE = "S1,C1\nS2,C1,2025-02-03,1.00,1.00\nS3,C1,{,2\n"


class Shop:
    def __init__(self, folder: Path) -> None:
        self.yaml, self.warehouse, self.data = folder / "shop.yaml", folder / "warehouse", folder / "data"
        self.yaml.write_text(COMPANY)
        self.data.mkdir()

    def night(self, **variables: str) -> NightResult:
        return run_night(str(self.yaml), self.warehouse, self.data, **variables)

    @property
    def standing(self) -> NightResult:
        """What is published now."""
        return NightResult(0, "", self.warehouse / "shop")

    def start(self, **variables: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "pipelines.nightly"],
            cwd=PROJECT,
            env=night_environment(str(self.yaml), self.warehouse, self.data, **variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )


@dataclass(frozen=True)
class Published:
    """The files of a publication, but for what says whether there was an earlier one; that is read without the one rule that asks it."""

    figures: dict[str, bytes]
    judged: list[tuple]

    @classmethod
    def of(cls, night: NightResult) -> Published:
        judged = night.query("select * from core.rule_coverage where error_code <> 'changed_after_publication' order by all")
        return cls(night.figures() | {"parquet/core/rule_coverage.parquet": b""}, judged)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop with one good night behind it; each test leaves it whole."""
    shop = Shop(tmp_path_factory.mktemp("shop"))
    (shop.data / "2025-01-31.csv").write_text(FIRST)
    assert shop.night().status == 0
    return shop


@pytest.fixture(scope="module")
def good_night(shop: Shop) -> Published:
    """What the good night of the shop has published."""
    return Published.of(shop.standing)


def test_empty_folder_blocks_and_says_so(tmp_path: Path) -> None:
    night = Shop(tmp_path).night()
    assert night.status == 1
    assert "no delivery" in night.output
    assert not night.published.exists()


def test_a_company_restored_from_what_landed_publishes_the_same_figures(shop: Shop, good_night: Published, tmp_path: Path) -> None:
    """What ``deploy/README.md`` says of backups; nothing lands a second time."""
    shutil.copytree(shop.warehouse / "shop" / "landed", tmp_path / "shop" / "landed")
    night = run_night(str(shop.yaml), tmp_path, shop.data)
    assert night.status == 0, night.output
    assert Published.of(night) == good_night
    assert "new file" not in night.output


def test_publishing_alone_after_a_blocked_night_is_refused(shop: Shop, good_night: Published) -> None:
    """On the build of the good night, which is still there, with a verdict that is bad, or not whole."""
    from pipelines.assets.publish import publish
    from pipelines.night import BlockedNightError, Night
    from pipelines.settings import Settings

    night = Night.of(Settings(company=str(shop.yaml), warehouse_dir=shop.warehouse, data_dir=shop.data))
    with night.warehouse() as connection:
        connection.execute("update meta.check_results set outcome = 'failed' where check_name = 'control_totals_are_met'")
    with pytest.raises(BlockedNightError, match="control_totals_are_met"):
        publish(night)
    with night.warehouse() as connection:
        connection.execute("update meta.check_results set outcome = 'passed' where check_name = 'control_totals_are_met'")
        connection.execute("delete from meta.check_results where layer = 'publication'")
    with pytest.raises(BlockedNightError, match="not judged: publication"):
        publish(night)


def test_too_many_bad_rows_block_and_yesterdays_figures_stand(shop: Shop) -> None:
    before = shop.standing.manifest
    bad = shop.data / "2025-02-02.csv"
    bad.write_text(HEADER + "".join(f"x{n},C1,02/03/2025,1\n" for n in range(50)))
    night = shop.night()
    bad.unlink()
    for landed in (shop.warehouse / "shop" / "landed" / "invoices").glob("*.json"):
        if "2025-02-02" in landed.read_text():
            landed.unlink()
    assert night.status == 1
    assert night.output.rstrip().endswith('"make quarantine" lists every row.')
    assert "quarantined_rows_stay_below_the_limit" in night.output
    assert night.manifest == before


def test_killed_nights_leave_the_last_publication_and_the_next_one_converges(shop: Shop, good_night: Published) -> None:
    """Each night starts on what the one killed before it left behind: some build everything, some begin with the kept build."""
    before, figures = shop.standing.manifest, shop.standing.figures()
    for stage, full in (("loaded invoices", "1"), ("building the facts", ""), ("building the marts", "1"), ("publishing", "")):
        process = shop.start(FULL=full)
        for line in process.stdout:
            if stage in line:
                break
        time.sleep(0.2)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert (stage, shop.standing.manifest) == (stage, before)
        assert shop.standing.figures() == figures
    again = shop.night()
    assert again.status == 0
    assert Published.of(again) == good_night


@pytest.mark.parametrize("stage", ["Shop", "loaded invoices", "building the facts", "building the marts"])
def test_a_night_that_is_stopped_by_hand_ends_at_once_and_says_what_stands(shop: Shop, stage: str) -> None:
    before = shop.standing.manifest
    process = shop.start(FULL="1")
    for line in process.stdout:
        if stage in line:
            break
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert (process.returncode, said.splitlines()[-2:]) == (130, ["", f"Stopped by hand: the figures of {before['report_date']} stand."])
    assert "Traceback" not in said
    assert shop.standing.manifest == before


@dataclass
class Watched:
    """What readers and a second writer met while a night with other figures, and a broken file, took the published place."""

    night: NightResult
    second_writer: NightResult
    seen: set[tuple] = field(default_factory=set)
    torn: list[tuple] = field(default_factory=list)


@pytest.fixture(scope="module")
def watched(shop: Shop) -> Watched:
    import duckdb

    second, broken = shop.data / "2025-02-28.csv", shop.data / "2025-02-01.csv"
    second.write_text(SECOND + UNREADABLE)
    broken.write_bytes(b"\x00\xff\xfe broken")
    folder = shop.warehouse / "shop" / "published"
    process, output = shop.start(), ""
    for line in process.stdout:
        output += line
        if "loaded" in line:
            break
    found, is_over = Watched(shop.standing, shop.night()), False
    while not is_over:
        is_over = process.poll() is not None  # looked at once more after its end
        version = folder.resolve()
        with duckdb.connect(str(version / "kpis.duckdb"), read_only=True) as connection:
            ((run, total),) = connection.execute(
                "select any_value(run_id), sum(value) from kpi.kpi_values"
                " where kpi = 'net_revenue' and scope_type = 'company' and period_type = 'month'"
            ).fetchall()
            ((published,),) = connection.execute("select run_id from meta.publication").fetchall()
        parquet = duckdb.sql(f"select any_value(run_id) from read_parquet('{version}/parquet/kpi/kpi_values.parquet')").fetchone()[0]
        found.seen.add((run, total))
        if not run == published == parquet:
            found.torn.append((run, published, parquet))
        time.sleep(0.1)  # the night needs the processor too
    output += process.communicate()[0]
    found.night = NightResult(process.returncode, output, shop.warehouse / "shop")
    for path in (second, broken):
        path.unlink()
    return found


def test_second_writer_is_turned_away(watched: Watched) -> None:
    assert watched.night.status == 0
    assert watched.second_writer.status == 1
    assert "another night" in watched.second_writer.output


def test_reader_sees_one_whole_publication_while_it_is_replaced(watched: Watched) -> None:
    """Figures and manifest are read through the pointer, resolved once."""
    assert watched.torn == []
    assert len(watched.seen) == 2


def test_broken_file_is_refused_named_and_leaves_the_others(watched: Watched) -> None:
    night = watched.night
    assert night.status == 0
    assert "1 files refused" in night.output
    ((path, reason),) = night.query("select path, reason from meta.refused_files")
    assert path == "2025-02-01.csv"
    assert "NUL bytes" in reason
    failed = night.query("select check_name, severity from meta.check_results where outcome = 'failed'")
    assert sorted(failed) == [("no_file_was_refused", "warning"), ("no_row_is_quarantined", "warning")]
    rows = night.query("select row_number, rule, delivered_row from meta.quarantine where entity = 'invoices' order by 1, 2")
    assert {(row, rule) for row, rule, _ in rows} == {(101, "too_few_fields"), (102, "too_many_fields"), (103, "not_a_date")}
    assert [text for _, _, text in rows][:2] == ["S1,C1", "S2,C1,2025-02-03,1.00,1.00"]


def test_kept_version_can_be_published_again(shop: Shop) -> None:
    kept = sorted(path.name for path in (shop.warehouse / "shop" / "versions").iterdir())
    assert len(kept) > 1
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.nightly", "--republish", kept[0]],
        cwd=PROJECT, env=night_environment(str(shop.yaml), shop.warehouse, shop.data), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0
    assert json.loads((shop.warehouse / "shop" / "published" / "manifest.json").read_text())["version"] == kept[0]
    assert (shop.warehouse / "shop" / "published" / "kpis.duckdb").stat().st_mode & 0o222 == 0
