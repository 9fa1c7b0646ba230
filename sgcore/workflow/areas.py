"""AUCs alone, without intervals: what a choice among models looks at."""

from __future__ import annotations

import pandas as pd

from sgcore import stats
from sgcore.domain import Estimate, Unit
from sgcore.workflow.cases import MODEL, UNITS, counted


def aucs(predictions: pd.DataFrame, estimate: Estimate, units: tuple[Unit, ...] = UNITS) -> pd.DataFrame:
    """AUC of every model, subset and unit, all centers; NaN where it cannot be estimated."""
    rows = []
    known = predictions[(predictions["estimate"] == estimate) & predictions["y_score"].notna()]
    for (family, classifier, subset), part in known.groupby([*MODEL, "subset"], sort=False):
        for unit in units:
            cases = counted(part, unit)
            area = stats.auc(cases.y, cases.score).auc
            rows.append(
                {"family": family, "classifier": classifier, "subset": subset, "estimate": estimate, "unit": unit,
                 "auc": area}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=["family", "classifier", "subset", "estimate", "unit", "auc"])
