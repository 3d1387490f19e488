"""A command run to its end, with what it took: seconds, processor seconds and memory of its whole process tree."""

from __future__ import annotations

import itertools
import os
import re
import resource
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.conftest import PROJECT

STEP = re.compile(r"^\s+([\d.]+) s\s+(\S.*)$")
#: Seconds between two looks at the memory of a process and its children.
PAUSE = 0.2


@dataclass
class Run:
    """A command that has ended: what it printed and when, and the memory of its whole process tree over time, in GB."""

    #: Seconds since the epoch at its start.
    began: float = field(default_factory=time.time)
    seconds: float = 0.0
    processor_seconds: float = 0.0
    lines: list[tuple[float, str]] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)

    def peak(self, begin: float = 0.0, end: float = float("inf")) -> float:
        return max((used for at, used in self.memory if begin - PAUSE <= at <= end + PAUSE), default=0.0)

    def row(self, name: str, begin: float, end: float) -> str:
        return f"  {name:32}{end - begin:10.1f}{self.peak(begin, end):11.2f} GB"


def run(command: list[str], environment: dict[str, str] | None = None, accepted: tuple[int, ...] = (0,)) -> Run:
    """Runs a command to its end. Raises SystemExit with its last words when it fails, that is with no ``accepted`` status."""
    started, done, before = time.monotonic(), Run(), _processor_seconds()
    process = subprocess.Popen(
        command, cwd=PROJECT, env=dict(os.environ) | (environment or {}), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    watch = threading.Thread(target=_watch, args=(psutil.Process(process.pid), started, done.memory), daemon=True)
    watch.start()
    for line in process.stdout:
        done.lines.append((time.monotonic() - started, line.rstrip()))
    status = process.wait()
    done.seconds = time.monotonic() - started
    done.processor_seconds = _processor_seconds() - before
    watch.join()
    if status not in accepted:
        print("\n".join(line for _, line in done.lines[-100:]))
        raise SystemExit(f"{command[-1]} ended with {status}")
    return done


def _processor_seconds() -> float:
    """Of all children that have ended, with theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def processor_seconds_of(pid: int) -> float:
    """Of a process that runs, with all that run below it."""
    process = psutil.Process(pid)
    return sum(one.cpu_times().user + one.cpu_times().system for one in [process, *process.children(recursive=True)])


@contextmanager
def watched() -> Iterator[Run]:
    """The memory of this process and all below it, for the block."""
    seen, ended = Run(), threading.Event()
    watch = threading.Thread(target=_watch, args=(psutil.Process(), time.monotonic(), seen.memory, ended), daemon=True)
    watch.start()
    try:
        yield seen
    finally:
        ended.set()
        watch.join()


def _watch(process: psutil.Process, started: float, memory: list[tuple[float, float]], ended: threading.Event | None = None) -> None:
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE and not (ended and ended.is_set()):
        used = 0
        for one in [process, *process.children(recursive=True)]:
            try:
                used += one.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        memory.append((time.monotonic() - started, used / 1024**3))
        time.sleep(PAUSE)


def steps_of(night: Run) -> Iterator[tuple[str, float, float]]:
    """Name, begin and end of the steps: a line says what begins now; loading begins where its first table is ready."""
    marks: list[tuple[float, str]] = [(0.0, "starting")]
    for at, text in [(at, match[2]) for at, line in night.lines if (match := STEP.match(line))]:
        name = {"landing": "landing", "loaded": "loading", "report": "loading"}.get(text.split()[0], text)
        if name != marks[-1][1]:
            marks.append((at, name))
    marks.append((night.seconds, ""))
    for (begin, text), (end, _) in itertools.pairwise(marks):
        yield text, begin, end


def told_by_dagster(company_folder: Path) -> tuple[dict[str, int], dict[str, float]]:
    """Of the latest run of a company: events by type, and seconds per table that dbt built (``schema.table``)."""
    import dagster as dg

    os.environ["DAGSTER_HOME"] = str(company_folder / "dagster")
    events: dict[str, int] = {}
    seconds = {}
    with dg.DagsterInstance.get() as instance:
        (run,) = instance.get_runs(limit=1)
        for record in instance.get_records_for_run(run.run_id).records:
            event = record.event_log_entry.dagster_event
            if event is None:
                continue
            events[event.event_type_value] = events.get(event.event_type_value, 0) + 1
            if event.event_type_value == "ASSET_MATERIALIZATION":
                metadata = event.step_materialization_data.materialization.metadata
                if "seconds" in metadata:
                    seconds[".".join(event.asset_key.path)] = float(metadata["seconds"].value)
    return events, seconds
