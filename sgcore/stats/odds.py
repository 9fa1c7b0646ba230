"""Odds ratios from logistic regression, one variable at a time or all together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Cases, Floats, as_cases, check_level, same_length
from sgcore.stats.firth import firth_block_p, firth_logistic, is_separated

COLUMNS = [
    "variable",
    "term",
    "odds_ratio",
    "ci_low",
    "ci_high",
    "p",
    "p_variable",
    "n",
    "n_missing",
    "method",
    "reason",
]


def odds_ratios(
    X: pd.DataFrame,
    y: ArrayLike,
    groups: ArrayLike | None = None,
    *,
    multivariable: bool = False,
    level: float = 0.95,
    limits: bool = True,
) -> pd.DataFrame:
    """Odds ratios of the positive class.

    Parameters
    ----------
    X : one row a case. A numeric or boolean column is one term, its odds ratio per unit; any other
        column is one term a level against its first (in sorted or categorical order).
    y : (n,) 0 or 1. groups : (n,) patients; standard errors are cluster-robust where a patient has
        several cases.
    multivariable : False fits each variable by itself, True all in one model. Cases with a missing
        value in the model are left out and counted in ``n_missing``; a variable with an infinite value
        stays out of the model.
    limits : False leaves ``ci_low``, ``ci_high`` and ``p`` out (NaN) where ``p_variable`` is all that is wanted: where
        classes separate they take most of the time.

    Returns
    -------
    DataFrame ``variable, term, odds_ratio, ci_low, ci_high, p, p_variable, n, n_missing, method,
    reason``. ``p_variable`` tests all terms of a variable together: the smallest p of several levels
    would favor variables with many. Wald intervals and tests; clustered ones take Student's t (and F) with
    patients - parameters degrees of freedom, since robust errors are too small where patients are few: of
    2000 simulated tests at 5% with 29 patients and one term 5.0% rejected (normal quantile 6.2%), of
    three terms together 5.2% (7.8%; benchmarks/clustered_odds.py). Where the classes separate, Firth's
    estimates with profile-likelihood intervals, in which the cases of a patient weigh one together, and
    ``method`` says so. Constant and collinear terms, infinite values and data without both classes have
    NaN and the reason.

    Raises
    ------
    ValueError : lengths that differ, labels other than 0 and 1, a bad level, no column.

    References
    ----------
    Liang KY, Zeger SL. Biometrika 1986;73:13. Heinze G, Schemper M. Stat Med 2002;21:2409.
    """
    check_level(level)
    cases = as_cases(y, groups)
    same_length(cases.y.size, X=X)
    if not X.shape[1]:
        raise ValueError("X has no column.")
    encoded = [_encode(str(name), X[name]) for name in X.columns]
    models = [encoded] if multivariable else [[variable] for variable in encoded]
    rows = [row for model in models for row in _model(model, cases, level if limits else None)]
    return pd.DataFrame(rows, columns=COLUMNS)


@dataclass(frozen=True)
class _Variable:
    name: str
    terms: tuple[str, ...]
    values: Floats  # (n, terms), NaN where missing


def _encode(name: str, column: pd.Series) -> _Variable:
    if pd.api.types.is_numeric_dtype(column):
        return _Variable(name, (name,), column.to_numpy(dtype=float, na_value=np.nan)[:, None])
    categories = pd.Categorical(column).remove_unused_categories()
    levels = list(categories.categories)
    if len(levels) < 2:
        return _Variable(name, (name,), np.where(categories.codes < 0, np.nan, 0.0)[:, None])
    values = np.equal.outer(categories.codes, np.arange(1, len(levels))).astype(float)
    values[categories.codes < 0] = np.nan
    terms = tuple(f"{name}: {other} (vs {levels[0]})" for other in levels[1:])
    return _Variable(name, terms, values)


def _model(variables: list[_Variable], cases: Cases, level: float | None) -> list[tuple[object, ...]]:
    values = np.hstack([variable.values for variable in variables])
    complete = ~np.isnan(values).any(axis=1)
    y, codes, values = cases.y[complete], cases.codes[complete], values[complete]
    names = [(variable.name, term) for variable in variables for term in variable.terms]
    n, left_out = len(y), int((~complete).sum())

    def row(index: int, numbers: tuple[float, ...], method: str, reason: str) -> tuple[object, ...]:
        return (*names[index], *numbers, n, left_out, method, reason)

    reason = cases.reason
    if not reason and not n:
        reason = f"no complete case: each of the {left_out} lacks a value"
    if not reason and np.unique(y).size < 2:
        reason = f"one class only among the {n} complete cases"
    if reason:
        return [row(i, (NAN,) * 5, "", reason) for i in range(len(names))]
    kept, dropped = _independent(values)
    results = {index: row(index, (NAN,) * 5, "", why) for index, why in dropped.items()}
    if kept:
        owners = [names[index][0] for index in kept]
        numbers, method, why = _fit(values[:, kept], owners, y, codes, level)
        for position, index in enumerate(kept):
            results[index] = row(index, tuple(float(v) for v in numbers[position]), method, why)
    return [results[index] for index in range(len(names))]


def _independent(values: Floats) -> tuple[list[int], dict[int, str]]:
    """Columns that add something to the intercept and the columns before them, and why others do not."""
    kept: list[int] = []
    dropped: dict[int, str] = {}
    basis = np.full((len(values), 1), 1 / np.sqrt(len(values)))
    for index, column in enumerate(values.T):
        infinite = int(np.isinf(column).sum())
        if infinite:
            # The value is there, so that its case is not missing; the term has no place in a model.
            dropped[index] = f"{infinite} of {len(column)} values are infinite"
            continue
        centered = column - column.mean()
        size = float(np.linalg.norm(centered))
        if size <= 1e-12 * np.linalg.norm(column):
            dropped[index] = "constant"
            continue
        unit = centered / size
        rest = unit - basis @ (basis.T @ unit)
        if np.linalg.norm(rest) < 1e-8:
            dropped[index] = "collinear with the terms before it"
            continue
        basis = np.column_stack([basis, rest / np.linalg.norm(rest)])
        kept.append(index)
    return kept, dropped


def _fit(
    values: Floats, owners: list[str], y: Floats, codes: np.ndarray, level: float | None
) -> tuple[Floats, str, str]:
    """Rows of odds ratio, limits, p and the p of the term's variable (terms, 5), the method, the reason.

    ``owners`` names the variable of each column of ``values``. Without a ``level`` limits and p are NaN.
    """
    # On standardized columns Newton's steps and the separation test do not depend on units.
    scale = values.std(axis=0)
    design = np.column_stack([np.ones(len(y)), (values - values.mean(axis=0)) / scale])
    patients = np.unique(codes).size
    clustered = patients < len(codes)
    # Column 0 of the design is the intercept.
    blocks = [[i + 1 for i, name in enumerate(owners) if name == owner] for owner in owners]
    if is_separated(design, y):
        # A sandwich has no meaning for a penalized fit of separated data: each patient counts once instead.
        sizes = np.bincount(codes)
        weights = 1 / sizes[codes]
        fit = firth_logistic(design, y, level or 0.95, weights=weights, limits=level is not None)
        method = "Firth (separation), profile likelihood" + (", each patient counts once" * clustered)
        reason = "" if fit.converged else "the penalized likelihood has no maximum that could be found"
        beta, low, high = (part[1:] / scale for part in (fit.coefficients, fit.ci_low, fit.ci_high))
        together = firth_block_p(design, y, blocks, weights)
        return np.column_stack([_exp(beta), _exp(low), _exp(high), fit.p[1:], together]), method, reason
    if clustered and patients <= design.shape[1]:
        reason = f"{patients} patients are too few for clustered errors of {values.shape[1]} term(s)"
        return np.full((values.shape[1], 5), NAN), "", reason
    from statsmodels.discrete.discrete_model import Logit

    options = {"cov_type": "cluster", "cov_kwds": {"groups": codes}} if clustered else {}
    model = Logit(y, design).fit(disp=False, maxiter=200, **options)
    beta, error = model.params[1:], model.bse[1:]
    df = patients - design.shape[1] if clustered else np.inf  # infinite: the normal distribution
    method = "logistic regression, Wald" + (" t, clustered by patient" if clustered else "")
    covariance = np.asarray(model.cov_params())
    together = [_wald_p(model.params[block], covariance[np.ix_(block, block)], df) for block in blocks]
    if level is None:
        none = np.full(beta.size, NAN)
        return np.column_stack([_exp(beta / scale), none, none, none, together]), method, ""
    width = scipy.stats.t.isf((1 - level) / 2, df) * error
    limits = (_exp((beta - width) / scale), _exp((beta + width) / scale))
    p = 2 * scipy.stats.t.sf(np.abs(beta / error), df)
    return np.column_stack([_exp(beta / scale), *limits, p, together]), method, ""


def _wald_p(beta: Floats, covariance: Floats, df: float) -> float:
    """p that all of ``beta`` are zero: of F on ``df`` degrees of freedom, or of chi-square (infinite)."""
    wald = float(beta @ np.linalg.solve(covariance, beta))
    return float(
        scipy.stats.chi2.sf(wald, beta.size)
        if np.isinf(df)
        else scipy.stats.f.sf(wald / beta.size, beta.size, df)
    )


def _exp(values: Floats) -> Floats:
    """exp, infinite rather than a warning where a coefficient per unit is beyond floating point."""
    with np.errstate(over="ignore"):
        return np.exp(values)
