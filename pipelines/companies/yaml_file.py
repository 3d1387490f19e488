"""Reading a YAML file that a person writes: what YAML lets pass silently is an error here. Keep out: what its keys mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from pipelines.settings import SettingsError

#: Bytes of a company's file, and its values once aliases are written out: far above what a person writes.
LARGEST_FILE = 1_000_000
MOST_VALUES = 50_000


def read_yaml(path: Path) -> Any:
    """The document in ``path``. Raises SettingsError on what is no YAML, a key that stands twice, or a document without end."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise SettingsError(f"{path.name}: expected at most {LARGEST_FILE:,} bytes, got {path.stat().st_size:,}")
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            return None
        if _size(node, {}, ()) > MOST_VALUES:
            raise SettingsError(f"{path.name}: its aliases stand for more than {MOST_VALUES:,} values; write out what is meant")
        _refuse_repeated_keys(path, node, set())
        return yaml.safe_load(text)
    except OSError as error:
        raise SettingsError(f"{path.name}: cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, SettingsError):
            raise
        raise SettingsError(f"{path.name}: not readable as YAML: {error}") from None
    except RecursionError:
        raise SettingsError(f"{path.name}: not readable as YAML: nested too deeply, or an alias that holds itself") from None


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _size(node: yaml.Node, known: dict[int, int], above: tuple[int, ...]) -> int:
    """Number of values below a node with its aliases written out."""
    if id(node) in above:
        raise RecursionError
    if id(node) not in known:
        known[id(node)] = 1 + sum(_size(child, known, (*above, id(node))) for child in _children(node))
    return known[id(node)]


def _refuse_repeated_keys(path: Path, node: yaml.Node, seen: set[int]) -> None:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        lines: dict[str, int] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                line = key.start_mark.line + 1
                if key.value in lines:
                    raise SettingsError(f"{path.name}: line {line}: the key {key.value!r} stands twice, first on line {lines[key.value]}")
                lines[key.value] = line
    for child in _children(node):
        _refuse_repeated_keys(path, child, seen)
