"""Landing: delivered files become immutable text tables, each batch with its manifest.

Everything behind the landed files can be thrown away and rebuilt from them. One night lands the new files of a source as
one Parquet batch; a batch counts from the moment its manifest stands, so a killed night leaves nothing half. Whatever goes
wrong in one file is a refusal of that file. Keep out: what a column means (``loading.py``), what counts (``deliveries.py``).
"""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

from pydantic import ValidationError

from pipelines.companies.delivered import ControlTotal, Notation, Source
from pipelines.files import replace_durably
from pipelines.sources.databases import read_databases
from pipelines.sources.deliveries import (
    Delivery,
    Landing,
    Refusal,
    delivery_id,
    landed_deliveries,
    next_batch_number,
    standing,
    write_controls,
    write_refusals,
)
from pipelines.sources.readers import READERS, Inspection, RefusedFileError
from pipelines.sources.readers.base import shown
from pipelines.sources.readers.opening import CONTROL_SUFFIX, Entry, files_of, list_folder, unpack
from pipelines.warehouse import connect, identifier, literal

LARGEST_CONTROL_FILE = 1_000_000
#: Formats of which a file takes a dozen milliseconds: from so many files on they are read by several processes, a part at a time.
COSTLY_FORMATS, MANY_FILES, PART_FILES = ("einvoice",), 400, 100


@dataclass(frozen=True)
class Arrived:
    """A file that is new: where it lies, what it holds, which version of its path it is, and what it says of itself."""

    entry: Entry
    sha256: str
    version: int
    delivered_on: date | None = None
    control: dict | None = None
    inspection: Inspection | None = None
    cursor: dict | None = None


class _Batch:
    """The landing of one source in one night."""

    def __init__(self, landed_folder: Path, name: str, source: Source, reach: list[Path]) -> None:
        self.landed_folder, self.name, self.source, self.reach = landed_folder, name, source, reach
        self.notation = source.notation or Notation()
        self.target = landed_folder / name
        self.wanted = (*source.columns, *source.optional_columns)
        self.reader = READERS[source.format]
        self.landed: list[Delivery] = []
        self.refused: list[Refusal] = []
        self.skipped_count = 0

    def land(self, files: list[Arrived]) -> None:
        self.target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.landed_folder, prefix=".scratch-") as folder:
            scratch = Path(folder)
            self._write(self._inspect_all(files, scratch), scratch)

    def _inspect_all(self, files: list[Arrived], scratch: Path) -> list[Arrived]:
        """The good ones among ``files``, in their order; many of a costly format are read by as many processes as there are cores."""
        processes = os.cpu_count() or 1
        if self.source.format not in COSTLY_FORMATS or len(files) < MANY_FILES or processes == 1:
            return [found for item in files if (found := self._inspect(item, scratch)) is not None]
        parts = [files[start : start + PART_FILES] for start in range(0, len(files), PART_FILES)]
        good: list[Arrived] = []
        # Processes of their own: a fork of this one would take its threads along.
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            for read, refused in pool.map(_inspected, repeat(self), parts, repeat(scratch)):
                good += read
                self.refused += refused
        return good

    def _inspect(self, item: Arrived, scratch: Path, *, careful: bool = False) -> Arrived | None:
        """The file with what the strict reader found in it; None after a refusal."""
        path = item.entry.path
        try:
            before = path.stat()
            delivered_on = _delivered_on(path, self.source)
            inspection = self.reader.inspect(unpack(path, self.source, scratch), self.source, self.notation, scratch, careful=careful)
            columns = tuple(name for name in self.wanted if name in inspection.columns)
            control = read_control(path, columns)
            after = path.stat()
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                raise RefusedFileError("it was still being written. It is read as soon as it stands still")
            return Arrived(item.entry, item.sha256, item.version, delivered_on, control, inspection, item.cursor)
        except RefusedFileError as error:
            self._refuse(item, str(error))
        except UnicodeError as error:
            self._refuse(item, f"not {self.source.encoding}: {error}. Deliver the file in the declared encoding")
        except OSError as error:
            self._refuse(item, f"cannot be read: {error.strerror or error}. Look at its rights, and deliver it again")
        except Exception as error:  # a reader that breaks is a reason against this file, never against the others
            self._refuse(item, f"cannot be read as {self.source.format}: {type(error).__name__}: {_first_line(error)}. Deliver it again")
        return None

    def _refuse(self, item: Arrived, reason: str) -> None:
        self.refused.append(Refusal(self.name, item.entry.name, reason))

    def _write(self, files: list[Arrived], scratch: Path) -> None:
        """Lands ``files`` as one batch. What the engine cannot read goes by itself, then through a careful copy, then out."""
        if not files:
            return
        unfinished = scratch / "batch.parquet"
        ids = [delivery_id(self.name, item.entry.name, item.sha256, item.version) for item in files]
        error, counted = self._copy(files, ids, unfinished)
        wrong = (
            files if error else [item for item, name in zip(files, ids, strict=True) if not self._is_complete(item, counted.get(name, 0))]
        )
        if not wrong:
            self._keep(files, ids, unfinished)
            return
        if len(files) > 1:
            rest = [item for item in files if item not in wrong]
            self._write(rest, scratch)
            for item in wrong:
                self._write([item], scratch)
            return
        (item,) = files
        inspection = item.inspection
        careful = None if inspection.is_copy or self.source.format != "csv" else self._inspect(item, scratch, careful=True)
        if careful is not None:
            self._write([careful], scratch)
        elif error:
            self._refuse(item, f"the engine cannot read it: {error}. Deliver it again")
        else:
            rejects = len(inspection.rejects)
            read = counted.get(ids[0], 0)
            self._refuse(
                item, f"the strict reader counted {inspection.row_count} rows, the engine {read} beside {rejects} rejects. Deliver it again"
            )

    @staticmethod
    def _is_complete(item: Arrived, read: int) -> bool:
        return read + len(item.inspection.rejects) == item.inspection.row_count

    def _copy(self, files: list[Arrived], ids: list[str], target: Path) -> tuple[str | None, dict[str, int]]:
        """Writes the rows of ``files``; returns what the engine could not do, and the rows by delivery."""
        named = {str(item.inspection.path): name for item, name in zip(files, ids, strict=True)}
        selects = []
        columns = ", ".join(f"w{number} as {identifier(column)}" for number, column in enumerate(self.wanted))
        for group in _same_shape(files):
            places = ", ".join(f"({literal(item.path)}, {literal(named[str(item.path)])})" for item in group)
            select = self.reader.select_sql(group, self.wanted, self.source, self.notation)
            selects.append(
                f"select {columns}, landed_id as _delivery_id, row_number as _row_number from ({select}) as delivered"
                f" join (values {places}) as landed(landed_path, landed_id) on landed_path = path"
            )
        settings = {"preserve_insertion_order": True}
        with connect(reach=[*self.reach, self.landed_folder], settings=settings, temp_folder=target.parent / "temp") as connection:
            try:
                connection.execute(f"copy ({' union all '.join(selects)}) to {literal(target)} (format parquet, compression zstd)")
                counts = connection.execute(f"select _delivery_id, count(*) from read_parquet({literal(target)}) group by 1").fetchall()
            except Exception as error:
                return _first_line(error), {}
        return None, dict(counts)

    def _keep(self, files: list[Arrived], ids: list[str], unfinished: Path) -> None:
        number = next_batch_number(self.target)
        batch = f"{number:06d}"
        landed = [
            Delivery(
                delivery_id=name,
                sha256=item.sha256,
                source=self.name,
                path=item.entry.name,
                delivered_on=item.delivered_on.isoformat() if item.delivered_on else None,
                row_count=item.inspection.row_count,
                rejects=tuple(asdict(reject) for reject in item.inspection.rejects),
                landed_number=number,
                batch=batch,
                control=item.control,
                cursor=item.cursor,
            )
            for item, name in zip(files, ids, strict=True)
        ]
        replace_durably(unfinished, self.target / f"{batch}.parquet")
        manifest = unfinished.with_name("manifest.json")
        manifest.write_text(json.dumps([asdict(delivery) for delivery in landed], indent=1), encoding="utf-8")
        replace_durably(manifest, self.target / f"{batch}.json")
        self.landed += landed
        self.skipped_count += sum(item.inspection.skipped_count for item in files)


def _inspected(batch: _Batch, files: list[Arrived], scratch: Path) -> tuple[list[Arrived], list[Refusal]]:
    """In a process of its own: the good files of a part, and those that it refuses."""
    batch.refused = []
    return [found for item in files if (found := batch._inspect(item, scratch)) is not None], batch.refused


def land(
    folder: Path,
    landed_folder: Path,
    sources: dict[str, Source],
    report: Callable[[str], None] = lambda text: None,
) -> Landing:
    """Lands every new file of every source and returns all deliveries landed so far, this night's refusals with them.

    Content equal to the latest under its path is nothing new,
    unless that was taken back and the file written again. A refused file stays where it is and is refused until it is replaced.
    """
    landing = Landing()
    entries = list_folder(folder)
    with tempfile.TemporaryDirectory(dir=landed_folder, prefix=".scratch-") as scratch:
        reads, landing.refusals = read_databases(
            sources, lambda name: landed_deliveries(landed_folder, name)[0], landed_folder, Path(scratch), report
        )
        for name, source in sources.items():
            known, damaged = landed_deliveries(landed_folder, name)
            landing.refusals += damaged
            read = reads.get(name)
            files = files_of(entries, source) if source.format != "database" else [Entry(read.path, read.name)] if read else []
            fresh = _fresh(files, name, known, landing, landed_folder, source)
            if fresh:
                report(f"landing {name}: {len(fresh)} new file{'s' if len(fresh) > 1 else ''}")
                batch = _Batch(landed_folder, name, source, [folder])
                batch.land([replace(item, cursor=read.cursor) for item in fresh] if read else fresh)
                if batch.skipped_count:
                    report(f"{name}: {batch.skipped_count:,} rows are no data, as skip_pattern and skip_footer say")
                landing.refusals += batch.refused
                landing.new_count += len(batch.landed)
            landing.deliveries += landed_deliveries(landed_folder, name)[0]
    write_refusals(landed_folder, landing.refusals)
    return landing


def _fresh(files: list[Entry], name: str, known: list[Delivery], landing: Landing, landed_folder: Path, source: Source) -> list[Arrived]:
    """The files that are new; control totals that came later are taken on the way.

    Content equal to the latest under its path is nothing new. Nor is a copy under another name of what stands, as long as
    nothing else of the source stands between the two: it would change no row.
    """
    standing_now = {item.path: (item.version_order[:2], item.sha256) for item in standing(known)}
    versions: dict[str, list[Delivery]] = {}
    for delivery in sorted(known, key=lambda item: item.landed_number):
        versions.setdefault(delivery.path, []).append(delivery)
    fresh, controls = [], {}
    for entry in files:
        if entry.why_not is not None:
            landing.refusals.append(
                Refusal(name, entry.name, f"skipped: it {entry.why_not}" if entry.why_not.startswith("is ") else entry.why_not)
            )
            continue
        try:
            sha256 = _sha256(entry.path)
            earlier = versions.get(entry.name, [])
            latest = earlier[-1] if earlier else None
            if latest is None or latest.sha256 != sha256 or _is_delivered_again(latest, entry.path):
                place = (_day_in(entry.path, source), entry.name)
                if latest is None and _is_copy_of_standing(place, sha256, list(standing_now.values())):
                    landing.repeated_count += 1
                    continue
                standing_now[entry.name] = (place, sha256)
                fresh.append(Arrived(entry, sha256, len(earlier) + 1))
                continue
            landing.repeated_count += 1
            control = read_control(entry.path, (*source.columns, *source.optional_columns))
            if control is not None and control != latest.control:
                controls[latest.delivery_id] = control
        except RefusedFileError as error:
            landing.refusals.append(Refusal(name, entry.name + CONTROL_SUFFIX, str(error)))
        except OSError as error:
            landing.refusals.append(
                Refusal(name, entry.name, f"cannot be read: {error.strerror or error}. Look at its rights, and deliver it again")
            )
    if controls:
        write_controls(landed_folder, name, controls)
    return fresh


def _is_delivered_again(latest: Delivery, path: Path) -> bool:
    """Whether a delivery that was taken back lies there anew: written at another time than the one that was taken back."""
    return latest.withdrawn_reason is not None and path.stat().st_mtime_ns != latest.changed_ns


def _day_in(path: Path, source: Source) -> str:
    try:
        day = _delivered_on(path, source)
        return day.isoformat() if day else ""
    except RefusedFileError:
        return ""


def _is_copy_of_standing(place: tuple[str, str], sha256: str, stands: list[tuple[tuple[str, str], str]]) -> bool:
    """Whether the same content stands for the same day, and nothing else between it and ``place``."""
    for other, content in stands:
        if content == sha256 and other[0] == place[0]:
            first, last = sorted((other, place))
            if not any(first < between < last and differs != sha256 for between, differs in stands):
                return True
    return False


def _same_shape(files: list[Arrived]) -> Iterator[list[Inspection]]:
    """Files that one statement can read: the same header and types, and all copies or none."""
    groups: dict[tuple, list[Inspection]] = {}
    for item in files:
        groups.setdefault((item.inspection.columns, item.inspection.types, item.inspection.is_copy), []).append(item.inspection)
    yield from groups.values()


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _delivered_on(path: Path, source: Source) -> date | None:
    if source.delivered_on is None:
        return None
    name = path.name.removesuffix(path.suffix) if path.suffix.lower() in (".gz", ".zip") else path.name
    match = re.search(source.delivered_on, name, re.IGNORECASE) or re.search(source.delivered_on, path.name, re.IGNORECASE)
    if match is None:
        raise RefusedFileError(f"its name holds no day as declared by delivered_on ({source.delivered_on}). Rename the file")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", match[1] or "", re.ASCII):
        try:
            return date.fromisoformat(match[1])
        except ValueError:
            pass
    raise RefusedFileError(f"{match[1]!r} in its name is no day (YYYY-MM-DD). Rename the file")


def read_control(path: Path, columns: tuple[str, ...]) -> dict | None:
    """The control total that lies beside a file as ``<file>.control.json``, if there is one.

    Its sums are of delivered ``columns`` by name and of nothing else. Raises RefusedFileError when it is not that.
    """
    beside = path.with_name(path.name + CONTROL_SUFFIX)
    if not beside.is_file() or beside.is_symlink():
        return None
    try:
        if beside.stat().st_size > LARGEST_CONTROL_FILE:
            raise ValueError(f"it has more than {LARGEST_CONTROL_FILE:,} bytes")
        text = beside.read_bytes().removeprefix(codecs.BOM_UTF8).decode("utf-8")
        document = json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=_unique_keys)
        control = ControlTotal.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RefusedFileError(f"its control total {beside.name} is not readable: {place}: {first['msg']}. Deliver it again") from None
    except (ValueError, RecursionError, OSError) as error:
        raise RefusedFileError(f"its control total {beside.name} is not readable: {_first_line(error)}. Deliver it again") from None
    unknown = [name for name in control.sums if name not in columns]
    if unknown:
        raise RefusedFileError(
            f"its control total {beside.name} sums {', '.join(repr(name) for name in unknown[:5])}, and a sum is of a delivered column;"
            f" there are {shown(columns)}. Deliver the control total again"
        )
    return control.model_dump(mode="json")


def _unique_keys(pairs: list[tuple[str, object]]) -> dict:
    names = [name for name, _ in pairs]
    if twice := [name for name in names if names.count(name) > 1]:
        raise ValueError(f"the key {twice[0]!r} stands twice")
    return dict(pairs)
