"""``python -m pipelines.check``: what a company's file makes of its deliveries, in seconds and without a trace.

Lands into a scratch folder and loads, no more: rows loaded and in quarantine with examples, files refused, entities that lack, and
the KPIs and rules that become available, or what they wait for. Keep out: building, checking and publishing (``nightly.py``).
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from pipelines.night import BlockedNightError, Night
from pipelines.settings import DBT_FOLDER, Settings, SettingsError
from pipelines.sources.deliveries import Refusal
from pipelines.sources.loading import Loader, load_all
from pipelines.sources.quarantine import quarantine_reasons
from pipelines.warehouse import connect, literal

LOOKED_AT, NOTHING_LOADED, WRONG_SETUP = 0, 1, 2


def main() -> int:
    """Prints what the deliveries of COMPANY in DATA_DIR come to; returns the exit status."""
    try:
        settings = Settings.from_environment()
        with tempfile.TemporaryDirectory(prefix="check-") as scratch:
            print(check(settings, Path(scratch)))
    except SettingsError as error:
        print(f"The set-up is wrong, nothing was read.\n{error}", file=sys.stderr)
        return WRONG_SETUP
    except BlockedNightError as error:
        print(f"Nothing was loaded.\n{error}", file=sys.stderr)
        return NOTHING_LOADED
    return LOOKED_AT


def check(settings: Settings, scratch: Path) -> str:
    """The answer for ``settings``, made in ``scratch``. Raises SettingsError and BlockedNightError as a night does."""
    # The demo's deliveries lie in its warehouse; all else is new.
    standing = Night.of(settings)
    night = Night.of(replace(settings, warehouse_dir=scratch, data_dir=settings.data_dir or _made(standing)))
    landing = night.land(lambda text: None)
    with connect(memory_limit=settings.memory_limit, temp_folder=scratch / "temp", reach=[night.landed_folder]) as connection:
        counts = load_all(Loader(connection, night.company, night.landed(settings.known_by), night.landed_folder, settings.known_by))
        lines = [f"{night.company.name}: {len(landing.deliveries)} deliveries", *_refused(landing.refusals)]
        lines += [
            f"  {entity}: {found.loaded:,} rows loaded, {found.unchanged:,} unchanged, {found.quarantined:,} in quarantine"
            for entity, found in counts.items()
            if found != type(found)(0, 0, 0)
        ]
        reasons = quarantine_reasons(connection)
        lines += ["In quarantine:", reasons] if reasons else []
        coverage = connection.execute("select entity, is_delivered, reason from raw.entity_coverage order by entity").fetchall()
    delivered = {entity for entity, is_delivered, _ in coverage if is_delivered}
    lines += [f"Not delivered: {', '.join(entity for entity, is_delivered, _ in coverage if not is_delivered) or 'nothing'}"]
    for what, seed, name, alternative in (
        ("KPIs", "kpi_definitions.csv", "kpi", "or_entity"),
        ("Rules", "invoice_error_types.csv", "error_code", "''"),
    ):
        rows = availability(seed, name, alternative, delivered)
        available = [row[0] for row in rows if not row[1]]
        lines.append(f"{what}: {len(available)} of {len(rows)} become available: {', '.join(available) or 'none'}")
        lines += [f"  {item}: waits for {', '.join(lacking)}" for item, lacking in rows if lacking]
    return "\n".join(lines)


def availability(seed: str, name: str, alternative: str, delivered: set[str]) -> list[tuple[str, list[str]]]:
    """Each KPI or rule with the entities it waits for, by the requirements that the models read too.

    One of several entities in ``alternative`` does as well as the one that is required.
    """
    requirements = seed.replace("definitions", "requirements").replace("types", "requirements")
    listed = ", ".join(literal(entity) for entity in sorted(delivered))
    with connect() as connection:
        return connection.execute(
            f"with defined as (select {name} as item, row_number() over () as place from {_seed(seed)}),"
            f" required as (select {name} as item, entity, coalesce({alternative}, '') as instead from {_seed(requirements)}),"
            f" judged as (select item, entity, bool_or(list_contains([{listed}]::varchar[], entity)"
            f"  or list_has_any(string_split(instead, ' '), [{listed}]::varchar[])) as is_met from required group by all)"
            " select defined.item, coalesce(list(entity order by entity) filter (not is_met), []) as lacking"
            " from defined left join judged on judged.item = defined.item group by all order by any_value(place)"
        ).fetchall()


def _seed(name: str) -> str:
    return f"read_csv({literal(DBT_FOLDER / 'seeds' / name)}, header = true, all_varchar = true)"


def _refused(refusals: list[Refusal]) -> list[str]:
    return [f"  refused {item.path}: {item.reason}" for item in refusals]


def _made(night: Night) -> Path | None:
    """The folder of the demo's deliveries, where they were generated before."""
    return night.data_folder if night.company.demo is not None and night.data_folder.is_dir() else None


if __name__ == "__main__":
    sys.exit(main())
