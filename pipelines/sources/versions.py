"""Versions: which row of a key holds, which documents share a number, which are parts of one, and which rows a full delivery lost.

All of it follows from the set of deliveries that count and their order (day, then path), never from the order of arrival.
Keep out: whether a row fits its contract (``loading.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.sources.contracts import Contract, SameDocument
from pipelines.sources.fitting import Typed
from pipelines.warehouse import identifier, literal

if TYPE_CHECKING:
    import duckdb

#: What is expected of a delivered row for which a join finds several rows that differ.
JOINED_TWICE = "one row per delivered row: a join finds several, so name the key of the joined source"


def separate_versions(connection: duckdb.DuckDBPyConnection, contract: Contract, source: str, known: str) -> None:
    """Among rows of one document the latest is current; a repeated row is dropped and counted as unchanged.

    Only keys that occur more than once go through the windows; at ten million rows that is the whole difference.
    Two rows of one document with different content in one delivery contradict each other: the later ones are quarantined.
    ``known`` is the SQL of the deliveries that count.
    """
    run = connection.execute
    table = f"raw.{identifier(contract.name)}"
    key = ", ".join(identifier(name) for name in contract.key)
    columns = ", ".join(identifier(column.name) for column in contract.columns)
    run(f"create or replace temp table _repeated as select hash({key}) as key_hash from {table} group by 1 having count(*) > 1")
    (count,) = run("select count(*) from _repeated").fetchone()
    if not count:
        return
    # hash(a, b) of several columns is one number; content is compared by the same means.
    run(
        f"create or replace temp table _candidates as select {columns}, _delivery_id, _row_number, _order, _path,"
        f" hash({key}) as _key_hash, hash({columns}) as _content_hash"
        f" from {table} join {known} on _known_id = _delivery_id where hash({key}) in (select key_hash from _repeated)"
    )
    document = _number_documents(connection, contract) if contract.same_document else "1"
    run(
        f"create or replace temp table _versions as"
        f" with candidates as (select *, {document} as _document from _candidates as candidate),"
        f" first_of_delivery as ("
        f"  select *, _content_hash <> first_value(_content_hash)"
        f"    over (partition by _key_hash, _document, _delivery_id order by _row_number) as _contradicts"
        f"  from candidates),"
        f" judged as ("
        f"  select *, case when _contradicts then 'contradicts' when _content_hash is not distinct from lag(_content_hash)"
        f"    over (partition by _key_hash, _document, _contradicts order by _order, _row_number) then 'unchanged'"
        f"    else 'version' end as _verdict"
        f"  from first_of_delivery)"
        f" select *, row_number() over (partition by _key_hash, _document, _verdict order by _order, _row_number) as _version,"
        f"  row_number() over (partition by _key_hash, _document, _verdict order by _order desc, _row_number desc) = 1 as _is_latest"
        f" from judged"
    )
    run(
        f"insert into _unchanged_rows select {literal(contract.name)}, _delivery_id, count(*)"
        f" from _versions where _verdict = 'unchanged' group by _delivery_id"
    )
    if contract.same_document:
        _name_documents(connection, contract)
    run(f"delete from {table} where hash({key}) in (select key_hash from _repeated)")
    run(
        f"insert into {table} select {columns}, _delivery_id, _row_number, _version, _is_latest, null"
        f" from _versions where _verdict = 'version'"
    )
    content = ", ".join(f"{identifier(column.name)} := {identifier(column.name)}" for column in contract.columns)
    run(
        f"insert into raw.quarantine select {literal(contract.name)}, {literal(source)},"
        f" null, _delivery_id, _row_number, {literal(', '.join(contract.key))}, 'duplicate_key',"
        f" concat_ws(', ', {key}), case when (_delivery_id, _row_number, _key_hash) in (select (_delivery_id, _row_number, _key_hash)"
        f"  from _versions group by all having count(*) > 1) then {literal(JOINED_TWICE)} else 'one row per key in a delivery' end,"
        f" to_json(struct_pack({content}))"
        f" from _versions where _verdict = 'contradicts'"
    )


def _number_documents(connection: duckdb.DuckDBPyConnection, contract: Contract) -> str:
    """Writes ``_identities``, the different documents under repeated keys; returns the SQL of a candidate's document number.

    Two rows are of one document when the contract's ``same_document`` holds between them, or between each and a third.
    """
    same = contract.same_document
    columns = ", ".join(identifier(name) for name in same.columns)
    connection.execute(
        f"create or replace temp table _seen as select *, row_number() over (partition by _key_hash order by first_place) as place"
        f" from (select _key_hash, {columns}, min({{'o': _order, 'r': _row_number}}) as first_place from _candidates group by all)"
        f" qualify count(*) over (partition by _key_hash) > 1"
    )
    connection.execute(
        f"create or replace temp table _identities as with recursive parents as ("
        f"  select later._key_hash, later.place, min(earlier.place) as parent from _seen as later"
        f"  join _seen as earlier on earlier._key_hash = later._key_hash and earlier.place <> later.place and {_is_same(same)}"
        f"  group by all),"
        f" reached as ("
        f"  select _key_hash, place, place as root from _seen"
        f"  union select reached._key_hash, reached.place, parents.parent from reached"
        f"  join parents on parents._key_hash = reached._key_hash and parents.place = reached.root and parents.parent < reached.root),"
        f" roots as (select _key_hash, place, min(root) as root from reached group by all)"
        f" select _seen.*, dense_rank() over (partition by _seen._key_hash order by root) as document"
        f" from _seen join roots on roots._key_hash = _seen._key_hash and roots.place = _seen.place"
    )
    equal = " and ".join(f"seen.{identifier(name)} is not distinct from candidate.{identifier(name)}" for name in same.columns)
    return f"coalesce((select document from _identities as seen where seen._key_hash = candidate._key_hash and {equal}), 1)"


def _is_same(same: SameDocument) -> str:
    """SQL: whether ``earlier`` and ``later`` are versions of one document."""

    def equals(name: str) -> str:
        return f"earlier.{identifier(name)} is not distinct from later.{identifier(name)}"

    near = f"abs(earlier.{identifier(same.near)} - later.{identifier(same.near)}) <= {same.within_days}"
    return " and ".join([*map(equals, same.equal), near, "(" + " or ".join(map(equals, same.one_of)) + ")"])


def _name_documents(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Gives the second and later documents under a number a name of their own, and writes who shares it with whom.

    1001, then 1001 (b), then 1001 (bb): letters, so that rules about running numbers read the number that was delivered.
    """
    number = identifier(contract.same_document.number)
    name = f"case when _document > 1 then {number} || ' (' || repeat('b', cast(_document - 1 as integer)) || ')' else {number} end"
    connection.execute(
        f"insert into raw.shared_numbers select {literal(contract.name)}, {name}, {number}, document_count, _path, _row_number"
        f" from (select *, max(_document) over (partition by _key_hash) as document_count from _versions)"
        f" where document_count > 1 and _verdict = 'version' and _is_latest"
    )
    connection.execute(f"update _versions set {number} = {name} where _document > 1")


def name_parts(connection: duckdb.DuckDBPyConnection, contract: Contract, typed: Typed, known: str) -> Typed:
    """``typed`` with the second and later parts of a number under a name of their own: 5, then 5 (b), then 5 (bb).

    A part begins where another one ended; what begins where it did is another version of it, and what holds both of them takes the
    place of the first. Where each begins where another one ended, the one that was delivered first is the first.
    """
    parts = contract.parts
    if parts is None:
        return typed
    key = ", ".join(map(identifier, parts.key))
    columns = ", ".join(f"{typed[name][0]} as {identifier(name)}" for name in parts.key)
    connection.execute(
        f"create or replace temp table _parts as with recursive stretches as ("
        f"  select {columns}, {typed[parts.begins][0]} as begins, {typed[parts.ends][0]} as ends,"
        f"  min({{'o': _order, 'r': _row_number}}) as place from _read join {known} on _known_id = _delivery_id group by all),"
        f" several as (select * from stretches qualify min(begins) over (partition by {key}) < max(begins) over (partition by {key})),"
        f" following as ("
        f"  select later.*, earlier.begins as earlier_begins from several as later join several as earlier using ({key})"
        f"  where earlier.ends = later.begins and earlier.begins <> later.begins"
        f"  and not exists (select 1 from several as whole where (whole.begins, whole.ends) = (earlier.begins, later.ends) and"
        f"   {' and '.join(f'whole.{identifier(name)} = later.{identifier(name)}' for name in parts.key)}"
        f"   and later.begins <> later.ends)),"
        f" placed as ("
        f"  select {key}, begins, ends, 0 as letters from ("
        f"   select several.*, following.begins is null as is_first,"
        f"    bool_or(following.begins is null) over (partition by {key}) as has_first,"
        f"    row_number() over (partition by {key} order by several.place) = 1 as is_oldest"
        f"   from several left join (select distinct {key}, begins, ends from following) as following using ({key}, begins, ends)"
        f"  ) where is_first or (is_oldest and not has_first)"
        f"  union select {key}, following.begins, following.ends, placed.letters + 1 from placed join following using ({key})"
        f"  where following.earlier_begins = placed.begins and following.begins = placed.ends and placed.letters < 25)"
        f" select {key}, begins, ends, ' (' || repeat('b', min(letters)) || ')' as suffix from placed group by all having min(letters) > 0"
    )
    if not connection.execute("select count(*) from _parts").fetchone()[0]:
        return typed
    number, misfit = typed[parts.number]
    same = " and ".join(f"parts.{identifier(name)} = {typed[name][0]}" for name in parts.key)
    same += f" and parts.begins = {typed[parts.begins][0]} and parts.ends = {typed[parts.ends][0]}"
    return typed | {parts.number: (f"({number} || coalesce((select suffix from _parts as parts where {same}), ''))", misfit)}


def close_disappeared(connection: duckdb.DuckDBPyConnection, contract: Contract, known: str, typed_keys: str) -> None:
    """In a full delivery a key that is gone is closed on the day of the first delivery without it."""
    key = ", ".join(identifier(name) for name in contract.key)
    connection.execute(
        f"update raw.{identifier(contract.name)} set _closed_date = gone.closed_date from ("
        f" with days as (select distinct _day from {known}),"
        f" seen as (select hash({typed_keys}) as key_hash, max(_day) as last_day from _read group by 1)"
        f" select key_hash, min(_day) as closed_date from seen join days on _day > last_day group by 1"
        f") as gone where gone.key_hash = hash({key}) and _is_current"
    )
