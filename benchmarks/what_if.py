"""A changed threshold to its new funnel on the demo study, LASSO included, beside a plain script; then six refits.

The plain script is what one writes with scipy, pandas and scikit-learn: a loop over the features, the correlation
matrix, LassoCV on patient-grouped folds. Prints both times, their ratio, and whether the funnels agree.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from sgcore import stats, workflow
from sgcore.domain import CLASSIFIERS
from sgcore.models import fit_classifier
from sgcore.models.results import FamilyResult

#: Seconds on the server: a funnel, and six classifiers with the interval of their external AUC. Times the plain script.
FUNNEL, SIX, RATIO = 0.3, 1.0, 5.0
THRESHOLDS = (0.05, 0.04, 0.06, 0.03, 0.07)


def main() -> int:
    """1 where a limit is missed."""
    with tempfile.TemporaryDirectory() as folder, workflow.open_store(Path(folder) / "s.duckdb") as store:
        study = workflow.load_demo(store)
        reference = workflow.load_analysis(store, str(workflow.reference_id(store, study.fingerprint)))
        trial = workflow.Trial(study, reference.config, store)
        trial.select(reference.config.selection, "Radiomics")
        own, results = [], {}
        for p in THRESHOLDS:
            selection = replace(reference.config.selection, p_threshold=p)
            began = time.perf_counter()
            results[p] = trial.select(selection, "Radiomics")
            own.append(time.perf_counter() - began)
        cases = study.cases().set_index("image_id")
        values = reference.features.values
        train = values.index[cases.loc[values.index, "subset"] == "train"]
        plain, counts = [], {}
        for p in THRESHOLDS[:3]:
            began = time.perf_counter()
            counts[p] = _plain(values.loc[train], cases.loc[train, "y"], cases.loc[train, "patient_id"], p)
            plain.append(time.perf_counter() - began)
        six = min(_six(results[0.05], cases, train) for _ in range(3))
    for name, seconds in (("a new funnel", own), ("the plain script", plain)):
        print(f"{name}: {statistics.median(seconds):.3f} s (median of {len(seconds)})")
    ratio = statistics.median(plain) / statistics.median(own)
    print(f"{len(train)} images x {values.shape[1]} features: {ratio:.1f} times as fast")
    for p, found in counts.items():
        told = results[p].counts
        print(f"p < {p}: {told}; plain script {found}")
    print(f"six classifiers with the interval of their external AUC: {six:.3f} s")
    return int(statistics.median(own) > FUNNEL or ratio < RATIO or six > SIX)


def _plain(values: pd.DataFrame, y: pd.Series, patients: pd.Series, threshold: float) -> tuple[int, int, int]:
    """How many features differ by label, are not redundant, and are kept by the LASSO."""
    from scipy.stats import levene, mannwhitneyu, shapiro, ttest_ind
    from sklearn.linear_model import LassoCV
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.preprocessing import StandardScaler

    values = values.loc[:, values.std() > 0]
    p = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in values.columns:
            a, b = values.loc[y == 1, name], values.loc[y == 0, name]
            if shapiro(a).pvalue >= 0.05 and shapiro(b).pvalue >= 0.05:
                p[name] = ttest_ind(a, b, equal_var=levene(a, b).pvalue >= 0.05).pvalue
            else:
                p[name] = mannwhitneyu(a, b).pvalue
        differ = sorted((name for name in p if p[name] < threshold), key=p.__getitem__)
        rho = values[differ].corr("spearman").abs()
        kept: list[str] = []
        for name in differ:
            if not (rho.loc[name, kept] > 0.9).any():
                kept.append(name)
        z = StandardScaler().fit_transform(values[kept])
        folds = list(StratifiedGroupKFold(5).split(z, y, patients))
        lasso = LassoCV(cv=folds, max_iter=10_000).fit(z, y)
    return len(differ), len(kept), int((lasso.coef_ != 0).sum())


def _six(result: FamilyResult | str, cases: pd.DataFrame, train: pd.Index) -> float:
    """Seconds for fits on the training images, scores of the external ones, and AUCs clustered by patient."""
    if isinstance(result, str):
        raise RuntimeError(result)
    design = result.design
    external = design.index[cases.loc[design.index, "subset"] == "external"]
    y, patients = (cases.loc[train, name].to_numpy() for name in ("y", "patient_id"))
    began = time.perf_counter()
    for name in CLASSIFIERS:
        fitted = fit_classifier(name, design.loc[train].to_numpy(), y.astype(int), patients, seed=0, folds=5)
        score = fitted.score(design.loc[external].to_numpy())
        area = stats.auc(cases.loc[external, "y"], score, cases.loc[external, "patient_id"])
        if not np.isfinite(area.ci_low):
            raise RuntimeError(f"{name}: no interval ({area.reason})")
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
