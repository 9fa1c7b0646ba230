"""The selection's tests once more, with patients counted instead of images."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.config import SelectionConfig
from sgcore.workflow.analysis import Analysis

#: The clustered test of what each of the selection's tests compares: means, or ranks.
_COMPARES = {"student": "mean", "welch": "mean", "mannwhitney": "rank"}


def clustered_p(trace: pd.DataFrame, features: pd.DataFrame, cases: pd.DataFrame) -> pd.Series:
    """Two-sided p of each tested feature, clustered by patient (:func:`stats.univariate_tests_clustered`).

    A feature whose means the selection compared (Student, Welch) has its means compared here too, one
    whose ranks it compared its ranks, so that the two p values differ in what they count.

    Parameters
    ----------
    trace : rows of ``selection`` of one family. features : index ``image_id``, one column a feature.
    cases : ``image_id, patient_id, subset, y``; training images alone are tested.

    Returns
    -------
    One p a row of ``trace``, in its order. NaN for features that were not tested, and for what is no
    column of ``features``: the logistic models of descriptors count patients themselves.
    """
    p = pd.Series(np.nan, index=trace.index)
    train = cases[(cases["subset"] == "train") & cases["image_id"].isin(features.index)]
    known = trace["p"].notna() & trace["feature"].isin(features.columns)
    values = features.loc[train["image_id"]]
    compares = trace["test"].map(_COMPARES)
    for test in ("mean", "rank"):
        here = known & (compares == test)
        if here.any():
            tests = stats.univariate_tests_clustered(
                values[trace.loc[here, "feature"]], train["y"], train["patient_id"], test=test
            )
            p[here] = tests["p"].to_numpy()
    return p


def counts_by_patient(analysis: Analysis) -> pd.DataFrame:
    """How many features differ by label when images are counted as independent, and when patients are.

    Returns
    -------
    One row a family whose features were tested: ``family, tested, univariate, univariate_clustered, both``:
    features below the threshold by image, by patient and by both, at the analysis' own correction for
    many tests. The last two are missing in an analysis that was stored before patients were counted.
    """
    trace, selection = analysis.frame("selection"), analysis.config.selection
    rows = []
    for family, own in trace[trace["test"].isin(_COMPARES)].groupby("family", sort=False):
        by_image, by_patient = (_below(own[name], selection) for name in ("p", "p_clustered"))
        known = own["p_clustered"].notna().any()
        rows.append(
            {
                "family": family,
                "tested": int(own["p"].notna().sum()),
                "univariate": int(by_image.sum()),
                "univariate_clustered": int(by_patient.sum()) if known else None,
                "both": int((by_image & by_patient).sum()) if known else None,
            }
        )
    columns = ["family", "tested", "univariate", "univariate_clustered", "both"]
    return pd.DataFrame(rows, columns=columns).convert_dtypes()


def _below(p: pd.Series, selection: SelectionConfig) -> pd.Series:
    """Features that a p value keeps, by the rule of the selection's first step."""
    adjusted = stats.adjust(p.to_numpy(float), selection.correction)
    below = (adjusted < selection.p_threshold) | (selection.p_threshold == 1)
    return pd.Series(below & ~np.isnan(adjusted), index=p.index)
