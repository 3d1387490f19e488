"""A process that is killed while it lands leaves nothing that the next one trips over, and nothing half."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.hostile.company import HEADER, HostileCompany

WORKER = """
import sys
from pathlib import Path
from tests.hostile.company import HostileCompany, document
from pipelines.companies.config import Company
from pipelines.sources.landing import land
folder = Path(sys.argv[1])
print("ready", flush=True)
land(folder / "data", folder / "landed", Company.model_validate(document()).all_sources())
"""
KILLS = 12


@pytest.mark.slow
def test_landing_killed_at_random_instants_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    company = HostileCompany(tmp_path)
    chance = random.Random(14)
    expected = []
    for number in range(KILLS):
        rows = [f"{number * 10_000 + place},A,2025-01-02,1.00,1.21" for place in range(10_000)]
        expected += [row.partition(",")[0] for row in rows]
        company.write(f"2025-01-{number + 3:02}.csv", HEADER + "\n".join(rows) + "\n")
        worker = subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        assert worker.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.5))
        worker.kill()
        worker.wait()
        worker.stdout.close()
    outcome = company.night()
    assert outcome.refused == {}
    assert sorted(outcome.ids) == sorted(expected)
    assert len(outcome.landing.deliveries) == KILLS
