"""Write dbt's source and staging YAML from the contracts: ``python -m pipelines.sources.dbt_sources``.

The files it writes say so in their first line and are never edited by hand; a test fails when they and the contracts
disagree. Keep out: the staging SQL itself, which people write, and the loader's own tables (``staging/company``).
"""

from __future__ import annotations

from pathlib import Path

import yaml

from pipelines.sources.contracts import TECHNICAL_COLUMNS, Contract, load_contracts

STAGING_DIRECTORY = Path(__file__).parents[2] / "dbt_project" / "models" / "staging"
HEADER = "# Written by `python -m pipelines.sources.dbt_sources` from contracts.yaml; change that file instead.\n"

#: Columns of staging that stand for one column of a contract, signed by the kind of document; the delivered one stays.
SIGNED_COLUMNS = {"invoices": ("net_amount", "vat_amount", "gross_amount")}
#: Columns whose delivered values staging translates into the house's own; the delivered one stays.
TRANSLATED_COLUMNS = {"invoices": ("document_type",)}


def staging_columns(contract: Contract) -> dict[str, tuple[str, str]]:
    """Column name -> (engine type, description) of the staging model of ``contract``, in order."""
    columns = {column.name: (column.engine_type, column.description) for column in contract.columns}
    for name in TRANSLATED_COLUMNS.get(contract.name, ()):
        engine_type, description = columns[name]
        columns[f"delivered_{name}"] = (engine_type, f"{description[:-1]}, as delivered.")
    for name in SIGNED_COLUMNS.get(contract.name, ()):
        engine_type, description = columns[name]
        columns[f"delivered_{name}"] = (engine_type, f"{description[:-1]}, with the sign it was delivered with.")
        columns[name] = (engine_type, f"{description[:-1]}; negative on a credit note or cancellation.")
    return columns


def sources_document(area: str, contracts: list[Contract]) -> dict:
    """The raw tables of one area as dbt sources."""
    return {
        "version": 2,
        "sources": [
            {
                "name": "raw",
                "schema": "raw",
                "description": "What the companies deliver, as loaded: every version of every row.",
                "tables": [_source_table(area, contract) for contract in contracts],
            }
        ],
    }


def _source_table(area: str, contract: Contract) -> dict:
    columns = [
        {"name": column.name, "data_type": column.engine_type.lower(), "description": column.description} for column in contract.columns
    ]
    columns += [
        {"name": name, "data_type": engine_type.lower(), "description": description}
        for name, (engine_type, description) in TECHNICAL_COLUMNS.items()
    ]
    return {"name": contract.name, "description": contract.description, "config": {"meta": {"area": area}}, "columns": columns}


def models_document(contracts: list[Contract]) -> dict:
    """The staging models of one area with the tests that every contract implies."""
    return {"version": 2, "models": [_staging_model(contract) for contract in contracts]}


def _staging_model(contract: Contract) -> dict:
    required = [column.name for column in contract.columns if column.is_required]
    tests = [
        {"unique_combination": {"name": f"{contract.name}_are_unique_on_their_key", "arguments": {"columns": list(contract.key)}}},
        {"filled_columns": {"name": f"{contract.name}_have_their_required_columns", "arguments": {"columns": required}}},
    ]
    columns = [
        {"name": name, "data_type": engine_type.lower(), "description": description}
        for name, (engine_type, description) in staging_columns(contract).items()
    ]
    return {
        "name": contract.staging_model,
        "description": f"{contract.description} Latest version of each row.",
        "config": {"meta": {"entity": contract.name, "keeps_closed": contract.keeps_closed}},
        "data_tests": tests,
        "columns": columns,
    }


def render_all() -> dict[Path, str]:
    """Path -> text of every file that this module owns."""
    areas: dict[str, list[Contract]] = {}
    for contract in load_contracts().values():
        areas.setdefault(contract.area, []).append(contract)
    texts = {}
    for area, contracts in areas.items():
        texts[STAGING_DIRECTORY / area / "_sources.yml"] = _render(sources_document(area, contracts))
        texts[STAGING_DIRECTORY / area / "_models.yml"] = _render(models_document(contracts))
    return texts


def _render(document: dict) -> str:
    return HEADER + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)


def main() -> None:
    """(Re)write the files in place."""
    for path, text in render_all().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
