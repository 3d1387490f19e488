"""The environment is read once, and a wrong value is answered with what was expected."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.settings import Settings, SettingsError


def test_defaults_are_the_demo_company() -> None:
    settings = Settings.from_environment({})
    assert (settings.company, settings.report_date, settings.data_dir) == ("demo", None, None)


def test_empty_counts_as_not_given() -> None:
    assert Settings.from_environment({"REPORT_DATE": "", "DATA_DIR": "", "COMPANY": ""}) == Settings.from_environment({})


def test_report_date_is_a_day() -> None:
    assert Settings.from_environment({"REPORT_DATE": "2025-01-31"}).report_date == date(2025, 1, 31)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("REPORT_DATE", "31-01-2025", "YYYY-MM-DD"),
        ("KNOWN_BY", "soon", "YYYY-MM-DD"),
        ("KEPT_PUBLICATIONS", "0", "1 or more"),
        ("BOOK", "pdf", "pseudonymised"),
        ("ENGINE", "sparc", "duckdb, spark"),
        ("ENGINE", "spark", "either SPARK_REMOTE"),
        ("SPARK_THREADS", "all", "1 or more"),
        ("BOOK_SCOPES", "teams,customers", "teams or people"),
    ],
)
def test_wrong_value_says_what_was_expected(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as error:
        Settings.from_environment({name: value})
    assert name in str(error.value)


def test_a_cluster_has_one_address() -> None:
    given = {"ENGINE": "spark", "SPARK_REMOTE": "sc://host:15002"}
    assert Settings.from_environment(given).spark_remote == "sc://host:15002"
    with pytest.raises(SettingsError, match="either SPARK_REMOTE"):
        Settings.from_environment(given | {"SPARK_MASTER": "spark://host:7077"})
    # Variables of Spark mean nothing to a night of DuckDB.
    assert Settings.from_environment({"SPARK_MASTER": "local[2]"}).engine == "duckdb"


def test_unknown_company_names_the_shipped_ones() -> None:
    with pytest.raises(SettingsError, match="online_retail"):
        _ = Settings(company="nobody").company_file
