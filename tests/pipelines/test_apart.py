"""The second process: answers, breaks with words, and ends with the first, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from pipelines.apart import Apart
from pipelines.settings import PROJECT_FOLDER


@pytest.fixture
def apart() -> Iterator[Apart]:
    process = Apart("test", "decimal")
    yield process
    process.stop()


def test_a_function_runs_in_another_process(apart: Apart) -> None:
    apart.begin(os.getpid)
    first = apart.result()
    apart.begin(os.getpid)
    assert apart.result() == first != os.getpid()


def test_what_breaks_there_is_said_here(apart: Apart) -> None:
    apart.begin(int, "x")
    with pytest.raises(RuntimeError, match="invalid literal"):
        apart.result()
    apart.begin(int, "7")
    assert apart.result() == 7


def test_a_process_that_is_gone_is_said_and_started_again(apart: Apart) -> None:
    apart.begin(os._exit, 3)
    with pytest.raises(RuntimeError, match="ended before it had an answer"):
        apart.result()
    apart.begin(int, "7")
    assert apart.result() == 7


@pytest.mark.parametrize("with_signal", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_the_process_that_started_it(with_signal: signal.Signals) -> None:
    program = (
        # A test run in the background hands down ignored signals.
        "import signal, time\nfrom pipelines.apart import Apart\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\nsignal.signal(signal.SIGTERM, signal.SIG_DFL)\n"
        "if __name__ == '__main__':\n"
        "    apart = Apart('test')\n    apart.begin(time.sleep, 60)\n    print(apart._process.pid, flush=True)\n    time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program], cwd=PROJECT_FOLDER, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    child = psutil.Process(int(parent.stdout.readline()))
    parent.send_signal(with_signal)
    parent.wait(timeout=20)
    for _ in range(100):
        if not child.is_running() or child.status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.1)
    pytest.fail("the process outlived the one that started it")
