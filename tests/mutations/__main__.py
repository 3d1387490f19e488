"""``python -m tests.mutations``: mutants of every rule's SQL, and who notices them.

Prints per model how many were made, killed by unit tests, by planted worlds and by the clerk's scenarios, explained in
``explained.yaml``, and what survives without a word. Ends with 1 where something does. ``--sample 60`` takes every so many.
Keep out: what a mutant is (``making.py``) and who notices it (``judging.py``).
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import yaml

from tests.expectations.clerk.test_scenarios import SCENARIOS
from tests.mutations import judging
from tests.mutations.making import Mutant, mutants

EXPLAINED = Path(__file__).with_name("explained.yaml")


def made(models: list[str] | None = None) -> list[Mutant]:
    """All mutants of the rules, or of some models."""
    return [mutant for name, step in judging.rule_models().items() if not models or name in models for mutant in mutants(name, step.sql)]


def sampled(found: list[Mutant], count: int, seed: str) -> list[Mutant]:
    """``count`` of the mutants, others for another ``seed``."""
    return sorted(found, key=lambda mutant: hashlib.sha256(f"{seed} {mutant.model} {mutant.name}".encode()).digest())[:count]


def explained() -> dict[str, dict[str, str]]:
    """Model -> mutant -> why nothing can notice it, or why nothing need to."""
    return yaml.safe_load(EXPLAINED.read_text(encoding="utf-8")) or {}


def all_corpora() -> Iterator[judging.Corpus]:
    yield from judging.planted_worlds()
    yield from judging.clerks_companies(SCENARIOS)


def judge(
    found: list[Mutant], corpora: Callable[[], Iterable[judging.Corpus]] = all_corpora, say: Callable[[str], None] = lambda text: None
) -> dict[Mutant, str]:
    """Mutant -> who noticed it first, unit tests before ``corpora``; those that nobody noticed are left out."""
    units = judging.UnitTests(sorted({mutant.model for mutant in found}))
    noticed: dict[Mutant, str] = {}
    for mutant in found:
        if (name := units.notice(mutant.model, mutant.sql)) is not None:
            noticed[mutant] = f"unit test {name}"
    say(f"{len(noticed):,} of {len(found):,} are noticed by unit tests")
    for corpus in corpora() if len(noticed) < len(found) else ():
        for mutant in [mutant for mutant in found if mutant not in noticed]:
            if corpus.notice(mutant.model, mutant.sql):
                noticed[mutant] = corpus.name
        corpus.connection.close()
        say(f"{len(noticed):,} after {corpus.name}")
    return noticed


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", help="models to mutate; all of the rules without one")
    parser.add_argument("--sample", type=int, help="so many mutants alone")
    parser.add_argument("--seed", default="", help="another sample")
    chosen = parser.parse_args(arguments)
    found = made(chosen.models)
    if chosen.sample:
        found = sampled(found, chosen.sample, chosen.seed)
    noticed, reasons = judge(found, say=lambda text: print(text, flush=True)), explained()
    counts: dict[str, Counter] = defaultdict(Counter)
    survivors = []
    for mutant in found:
        by = noticed.get(mutant)
        kind = next((kind for kind in ("unit test", "world", "clerk") if by is not None and by.startswith(kind)), None)
        if kind is None:
            kind = "explained" if mutant.name in reasons.get(mutant.model, {}) else "survived"
        if kind == "survived":
            survivors.append(mutant)
        counts[mutant.model].update(["made", kind])
        counts["all"].update(["made", kind])
    columns = ("made", "unit test", "world", "clerk", "explained", "survived")
    print(f"{'model':36}" + "".join(f"{column:>11}" for column in columns))
    for model, row in counts.items():
        print(f"{model:36}" + "".join(f"{row[column]:11,}" for column in columns))
    for mutant in survivors:
        print(f"{mutant.model}: {mutant.name}")
    for mutant in (mutant for mutant in noticed if mutant.name in reasons.get(mutant.model, {})):
        print(f"explained, and noticed by {noticed[mutant]}: {mutant.model}: {mutant.name}")
    if not chosen.sample and not chosen.models:
        known = {(mutant.model, mutant.name) for mutant in found}
        for model, name in ((model, name) for model, names in reasons.items() for name in names if (model, name) not in known):
            print(f"no longer a mutant: {model}: {name}")
    return int(bool(survivors))


if __name__ == "__main__":
    raise SystemExit(main())
