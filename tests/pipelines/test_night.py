"""The lock of a company's folder and who may read what a night writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.night import BlockedNightError, Night
from pipelines.settings import PROJECT_FOLDER, Settings

HOLDER = """
import sys, time
from pathlib import Path
from pipelines.night import Night
from pipelines.settings import Settings
Night.of(Settings(company="ibm_receivables", warehouse_dir=Path(sys.argv[1]))).hold()
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return Night.of(Settings(company="ibm_receivables", warehouse_dir=tmp_path))


def test_the_lock_goes_with_the_process_that_holds_it(night: Night, tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], cwd=PROJECT_FOLDER, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(BlockedNightError, match="another night of ibm_receivables is running"):
        night.hold()
    holder.kill()
    holder.wait()
    with night.exclusive():
        night.hold()
        night.hold()


def test_the_lock_is_free_after_the_block(night: Night, tmp_path: Path) -> None:
    with night.exclusive():
        pass
    taken = subprocess.run(
        [sys.executable, "-c", HOLDER.replace("time.sleep(60)", ""), str(tmp_path)], cwd=PROJECT_FOLDER, capture_output=True, text=True
    )
    assert taken.stdout == "held\n", taken.stderr


def test_nobody_else_looks_into_the_folder(night: Night) -> None:
    night.folder.mkdir(parents=True)
    night.folder.chmod(0o777)
    with night.exclusive():
        (night.folder / "customers").write_text("names")
    assert (night.folder.stat().st_mode & 0o777, (night.folder / "customers").stat().st_mode & 0o007) == (0o750, 0)
