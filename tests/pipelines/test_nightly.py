"""Ctrl-C outside the steps of a night. Within them: tests/end_to_end/test_failing_nights.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pipelines.nightly import STOPPED
from pipelines.settings import PROJECT_FOLDER

#: Whoever asks the engine while the configuration is read takes what it makes of Ctrl-C for an answer.
SWALLOWED = """
import os, signal, threading
import duckdb
from pipelines import nightly

def of(settings):
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        duckdb.execute("select count(*) from range(1000000000000) where range % 7 = 3")
    except Exception:
        pass
    raise nightly.BlockedNightError("ran on")

nightly.Night.of = of
nightly.leave(nightly.main([]))
"""


def test_an_interrupt_that_a_query_swallows_ends_the_night(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SWALLOWED],
        cwd=PROJECT_FOLDER,
        env={"PATH": "", "COMPANY": "ibm_receivables", "WAREHOUSE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (STOPPED, "Stopped by hand.", "")
