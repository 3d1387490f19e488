"""The CDNOW sample: the published parameters of its models, and what they foretold beside what happened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.end_to_end.conftest import NightResult

pytestmark = pytest.mark.slow

#: Calibrated on 39 weeks, held against the 39 weeks after them.
CALIBRATED_UNTIL, HOLDOUT_DAYS = date(1997, 9, 30), 273


@pytest.fixture(scope="module")
def night(published) -> NightResult:
    return published("cdnow")


@pytest.fixture(scope="module")
def purchases(shared_data: Path) -> list[tuple[str, date, Decimal]]:
    """Customer, day and dollars of every line of the file."""
    (path,) = (shared_data / "cdnow").glob("*.txt")
    lines = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return [(customer, datetime.strptime(day, "%Y%m%d").date(), Decimal(dollars)) for _, customer, day, _, dollars in lines]


def model(night: NightResult, name: str) -> dict:
    """The row of a model in ``lifetime_models``."""
    columns = [row[0] for row in night.query("select column_name from (describe customer_accounting.lifetime_models)")]
    (row,) = night.query(f"select * from customer_accounting.lifetime_models where model = '{name}'")
    return dict(zip(columns, row, strict=True))


def parameters(fit: dict) -> dict[str, float]:
    numbered = ((fit[f"parameter_{number}_name"], fit[f"parameter_{number}_rate"]) for number in range(1, 5))
    return {name: float(rate) for name, rate in numbered if name is not None}


def test_purchases_have_the_published_parameters(night: NightResult) -> None:
    """Fader, Hardie and Lee (2005), table 2: r .243, alpha 4.414, a .793, b 2.426, log-likelihood -9,582.4."""
    fit = model(night, "bg_nbd")
    assert (fit["is_fitted"], fit["time_unit"], fit["calibrated_until_date"]) == (True, "week", CALIBRATED_UNTIL)
    assert (fit["customer_count"], fit["repeat_customer_count"]) == (2357, 946)
    assert parameters(fit) == pytest.approx({"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4258}, rel=1e-4)
    assert float(fit["log_likelihood_rate"]) * fit["customer_count"] == pytest.approx(-9582.4, abs=0.1)


def test_values_have_the_published_parameters(night: NightResult) -> None:
    """Fader and Hardie (2013): p 6.25, q 3.744, gamma 15.443, of the customers with a repeat purchase."""
    fit = model(night, "gamma_gamma")
    assert (fit["is_fitted"], fit["customer_count"]) == (True, 946)
    assert parameters(fit) == pytest.approx({"p": 6.25, "q": 3.744, "gamma": 15.443}, rel=1e-4)


def test_prediction_stands_beside_what_happened(night: NightResult, purchases) -> None:
    """Several purchases of a day are one. The model falls an eighth short of the second half."""
    fit = model(night, "bg_nbd")
    until = CALIBRATED_UNTIL + timedelta(days=HOLDOUT_DAYS)
    happened = len({(customer, day) for customer, day, _ in purchases if CALIBRATED_UNTIL < day <= until})
    assert (fit["holdout_days"], fit["happened_quantity"]) == (HOLDOUT_DAYS, happened)
    assert float(fit["holdout_error_share"]) == pytest.approx(float(fit["predicted_quantity"]) / happened - 1, abs=1e-6)
    assert happened == 1882
    assert float(fit["holdout_error_share"]) == pytest.approx(-0.1215, abs=0.001)


def test_every_customer_that_paid_is_valued_by_revenue(night: NightResult, purchases) -> None:
    """No unit cost is delivered, and the basis says so; who only took free CDs made no purchase."""
    paid = len({customer for customer, _, dollars in purchases if dollars > 0})
    assert night.query(
        "select count(*), count(lifetime_value_amount), min(value_basis) from customer_accounting.customer_lifetime_value"
    ) == [(paid, paid, "net revenue")]
