"""The asset graph as a page of text, one line per table with what it reads and one per check, reviewed as a diff.

A wrong dependency is silent otherwise: the step runs too early. After a wanted change, write the page again with
``python -m tests.conventions.test_asset_graph``.
"""

from __future__ import annotations

from pathlib import Path

from tests.conftest import PROJECT

PAGE = PROJECT / "tests" / "golden" / "asset_graph.txt"


def describe_graph() -> str:
    """``table <- what it reads`` for every asset, and ``check`` lines, blocking ones marked."""
    from pipelines.definitions import build_definitions
    from pipelines.settings import Settings

    graph = build_definitions(Settings(warehouse_dir=Path("nowhere"))).resolve_asset_graph()
    # Staging views read their raw table and nothing else (tests/dbt holds that); they would double the page.
    keys = sorted((key for key in graph.get_all_asset_keys() if key.path[0] != "staging"), key=lambda key: key.path)
    lines = []
    for key in keys:
        parents = sorted(parent.to_user_string().removeprefix("staging/") for parent in graph.get(key).parent_keys)
        lines.append(f"{key.to_user_string()} <- {', '.join(parents) or '(nothing)'}")
        checks = sorted((check for check in graph.asset_check_keys if check.asset_key == key), key=lambda check: check.name)
        lines += [f"    {'blocks' if graph.get(check).blocking else 'warns'}: {check.name}" for check in checks]
    return "\n".join(lines) + "\n"


def test_asset_graph_is_the_reviewed_one() -> None:
    assert describe_graph() == PAGE.read_text(encoding="utf-8")


if __name__ == "__main__":
    PAGE.write_text(describe_graph(), encoding="utf-8")
    print(f"written: {PAGE.relative_to(PROJECT)}")
