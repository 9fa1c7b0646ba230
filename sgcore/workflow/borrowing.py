"""What the external AUC of the picked models owes to pairs of cases from two centers."""

from __future__ import annotations

from dataclasses import fields

import pandas as pd

from sgcore import stats
from sgcore.domain import EvaluationSet
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.cases import counted, model_cases, picked_models

_FOUND = [field.name for field in fields(stats.BorrowedAuc)]
COLUMNS = ["family", "classifier", "unit", *_FOUND]


def borrowed_aucs(analysis: Analysis) -> pd.DataFrame:
    """:class:`~sgcore.stats.BorrowedAuc` of each picked model on the external set, one row each.

    ``left_out`` names the centers that have one label only, in words. Cases count by the unit of the settings.
    """
    predictions, unit = analysis.frame("predictions"), analysis.config.unit
    rows = []
    for family, classifier in picked_models(analysis.frame("picks")):
        cases = model_cases(predictions, (family, classifier), EvaluationSet("external", None, unit))
        if cases.empty:
            continue
        own = counted(cases, unit)
        found = stats.borrowed_auc(own.y, own.score, own.rows["center"].to_numpy(), own.groups)
        numbers = {name: getattr(found, name) for name in _FOUND}
        numbers |= {"left_out": ", ".join(found.left_out), "reason": own.unscored or found.reason}
        rows.append({"family": family, "classifier": classifier, "unit": unit, **numbers})
    return pd.DataFrame(rows, columns=COLUMNS)
