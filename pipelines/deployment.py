"""What one Dagster serves: a company, or several of them with a code location each.

Each location has an environment, tables, schedules, a pool and a lock of its own, so that a company that is slow or wrong holds up
no other. Keep out: processes (``dev.py``), and what a location consists of (``definitions.py``).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import yaml

from pipelines.night import BlockedNightError, Night, prepare_dagster_home
from pipelines.settings import Settings, SettingsError, environments

#: The location where one company is served alone.
ALONE = "pipelines"


@dataclass(frozen=True, eq=False)
class Location:
    """One company in Dagster: the name it has there, the environment of its code server, and its settings."""

    name: str
    environment: Mapping[str, str]
    #: None where they are wrong; then ``problem`` says why, and the location shows it.
    settings: Settings | None
    problem: str | None = None


@dataclass(frozen=True)
class Deployment:
    """The locations of one Dagster and its folder."""

    home: Path
    locations: tuple[Location, ...]
    #: The variable with the address of the server that holds Dagster's runs and events; None for files in ``home``.
    database: str | None = None

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> Deployment:
        """What COMPANIES names, or COMPANY alone. Raises SettingsError where companies cannot be served together."""
        settings = Settings.from_environment(environment)
        found = environments(environment)
        if not found:
            return cls(Night.of(settings).dagster_home, (Location(ALONE, dict(environment), settings),), settings.dagster_database)
        locations = tuple(_location(own, settings.data_dir) for own in found)
        if twice := _twice([location.name for location in locations]):
            raise SettingsError(f"COMPANIES: two companies are called {twice}")
        addresses = {location.name: _published_to(location) for location in locations}
        if address := _twice([address for address in addresses.values() if address]):
            names = " and ".join(name for name, own in addresses.items() if own == address)
            raise SettingsError(f"PUBLISH_DATABASE: {names} would replace each other; each needs a database of its own, in its .env file")
        # No company is called so: their names begin with a letter.
        return cls(settings.warehouse_dir / ".dagster", locations, settings.dagster_database)

    def prepare(self, sockets: Path) -> Path:
        """Writes the instance settings and the workspace, in which each location is reached by its socket; returns the workspace."""
        prepare_dagster_home(self.home, self.database)
        servers = [
            {"grpc_server": {"socket": str(self.socket(location, sockets)), "location_name": location.name}} for location in self.locations
        ]
        workspace = self.home / "workspace.yaml"
        workspace.write_text(yaml.safe_dump({"load_from": servers}), encoding="utf-8")
        return workspace

    def socket(self, location: Location, sockets: Path) -> Path:
        """Where the code server of ``location`` listens. Numbered: a path of a socket has 107 characters at most."""
        return sockets / f"{self.locations.index(location)}.sock"

    def take_up(self) -> None:
        """Ends killed runs, and gives each company's pool its one place.

        After a power cut a run stands in Dagster's books as alive; nobody else notices before its longest time is over. A pool gets its
        limit when the queue is first looked at, and whatever waits at that look passes.
        """
        from dagster import DagsterInstance

        with DagsterInstance.get() as instance:
            # Of a pool that is there already a server would refuse the statement and all that follow it.
            pools = {pool.name for pool in instance.event_log_storage.get_pool_limits()}
            for settings in (location.settings for location in self.locations if location.settings):
                if settings.pool not in pools:
                    instance.event_log_storage.initialize_concurrency_limit_to_default(settings.pool)
                night = Night.of(settings)
                with suppress(BlockedNightError), night.exclusive():
                    night.end_killed_runs(instance)


def _location(environment: dict[str, str], shared: Path | None) -> Location:
    """The company that ``environment`` names. Of the DATA_DIR that companies share (``shared``) it has the folder of its name."""
    name = Path(environment["COMPANY"]).stem
    try:
        settings = Settings.from_environment(environment)
        company = Night.of(settings).company
        name = company.company
        if shared and settings.data_dir == shared and not company.folder:
            if (company.reads_files and company.demo is None) or (shared / name).is_dir():
                environment["DATA_DIR"] = str(shared / name)
            else:
                del environment["DATA_DIR"]
        environment["CODE_LOCATION"] = name
        return Location(name, environment, Settings.from_environment(environment))
    except SettingsError as error:
        # As it would be served under the name of its file: once that is mended, the location is loaded again and not started again.
        given = environment.get("DATA_DIR")
        own = {"DATA_DIR": str(shared / name)} if shared and given and Path(given).expanduser().resolve() == shared else {}
        return Location(name, environment | own | {"CODE_LOCATION": name}, None, str(error))


def _published_to(location: Location) -> str | None:
    variable = location.settings.publish_database if location.settings else None
    return location.environment.get(variable) if variable else None


def _twice(values: list[str]) -> str | None:
    return next((value for value in values if values.count(value) > 1), None)
