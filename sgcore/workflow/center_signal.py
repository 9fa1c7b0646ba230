"""Whether the center can be told from the features of an analysis: radiomics, after ComBat too, and networks'."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.errors import CancelledError
from sgcore.jobs import Cancel, OnProgress, Reporter
from sgcore.models import harmonized, why_not_harmonized
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.feature_values import deep_components

PERMUTATIONS = 199
RADIOMICS, AFTER, SAME, NETWORKS = "radiomics", "harmonized", "same_patients", "deep"


@dataclass(frozen=True)
class CenterSignal:
    """What several sets of features tell of the center, by patient.

    ``rows``, the features that the models see first: ``features`` (``harmonized``: radiomics after ComBat,
    ``radiomics``: as extracted, ``same_patients``: as extracted, of the patients that ComBat has, ``deep``: components
    of deep features)``, auc, p, p_low, p_high, chance_median, chance_95, n_patients, n_centers, n_features,
    n_dropped, merged, left_out`` (names in words)``, permutations, distinct, method, reason``. ``centers``: one row
    a set and center, ``features, center, n_patients, n_pos, n_neg, auc, reason``. ``nulls``: by set, the AUCs of
    permuted centers (m,). ``note`` says why features are not harmonized although the settings ask for it, else "".
    """

    rows: pd.DataFrame = field(repr=False)
    centers: pd.DataFrame = field(repr=False)
    nulls: dict[str, np.ndarray] = field(repr=False)
    note: str


def why_centers_not_told(analysis: Analysis) -> str:
    """Why the centers of an analysis cannot be told apart whatever its features, or an empty text."""
    cases = analysis.study.cases()
    known = cases[~cases["image_id"].isin(analysis.frame("failures")["image_id"])]
    return stats.group_centers(known.drop_duplicates("patient_id")["center"]).reason


def predict_centers(
    analysis: Analysis,
    *,
    permutations: int = PERMUTATIONS,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> CenterSignal:
    """How well features tell the center of a patient among patients with the same label; nothing is stored.

    All images of all centers count, as means by patient. No model of the label is fitted and no held-out result of
    one is read, so that nothing is opened that a look would have to be counted for. Deep features are those of images
    that did not train their network: what a network learned by heart would tell who trained it, which is a center.

    Raises ``CancelledError`` on a stop.
    """
    tables, note = _tables(analysis)
    report = Reporter("telling the centers apart", len(tables) * (permutations + 1), on_progress)
    cases = analysis.study.cases().set_index("image_id")
    found = {}
    report(0)
    for number, (name, table) in enumerate(tables.items()):
        own = cases.loc[table.index]
        values = table.groupby(own["patient_id"], sort=False).mean()
        people = own.drop_duplicates("patient_id").set_index("patient_id").loc[values.index]
        found[name] = stats.center_predictability(
            values,
            people["center"],
            people["y"],
            permutations=permutations,
            seed=analysis.config.seed,
            on_step=partial(_step, number * (permutations + 1), report, cancel),
        )
    report(report.total)
    return CenterSignal(
        rows=pd.DataFrame([_row(name, one) for name, one in found.items()]),
        centers=pd.concat(
            [one.centers.assign(features=name) for name, one in found.items()], ignore_index=True
        ),
        nulls={name: one.test.null for name, one in found.items() if one.test is not None},
        note=note,
    )


def _step(before: int, report: Reporter, cancel: Cancel | None, done: int) -> None:
    report(before + done)
    try:
        (cancel or Cancel()).check()
    except CancelledError as error:
        raise CancelledError(
            "Stopped on request. Nothing of it is kept; start it again to have it."
        ) from error


def _tables(analysis: Analysis) -> tuple[dict[str, pd.DataFrame], str]:
    """Features by image of each set, and why nothing is harmonized although the settings ask for it."""
    values = analysis.features.values
    cases = analysis.study.cases().set_index("image_id").loc[values.index]
    train = cases.index[cases["subset"] == "train"]
    centers, patients, config = cases["center"], cases["patient_id"], analysis.config
    tables, note = {RADIOMICS: values}, ""
    if config.selection.harmonize != "none":
        note = why_not_harmonized(config, centers.loc[train], patients.loc[train]) or ""
        if not note:
            after = harmonized(values, centers, patients, train).values
            tables = {AFTER: after, RADIOMICS: values}
            if len(after) < len(values):
                tables[SAME] = values.loc[after.index]
    deep = _deep(analysis)
    return tables | ({} if deep is None else {NETWORKS: deep}), note


def _deep(analysis: Analysis) -> pd.DataFrame | None:
    """Components of images that did not train the network of all training patients, which speaks for them."""
    components = deep_components(analysis)
    subsets = analysis.study.cases().set_index("image_id")["subset"]
    held_out = components[components.index.map(subsets) != "train"]
    return None if held_out.empty else held_out


def _row(name: str, found: stats.CenterPredictability) -> dict[str, object]:
    test = found.test
    numbers = ("p", "p_low", "p_high", "chance_median", "chance_95", "permutations")
    return {
        "features": name,
        "auc": found.auc,
        **{key: float("nan") if test is None else getattr(test, key) for key in numbers},
        "n_patients": found.n_patients,
        "n_centers": len(found.groups.names),
        "n_features": found.n_features,
        "n_dropped": found.n_dropped,
        "merged": ", ".join(found.groups.merged),
        "left_out": ", ".join(found.groups.left_out),
        "distinct": stats.distinct_text(found.distinct),
        "method": found.method,
        "reason": found.reason,
    }
