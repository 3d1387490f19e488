"""How a run tells a person what it is doing. Keep out: Dagster's own log, which has it all."""

from __future__ import annotations

from collections.abc import Callable

import dagster as dg


class Reporter(dg.ConfigurableResource):
    """Says one line per step. Silent in Dagster's own runs; the command line gives it a voice."""

    def step(self, text: str) -> None:
        """Reports that ``text`` is going on or done."""
        if _VOICE:
            _VOICE[-1](text)


_VOICE: list[Callable[[str], None]] = []


class voice:
    """While the block runs, reporters speak through ``say``."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say

    def __enter__(self) -> None:
        _VOICE.append(self.say)

    def __exit__(self, *exception: object) -> None:
        _VOICE.pop()
