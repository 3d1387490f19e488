"""``python -m pipelines.spark.cluster``: a Spark cluster on loopback, for tests and for trying out; ends with Ctrl-C, and leaves nothing.

A master, two workers and a Connect server, each a process of its own as on a cluster of machines. Keep out: what a night does with it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = "127.0.0.1"
START_SECONDS = 120


class ClusterError(RuntimeError):
    """The cluster did not come up; the message says which part, and its last words."""


@dataclass
class Cluster:
    """A running cluster: where it answers, and its processes by name."""

    master: str
    remote: str
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)


@contextlib.contextmanager
def cluster(*, workers: int = 2, cores: int = 1, memory: str = "1g", driver_memory: str = "2g", connect_port: int = 0) -> Iterator[Cluster]:
    """A cluster for the block; ``cores`` and ``memory`` of each worker, ``driver_memory`` of the server. Raises ClusterError."""
    if shutil.which("java") is None:
        raise ClusterError("there is no java: apt-get install default-jre-headless")
    folder = Path(tempfile.mkdtemp(prefix="spark-cluster-"))
    (folder / "conf").mkdir()
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": LOOPBACK,
        "spark.driver.bindAddress": LOOPBACK,
        "spark.executor.memory": memory,
        "spark.sql.shuffle.partitions": str(workers * cores),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.artifact.isolation.enabled": "false",
    }
    (folder / "conf" / "spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    port, connect_port = _free_port(), connect_port or _free_port()
    running = Cluster(f"spark://{LOOPBACK}:{port}", f"sc://{LOOPBACK}:{connect_port}")
    try:
        parts = {
            "master": ["spark-class", "org.apache.spark.deploy.master.Master", "--host", LOOPBACK, "--port", str(port), "--webui-port", "0"]
        }
        for number in range(1, workers + 1):
            parts[f"worker {number}"] = [
                "spark-class", "org.apache.spark.deploy.worker.Worker", "--host", LOOPBACK, "--webui-port", "0", "--cores", str(cores),
                "--memory", memory, "--work-dir", str(folder / f"worker-{number}"), running.master,
            ]  # fmt: skip
        parts["connect server"] = [
            "spark-submit", "--master", running.master, "--class", "org.apache.spark.sql.connect.service.SparkConnectServer",
            "--conf", f"spark.connect.grpc.binding.address={LOOPBACK}", "--conf", f"spark.connect.grpc.binding.port={connect_port}",
            "spark-internal",
        ]  # fmt: skip
        for name, command in parts.items():
            running.processes[name] = _start(name, command, folder, driver_memory if name == "connect server" else "512m")
            if name in ("master", "connect server"):
                _wait_for(running.processes[name], port if name == "master" else connect_port, name, folder)
        yield running
    finally:
        for process in reversed(running.processes.values()):
            _end(process)
        shutil.rmtree(folder, ignore_errors=True)


def _start(name: str, command: list[str], folder: Path, memory: str) -> subprocess.Popen:
    """Starts a part; ``memory`` is what Spark calls a daemon's, which goes before ``spark.driver.memory`` for a server too."""
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = {
        **os.environ, "SPARK_HOME": str(home), "SPARK_CONF_DIR": str(folder / "conf"), "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_LOCAL_IP": LOOPBACK, "SPARK_NO_DAEMONIZE": "1", "SPARK_DAEMON_MEMORY": memory,
    }  # fmt: skip
    environment.pop("SPARK_REMOTE", None)
    with (folder / f"{name}.log").open("w") as log:
        # A group of its own: the scripts of Spark start the processes that do the work.
        return subprocess.Popen(
            [home / "bin" / command[0], *command[1:]], cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )


def _wait_for(process: subprocess.Popen, port: int, name: str, folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            return
        time.sleep(0.2)
    words = (folder / f"{name}.log").read_text(errors="replace").splitlines()[-5:]
    raise ClusterError("\n".join([f"the {name} did not come up within {START_SECONDS} seconds:", *words]))


def _end(process: subprocess.Popen) -> None:
    """Ends a process with what it started. One that has ended already is left alone: its number may be another's by now."""
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    # Executors end later than their worker, and write below its folder until then.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m pipelines.spark.cluster", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=15002, help="of the Connect server")
    parser.add_argument("--cores", type=int, default=1, help="of each worker")
    parser.add_argument("--memory", default="1g", help="of each worker")
    chosen = parser.parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        with cluster(cores=chosen.cores, memory=chosen.memory, connect_port=chosen.port) as running:
            print(f"make nightly ENGINE=spark SPARK_REMOTE={running.remote}\n(the master: {running.master}; Ctrl-C ends all)", flush=True)
            ended.wait()
    except ClusterError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
