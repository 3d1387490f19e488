"""``python -m pipelines.dev``: the Dagster UI on loopback, with its daemon and a code server per company.

A code server of its own starts once; listed as a Python module the daemon would start one about every minute. It listens on a
socket that nobody else on the machine reaches. Keep out: what is served (``deployment.py``) and shown.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipelines.deployment import Deployment, Location
from pipelines.files import lock
from pipelines.settings import PROJECT_FOLDER, SettingsError

#: The port of the UI, or one of those behind it where somebody listens on it already.
UI_PORTS = range(3000, 3020)
#: A code server that ends is started again after so many seconds; the others go on.
RESTART_SECONDS = 10
START_SECONDS = 120
TOOLS = Path(sys.executable).parent
LOOPBACK = "127.0.0.1"


def main(arguments: list[str] | None = None) -> int:
    """Starts code servers, daemon and web server; stops all of them when one of the latter two ends or on Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.dev", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, help=f"of the UI; without it the first free one from {UI_PORTS[0]} on")
    parser.add_argument("--read-only", action="store_true", help="for viewers: nothing can be started or changed")
    options = parser.parse_args(arguments)
    try:
        port = _port(options.port)
        deployment = Deployment.of()
        deployment.home.mkdir(parents=True, exist_ok=True)
        # Two daemons of one folder would start every schedule twice.
        held = lock(deployment.home / ".lock")
        if held is None:
            raise SettingsError(f"a Dagster of {deployment.home} is running already")
        with held, tempfile.TemporaryDirectory(prefix="paid-in-full-") as sockets:
            return _serve(deployment, Path(sockets), port, options.read_only)
    except SettingsError as error:
        print(f"The set-up is wrong, nothing was started.\n{error}", file=sys.stderr)
        return 2


def _serve(deployment: Deployment, sockets: Path, port: int, is_read_only: bool) -> int:
    workspace = ["-w", str(deployment.prepare(sockets))]
    # The instance names a class of the project (event_log.py), which Dagster's own commands must find.
    shared = {"DAGSTER_HOME": str(deployment.home), "DO_NOT_TRACK": "1", "PYTHONPATH": str(PROJECT_FOLDER)}
    os.environ |= shared
    deployment.take_up()
    ui = [sys.executable, "-m", "pipelines.web", "-h", LOOPBACK, "-p", str(port), *workspace, *(["--read-only"] if is_read_only else [])]
    daemon = [TOOLS / "dagster-daemon", "run", *workspace]
    servers: dict[Location, subprocess.Popen] = {}
    others: list[subprocess.Popen] = []
    # A background job inherits an ignored SIGINT, and its children would then ignore SIGTERM as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    def start(location: Location) -> None:
        command = [TOOLS / "dagster", "code-server", "start", "-s", deployment.socket(location, sockets), "-m", "pipelines.definitions"]
        servers[location] = subprocess.Popen(command, cwd=PROJECT_FOLDER, env=location.environment | shared)

    try:
        for location in deployment.locations:
            if location.problem:
                print(f"{location.name}: {location.problem}", file=sys.stderr)
            start(location)
        for location, server in servers.items():
            _wait_for(deployment.socket(location, sockets), server, location.name)
        others += [subprocess.Popen(command, cwd=PROJECT_FOLDER) for command in (ui, daemon)]
        served = ", ".join(location.name if location.settings else f"{location.name} (wrong)" for location in servers)
        print(f"\nDagster UI: http://{LOOPBACK}:{port}  ({served}; Ctrl-C stops it)\n", flush=True)
        while all(process.poll() is None for process in others):
            time.sleep(0.5)
            for location, server in list(servers.items()):
                if server.poll() is not None:
                    print(f"the code server of {location.name} ended with status {server.returncode}; it is started again", file=sys.stderr)
                    time.sleep(RESTART_SECONDS)
                    start(location)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        processes = [*others, *servers.values()]
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _port(wanted: int | None) -> int:
    """``wanted`` or the first free one. Raises SettingsError when somebody listens on it."""
    for port in [wanted] if wanted else UI_PORTS:
        with socket.socket() as probe:
            # A port whose last connections are still closing is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
                return port
            except OSError:
                continue
    raise SettingsError(f"somebody listens on port {wanted or f'{UI_PORTS[0]} to {UI_PORTS[-1]}'} already; name another with --port")


def _wait_for(path: Path, process: subprocess.Popen, name: str) -> None:
    """Until the code server answers on its socket, or has ended: then the others go on, and this one is started again."""
    for _ in range(START_SECONDS * 2):
        if process.poll() is not None:
            return
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(path)) == 0:
                return
        time.sleep(0.5)
    print(f"the code server of {name} did not answer within {START_SECONDS} s", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
