"""The dbt project and contracts.yaml say the same; when they do not, both sides are printed."""

from __future__ import annotations

import re

import pytest

from pipelines.sources import dbt_sources
from pipelines.sources.contracts import Contract, load_contracts


@pytest.mark.parametrize("path", dbt_sources.render_all(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_generated_yaml_is_what_the_contracts_give(path):
    assert path.read_text(encoding="utf-8") == dbt_sources.render_all()[path]


@pytest.mark.parametrize("contract", load_contracts().values(), ids=lambda contract: contract.name)
def test_staging_model_ends_with_the_columns_of_its_contract(contract: Contract):
    sql = (dbt_sources.STAGING_DIRECTORY / contract.area / f"{contract.staging_model}.sql").read_text(encoding="utf-8")
    last_select = sql.rsplit("\nselect\n", 1)[1].rsplit("\nfrom ", 1)[0]
    written = [re.split(r"\s+as\s+|\s+", line.strip().rstrip(","))[-1].rsplit(" ", 1)[-1] for line in last_select.splitlines()]
    assert written == list(dbt_sources.staging_columns(contract))


@pytest.mark.parametrize("contract", load_contracts().values(), ids=lambda contract: contract.name)
def test_staging_model_keeps_closed_rows_where_its_contract_says_so(contract: Contract):
    sql = (dbt_sources.STAGING_DIRECTORY / contract.area / f"{contract.staging_model}.sql").read_text(encoding="utf-8")
    assert ("keeps_closed=true" in sql) == contract.keeps_closed


def test_every_staging_model_has_a_contract():
    models = {path.stem for path in dbt_sources.STAGING_DIRECTORY.rglob("*.sql") if path.parent.name not in ("company", "value")}
    assert models == {contract.staging_model for contract in load_contracts().values()}
