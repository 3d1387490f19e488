"""A publication that is damaged, or a folder that is none, never stands in the way of the next."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from pipelines.night import Night
from pipelines.publications import kept_versions, next_number, read_manifest, whole_part
from pipelines.settings import Settings


def version(folder: Path, name: str, **other: object) -> Path:
    path = folder / name
    path.mkdir(parents=True)
    (path / "kpis.duckdb").write_bytes(b"figures")
    (path / "a.parquet").write_bytes(b"rows")
    tables = {"core.a": {"rows": 1, "parquet": "a.parquet", "sha256": sha256(b"rows").hexdigest()}}
    days = dict.fromkeys(("report_date", "complete_until_date", "known_by_date"), "2025-01-31")
    manifest = (
        {"version": name, "warehouse": {"path": "kpis.duckdb", "sha256": sha256(b"figures").hexdigest()}, "tables": tables} | days | other
    )
    (path / "manifest.json").write_text(json.dumps(manifest))
    return path


def test_whole_parts_are_found(tmp_path: Path) -> None:
    path = version(tmp_path, "000001-run")
    assert kept_versions(tmp_path) == [path]
    assert whole_part(path, "kpis.duckdb") == path / "kpis.duckdb"
    assert whole_part(path, "core.a") == path / "a.parquet"
    assert whole_part(path, "core.b") is None


@pytest.mark.parametrize("content", [b"fig", b"", b"figured"])
def test_a_part_that_was_cut_or_changed_is_not_whole(tmp_path: Path, content: bytes) -> None:
    path = version(tmp_path, "000001-run")
    (path / "kpis.duckdb").write_bytes(content)
    assert whole_part(path, "kpis.duckdb") is None


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"version": 1}'])
def test_a_manifest_that_is_none_takes_its_version_out_and_its_number_is_not_used_again(tmp_path: Path, content: str) -> None:
    path = version(tmp_path, "000007-run")
    (path / "manifest.json").write_text(content)
    assert (read_manifest(path), kept_versions(tmp_path), next_number(tmp_path)) == (None, [], 8)


def test_foreign_folders_are_passed_over(tmp_path: Path) -> None:
    for name in ("2024 backup", "9", "readme", "0abc-x"):
        version(tmp_path, name)
    (tmp_path / "12-file").write_text("x")
    assert kept_versions(tmp_path) == []
    assert next_number(tmp_path) == 13


def test_the_last_publication_is_the_published_one_or_the_latest_that_is_whole(tmp_path: Path) -> None:
    night = Night.of(Settings(company="ibm_receivables", warehouse_dir=tmp_path))
    assert night.last_publication() is None
    earlier, kept, published = (version(night.versions_folder, f"00000{number}-run") for number in (1, 2, 3))
    night.published.symlink_to(earlier)
    assert night.last_publication() == earlier / "kpis.duckdb"
    (earlier / "kpis.duckdb").write_bytes(b"fig")
    assert night.last_publication() == published / "kpis.duckdb"
    (published / "kpis.duckdb").unlink()
    assert night.last_publication() == kept / "kpis.duckdb"


def test_a_new_build_has_a_folder_of_its_own_whatever_an_orphan_still_writes(tmp_path: Path) -> None:
    """A killed run's process keeps its folder's path; the next run neither fails on it nor reads from it."""
    night = Night.of(Settings(company="ibm_receivables", warehouse_dir=tmp_path))
    (night.folder / "build").mkdir(parents=True)  # as an earlier release left it
    (night.versions_folder / ".unfinished-000001-run").mkdir(parents=True)
    night.start_build()
    orphan = night.build_folder
    (orphan / "marts").mkdir()
    night.start_build()
    assert night.build_folder != orphan
    orphan.mkdir(exist_ok=True)
    (orphan / "late").write_text("x")
    assert list(night.build_folder.iterdir()) == []
    night.start_build()
    assert [path.name for path in sorted(night.folder.glob("build*"))] == ["build", night.build_folder.name]
    assert list(night.versions_folder.iterdir()) == []


def test_what_is_published_is_stored_for_old_readers_and_a_build_as_the_engine_does_best(tmp_path: Path) -> None:
    """A copy of an earlier version that is written to stays what it was."""
    from pipelines.assets.publish import write_tables
    from pipelines.warehouse import PUBLISHED_STORAGE_VERSION, connect

    def stored(connection: object, name: str) -> str:
        return connection.execute("select tags['storage_version'] from duckdb_databases() where database_name = ?", [name]).fetchone()[0]

    with connect(tmp_path / "build.duckdb") as connection:
        connection.execute("create schema core; create table core.a as select 'word ' || i % 7 as word, i from range(100000) as r(i)")
        connection.execute("checkpoint")
        kinds = connection.execute("select distinct compression from pragma_storage_info('core.a') where column_name = 'word'").fetchall()
        assert ("DICT_FSST",) in kinds
        write_tables(connection, tmp_path, {("core", "a"): "i"})
        connection.execute(f"attach '{tmp_path / 'kpis.duckdb'}' as published")
        connection.execute("create table published.core.b as select * from core.a")
        connection.execute("checkpoint published")
        assert stored(connection, "published") == f"{PUBLISHED_STORAGE_VERSION}+"
        assert stored(connection, "build") > stored(connection, "published")
