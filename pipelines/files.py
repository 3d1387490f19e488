"""Files that must survive a power cut: write aside, flush, then rename. Keep out: what is in them."""

from __future__ import annotations

import os
from pathlib import Path


def flush(path: Path) -> None:
    """Forces ``path`` (a file or folder) to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_durably(source: Path, target: Path) -> None:
    """Moves ``source`` over ``target`` in one step; after a crash either the old or the new one stands there, whole."""
    flush(source)
    os.replace(source, target)
    flush(target.parent)
