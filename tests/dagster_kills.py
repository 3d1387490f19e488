"""``python -m tests.dagster_kills --kills 100``: runs under Dagster killed at random instants, each followed by the next run.

Starts ``make dev``'s processes for a company of its own and launches its nightly job as the UI does. Of each run either its process (in
which models are made) is killed, or the one beside it (checks), or everything at once, which is then started again as a service manager
would. The next run is launched without a hand in between, must end well, and must publish what a night that nobody disturbed publishes. A
delivery comes with every run, so that none of them finds its work done. Keep out: how a night recovers (``pipelines/``).
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil

from tests.conftest import PROJECT, free_port
from tests.end_to_end.conftest import NightResult, night_environment, run_night
from tests.end_to_end.test_failing_nights import COMPANY, HEADER, Published

ENDED = {"SUCCESS", "FAILURE", "CANCELED"}
LAUNCH = """mutation {
  launchRun(executionParams: {mode: "default", runConfigData: {}, selector: {
    repositoryLocationName: "pipelines", repositoryName: "__repository__", jobName: "nightly"}}) {
    __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
LOADED = "{ workspaceOrError { ... on Workspace { locationEntries { locationOrLoadError { __typename } } } } }"
STATUS = '{ runOrError(runId: "%s") { __typename ... on Run { status } } }'
VICTIMS = ("run", "beside", "all")


class Deployment:
    """``make dev`` of one company on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.yaml, self.warehouse, self.data, self.log = folder / "shop.yaml", folder / "warehouse", folder / "data", folder / "dev.log"
        self.data.mkdir()
        self.yaml.write_text(COMPANY)
        self.days = 0
        self.process: subprocess.Popen | None = None
        self.port = free_port()

    def start(self) -> None:
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pipelines.dev", "--port", str(self.port)], cwd=PROJECT, stdout=output, stderr=output,
                env=night_environment(str(self.yaml), self.warehouse, self.data),
            )  # fmt: skip
        for _ in range(300):
            with suppress(OSError):
                if "RepositoryLocation" in str(self.ask(LOADED)):
                    return
            time.sleep(1)
        raise SystemExit(f"the deployment does not answer: see {self.log}")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)

    def ask(self, query: str) -> dict:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/graphql", json.dumps({"query": query}).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]

    def deliver(self) -> None:
        self.days += 1
        day = f"2025-{self.days // 28 + 1:02d}-{self.days % 28 + 1:02d}"
        rows = "".join(f"{self.days * 50 + n},C{n % 7},{day},{n}.50\n" for n in range(1, 50))
        (self.data / f"{day}.csv").write_text(HEADER + rows)

    def launch(self) -> str:
        launched = self.ask(LAUNCH)["launchRun"]
        if "run" not in launched:
            raise SystemExit(f"the run was not launched: {launched}")
        return launched["run"]["runId"]

    def status(self, run: str) -> str:
        return self.ask(STATUS % run)["runOrError"]["status"]

    def wait(self, run: str, seconds: int = 600) -> str:
        end = time.monotonic() + seconds
        while (status := self.status(run)) not in ENDED and time.monotonic() < end:
            time.sleep(0.5)
        return status

    def runs(self) -> list[psutil.Process]:
        """The processes of runs: what the code server starts."""
        served = psutil.Process(self.process.pid).children(recursive=True)
        return [process for process in served if _is_apart(process) and not _is_apart(process.parent())]

    def kill(self, victim: str) -> bool:
        """Says whether there was something to kill."""
        if victim == "all":
            found = [*psutil.Process(self.process.pid).children(recursive=True), psutil.Process(self.process.pid)]
        elif victim == "beside":
            found = [process for run in self.runs() for process in run.children() if _is_apart(process)]
        else:
            found = self.runs()
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(found, timeout=30)
        if victim == "all":
            self.process.wait()
        return bool(found)

    @property
    def published(self) -> NightResult:
        return NightResult(0, "", self.warehouse / "shop")


def _is_apart(process: psutil.Process | None) -> bool:
    """Runs, and what works beside a run, are processes that multiprocessing starts."""
    with suppress(psutil.Error):
        return process is not None and "spawn_main" in " ".join(process.cmdline())
    return False


def undisturbed(deployment: Deployment, folder: Path) -> Published:
    """What one night over the same deliveries publishes in a warehouse of its own."""
    result = run_night(str(deployment.yaml), folder, deployment.data)
    if result.status:
        raise SystemExit(result.output[-3000:])
    return Published.of(result)


def main(arguments: list[str] | None = None) -> int:
    """Ends with 1 and the differences when a run after a kill did not end well or published something else."""
    parser = argparse.ArgumentParser(prog="python -m tests.dagster_kills", description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--compared", type=int, default=10, help="figures are compared with an undisturbed night's after so many kills")
    parser.add_argument("--seed", type=int, default=14)
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="kills-") as scratch:
        deployment = Deployment(Path(scratch))
        deployment.deliver()
        deployment.start()
        try:
            began = time.monotonic()
            if deployment.wait(deployment.launch()) != "SUCCESS":
                raise SystemExit(f"the first run did not end well: see {deployment.log}\n{deployment.log.read_text()[-3000:]}")
            length = time.monotonic() - began
            return trial(deployment, options, chance, length, Path(scratch))
        finally:
            if deployment.process.poll() is None:
                deployment.stop()


def trial(deployment: Deployment, options: argparse.Namespace, chance: random.Random, length: float, scratch: Path) -> int:
    print(f"a run takes {length:.0f} s", flush=True)
    killed, wrong = dict.fromkeys(VICTIMS, 0), 0
    while sum(killed.values()) < options.kills:
        victim = VICTIMS[sum(killed.values()) % len(VICTIMS)]
        before = deployment.published.manifest
        deployment.deliver()
        run = deployment.launch()
        instant = chance.uniform(0, length)
        end = time.monotonic() + instant
        while time.monotonic() < end and deployment.status(run) not in ENDED:
            time.sleep(0.2)
        while not (hit := deployment.kill(victim)) and deployment.status(run) not in ENDED:
            time.sleep(0.1)
        if not hit:
            continue
        killed[victim] += 1
        untouched = deployment.published.manifest == before
        if victim == "all":
            deployment.start()
        began = time.monotonic()
        following = deployment.wait(deployment.launch())
        # The next instant lies within a run as long as this one: on a busy machine runs are longer.
        length = time.monotonic() - began
        line = f"{sum(killed.values()):4} {victim:6} at {instant:5.1f} s: {'untouched' if untouched else 'published'}"
        line += f", next run {following} after {length:.0f} s"
        compared = ""
        if following == "SUCCESS" and sum(killed.values()) % options.compared == 0:
            expected, found = undisturbed(deployment, scratch / f"again{sum(killed.values())}"), Published.of(deployment.published)
            different = sorted(name for name in expected.figures if expected.figures[name] != found.figures.get(name))
            different += ["judgements"] if expected.judged != found.judged else []
            compared = f", figures {'equal' if not different else 'differ: ' + ', '.join(different)}"
            wrong += bool(different)
        wrong += following != "SUCCESS"
        print(f"{line}{compared}", flush=True)
    print(f"{sum(killed.values())} kills ({', '.join(f'{count} {victim}' for victim, count in killed.items())}), {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
