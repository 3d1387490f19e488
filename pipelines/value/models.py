"""The three models of customer lifetime, fitted on sufficient statistics. Keep out: any database, any file.

BG/NBD (Fader, Hardie and Lee 2005): how often and how long a customer without a contract buys. Gamma-Gamma (Fader and Hardie
2013): what a purchase is worth. Shifted beta-geometric (Fader and Hardie 2007): how long a contract is renewed. Customers
with the same figures stand in one row with their number, so that a million of them fit in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Rows that are enough to find the neighbourhood of the maximum.
SAMPLED_ROWS = 4_000
#: A parameter beyond e to this power stands for a likelihood that rises for ever.
LARGEST_LOGARITHM = 9


class RefusedFitError(Exception):
    """The data do not support the model; the message says why."""


@dataclass(frozen=True)
class Fit:
    """Parameters by name, and the mean log-likelihood of a customer that they reach."""

    parameters: dict[str, float]
    log_likelihood: float

    def __getitem__(self, name: str) -> float:
        return self.parameters[name]


def _minimise(negative, row_count: int, names: tuple[str, ...], start: list[float]) -> Fit:
    """The parameters, all above zero, that minimise ``negative(parameters, rows)``, a mean per customer.

    A sample of the rows finds the neighbourhood, all of them the place: 200,000 rows took 20 CPU s without (2026-11).
    Raises RefusedFitError when no minimum is found within bounds.
    """
    from scipy.optimize import minimize

    def of_logarithms(logarithms: np.ndarray, rows: slice) -> float:
        with np.errstate(all="ignore"):
            value = negative(np.exp(logarithms), rows)
        return value if np.isfinite(value) else 1e6

    sample, everything = slice(None, None, 1 + row_count // SAMPLED_ROWS), slice(None)
    near = minimize(of_logarithms, np.log(start), (sample,), "Nelder-Mead", options={"maxiter": 4000, "fatol": 1e-9, "xatol": 1e-4})
    result = minimize(of_logarithms, near.x, (everything,), "L-BFGS-B", options={"ftol": 1e-13, "gtol": 1e-7})
    if not np.all(np.isfinite(result.x)) or np.max(np.abs(result.x)) > LARGEST_LOGARITHM:
        raise RefusedFitError("the likelihood has no maximum inside sensible bounds")
    return Fit(dict(zip(names, (float(value) for value in np.exp(result.x)), strict=True)), -float(result.fun))


def fit_bg_nbd(repeats, last, observed, customers) -> Fit:
    """r, alpha, a, b from repeat purchases, time of the last one, time observed and number of customers per row."""
    from scipy.special import betaln, gammaln

    x, t_x, T, n = (np.asarray(values, dtype=float) for values in (repeats, last, observed, customers))
    # One unit of time for the search; alpha is put back into the caller's unit.
    scale = max(float(np.max(T)), 1e-9) / 10
    columns = (x, t_x / scale, T / scale, n)

    def negative(point: np.ndarray, rows: slice) -> float:
        r, alpha, a, b = point
        x, t_x, T, n = (values[rows] for values in columns)
        constant = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        alive = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + T)
        dead = np.where(x > 0, betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + t_x), -np.inf)
        return -float(np.average(constant + np.logaddexp(alive, dead), weights=n))

    fit = _minimise(negative, len(n), ("r", "alpha", "a", "b"), [1.0, 1.0, 1.0, 1.0])
    return Fit(fit.parameters | {"alpha": fit["alpha"] * scale}, fit.log_likelihood - float(np.average(x, weights=n)) * np.log(scale))


def expected_purchases(fit: Fit, t, repeats, last, observed) -> np.ndarray:
    """Purchases expected in the next ``t`` of a customer with that history (E[Y(t)] of the paper).

    The paper's 2F1 grows beyond a double at about a thousand purchases, and its factor falls to 0. Euler's transformation
    (Abramowitz and Stegun 15.3.3) takes the power out of it: both stay near 1, for any history.
    """
    from scipy.special import hyp2f1

    r, alpha, a, b = (fit[name] for name in ("r", "alpha", "a", "b"))
    x, t_x, T = (np.asarray(values, dtype=float) for values in (repeats, last, observed))
    if abs(a - 1) < 1e-9:
        a += 1e-6
    z = t / (alpha + T + t)
    still = (1 - z) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
    return (a + b + x - 1) / (a - 1) * (1 - still) / (1 + _odds_of_death(fit, x, t_x, T))


def alive_share(fit: Fit, repeats, last, observed) -> np.ndarray:
    """Probability that a customer with that history still buys."""
    x, t_x, T = (np.asarray(values, dtype=float) for values in (repeats, last, observed))
    return 1 / (1 + _odds_of_death(fit, x, t_x, T))


def _odds_of_death(fit: Fit, x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> np.ndarray:
    r, alpha, a, b = (fit[name] for name in ("r", "alpha", "a", "b"))
    with np.errstate(over="ignore"):
        return np.where(x > 0, a / (b + np.maximum(x, 1) - 1) * ((alpha + T) / (alpha + t_x)) ** (r + x), 0.0)


def purchases_of_new(fit: Fit, t: float | np.ndarray) -> np.ndarray:
    """Purchases expected of a customer in the ``t`` after its first purchase (E[X(t)] of the paper)."""
    return expected_purchases(fit, np.asarray(t, dtype=float), 0, 0, 0)


def fit_gamma_gamma(repeats, mean_value, customers) -> Fit:
    """p, q, gamma from repeat purchases (at least one), their mean value (above zero) and number of customers per row."""
    from scipy.special import gammaln

    x, m, n = (np.asarray(values, dtype=float) for values in (repeats, mean_value, customers))
    scale = max(float(np.average(m, weights=n)), 1e-9)
    columns = (x, m / scale, n)

    def negative(point: np.ndarray, rows: slice) -> float:
        p, q, gamma = point
        x, m, n = (values[rows] for values in columns)
        likelihood = (
            gammaln(p * x + q)
            - gammaln(p * x)
            - gammaln(q)
            + q * np.log(gamma)
            + (p * x - 1) * np.log(m)
            + p * x * np.log(x)
            - (p * x + q) * np.log(gamma + x * m)
        )
        return -float(np.average(likelihood, weights=n))

    fit = _minimise(negative, len(n), ("p", "q", "gamma"), [2.0, 2.0, 1.0])
    return Fit(fit.parameters | {"gamma": fit["gamma"] * scale}, fit.log_likelihood - np.log(scale))


def expected_value(fit: Fit, repeats, mean_value) -> np.ndarray:
    """Value expected of a purchase: the customer's own mean, drawn towards that of all by how few purchases it rests on."""
    p, q, gamma = (fit[name] for name in ("p", "q", "gamma"))
    x, m = (np.asarray(values, dtype=float) for values in (repeats, mean_value))
    if q <= 1:
        raise RefusedFitError("the mean value of a purchase is not finite (q is 1 or less)")
    return p * (gamma + x * m) / (p * x + q - 1)


def fit_shifted_beta_geometric(periods, is_ended, contracts) -> Fit:
    """alpha, beta from completed renewals: contracts that ended in period ``periods`` (1 is the first), or ran on after it."""
    from scipy.special import betaln

    t, n = np.asarray(periods, dtype=float), np.asarray(contracts, dtype=float)
    ended = np.asarray(is_ended, dtype=bool)

    def negative(point: np.ndarray, rows: slice) -> float:
        alpha, beta = point
        likelihood = np.where(ended, betaln(alpha + 1, beta + t - 1), betaln(alpha, beta + t)) - betaln(alpha, beta)
        return -float(np.average(likelihood[rows], weights=n[rows]))

    return _minimise(negative, len(n), ("alpha", "beta"), [1.0, 1.0])


def renewal_share(fit: Fit, period) -> np.ndarray:
    """Probability that a contract that stood through ``period - 1`` periods is renewed at the end of ``period``."""
    t = np.asarray(period, dtype=float)
    return (fit["beta"] + t - 1) / (fit["alpha"] + fit["beta"] + t - 1)
