"""Fixtures of the hostile inputs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.company import HostileCompany


@pytest.fixture
def hostile(tmp_path: Path) -> Callable[[dict | None], HostileCompany]:
    """Makes a company with the given file, or the plain one."""

    def make(made: dict | None = None) -> HostileCompany:
        return HostileCompany(tmp_path, made)

    return make
