"""Landing: delivered files become immutable text tables, by content hash, each with its manifest.

Everything behind the landed files can be thrown away and rebuilt from them. One night lands the new files of a source as
one Parquet batch; a batch counts from the moment its manifest stands, so a killed night leaves nothing half. Keep out:
what a column means (``loading.py``).
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pipelines.companies.config import ControlTotal, Source
from pipelines.files import replace_durably
from pipelines.sources.readers import READERS, Inspection, RefusedFileError
from pipelines.warehouse import connect, identifier, literal

#: Digits of the SHA-256 that name a delivery; the whole hash stands in the manifest.
DELIVERY_ID_LENGTH = 16
CONTROL_SUFFIX = ".control.json"
REFUSALS_FILE = "refused.json"


@dataclass(frozen=True)
class Delivery:
    """One landed file. ``landed_number`` counts the batches of its source; ``control`` is the sender's own total."""

    delivery_id: str
    sha256: str
    source: str
    path: str
    delivered_on: str | None
    row_count: int
    rejects: tuple[dict, ...]
    landed_number: int
    batch: str
    control: dict | None = None

    @property
    def version_order(self) -> tuple[str, str, int]:
        """Which delivery supersedes which: by day, then by name; arrival decides only for a name that is reused."""
        return (self.delivered_on or "", self.path, self.landed_number)


@dataclass(frozen=True)
class Refusal:
    """A file that was refused whole, and why."""

    source: str
    path: str
    reason: str


@dataclass
class Landing:
    """What one night found in the data folder."""

    deliveries: list[Delivery] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    new_count: int = 0
    repeated_count: int = 0


def find_files(folder: Path, source: Source) -> list[Path]:
    """The files of a source below ``folder``, by name."""
    files = folder.glob(source.files)
    return sorted(f for f in files if f.is_file() and not f.name.startswith(".") and not f.name.endswith(CONTROL_SUFFIX))


def land(folder: Path, landed_folder: Path, sources: dict[str, Source], report: Callable[[str], None] = lambda text: None) -> Landing:
    """Lands every new file of every source and returns all deliveries landed so far, this night's refusals with them.

    The same content twice is one delivery. A refused file stays where it is and is refused again until it is replaced.
    """
    landing = Landing()
    for name, source in sources.items():
        known = {delivery.delivery_id: delivery for delivery in landed_deliveries(landed_folder, name)}
        fresh: list[tuple[Path, str]] = []
        seen = set(known)
        for path in find_files(folder, source):
            sha256 = _sha256(path)
            if sha256[:DELIVERY_ID_LENGTH] in seen:
                landing.repeated_count += 1
                continue
            seen.add(sha256[:DELIVERY_ID_LENGTH])
            fresh.append((path, sha256))
        if fresh:
            report(f"landing {name}: {len(fresh)} new file{'s' if len(fresh) > 1 else ''}")
            landed, refused = _land_batch(folder, landed_folder, name, source, fresh)
            landing.refusals += refused
            landing.new_count += len(landed)
        landing.deliveries += landed_deliveries(landed_folder, name)
    refusals = landed_folder / REFUSALS_FILE
    refusals.write_text(json.dumps([asdict(refusal) for refusal in landing.refusals], indent=1), encoding="utf-8")
    return landing


def read_landing(landed_folder: Path, sources: dict[str, Source]) -> Landing:
    """What has been landed so far, and what the last landing refused."""
    refusals = landed_folder / REFUSALS_FILE
    refused = json.loads(refusals.read_text(encoding="utf-8")) if refusals.exists() else []
    deliveries = [delivery for name in sources for delivery in landed_deliveries(landed_folder, name)]
    return Landing(deliveries, [Refusal(**item) for item in refused])


def landed_deliveries(landed_folder: Path, source: str) -> list[Delivery]:
    """All landed deliveries of a source, oldest version first."""
    manifests = sorted((landed_folder / source).glob("*.json"))
    documents = (item for manifest in manifests for item in json.loads(manifest.read_text(encoding="utf-8")))
    deliveries = [Delivery(**document | {"rejects": tuple(document["rejects"])}) for document in documents]
    return sorted(deliveries, key=lambda delivery: delivery.version_order)


def _land_batch(
    folder: Path, landed_folder: Path, name: str, source: Source, files: list[tuple[Path, str]]
) -> tuple[list[Delivery], list[Refusal]]:
    target = landed_folder / name
    target.mkdir(parents=True, exist_ok=True)
    number = 1 + len(list(target.glob("*.json")))
    batch = f"{number:06d}"
    reader = READERS[source.format]
    landed: list[Delivery] = []
    refused: list[Refusal] = []
    with tempfile.TemporaryDirectory(dir=landed_folder, prefix=".scratch-") as scratch_name, connect() as connection:
        scratch = Path(scratch_name)
        connection.execute("set preserve_insertion_order = true")
        inspections: dict[Path, tuple[Inspection, str, date | None, ControlTotal | None]] = {}
        for path, sha256 in files:
            try:
                inspection = reader.inspect(path, source, scratch)
                inspections[path] = (inspection, sha256, _delivered_on(path, source), _control(path))
            except RefusedFileError as error:
                refused.append(Refusal(name, _relative(path, folder), str(error)))
            except UnicodeDecodeError as error:
                refused.append(Refusal(name, _relative(path, folder), f"not {source.encoding}: {error.reason}"))
        selects = []
        for group in _same_shape(inspections):
            ids = ", ".join(
                f"({literal(inspections[path][0].path)}, {literal(inspections[path][1][:DELIVERY_ID_LENGTH])})" for path in group
            )
            wanted = [*source.columns, *source.optional_columns]
            found = inspections[group[0]][0].columns
            columns = ", ".join(
                identifier(column) if column in found else f"cast(null as varchar) as {identifier(column)}" for column in wanted
            )
            select = reader.select_sql([inspections[path][0] for path in group], source)
            selects.append(
                f"select {columns}, _landed_id as _delivery_id, _row_number from ({select})"
                f" join (values {ids}) as landed(_landed_path, _landed_id) on _landed_path = _path"
            )
        if not selects:
            return landed, refused
        unfinished = scratch / "batch.parquet"
        try:
            connection.execute(f"copy ({' union all by name '.join(selects)}) to {literal(unfinished)} (format parquet, compression zstd)")
        except Exception as error:
            if len(inspections) > 1:
                return _land_one_by_one(folder, landed_folder, name, source, list(inspections), files, refused)
            (path,) = inspections
            reason = f"the engine cannot read it: {str(error).splitlines()[0]}. Deliver it again"
            return landed, [*refused, Refusal(name, _relative(path, folder), reason)]
        counted = dict(connection.execute(f"select _delivery_id, count(*) from read_parquet({literal(unfinished)}) group by 1").fetchall())
        for path, (inspection, sha256, delivered_on, control) in inspections.items():
            delivery = Delivery(
                delivery_id=sha256[:DELIVERY_ID_LENGTH],
                sha256=sha256,
                source=name,
                path=_relative(path, folder),
                delivered_on=delivered_on.isoformat() if delivered_on else None,
                row_count=inspection.row_count,
                rejects=tuple(asdict(reject) for reject in inspection.rejects),
                landed_number=number,
                batch=batch,
                control=control.model_dump(mode="json") if control else None,
            )
            read = counted.get(delivery.delivery_id, 0)
            if read + len(delivery.rejects) != delivery.row_count:
                reason = (
                    f"the strict reader counted {delivery.row_count} rows, the engine {read} beside"
                    f" {len(delivery.rejects)} rejects. Deliver it again, in the declared format"
                )
                refused.append(Refusal(name, delivery.path, reason))
                rest = [item for item in files if item[0] in inspections and item[0] != path]
                again = _land_batch(folder, landed_folder, name, source, rest) if rest else ([], [])
                return again[0], refused + again[1]
            landed.append(delivery)
        replace_durably(unfinished, target / f"{batch}.parquet")
        manifest = scratch / "manifest.json"
        manifest.write_text(json.dumps([asdict(delivery) for delivery in landed], indent=1), encoding="utf-8")
        replace_durably(manifest, target / f"{batch}.json")
    return landed, refused


def _land_one_by_one(
    folder: Path,
    landed_folder: Path,
    name: str,
    source: Source,
    paths: list[Path],
    files: list[tuple[Path, str]],
    refused: list[Refusal],
) -> tuple[list[Delivery], list[Refusal]]:
    """Each file in a batch of its own, so that one that the engine cannot read does not hold up the others."""
    landed: list[Delivery] = []
    for item in files:
        if item[0] in paths:
            one_landed, one_refused = _land_batch(folder, landed_folder, name, source, [item])
            landed += one_landed
            refused += one_refused
    return landed, refused


def _same_shape(inspections: dict[Path, tuple]) -> Iterator[list[Path]]:
    """Files that one statement can read: the same header, and all copies or none."""
    groups: dict[tuple, list[Path]] = {}
    for path, (inspection, *_) in inspections.items():
        groups.setdefault((inspection.columns, inspection.is_copy), []).append(path)
    yield from groups.values()


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _delivered_on(path: Path, source: Source) -> date | None:
    if source.delivered_on is None:
        return None
    match = re.search(source.delivered_on, path.name)
    if match is None:
        raise RefusedFileError(f"its name holds no day as declared by delivered_on ({source.delivered_on}). Rename the file")
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        raise RefusedFileError(f"{match[1]!r} in its name is no day (YYYY-MM-DD). Rename the file") from None


def _control(path: Path) -> ControlTotal | None:
    """The control total that lies beside a file as ``<file>.control.json``, if there is one."""
    beside = path.with_name(path.name + CONTROL_SUFFIX)
    if not beside.is_file():
        return None
    try:
        return ControlTotal.model_validate_json(beside.read_text(encoding="utf-8"))
    except (ValueError, InvalidOperation) as error:
        raise RefusedFileError(f"its control total {beside.name} is not readable: {error}") from None


def control_sums(control: dict) -> dict[str, Decimal]:
    """The sums of a control total as exact decimals, by column or expression."""
    return {column: Decimal(total) for column, total in control["sums"].items()}
