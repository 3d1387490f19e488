"""Which code makes the figures: a fingerprint of what a night computes with. Keep out: releases and their names (``CHANGELOG.md``)."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

from pipelines.settings import PROJECT_FOLDER

#: What a figure follows from besides deliveries and the company's file. How figures are shown is none of it.
MAKES_FIGURES = (
    "pipelines/**/*.py", "pipelines/sources/*.yaml", "pipelines/value/**/*", "dbt_project/models/**/*.sql", "dbt_project/macros/*.sql",
    "dbt_project/seeds/*.csv", "expectations/**/*.yaml", "requirements.lock",
)  # fmt: skip
SHOWS_FIGURES = ("pipelines/book", "pipelines/demo", "pipelines/drafting")


#: All that a night runs, also what shows figures.
IS_RUN = ("pipelines/**/*", "dbt_project/dbt_project.yml", "dbt_project/profiles.yml", "dbt_project/[mst]*s/**/*", "expectations/**/*")


@cache
def code_version() -> str:
    """Twelve signs that change when a file changes from which figures follow; 15 ms for 700 files."""
    return _fingerprint(MAKES_FIGURES, but=SHOWS_FIGURES)


@cache
def night_version() -> str:
    """Twelve signs that change when any file changes that a night runs: what is kept for the next night rests on all of them."""
    return _fingerprint(IS_RUN)


def _fingerprint(patterns: tuple[str, ...], but: tuple[str, ...] = ()) -> str:
    found = sha256()
    for path in sorted({path for pattern in patterns for path in PROJECT_FOLDER.glob(pattern)}):
        name = path.relative_to(PROJECT_FOLDER).as_posix()
        if path.is_file() and path.suffix != ".pyc" and not name.startswith(but):
            found.update(f"{name}\n{path.stat().st_size}\n".encode() + path.read_bytes())
    return found.hexdigest()[:12]
