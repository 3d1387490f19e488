"""The models against what was published of them: parameters, expectations and hold-outs that nobody here computed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta

from pipelines.value.models import (
    Fit,
    RefusedFitError,
    alive_share,
    expected_purchases,
    expected_value,
    fit_bg_nbd,
    fit_shifted_beta_geometric,
    purchases_of_new,
    renewal_share,
)

PUBLISHED = Fit({"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259}, 0)


def test_published_customer_is_expected_to_buy_1_226_times():
    assert expected_purchases(PUBLISHED, 39, [2], [30.43], [38.86])[0] == pytest.approx(1.226, abs=0.0005)


def test_walk_in_account_that_buys_every_day_for_three_years_is_expected_to_go_on():
    """Expected of one that is alive: the integral over its chance p to stop of (1 - (1 + p t / (alpha + T))^-(r + x)) / p."""
    repeats, observed, (r, alpha, a, b) = 1094, 1094 / 7, PUBLISHED.parameters.values()
    for horizon in (13, 156, 520):
        weighed, _ = quad(
            lambda p, t=horizon: -np.expm1(-(r + repeats) * np.log1p(p * t / (alpha + observed))) / p * beta.pdf(p, a, b + repeats), 0, 0.05
        )
        expected = expected_purchases(PUBLISHED, horizon, repeats, observed, observed) / alive_share(PUBLISHED, repeats, observed, observed)
        assert float(expected) == pytest.approx(weighed, rel=1e-6)


def test_any_history_has_a_finite_expectation_that_is_the_mean_over_what_is_unknown():
    """Given a customer that is alive, its rate is Gamma(r + x, alpha + T) and its chance to stop Beta(a, b + x)."""
    chance = np.random.default_rng(5)
    for _ in range(400):
        r, alpha, a, b = np.exp(chance.uniform(np.log([0.05, 0.1, 0.3, 0.3]), np.log([20, 500, 20, 50])))
        fit, horizon = Fit({"r": r, "alpha": alpha, "a": a, "b": b}, 0), float(chance.choice([13, 52, 156]))
        repeats, observed = int(chance.choice([0, 1, 10, 1_000, 20_000, 1_000_000])), float(chance.uniform(1, 1500))
        last = observed if repeats else 0.0
        stops = chance.beta(a, b + repeats, 4_000)
        bought = -np.expm1((r + repeats) * -np.log1p(stops * horizon / (alpha + observed))) / np.maximum(stops, 1e-300)
        if_alive = float(expected_purchases(fit, horizon, repeats, last, observed) / alive_share(fit, repeats, last, observed))
        assert np.isfinite(if_alive)
        assert abs(if_alive - bought.mean()) < 6 * bought.std() / np.sqrt(len(bought)) + 1e-6 * if_alive


def test_customer_without_repeats_is_alive_and_one_silent_for_long_hardly():
    assert alive_share(PUBLISHED, [0], [0], [38.86])[0] == 1
    assert alive_share(PUBLISHED, [10], [5.0], [38.86])[0] < 0.01


def test_parameters_are_found_again_from_a_world_made_with_them():
    rng = np.random.default_rng(7)
    count, observed = 60_000, 52.0
    rate, drop = rng.gamma(0.8, 1 / 6.0, count), rng.beta(0.9, 2.5, count)
    repeats, last, alive = np.zeros(count), np.zeros(count), np.ones(count, bool)
    clock = np.zeros(count)
    for _ in range(400):
        clock = np.where(alive, clock + rng.exponential(1 / rate), clock)
        bought = alive & (clock <= observed)
        if not bought.any():
            break
        repeats, last = repeats + bought, np.where(bought, clock, last)
        alive = bought & (rng.random(count) > drop)
    fit = fit_bg_nbd(repeats, last, np.full(count, observed), np.ones(count))
    assert [fit[name] for name in ("r", "alpha", "a", "b")] == pytest.approx([0.8, 6.0, 0.9, 2.5], rel=0.12)
    assert float(purchases_of_new(fit, observed)) == pytest.approx(repeats.mean(), rel=0.03)


def test_few_purchases_are_drawn_towards_the_mean_of_all():
    fit = Fit({"p": 6.25, "q": 3.74, "gamma": 15.44}, 0)
    everyone = 6.25 * 15.44 / 2.74
    once, often = expected_value(fit, [1, 50], [100.0, 100.0])
    assert everyone < once < often < 100


def test_mean_value_that_is_not_finite_is_refused():
    with pytest.raises(RefusedFitError, match="not finite"):
        expected_value(Fit({"p": 2, "q": 0.9, "gamma": 1}, 0), [1], [5.0])


@pytest.mark.parametrize(
    ("survival", "alpha", "beta"),
    [
        # Fader and Hardie (2007), table 1: a thousand customers, seven years to fit on.
        ([1000, 869, 743, 653, 593, 551, 517, 491], 0.668, 3.806),
        ([1000, 631, 468, 382, 326, 289, 262, 241], 0.704, 1.182),
    ],
    ids=["high end", "regular"],
)
def test_published_survival_gives_the_published_parameters(survival, alpha, beta):
    lost = [before - after for before, after in itertools.pairwise(survival)]
    fit = fit_shifted_beta_geometric([*range(1, 8), 7], [True] * 7 + [False], [*lost, survival[-1]])
    assert (fit["alpha"], fit["beta"]) == pytest.approx((alpha, beta), abs=0.002)
    assert renewal_share(fit, 1) < renewal_share(fit, 5)
