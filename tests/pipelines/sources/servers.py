"""Database servers of the distribution's packages, started in a scratch folder for the tests that need them.

Keep out: what is read from them (``test_databases.py``), what is published to them (``test_server.py``).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tests.conftest import free_port, without


@dataclass
class Server:
    """A running server: its address, and its process so that a test can take it away and start it again."""

    address: str
    command: list[str]
    process: subprocess.Popen | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while True:
            try:
                with sa.create_engine(self.address, poolclass=sa.NullPool).connect():
                    return
            except sa.exc.OperationalError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.2)

    def stop(self) -> None:
        """Ends it at once: open transactions are gone. Both servers hold SIGQUIT for that."""
        self.process.send_signal(signal.SIGQUIT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def kill(self) -> None:
        """Takes it away in the middle, as a power cut does; PostgreSQL's own processes end with SIGQUIT only."""
        if "mariadb" in self.command[0]:
            self.process.kill()
        self.stop()

    def run(self, *statements: str) -> None:
        with sa.create_engine(self.address, poolclass=sa.NullPool).begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


@contextmanager
def _running(server: Server, folder: Path) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server that only this machine reaches."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    place = found[-1].parent if found else shutil.which("initdb") and Path(shutil.which("initdb")).parent
    if not place:
        without("no PostgreSQL server on this machine: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    subprocess.run(
        [*as_user, str(place / "initdb"), "-D", str(folder / "data"), "-U", "night", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True, stdout=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    port = free_port()
    command = [*as_user, str(place / "postgres"), "-D", str(folder / "data"), "-p", str(port), "-k", str(folder), "-h", "127.0.0.1", "-F"]
    with _running(Server(f"postgresql+psycopg://night:secretword@127.0.0.1:{port}/postgres", command), folder) as server:
        yield server


@contextmanager
def mariadb() -> Iterator[Server]:
    """A MariaDB server that only this machine reaches."""
    binary = shutil.which("mariadbd", path=os.environ["PATH"] + ":/usr/sbin")
    if binary is None or shutil.which("mariadb-install-db") is None:
        without("no MariaDB server on this machine: apt-get install mariadb-server")
    folder = Path(tempfile.mkdtemp(prefix="mariadb-"))
    user = ["--user=root"] if os.geteuid() == 0 else []
    data = folder / "data"
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", *user],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    port = free_port()
    command = [binary, "--no-defaults", f"--datadir={data}", f"--socket={folder / 'socket'}", f"--port={port}", "--bind-address=127.0.0.1",
               "--skip-networking=0", *user]  # fmt: skip
    with _running(Server(f"mysql+pymysql://root@127.0.0.1:{port}/mysql", command), folder) as server:
        yield server
