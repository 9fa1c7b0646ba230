"""Stability of the selection: whether other patients would give the same features."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.models import FamilyResult
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.family_fits import FamilyFits
from sgcore.workflow.redraws.kept import family_rows
from sgcore.workflow.redraws.plan import Parts, Plan, Redraw

#: Share of the training patients in a draw; without replacement (Nogueira's M draws).
SHARE = 0.63

_STABILITY = (
    "phi", "ci_low", "ci_high", "draws", "n_features", "n_empty", "mean_size", "method", "reason",
)  # fmt: skip
#: What is said of a family none of whose features was tested.
_NOTHING_TESTED = {
    "n_features": 0,
    "mean_size": 0.0,
    "method": "not estimated",
    "reason": "all features were left out before testing, so that no draw could select one",
}


class SelectionStability(Plan):
    """63% of the training patients of each label train, drawn without replacement."""

    kind = "stability"
    title = "Stability of the selection"
    draws = 100
    tried = "counts"

    def redraw(self, given: Redraw, draw: int) -> Redraw:
        rng = np.random.default_rng([given.config.seed, draw])
        return given.with_patients(subset=_subsample(given.study.patients, rng))

    def keep(self, redraw: Redraw, fits: FamilyFits) -> Parts:
        return {"draws": family_rows(redraw, fits, {}), "selections": _selected(fits.results)}

    def read(self, analysis: Analysis, parts: Parts) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Rows: a family's stability. Detail: how often each feature was selected, and whether it is selected."""
        selections = parts["selections"]
        trace = analysis.frame("selection")
        rows: list[dict[str, Any]] = []
        detail = []
        for family, own in parts["draws"].groupby("family", sort=False):
            features = trace.loc[trace["family"] == family]
            chosen = selections[selections["family"] == family]
            # A feature that could be selected in no draw would make the others look stable.
            could = (features["step"] != "excluded") | features["feature"].isin(chosen["feature"])
            names = list(features.loc[could, "feature"])
            numbers = sorted(own["draw"].unique())
            if not names:
                rows.append(
                    {"family": family, "draws": len(numbers), "n_empty": len(numbers), **_NOTHING_TESTED}
                )
                continue
            table = pd.crosstab(chosen["draw"], chosen["feature"]).reindex(
                index=numbers, columns=names, fill_value=0
            )
            result = stats.stability(table.to_numpy(float), names=names)
            known = {name: getattr(result, name) for name in _STABILITY if name != "draws"}
            rows.append({"family": family, "draws": result.n_draws, **known})
            kept = set(features.loc[features["step"] == "selected", "feature"])
            shares = result.frame()[["feature", "frequency"]].assign(family=family)
            detail.append(shares.assign(selected=shares["feature"].isin(kept)))
        columns = {"feature": object, "frequency": float, "family": object, "selected": bool}
        none = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})
        found = pd.concat(detail, ignore_index=True) if detail else none
        return pd.DataFrame(rows, columns=["family", *_STABILITY]), found


def _subsample(patients: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """``train`` for the drawn share of each label; the rest is ``validation``, on which nothing depends."""
    subset = patients["subset"].copy()
    train = patients[subset == "train"]
    for _, members in train.groupby("y"):
        keep = max(2, round(SHARE * len(members)))
        drawn = rng.choice(members.index.to_numpy(), size=min(keep, len(members)), replace=False)
        subset[members.index.difference(drawn)] = "validation"
    return subset


def _selected(families: dict[str, FamilyResult]) -> pd.DataFrame:
    parts = [
        result.trace.loc[result.trace["step"] == "selected", ["feature"]].assign(family=family)
        for family, result in families.items()
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["feature", "family"])
