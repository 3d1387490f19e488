"""``python -m pipelines.dev``: the Dagster UI on loopback, with its code server and daemon.

A code server of its own starts once; listed as a Python module the daemon would start one about every minute. Keep out:
what is shown.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from pipelines.night import BlockedNightError, Night
from pipelines.settings import PROJECT_FOLDER, Settings

CODE_SERVER_PORT = 4266


def main(arguments: list[str] | None = None) -> int:
    """Starts code server, daemon and web server; stops all of them when one ends or on Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.dev", description=__doc__.splitlines()[0])
    parser.add_argument("--port", default="3000")
    parser.add_argument("--read-only", action="store_true", help="for viewers: nothing can be started or changed")
    options = parser.parse_args(arguments)
    settings = Settings.from_environment()
    night = Night.of(settings)
    home = night.prepare_dagster_home()
    # The instance names a class of the project (event_log.py), which Dagster's own commands must find.
    os.environ |= {"DAGSTER_HOME": str(home), "DO_NOT_TRACK": "1", "PYTHONPATH": str(PROJECT_FOLDER)}
    _end_killed_runs(night)
    tools = Path(sys.executable).parent
    workspace = ["-w", str(PROJECT_FOLDER / "workspace.yaml")]
    loopback = ["-h", "127.0.0.1"]
    commands = [
        [tools / "dagster", "code-server", "start", *loopback, "-p", str(CODE_SERVER_PORT), "-m", "pipelines.definitions"],
        [sys.executable, "-m", "pipelines.web", *loopback, "-p", options.port, *workspace, *(["--read-only"] if options.read_only else [])],
        [tools / "dagster-daemon", "run", *workspace],
    ]
    processes: list[subprocess.Popen] = []
    # A background job inherits an ignored SIGINT, and its children would then ignore SIGTERM as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for command in commands:
            processes.append(subprocess.Popen(command, cwd=PROJECT_FOLDER))
            if len(processes) == 1:
                _wait_for_port(CODE_SERVER_PORT, processes[0])
        print(f"\nDagster UI: http://127.0.0.1:{options.port}  (company {settings.company}; Ctrl-C stops it)\n", flush=True)
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=20)


def _end_killed_runs(night: Night) -> None:
    """After a power cut a run stands in Dagster's books as alive; nobody else notices before its longest time is over."""
    from dagster import DagsterInstance

    with suppress(BlockedNightError), night.exclusive(), DagsterInstance.get() as instance:
        night.end_killed_runs(instance)


def _wait_for_port(port: int, process: subprocess.Popen, seconds: int = 120) -> None:
    for _ in range(seconds * 2):
        if process.poll() is not None:
            raise SystemExit(f"the code server ended with status {process.returncode}; its message stands above")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    raise SystemExit(f"the code server did not answer within {seconds} s")


if __name__ == "__main__":
    sys.exit(main())
