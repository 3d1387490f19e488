"""Nights that begin with the build that published last publish what all built anew would, to the last digit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("events", [("late", "withdraw", "kill"), ("deliver_day", "correct", "replay")])
def test_nights_in_which_something_comes_or_goes(tmp_path: Path, events: tuple[str, ...]) -> None:
    """A process of its own: there no check blocks. ``python -m tests.increments`` runs as many as one likes, at random."""
    command = [sys.executable, "-m", "tests.increments", "--folder", str(tmp_path), "--events", *events]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    # The first night has nothing to begin with; each of the others has.
    assert done.stdout.count("everything is built") == 1
    assert done.stdout.count("only what changed is built") == len(events)
