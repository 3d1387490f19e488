"""The digest says what the published figures say, to whom they are for, and nothing but the link to who may not see them by mail."""

from __future__ import annotations

import pytest

from pipelines.book.figures import open_figures
from pipelines.book.formats import NOTATIONS
from pipelines.digest import Digest, Recipient, compose
from pipelines.settings import SettingsError
from tests.end_to_end.conftest import NightResult

pytestmark = pytest.mark.slow
ADDRESS = "https://book.example/"


@pytest.fixture(scope="module")
def night(published) -> NightResult:
    return published("demo")


def composed(night: NightResult, recipient: Recipient) -> Digest:
    with open_figures(night.published / "kpis.duckdb", company_name="Demo", currency="EUR", pseudonymised=False) as figures:
        return compose(figures, recipient, ADDRESS)


@pytest.mark.parametrize("language", NOTATIONS)
def test_company_hears_its_month_and_whom_to_call(night: NightResult, language: str) -> None:
    digest = composed(night, Recipient(mail="cfo@example.org", language=language))
    ((revenue,),) = night.query(
        "select sum(net_revenue_amount) from growth.revenue_monthly"
        " where month_start_date = (select max(month_start_date) from core.dim_months where is_complete)"
    )
    first = night.query(
        "select name from receivables.overdue_customers join core.dim_customers using (customer_id) order by call_rank limit 3"
    )
    for text in (digest.text, digest.html):
        assert NOTATIONS[language].short_money(revenue, "EUR") in text
        assert all(name in text for (name,) in first)
        assert ADDRESS in text


def test_person_hears_of_own_customers_alone(night: NightResult) -> None:
    digest = composed(night, Recipient(mail="a@example.org", scope="salesperson:S01"))
    listed = night.query(
        "select d.name, d.account_owner_id from receivables.overdue_customers join core.dim_customers as d using (customer_id)"
    )
    assert any(name in digest.text for name, owner in listed if owner == "S01")
    assert [name for name, owner in listed if owner != "S01" and name in digest.text + digest.html] == []


def test_who_may_not_see_figures_by_mail_gets_the_link_alone(night: NightResult) -> None:
    digest = composed(night, Recipient(mail="a@example.org", figures=False))
    assert digest.text.split() == ["Demo", "The", "book:", ADDRESS]
    assert "\u20ac" not in digest.html
    assert "%" not in digest.html


@pytest.mark.parametrize("scope", ["team:Nowhere", "salesperson:S99"])
def test_team_or_person_that_is_not_published_is_named(night: NightResult, scope: str) -> None:
    with pytest.raises(SettingsError, match=scope):
        composed(night, Recipient(mail="a@example.org", scope=scope))
