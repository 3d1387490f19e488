"""Opening: which files of the data folder belong to a source, and how a packed one is unpacked, within bounds.

Whatever matches and is no file of its own (a folder, a link, a pipe) is named, never opened. Keep out: what is in a file.
"""

from __future__ import annotations

import fnmatch
import gzip
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from pipelines.companies.delivered import Source
from pipelines.sources.readers.base import RefusedFileError, scratch_file

CONTROL_SUFFIX = ".control.json"
PACKED = (".gz", ".zip")
#: Formats that hold a document a file, so that an archive holds many of them; their readers open it (:func:`unpacked`).
ARCHIVED_FORMATS = ("einvoice",)
BLOCK = 1 << 20
#: First bytes of archives and packed files -> how such a file is called; a tar has its mark further on.
ARCHIVES = {
    b"PK\x03\x04": "zip",
    b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    **{b"BZh%d1AY&SY" % level: "bzip2" for level in range(1, 10)},
}
#: As many bytes of a file say so.
START = 512
#: Endings of names that say the same.
ARCHIVE_NAMES = (".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".xz", ".zst", ".bz2")
#: Formats whose files are archives themselves, or may be.
FORMATS_OF_ARCHIVES = ("excel", *ARCHIVED_FORMATS)


@dataclass(frozen=True)
class Entry:
    """Something in the data folder: its name below it, and why it cannot be read, if so."""

    path: Path
    name: str
    is_folder: bool = False
    why_not: str | None = None


def list_folder(folder: Path) -> list[Entry]:
    """Everything below ``folder`` that is not hidden, by name; links are not followed."""
    entries: list[Entry] = []
    unreadable: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in [*folders, *files]:
            if not name.startswith("."):
                entries.append(_entry(folder, Path(parent) / name))
    for error in unreadable:
        path = Path(os.fsdecode(error.filename))
        if path != folder:
            entries.append(Entry(path, _name(path, folder), True, f"the folder cannot be read: {error.strerror}"))
    return sorted(entries, key=lambda entry: entry.name)


def _entry(folder: Path, path: Path) -> Entry:
    name = _name(path, folder)
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        return Entry(path, name, False, f"cannot be read: {error.strerror}")
    if stat.S_ISLNK(mode):
        return Entry(path, name, path.is_dir(), "is a link, and only files of the data folder itself are read. Put the file there")
    if stat.S_ISDIR(mode):
        return Entry(path, name, True)
    if not stat.S_ISREG(mode):
        return Entry(path, name, False, "is a pipe, a socket or a device, and no file. Deliver a file")
    if "\\x" in name and name != str(path.relative_to(folder).as_posix()):
        return Entry(path, name, False, "its name is not UTF-8. Rename it")
    return Entry(path, name)


def _name(path: Path, folder: Path) -> str:
    """The name below ``folder``; bytes that are no UTF-8 are shown as such."""
    return os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "backslashreplace")


def files_of(entries: Iterable[Entry], source: Source) -> list[Entry]:
    """The entries that ``source.files`` describes, in any case of letters, also with .gz or .zip behind the name."""
    pattern = [part for part in source.files.split("/") if part not in ("", ".")]
    found = []
    for entry in entries:
        parts = entry.name.split("/")
        if entry.name.lower().endswith(CONTROL_SUFFIX):
            continue
        is_match = _matches(parts, pattern) or (
            parts[-1].lower().endswith(PACKED) and _matches([*parts[:-1], parts[-1].rpartition(".")[0]], pattern)
        )
        if entry.is_folder:
            # What a folder that cannot be entered would hold is missed as well.
            is_missed = entry.why_not is not None and _leads_to(parts, pattern)
            if is_missed or (is_match and pattern[-1] not in ("*", "**")):
                found.append(Entry(entry.path, entry.name, True, entry.why_not or "is a folder, and no file. Deliver a file"))
        elif is_match:
            found.append(entry)
    return found


def _matches(parts: list[str], pattern: list[str]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[skipped:], pattern[1:]) for skipped in range(len(parts) + 1)) if len(pattern) > 1 else bool(parts)
    return bool(parts) and _is_like(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])


def _leads_to(parts: list[str], pattern: list[str]) -> bool:
    """Whether a folder of this name may hold files that the pattern describes."""
    for part, wanted in zip(parts, pattern[:-1], strict=False):
        if wanted == "**":
            return True
        if not _is_like(part, wanted):
            return False
    return len(parts) < len(pattern)


def _is_like(name: str, pattern: str) -> bool:
    return _pattern(pattern).fullmatch(name) is not None


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """Each part of a source's ``files``, made once: every file of the data folder is held against those of all sources."""
    return re.compile(fnmatch.translate(pattern), re.IGNORECASE)


def unpack(path: Path, source: Source, scratch: Path) -> Path:
    """``path`` itself, or what it packs, unpacked into ``scratch``. Raises RefusedFileError beyond the bound or when it is broken."""
    size = path.stat().st_size
    if size > source.largest_file:
        raise RefusedFileError(f"it has {size:,} bytes, and largest_file allows {source.largest_file:,}. Deliver it in parts")
    kind = path.suffix.lower()
    if kind not in PACKED or (kind == ".zip" and source.format in ARCHIVED_FORMATS):
        if source.format not in FORMATS_OF_ARCHIVES and (found := _archive_of(_start_of(path))):
            raise RefusedFileError(
                f"by what it holds it is an archive ({found}), which its name does not say. Deliver what is in it, or name it"
                " .gz or .zip where it is one"
            )
        return path
    target = scratch_file(scratch, Path(path.stem).suffix)
    try:
        if kind == ".gz":
            with gzip.open(path) as packed:
                name = path.stem
                _copy_within(packed, target, source.largest_file)
        else:
            with zipfile.ZipFile(path) as packed_files:
                name = (member := _only_member(packed_files)).filename
                with packed_files.open(member) as packed:
                    _copy_within(packed, target, source.largest_file)
        _check_no_archive(name, b"" if source.format in FORMATS_OF_ARCHIVES else _start_of(target))
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        target.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise RefusedFileError(f"cannot be unpacked as {kind}: {error}. It may be cut off: deliver it again") from None
    return target


def unpacked(path: Path, largest: int) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of a zip. Raises RefusedFileError beyond ``largest`` bytes together, or when it is broken."""
    left = largest
    try:
        with zipfile.ZipFile(path) as packed_files:
            for member in packed_files.infolist():
                if not _is_delivered(member):
                    continue
                with packed_files.open(member) as packed:
                    content = packed.read(left + 1)
                _check_no_archive(member.filename, content[:START])
                left -= len(content)
                if left < 0:
                    raise RefusedFileError(f"it unpacks to more than the {largest:,} bytes that largest_file allows. Deliver it in parts")
                yield member.filename, content
    except (EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise RefusedFileError(f"cannot be unpacked as .zip: {error}. It may be cut off: deliver it again") from None


def _only_member(packed: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [item for item in packed.infolist() if _is_delivered(item)]
    if len(members) != 1:
        names = ", ".join(item.filename for item in members[:10]) or "none"
        raise RefusedFileError(f"it packs {len(members)} files ({names}), and one is expected. Deliver each by itself")
    if members[0].flag_bits & 1:
        raise RefusedFileError(f"{members[0].filename} in it is locked by a password. Deliver it without")
    return members[0]


def _check_no_archive(name: str, start: bytes) -> None:
    """Raises RefusedFileError where what an archive holds is one itself, by its ``name`` or by what it begins with."""
    found = _archive_of(start)
    if found or name.lower().endswith(ARCHIVE_NAMES):
        raise RefusedFileError(
            f"{name} in it is an archive itself{f' ({found})' if found else ''}, and one within another is not opened."
            f" Deliver {name} by itself, or what is in it"
        )


def _start_of(path: Path) -> bytes:
    with path.open("rb") as content:
        return content.read(START)


def _archive_of(start: bytes) -> str | None:
    """What kind of archive a file is by its first bytes; None where it is none."""
    if start[257:262] == b"ustar":
        return "tar"
    return next((name for mark, name in ARCHIVES.items() if start.startswith(mark)), None)


def _is_delivered(member: zipfile.ZipInfo) -> bool:
    """Whether it is a file that is not hidden, as in the data folder: systems pack files of their own along."""
    parts = member.filename.split("/")
    return not member.is_dir() and parts[0] != "__MACOSX" and not any(part.startswith(".") and part.strip(".") for part in parts)


def _copy_within(packed: IO[bytes], target: Path, largest: int) -> None:
    written = 0
    with target.open("wb") as out:
        while block := packed.read(BLOCK):
            written += len(block)
            if written > largest:
                target.unlink(missing_ok=True)
                raise RefusedFileError(f"it unpacks to more than the {largest:,} bytes that largest_file allows. Deliver it in parts")
            out.write(block)


def check_unpacked_size(path: Path, largest: int) -> None:
    """Raises RefusedFileError when the parts of a package (a workbook) unpack to more than ``largest`` bytes together."""
    written = 0
    try:
        with zipfile.ZipFile(path) as package:
            for part in package.infolist():
                with package.open(part) as packed:
                    while block := packed.read(BLOCK):
                        written += len(block)
                        if written > largest:
                            raise RefusedFileError(
                                f"it unpacks to more than the {largest:,} bytes that largest_file allows. Deliver it in parts"
                            )
    except (EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise RefusedFileError(f"not readable as a package: {error}. It may be cut off: deliver it again") from None
