"""Fixtures that all tests share. Keep out: what one area needs alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
#: Public data sets lie beside the checkout; CI must have them.
SHARED_DATA = PROJECT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with public data sets; the test is skipped, with the reason, where it is absent outside CI."""
    if not SHARED_DATA.is_dir():
        message = "the public data sets are not beside the checkout (../shared/data)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return SHARED_DATA
