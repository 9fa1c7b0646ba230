"""Firth's penalized logistic regression, which has finite estimates where the classes separate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy
from scipy.special import expit, log_expit

from sgcore.stats._arrays import Floats

MAX_STEPS = 200
TOLERANCE = 1e-8


@dataclass(frozen=True)
class FirthFit:
    """Coefficients (q,), their profile-likelihood limits and penalized likelihood-ratio p values.

    ``converged`` is False where the likelihood could not be maximized; the numbers are NaN then.
    """

    coefficients: Floats
    ci_low: Floats
    ci_high: Floats
    p: Floats
    converged: bool


def is_separated(design: Floats, y: Floats) -> bool:
    """Whether a linear combination of the columns separates the classes, completely or quasi.

    Maximum-likelihood estimates exist just where none does. Solved as Konis's linear program: is there
    a direction in which no case becomes less likely and some case more.

    References
    ----------
    Albert A, Anderson JA. Biometrika 1984;71:1. Konis K. Linear programming algorithms for detecting
    separated data in binary logistic regression models. DPhil thesis, Oxford 2007.
    """
    signed = design * (2 * y - 1)[:, None]
    result = scipy.optimize.linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(y)), bounds=(-1, 1))
    return bool(result.status == 0 and -result.fun > 1e-6)


def firth_logistic(
    design: Floats,
    y: Floats,
    level: float = 0.95,
    *,
    weights: Floats | None = None,
    limits: bool = True,
) -> FirthFit:
    """Logistic regression with Jeffreys' prior as the penalty.

    Parameters
    ----------
    design : (n, q) of full column rank, the intercept among the columns, best on similar scales.
    y : (n,) 0 or 1.
    weights : (n,) how much each case counts; 1 over the cases of its patient makes a patient count once.
    limits : whether limits and p of each coefficient are wanted, which take most of the time; NaN otherwise.

    Limits are where the penalized profile likelihood has fallen by half the chi-square quantile: the
    likelihood is far from quadratic under separation, and Wald limits would mislead.

    References
    ----------
    Firth D. Biometrika 1993;80:27. Heinze G, Schemper M. Stat Med 2002;21:2409.
    """
    q = design.shape[1]
    weights = np.ones(len(y)) if weights is None else weights
    free = np.ones(q, dtype=bool)
    start = np.zeros(q)
    beta, top = _maximize(design, y, weights, start, free)
    if not np.isfinite(top):
        none = np.full(q, np.nan)
        return FirthFit(none, none, none, none, converged=False)
    drop = float(scipy.stats.chi2.ppf(level, 1)) / 2
    low, high, p = (np.full(q, np.nan) for _ in range(3))
    for j in range(q) if limits else ():
        others = np.arange(q) != j

        def profile(value: float, j: int = j, others: np.ndarray = others) -> float:
            fixed = beta.copy()
            fixed[j] = value
            return _maximize(design, y, weights, fixed, others)[1]

        p[j] = scipy.stats.chi2.sf(max(0.0, 2 * (top - profile(0.0))), 1)
        low[j], high[j] = (_limit(profile, float(beta[j]), sign, top - drop) for sign in (-1, 1))
    return FirthFit(beta, low, high, p, converged=True)


def firth_block_p(design: Floats, y: Floats, blocks: list[list[int]], weights: Floats) -> list[float]:
    """Penalized likelihood-ratio p of each block of columns being zero together; NaN where not found."""
    q = design.shape[1]
    top = _maximize(design, y, weights, np.zeros(q), np.ones(q, dtype=bool))[1]
    values = []
    for block in blocks:
        free = ~np.isin(np.arange(q), block)
        without = _maximize(design, y, weights, np.zeros(q), free)[1]
        found = np.isfinite(top) and np.isfinite(without)
        values.append(
            float(scipy.stats.chi2.sf(max(0.0, 2 * (top - without)), len(block))) if found else float("nan")
        )
    return values


def _limit(profile: Callable[[float], float], estimate: float, sign: int, target: float) -> float:
    """Where the profile falls to ``target`` on one side of the estimate."""
    step = 1.0
    while profile(estimate + sign * step) > target:
        step *= 2
        if step > 1e4:
            return sign * np.inf
    return float(
        scipy.optimize.brentq(
            lambda value: profile(value) - target, *sorted((estimate, estimate + sign * step))
        )
    )


def _penalized(design: Floats, y: Floats, weights: Floats, beta: Floats) -> tuple[float, Floats, Floats]:
    """Penalized log-likelihood, its gradient and the Fisher information."""
    linear = design @ beta
    pi = expit(linear)
    weight = weights * pi * (1 - pi)
    information = design.T @ (design * weight[:, None])
    sign, logdet = np.linalg.slogdet(information)
    if sign <= 0:
        return -np.inf, np.zeros_like(beta), information
    leverage = weight * np.einsum("ij,ij->i", design, np.linalg.solve(information, design.T).T)
    likelihood = weights @ np.where(y == 1, log_expit(linear), log_expit(-linear))
    gradient = design.T @ (weights * (y - pi) + leverage * (0.5 - pi))
    return float(likelihood + logdet / 2), gradient, information


def _maximize(
    design: Floats, y: Floats, weights: Floats, start: Floats, free: np.ndarray
) -> tuple[Floats, float]:
    """Maximum over the ``free`` coefficients by damped Newton steps; -inf where it is not found."""
    beta = start.copy()
    value, gradient, information = _penalized(design, y, weights, beta)
    if not np.isfinite(value):
        return beta, -np.inf
    for _ in range(MAX_STEPS):
        if not free.any() or np.abs(gradient[free]).max() < TOLERANCE:
            return beta, value
        step = np.linalg.solve(information[np.ix_(free, free)], gradient[free])
        step *= min(1.0, 5.0 / max(1e-300, float(np.abs(step).max())))
        for _half in range(30):
            trial = beta.copy()
            trial[free] += step
            new = _penalized(design, y, weights, trial)
            gain = new[0] - value
            # The information lacks the penalty's curvature: a full step may jump to and fro across the top,
            # where the value is flat to rounding but the gradient does not shrink.
            shrinks = np.abs(new[1][free]).max() < np.abs(gradient[free]).max()
            if gain >= 1e-4 * float(step @ gradient[free]) or (shrinks and gain >= -1e-12 * abs(value)):
                break
            step /= 2
        else:
            return beta, value
        beta, (value, gradient, information) = trial, new
    return beta, -np.inf
