"""``python -m pipelines.drafting FOLDER --name NAME``: a first draft of a company's file from the files it delivers.

The draft decides nothing: a person answers its questions and renames it. Keep out: reading, comparing and writing, which have
modules of their own.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipelines.companies.own_mappings import OWN_MAPPINGS
from pipelines.drafting.database import tables_of_database
from pipelines.drafting.matching import drafts_of
from pipelines.drafting.tables import tables_of
from pipelines.drafting.writing import draft_text, questions_of
from pipelines.settings import DRAFT_SUFFIX, SettingsError


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make company", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", default="")
    parser.add_argument("--database", default="", help="the environment variable that holds the address of a database")
    parser.add_argument("--name", default="")
    parser.add_argument("--to", type=Path, default=Path(), help="folder of the draft; the current one where not given")
    given = parser.parse_args(arguments)
    folder = Path(given.folder)
    try:
        if not given.name.strip():
            raise SettingsError("NAME is the company's name, for example NAME='Bakkerij Jansen'")
        if not given.database and not (given.folder and folder.is_dir()):
            raise SettingsError(
                f"FOLDER={given.folder}: no folder; say FOLDER=<where the files lie> or DATABASE=<variable with an address>"
            )
        tables = tables_of_database(given.database) if given.database else tables_of(folder)
        if not tables:
            raise SettingsError(f"{given.database or folder.name} holds nothing to look at")
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    drafts = drafts_of(tables)
    text = draft_text(given.name.strip(), given.database or folder.resolve().name, tables, drafts)
    target = given.to / f"{text.split('company: ', 1)[1].splitlines()[0]}{DRAFT_SUFFIX}"
    target.write_text(text, encoding="utf-8")
    for draft in drafts:
        sure = sum(choice.is_sure for choice in draft.choices.values())
        print(
            f"  {draft.entity} from {draft.table.files or draft.table.name}: {sure} columns by name, {len(draft.choices) - sure} to look at"
        )
    unread = [table.files or table.name for table in tables if table.format is None or not any(draft.table is table for draft in drafts)]
    own = [table.files for table in tables if table.format in OWN_MAPPINGS]
    for files in sorted(set(unread) - set(own)):
        print(f"  {files}: not recognised")
    for files in own:
        print(f"  {files}: brings its own mapping")
    print(f"{target}: {questions_of(text)} questions. Read it, answer them, and save it without .draft in its name")
    return 0


if __name__ == "__main__":
    sys.exit(main())
