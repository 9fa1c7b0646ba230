"""Permuted labels: how often the whole pipeline reaches the reported AUC by chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.domain import Estimate, Study
from sgcore.models import Preferred
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.family_fits import FamilyFits
from sgcore.workflow.redraws.kept import picked_aucs, picked_by_folds, with_pick
from sgcore.workflow.redraws.plan import Parts, Plan, Redraw

_TEST = ("reached", "p", "p_low", "p_high", "chance_median", "chance_95")


class PermutedLabels(Plan):
    """Labels of whole patients are permuted within center and subset (A6 of the permutation nulls).

    Draw 0 keeps them, and so gives what the analysis reports.
    """

    kind = "permutation"
    title = "Permuted labels"
    draws = 1000
    reference = True
    estimates = ("fitted",)

    def why_not(self, study: Study) -> str | None:
        held_out = study.patients["subset"].isin(["validation", "external"]).any()
        return (
            None if held_out else "the study has no held-out patients whose AUC could be compared with chance"
        )

    def needed(self, picks: pd.DataFrame) -> tuple[Estimate, ...]:
        return with_pick(self.estimates, picks)

    def redraw(self, given: Redraw, draw: int) -> Redraw:
        if draw == 0:
            return given
        rng = np.random.default_rng([given.config.seed, draw])
        y = given.study.patients["y"].to_numpy()
        return given.with_patients(
            y=stats.permute_patient_labels(y, None, strata(given.study), rng).astype(int)
        )

    def preferred(self, redraw: Redraw) -> Preferred | None:
        return picked_by_folds(redraw)

    def keep(self, redraw: Redraw, fits: FamilyFits) -> Parts:
        return picked_aucs(redraw, fits)

    def read(self, analysis: Analysis, parts: Parts) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Rows: the pick of a family in a held-out subset against its null. Detail: the null, draw by draw."""
        study = analysis.study
        distinct = stats.distinct_permutations(study.patients["y"].to_numpy(), None, strata(study))
        passed = _passed(parts["draws"])
        rows = []
        for (family, subset, unit), part in parts["aucs"].groupby(["family", "subset", "unit"], sort=False):
            real, null = part[part["draw"] == 0], part[part["draw"] > 0]
            known = null["auc"].dropna()
            observed = float(real["auc"].iloc[0]) if len(real) else np.nan
            # A draw in which nothing could be fitted has no AUC, and is a permutation all the same.
            drawn = int(((parts["draws"]["family"] == family) & (parts["draws"]["draw"] > 0)).sum())
            reason = _why_no_test(real, observed, len(known), drawn)
            row: dict[str, Any] = {
                "family": family,
                "classifier": real["classifier"].iloc[0] if len(real) else None,
                "subset": subset,
                "unit": unit,
                "observed": observed,
                "permutations": len(known),
                "distinct": stats.distinct_text(distinct),
                **passed.get(str(family), {}),
                "reason": reason,
            }
            if reason is None:
                test = stats.permutation_test(observed, known.to_numpy())
                row |= {name: getattr(test, name) for name in _TEST}
            rows.append(row)
        frame = pd.DataFrame(rows)
        columns = [*frame.columns.drop(list(_TEST), errors="ignore"), *_TEST]
        return frame.reindex(columns=columns), parts["aucs"]


def strata(study: Study) -> np.ndarray:
    """Center and subset of each patient (P,): labels change places only within them."""
    return (study.patients["center"].astype(str) + "\x00" + study.patients["subset"]).to_numpy()


def _passed(draws: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """By family: how many features pass the tests with the labels as they are, and on permuted ones.

    Never beside a binomial: correlated features make the number of small p values wildly variable.
    """
    found: dict[str, dict[str, Any]] = {}
    for family, own in draws.groupby("family", sort=False):
        real, null = own[own["draw"] == 0], own[own["draw"] > 0]
        known = null["univariate"].dropna().astype(float)
        low, middle, high = known.quantile([0.025, 0.5, 0.975]) if len(known) else (np.nan,) * 3
        found[str(family)] = {
            "univariate": float(real["univariate"].iloc[0]) if len(real) else np.nan,
            "univariate_median": middle,
            "univariate_low": low,
            "univariate_high": high,
            "n_empty": int((null["selected"] == 0).sum()),
        }
    return found


def _why_no_test(real: pd.DataFrame, observed: float, known: int, null: int) -> str | None:
    if real.empty:
        return "the labels as they are have not been computed yet"
    if np.isnan(observed):
        return "the pick has no AUC on this set"
    if known < null:
        return f"{null - known} of {null} permutations have no AUC on this set"
    return None if known else "no permutation has been computed yet"
