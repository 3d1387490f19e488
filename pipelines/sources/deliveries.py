"""Deliveries: what was landed, what was refused, what was taken back, and which of it counts.

A delivery is what came (content), where (path) and when (its place among what came there). The manifest of a batch is
written once; a control total that comes later and a delivery that a person takes back stand in files of their own beside it.
A batch that is damaged does not count: its files are landed again. Keep out: reading any delivered file (``landing.py``).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from pathlib import Path

from pipelines.files import replace_durably

REFUSALS_FILE = "refused.json"
WITHDRAWALS_FILE = "withdrawn.json"
CONTROLS_FILE = "controls.json"
#: Digits of a hash that name a delivery; the whole hash of its content stands in the manifest.
DELIVERY_ID_LENGTH = 16


@dataclass(frozen=True)
class Delivery:
    """One landed file. ``landed_number`` counts the batches of its source; ``control`` is the sender's own total.

    ``withdrawn_reason`` says why a person took it back; ``changed_ns`` is when the file in the data folder was written, as
    it was then (nanoseconds), so that a file that is delivered again is known from one that still lies there. ``cursor``: how
    far a database was read (see ``databases.Read``).
    """

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
    withdrawn_reason: str | None = None
    changed_ns: int | None = None
    cursor: dict | None = None

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


def delivery_id(source: str, path: str, sha256: str, version: int) -> str:
    """The name of a delivery: the same in every order of arrival, and another for each content that came under a path."""
    return hashlib.sha256(f"{source}\n{path}\n{sha256}\n{version}".encode()).hexdigest()[:DELIVERY_ID_LENGTH]


def read_landing(landed_folder: Path, sources: dict[str, object]) -> Landing:
    """What has been landed so far, and what the last landing refused."""
    deliveries, damaged = [], []
    for name in sources:
        found, broken = landed_deliveries(landed_folder, name)
        deliveries += found
        damaged += broken
    refused = [Refusal(**item) for item in read_json(landed_folder / REFUSALS_FILE, [])]
    return Landing(deliveries, [*refused, *(item for item in damaged if item not in refused)])


def landed_deliveries(landed_folder: Path, source: str) -> tuple[list[Delivery], list[Refusal]]:
    """All landed deliveries of a source, oldest version first; and what is damaged and does not count, as refusals."""
    withdrawn = {item["delivery_id"]: item for item in read_json(landed_folder / WITHDRAWALS_FILE, [])}
    controls = read_json(landed_folder / source / CONTROLS_FILE, {})
    known = {item.name for item in fields(Delivery)}
    deliveries, damaged = [], []
    for manifest in sorted((landed_folder / source).glob("[0-9]*.json")):
        documents = read_json(manifest, None)
        if not isinstance(documents, list) or not _is_whole(manifest.with_suffix(".parquet")):
            damaged.append(
                Refusal(
                    source,
                    f"landed/{source}/{manifest.stem}",
                    "what was landed is damaged. Its files are landed again; deliver those that are gone",
                )
            )
            continue
        for document in documents:
            item = Delivery(**{name: value for name, value in document.items() if name in known} | {"rejects": tuple(document["rejects"])})
            taken_back = withdrawn.get(item.delivery_id, {})
            deliveries.append(
                replace(
                    item,
                    control=controls.get(item.delivery_id, item.control),
                    withdrawn_reason=taken_back.get("reason"),
                    changed_ns=taken_back.get("changed_ns"),
                )
            )
    return sorted(deliveries, key=lambda delivery: delivery.version_order), damaged


def _is_whole(batch: Path) -> bool:
    """Whether a Parquet file ends as one; a landed batch was flushed before its manifest stood."""
    try:
        with batch.open("rb") as content:
            content.seek(-4, 2)
            return content.read() == b"PAR1"
    except OSError:
        return False


def next_batch_number(folder: Path) -> int:
    """The number after the last batch of a source, whole or not."""
    numbers = [int(path.stem) for path in folder.glob("[0-9]*.*") if path.stem.isdigit()]
    return 1 + max(numbers, default=0)


def standing(deliveries: list[Delivery]) -> list[Delivery]:
    """The deliveries that count: not taken back, and the latest under its path."""
    latest: dict[tuple[str, str], int] = {}
    kept = [item for item in deliveries if item.withdrawn_reason is None]
    for item in kept:
        place = (item.source, item.path)
        latest[place] = max(latest.get(place, 0), item.landed_number)
    return [item for item in kept if item.landed_number == latest[(item.source, item.path)]]


def delivered_by(deliveries: list[Delivery], day: date | None) -> list[Delivery]:
    """The deliveries that had come by ``day``; one whose day is not known had always come."""
    return [item for item in deliveries if day is None or item.delivered_on is None or item.delivered_on <= day.isoformat()]


def withdraw(landed_folder: Path, data_folder: Path, sources: dict[str, object], wanted: str, reason: str) -> list[Delivery]:
    """Takes back the standing deliveries named ``wanted`` (an id, or a path); returns them. ValueError says what could be meant.

    It is recorded beside what was landed, and undone by delivering the file again.
    """
    counting = standing(read_landing(landed_folder, sources).deliveries)
    found = [item for item in counting if wanted in (item.delivery_id, item.path)]
    if not found:
        near = [item.path for item in counting if wanted and wanted in item.path][-5:]
        raise ValueError(
            f"DELIVERY={wanted}: is no delivery that counts. Expected the path of a file below the data folder, or an id of"
            f" meta.source_deliveries{'; near are ' + ', '.join(near) if near else ''}"
        )
    if not reason.strip():
        raise ValueError("REASON: expected why the delivery is taken back")
    records = read_json(landed_folder / WITHDRAWALS_FILE, [])
    for item in found:
        path = data_folder / item.path
        changed = path.stat().st_mtime_ns if path.is_file() else None
        records.append({"delivery_id": item.delivery_id, "source": item.source, "path": item.path, "reason": reason, "changed_ns": changed})
    write_json(landed_folder / WITHDRAWALS_FILE, records)
    return found


def write_controls(landed_folder: Path, source: str, controls: dict[str, dict]) -> None:
    """Records control totals that came after their files: delivery -> total."""
    path = landed_folder / source / CONTROLS_FILE
    write_json(path, read_json(path, {}) | controls)


def write_refusals(landed_folder: Path, refusals: list[Refusal]) -> None:
    """Records what the last landing refused."""
    write_json(landed_folder / REFUSALS_FILE, [asdict(refusal) for refusal in refusals])


def read_json(path: Path, otherwise):
    """The document in ``path``; ``otherwise`` where there is none, or none that can be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return otherwise


def write_json(path: Path, document: object) -> None:
    """Writes ``document`` in one step."""
    unfinished = path.with_name(f".{path.name}.next")
    unfinished.write_text(json.dumps(document, indent=1), encoding="utf-8")
    replace_durably(unfinished, path)
