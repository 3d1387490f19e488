"""Kept publications: which there are, and whether what one holds is whole. Keep out: how one is made (``assets/publish.py``).

A publication that is damaged, or a folder that is none, is passed over; it never stops the next one.
"""

from __future__ import annotations

import json
import re
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.settings import Settings

_VERSION = re.compile(r"(\d+)-.+")
#: What a manifest must say for its version to count.
_NEEDED = ("version", "report_date", "complete_until_date", "known_by_date", "warehouse", "tables")


def read_manifest(version: Path) -> dict | None:
    """The manifest of a version; None where there is none that can be read."""
    try:
        manifest = json.loads((version / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and all(name in manifest for name in _NEEDED) else None


def kept_versions(folder: Path) -> list[Path]:
    """Versions below ``folder`` that are there with their manifest, oldest first."""
    return sorted(path for path in folder.glob("[0-9]*") if _VERSION.fullmatch(path.name) and read_manifest(path) is not None)


def next_number(folder: Path) -> int:
    """The number after every version that stands below ``folder``, whole or not."""
    found = (_VERSION.fullmatch(path.name) for path in folder.glob("[0-9]*"))
    return 1 + max((int(match[1]) for match in found if match), default=0)


def whole_part(version: Path, part: str) -> Path | None:
    """The file ``part`` (``kpis.duckdb``, or schema.table) of a version; None where it is not the one that was published."""
    manifest = read_manifest(version)
    if manifest is None:
        return None
    said = manifest["warehouse"] | {"parquet": "kpis.duckdb"} if part == "kpis.duckdb" else manifest["tables"].get(part)
    if said is None:
        return None
    path = version / said["parquet"]
    try:
        with path.open("rb") as content:
            return path if file_digest(content, "sha256").hexdigest() == said["sha256"] else None
    except OSError:
        return None


def last_warehouse(folder: Path, report_date: str | None = None) -> Path | None:
    """The warehouse of the version that a company published last below its ``folder`` and that is whole; None where there is none.

    The published one stands before the kept ones, which may be later; of a ``report_date`` it is the latest kept one of that day.
    """
    kept = kept_versions(folder / "versions")[::-1]
    if report_date is None:
        candidates = [(folder / "published").resolve(), *kept]
    else:
        candidates = [version for version in kept if read_manifest(version)["report_date"] == report_date]
    return next((path for version in candidates if (path := whole_part(version, "kpis.duckdb")) is not None), None)


class Shelf:
    """Where the publications of a company, or of a group of them, stand: below its ``folder``."""

    settings: Settings
    folder: Path

    @property
    def versions_folder(self) -> Path:
        return self.folder / "versions"

    @property
    def published(self) -> Path:
        """The one pointer that readers follow: a link to the latest version, replaced in one step."""
        return self.folder / "published"

    def kept_versions(self) -> list[Path]:
        """Published versions that are still there, oldest first."""
        return kept_versions(self.versions_folder)
