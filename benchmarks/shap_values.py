"""Time of the SHAP values of the six classifiers, against shap called plainly on the same cases and core.

    python benchmarks/shap_values.py [CASES [FEATURES]]

242 cases, ten features and 50 background rows unless told otherwise. shap's side is its ExactExplainer on
the model's probabilities (LR, SVM, MLP) and its TreeExplainer on the probability scale (RF, XGBoost,
LightGBM). Prints seconds, wall clock and processor, their ratio, and the largest difference of a value: of
boosted trees it is real, for TreeExplainer stretches the margin's values instead of explaining the
probability. Beyond 12 features shap's ExactExplainer is left out. Ends with 1 where SVM or MLP take 5 s of the
processor at up to ten features, or where exact values differ by more than 1e-6 from shap's exact ones.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from sgcore.domain import CLASSIFIERS
from sgcore.explain import EXACT_UP_TO, ShapValues, draw_background, explain_scores
from sgcore.models import Fitted, fit_classifier

TRAINING = 130
LIMIT_S = 5.0
SLOW_ONES = ("SVM", "MLP")
BOOSTED = ("XGBoost", "LightGBM")


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What the work gives, and its wall-clock and processor seconds."""
    started, used = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - started, time.process_time() - used


def plainly(name: str, model: Fitted, rows: np.ndarray, background: np.ndarray) -> np.ndarray:
    """shap's values (n, d) of the second label, called as its documentation calls it."""
    import shap

    if name == "RF" or name in BOOSTED:
        scaler, trees = model.estimator
        explainer = shap.TreeExplainer(
            trees,
            scaler.transform(background),
            feature_perturbation="interventional",
            model_output="probability",
        )
        values = explainer.shap_values(scaler.transform(rows), check_additivity=False)
        return np.asarray(values[..., 1] if values.ndim == 3 else values)
    exact = shap.explainers.Exact(model.score, shap.maskers.Independent(background))
    return np.asarray(exact(rows, silent=True).values)


def main(n: int, d: int) -> int:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n + TRAINING, d))
    y = (X[:, 0] + X[:, 1] * X[:, 2] + rng.normal(size=len(X)) > 0).astype(int)
    patients = np.arange(TRAINING) // 2
    background = X[:TRAINING][draw_background(patients, seed=0)]
    rows = X[TRAINING:]
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{n} cases, {d} features, {len(background)} background rows, one core; load {load}")
    print(
        f"{'':10s}{'ours':>8s}{'(cpu)':>8s}{'shap':>8s}{'(cpu)':>8s}{'ratio':>8s}{'cpu':>8s}  difference  method"
    )
    # What is loaded at first use is no part of either side.
    first = fit_classifier("RF", X[:TRAINING, :3], y[:TRAINING], patients, seed=0, folds=5)
    explain_scores(first, rows[:2, :3], background[:2, :3], seed=0)
    failed = False
    for name in CLASSIFIERS:
        model = fit_classifier(name, X[:TRAINING], y[:TRAINING], patients, seed=0, folds=5)
        ours: ShapValues
        ours, wall, used = timed(partial(explain_scores, model, rows, background, seed=0))
        line = f"{name:10s}{wall:8.2f}{used:8.2f}"
        failed |= name in SLOW_ONES and d <= 10 and used >= LIMIT_S
        if d > EXACT_UP_TO and name not in ("RF", *BOOSTED):
            print(f"{line}{'-':>8s}{'-':>8s}{'-':>8s}{'-':>8s}{'-':>12s}  {ours.method}", flush=True)
            continue
        theirs, their_wall, their_used = timed(partial(plainly, name, model, rows, background))
        difference = float(np.abs(theirs - ours.values).max())
        failed |= name not in BOOSTED and not difference <= 1e-6
        print(
            f"{line}{their_wall:8.2f}{their_used:8.2f}{their_wall / wall:8.1f}{their_used / used:8.1f}"
            f"{difference:12.1e}  {ours.method}",
            flush=True,
        )
    return int(failed)


if __name__ == "__main__":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    numbers = [int(text) for text in sys.argv[1:]]
    with threadpool_limits(limits=1):
        sys.exit(main(*(numbers + [242, 10][len(numbers) :])))
