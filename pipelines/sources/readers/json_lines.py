"""One JSON object a line. A line that is no object is a reject; a key that a line lacks is empty there.

Keep out: JSON of any other shape; it is refused with a sentence that says what lines of JSON are.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from pipelines.companies.delivered import Notation, Source
from pipelines.sources.readers.base import (
    REJECT_RULES,
    Inspection,
    RefusedFileError,
    Reject,
    check_columns,
    check_rejects,
    look_into,
    paths_sql,
)
from pipelines.sources.readers.delimited import scan
from pipelines.warehouse import literal

ONE_OBJECT_A_LINE = "Lines of JSON hold one object a line, each whole on its line, without a list around them: deliver it so"
#: A number with decimals and more than fifteen digits is longer than this, and the engine would round it.
LONGEST_EXACT = 16
#: A number with decimals, or one that is written with a power of ten.
INEXACT = "[0-9]+(?:[.][0-9]+|(?:[.][0-9]+)?[eE])"
#: Signs of a line that is blank.
BLANKS = " \t\r\n\v\f"


class JsonLinesReader:
    """Lines of JSON, always UTF-8. A number or flag is written in the notation that is declared for texts."""

    def inspect(self, path: Path, source: Source, notation: Notation, scratch: Path, *, careful: bool = False) -> Inspection:
        if not self._starts_with(path, source):
            raise RefusedFileError(f"the file is a list or empty. {ONE_OBJECT_A_LINE}")
        with look_into() as connection:
            try:
                lines = self._lines_sql([path], source)
                rule = self._rule((*source.columns, *source.optional_columns))
                found = connection.execute(
                    f"select number, rule, line from (select number, line, {rule} as rule from ({lines})) where rule is not null order by 1"
                ).fetchall()
                (total,) = connection.execute(f"select count(*) from ({lines})").fetchone()
                names = connection.execute(
                    f"select distinct unnest(json_keys(line)) from ({lines}) where {rule} is null order by 1"
                ).fetchall()
            except Exception as error:
                raise RefusedFileError(f"not readable as UTF-8 lines: {str(error).splitlines()[0]}. {ONE_OBJECT_A_LINE}") from None
        # The engine ends a line at a return as well; any single-byte encoding finds the same ends of lines.
        with path.open(encoding="latin-1", newline=None) as content:
            counted = sum(1 for line in content if line.strip(BLANKS))
        if counted != total:
            raise RefusedFileError(f"{counted} lines were counted and {total} read. Deliver the file again")
        if len(found) == total:
            (_, broken, line), *_ = found
            raise RefusedFileError(
                f"none of its {total:,} lines can be taken; expected is {REJECT_RULES[broken]}; first: {line[:80]!r}. {ONE_OBJECT_A_LINE}"
            )
        rejects = [Reject(number, rule, line) for number, rule, line in found]
        check_rejects(rejects, total)
        columns = tuple(name for (name,) in names)
        check_columns(columns, source)
        return Inspection(columns, counted, path, rejects=tuple(rejects))

    @staticmethod
    def _starts_with(path: Path, source: Source) -> bool:
        """Whether the first thing that stands in the file can begin a line of JSON."""
        scan(path, source.model_copy(update={"encoding": "utf-8"}))
        with path.open("rb") as content:
            for line in content:
                text = line.removeprefix(codecs.BOM_UTF8).strip()
                if text:
                    return not text.startswith(b"[")
        return False

    def select_sql(self, inspections: list[Inspection], wanted: tuple[str, ...], source: Source, notation: Notation) -> str:
        columns = ", ".join(f"{self._value(name, notation)} as w{number}" for number, name in enumerate(wanted))
        lines = self._lines_sql([inspection.path for inspection in inspections], source)
        return f"select {columns}, path, number as row_number from ({lines}) where {self._rule(wanted)} is null"

    @staticmethod
    def _value(name: str, notation: Notation) -> str:
        pointer = _pointer(name)
        text = f"json_extract_string(line, {pointer})"
        # A whole number is one, also where a program writes it with a point.
        whole = f"regexp_replace({text}, '[.]0+$', '')"
        has_other_flags = "true" not in notation.true_values or "false" not in notation.false_values
        if notation.decimal_sign == "." and not has_other_flags:
            # Its type is asked of the few texts that look so: each question reads the line anew.
            return f"case when {text} like '%.%0' and json_type(line, {pointer}) = 'DOUBLE' then {whole} else {text} end"
        cases = f" when 'DOUBLE' then replace({whole}, '.', {literal(notation.decimal_sign)})"
        if has_other_flags:
            written = f"case {text} when 'true' then {literal(notation.true_values[0])} else {literal(notation.false_values[0])} end"
            cases += f" when 'BOOLEAN' then {written}"
        return f"case json_type(line, {pointer}){cases} else {text} end"

    @staticmethod
    def _rule(wanted: tuple[str, ...]) -> str:
        # A case, because only its order keeps json_type away from text that is no JSON.
        bare = "regexp_replace(line, '\"(?:[^\"\\\\]|\\\\.)*\"', '', 'g')"
        return (
            "case when not json_valid(line) then 'not_a_json_object' when json_type(line) <> 'OBJECT' then 'not_a_json_object'"
            f" when {_has_twice('json_keys(line)')} then 'key_twice'"
            # Objects within it, at any depth; a list of them may repeat the keys of one in the next.
            f" when strpos(line[2:], '{{') > 0 and list_bool_or([{_has_twice('keys')} for keys in json_keys(line, '$..*')])"
            " then 'key_twice'"
            # The engine takes what JavaScript and Python write for no number; as a text it would be one.
            f" when regexp_matches(line, '(?i)nan|inf') and ({' or '.join(map(_is_no_number, wanted)) or 'false'}) then 'not_a_number'"
            f" when not regexp_matches(line, '[0-9.]{{{LONGEST_EXACT},}}') then null"
            f" when len(list_filter(regexp_extract_all({bare}, '{INEXACT}'), text -> length(text) > {LONGEST_EXACT})) > 0"
            " then 'number_not_exact' end"
        )

    @staticmethod
    def _lines_sql(paths: list[Path], source: Source) -> str:
        """Lines that are not blank, as text: read as a file of one column whose delimiter and quote cannot occur."""
        return (
            "select ltrim(line, chr(65279)) as line, path, row_number() over (partition by path order by place) as number"
            " from (select *, row_number() over () as place"
            f" from read_csv({paths_sql(paths)}, header = false, auto_detect = false, filename = 'path',"
            " columns = {'line': 'VARCHAR'}, delim = '\x01', quote = '', escape = '', strict_mode = false,"
            f" max_line_size = {source.largest_field * 2})) where trim(line, {literal(BLANKS)}) <> ''"
        )


def _has_twice(keys: str) -> str:
    return f"len({keys}) <> len(list_distinct({keys}))"


def _pointer(name: str) -> str:
    """A key as a pointer, because it may hold any sign that means something in a path."""
    return literal("/" + name.replace("~", "~0").replace("/", "~1"))


def _is_no_number(name: str) -> str:
    pointer = _pointer(name)
    return f"coalesce(json_type(line, {pointer}) = 'DOUBLE' and regexp_matches(json_extract_string(line, {pointer}), '(?i)nan|inf'), false)"
