"""Files that must survive a power cut (write aside, flush, then rename), and locks. Keep out: what is in them."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path
from typing import IO


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


def link(source: str | Path, target: str | Path) -> None:
    """The same file under another name; a copy where the file system has no second name for one."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def lock(path: Path) -> IO[str] | None:
    """The file ``path``, opened and locked until it is closed or its process has ended; None while another one holds it."""
    opened = path.open("w")
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        opened.close()
        return None
    return opened
