"""The data dictionary that is published with the figures. Keep out: any text of its own; dbt's models carry the words."""

from __future__ import annotations

import json

from pipelines.settings import DBT_FOLDER
from pipelines.warehouse import literal


def data_dictionary_sql() -> str:
    """A statement that makes ``meta.data_dictionary``: one row per column of every core and mart table."""
    manifest = json.loads((DBT_FOLDER / "target" / "manifest.json").read_text(encoding="utf-8"))
    rows = []
    for node in sorted(manifest["nodes"].values(), key=lambda node: (node["schema"], node["name"])):
        if node["resource_type"] not in ("model", "seed") or node["schema"] in ("staging", "intermediate"):
            continue
        for column in node["columns"].values():
            label = (column.get("meta") or column.get("config", {}).get("meta") or {}).get("label_nl")
            texts = (
                node["schema"],
                node["name"],
                node["description"],
                column["name"],
                column.get("data_type"),
                column["description"],
                label,
            )
            rows.append("(" + ", ".join(literal(text) for text in texts) + ")")
    return (
        "create or replace table meta.data_dictionary as select * from (values "
        + ", ".join(rows)
        + ") as dictionary(schema_name, table_name, table_description, column_name, data_type, description, label_nl)"
    )
