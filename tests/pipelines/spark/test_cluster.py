"""A cluster for trying out comes up, answers, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import PROJECT, free_port

pytestmark = pytest.mark.slow


def test_it_ends_with_one_signal_also_when_a_worker_is_gone_and_leaves_nothing(needs_spark: None, tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "pipelines.spark.cluster", "--port", str(port), "--memory", "512m"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    started = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)
    assert f"SPARK_REMOTE=sc://127.0.0.1:{port}" in started.stdout.readline()
    socket.create_connection(("127.0.0.1", port), timeout=5).close()
    (folder,) = tmp_path.glob("spark-cluster-*")
    parts = [int(name) for name in os.listdir("/proc") if name.isdigit() and _is_of(int(name), folder)]
    assert len(parts) >= 4
    # What is said of its memory is true: at Spark's half gigabyte for a daemon it could not send what a night joins.
    assert [
        word for part in parts if "SparkConnectServer" in _words(part) for word in _words(part).split("\0") if word.startswith("-Xmx")
    ] == ["-Xmx2g"]
    worker = next(part for part in parts if "deploy.worker" in _words(part))
    os.kill(worker, signal.SIGKILL)
    started.send_signal(signal.SIGINT)
    assert started.wait(60) == 0
    time.sleep(1)
    assert not folder.exists()
    assert [part for part in parts if _is_of(part, folder)] == []


def _words(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def _is_of(process: int, folder: Path) -> bool:
    """Whether a process runs with the settings of the cluster in ``folder``."""
    try:
        return f"SPARK_CONF_DIR={folder}" in Path(f"/proc/{process}/environ").read_bytes().decode(errors="replace")
    except OSError:
        return False
