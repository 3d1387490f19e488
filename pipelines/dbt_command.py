"""dbt's command line on the parsed project as ``make setup`` left it: what ``pipelines/dbt`` starts.

dbt parses a project anew for every new build file, because its path stands in the profile: 4.5 of 7.7 CPU seconds of a step
(2 cores, 2026-11). The parsed project does not depend on that path, so a build is given it. All other commands go to dbt
unchanged. Keep out: anything of the project; this runs in a process of its own, in the folder of the dbt project.
"""

from __future__ import annotations

import sys
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

PARSED_PROJECT = Path("target") / "partial_parse.msgpack"


def main(arguments: list[str]) -> int:
    """Runs dbt with ``arguments``; returns its exit status: 0 success, 1 failed nodes, 2 an error of its own."""
    manifest = None
    if "build" in arguments and PARSED_PROJECT.exists():
        manifest = Manifest.from_msgpack(PARSED_PROJECT.read_bytes())
    result = dbtRunner(manifest=manifest).invoke(arguments)
    if result.exception is not None:
        print(result.exception, file=sys.stderr)
        return 2
    return 0 if result.success else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
