"""What `deploy/` and `docs/` name is there: commands, modules, settings and tests."""

from __future__ import annotations

import re
from importlib.util import find_spec

import pytest
import yaml

from pipelines.night import DAGSTER_DIALECT
from tests.conftest import PROJECT

PAGES = sorted([*PROJECT.glob("deploy/**/*.*"), *PROJECT.glob("docs/*.md"), PROJECT / "deploy" / "Containerfile"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_what_a_page_tells_to_run_is_there(page) -> None:
    text = page.read_text(encoding="utf-8")
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    verbs = re.findall(r"(?:`make |RUN make |--no-print-directory\"?,? \"?)([a-z-]+)", text)
    assert [verb for verb in verbs if not re.search(rf"^{verb}:", makefile, re.MULTILINE)] == []
    modules = re.findall(r"-m,? ((?:pipelines|tests)[.\w]*)", text)
    assert [module for module in modules if find_spec(module) is None] == []
    paths = re.findall(r"(?<![\w/])((?:tests|deploy|pipelines)/[\w/.-]*\w)", text)
    assert [path for path in paths if not (PROJECT / path).exists()] == []


def test_settings_of_a_service_are_settings_of_a_night() -> None:
    names = re.findall(r"^#?([A-Z_]+)=", (PROJECT / "deploy" / "systemd" / "company.env").read_text(encoding="utf-8"), re.MULTILINE)
    known = (PROJECT / "README.md").read_text(encoding="utf-8")
    # One is the service's own, one is named by another.
    assert [name for name in names if f"`{name}`" not in known] == ["UI_PORT", "FIGURES_DATABASE"]


def test_the_compose_file_is_one() -> None:
    services = yaml.safe_load((PROJECT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))["services"]
    built = {name: service["build"]["dockerfile"] for name, service in services.items() if "build" in service}
    assert {name: (PROJECT / path).exists() for name, path in built.items()} == {"night": True, "ui": True}
    # Both write their runs to the server that stands beside them.
    assert all(services[name]["environment"]["RUNS"].startswith(f"{DAGSTER_DIALECT}://") and "runs" in services for name in built)
