"""Kept publications: which there are, and whether what one holds is whole. Keep out: how one is made (``assets/publish.py``).

A publication that is damaged, or a folder that is none, is passed over; it never stops the next one.
"""

from __future__ import annotations

import json
import re
from hashlib import file_digest
from pathlib import Path

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
