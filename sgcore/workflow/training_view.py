"""What may be seen of a what-if before anybody looks at held-out cases: training folds, and their picks."""

from __future__ import annotations

import pandas as pd

from sgcore.models import pick
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.evaluate import comparisons


def fold_picks(analysis: Analysis) -> pd.DataFrame:
    """The classifier of each family that is best in the training folds; columns of ``picks``.

    A pick by held-out cases would let them speak before anybody looked.
    """
    rows = analysis.frame("evaluations")
    return pick(rows, "folds", analysis.config.unit) if len(rows) else analysis.frame("picks")


def fold_comparisons(analysis: Analysis) -> pd.DataFrame:
    """Comparisons in the training folds, families by :func:`fold_picks`; columns of ``comparisons``."""
    predictions = analysis.frame("predictions")
    train = predictions[predictions["subset"] == "train"]
    return comparisons(train, fold_picks(analysis)) if len(train) else analysis.frame("comparisons")
