"""Logistic regressions for calibration: many resamples at once, and their covariance by patient.

statsmodels' iteration runs away, and reports convergence, where probabilities near 0 or 1 are the
offset; and a bootstrap of a smooth curve would call it a thousand times.
"""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.special import expit, log_expit

from sgcore.stats._arrays import Cases, Floats, Ints
from sgcore.stats.delong import SMALL_CLASS
from sgcore.stats.placements import group_sums

MAX_STEPS = 50
TOLERANCE = 1e-9
FLAT = 1e-9  # information (of orthonormal columns) below this: the maximum is at infinity


def intercept_with_offset(offset: Floats, y: Floats) -> float:
    """The intercept of a logistic regression of ``y`` (both classes) with ``offset`` (n,)."""
    events = y.sum()
    middle = float(np.log(events / (len(y) - events)))

    def excess(intercept: float) -> float:
        return float(expit(offset + intercept).sum() - events)

    # The mean probability lies between those of the smallest and of the largest offset.
    low, high = middle - float(offset.max()) - 1e-6, middle - float(offset.min()) + 1e-6
    return float(scipy.optimize.brentq(excess, low, high, xtol=1e-13))


def logistic_fits(design: Floats, y: Floats, weights: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Coefficients (r, q) of r weighted logistic regressions, and which of them converged.

    Parameters
    ----------
    design : (n, q) of full column rank, the intercept among the columns. y : (n,) 0 or 1.
    weights : (r, n) how often each case is drawn, 0 included.

    Damped Newton steps for all r at once. A resample without a maximum (one class only, separated
    classes, columns that became collinear) does not converge; its coefficients are NaN.
    """
    # On orthonormal columns the steps do not depend on units.
    columns, to_units = np.linalg.qr(design)
    beta = np.zeros((len(weights), columns.shape[1]))
    value = _log_likelihood(columns, y, weights, beta)
    converged = np.zeros(len(weights), dtype=bool)
    active = np.arange(len(weights))
    products = columns[:, :, None] * columns[:, None, :]
    for _ in range(MAX_STEPS):
        fitted = expit(beta[active] @ columns.T)
        gradient = (weights[active] * (y - fitted)) @ columns
        information = np.tensordot(weights[active] * fitted * (1 - fitted), products, 1)
        # Where the classes separate the gradient vanishes too, but so does the information.
        flat = np.linalg.eigvalsh(information)[:, 0] < FLAT
        done = ~flat & (np.abs(gradient).max(axis=1) < TOLERANCE)
        converged[active[done]] = True
        going = ~done & ~flat
        if not going.any():
            break
        active = active[going]
        step = np.linalg.solve(information[going], gradient[going][:, :, None])[:, :, 0]
        beta[active], value[active] = _damped(columns, y, weights[active], beta[active], value[active], step)
    beta[~converged] = np.nan
    return np.linalg.solve(to_units, beta.T).T, converged


def clustered_covariance(design: Floats, y: Floats, fitted: Floats, codes: Ints) -> Floats:
    """Covariance (q, q) of logistic coefficients, robust and clustered by ``codes`` (n,).

    The sandwich with the factor G / (G - 1) (n - 1) / (n - q) for G patients; where every case is its
    own patient it is the plain robust covariance (HC1).

    References
    ----------
    Liang KY, Zeger SL. Biometrika 1986;73:13.
    """
    patients, index = np.unique(codes, return_inverse=True)
    n, q = design.shape
    bread = np.linalg.inv(design.T @ (design * (fitted * (1 - fitted))[:, None]))
    scores = group_sums(design * (y - fitted)[:, None], index, patients.size)
    factor = patients.size / (patients.size - 1) * (n - 1) / (n - q)
    return factor * bread @ (scores.T @ scores) @ bread


def too_few_patients(cases: Cases, terms: int) -> str:
    """Why coefficients of ``terms`` columns have no clustered covariance; empty when they have one."""
    pos, neg, patients = cases.groups_with(1), cases.groups_with(0), cases.n_groups
    if min(pos, neg) < SMALL_CLASS:
        return f"fewer than {SMALL_CLASS} patients in a class ({pos} positive, {neg} negative): no interval"
    return f"{patients} patients are too few for the interval of {terms} terms" if patients <= terms else ""


def critical_value(cases: Cases, level: float) -> float:
    """How many standard errors wide: normal, and Student's t (patients - 1) where cases are clustered."""
    tail = (1 - level) / 2
    return float(
        scipy.stats.t.isf(tail, cases.n_groups - 1) if cases.clustered else scipy.stats.norm.isf(tail)
    )


def _log_likelihood(columns: Floats, y: Floats, weights: Floats, beta: Floats) -> Floats:
    linear = (beta @ columns.T) * (2 * y - 1)
    return np.asarray((weights * log_expit(linear)).sum(axis=1))


def _damped(
    columns: Floats, y: Floats, weights: Floats, beta: Floats, value: Floats, step: Floats
) -> tuple[Floats, Floats]:
    """The step, halved in the rows where the likelihood would fall."""
    for _ in range(30):
        new = _log_likelihood(columns, y, weights, beta + step)
        worse = new < value - 1e-12 * np.abs(value)
        if not worse.any():
            break
        step = np.where(worse[:, None], step / 2, step)
    return beta + step, new
