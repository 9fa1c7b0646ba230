"""Selection outside the folds: what cross-validation gains when its features were chosen on all training patients."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sgcore import stats
from sgcore.domain import Unit
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.cases import MODEL, UNITS, counted, labelled
from sgcore.workflow.redraws.cross_validation import RepeatedCrossValidation
from sgcore.workflow.redraws.plan import Parts

_ARMS = ("outside", "inside")
_COLUMNS = [
    *MODEL, "unit", "repeats", "n_patients", "n_pos", "n_neg", "n_left_out", *_ARMS, "difference", "lowest", "highest",
    "reason",
]  # fmt: skip


class SelectedOutside(RepeatedCrossValidation):
    """Draw for draw the folds and the seed of repeated cross-validation, which it is compared with.

    The features are selected once on all training patients, and every fold is fitted on these.
    """

    kind = "outside"
    title = "Selection outside the folds"
    estimates = ("selected_outside",)

    def read(self, analysis: Analysis, parts: Parts) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Rows: a model and unit, the mean difference of the paired repeats and their range. Detail: each repeat."""
        keys = ["draw", *MODEL, "image_id"]
        inside = analysis.draws("cross-validation")["scores"].rename(columns={"y_score": "inside"})
        scores = parts["scores"].rename(columns={"y_score": "outside"})
        scores = scores.merge(inside[[*keys, "inside"]], on=keys, how="left", validate="one_to_one")
        scores = scores.merge(labelled(analysis.study), on="image_id", validate="many_to_one")
        paired = set(inside["draw"])
        rows: list[dict[str, Any]] = []
        detail = []
        for (family, classifier), model in scores.groupby(MODEL, sort=False):
            both = model[model["draw"].isin(paired)]
            for unit in UNITS:
                key = {"family": family, "classifier": classifier, "unit": unit}
                if both.empty:
                    rows.append(
                        key | {"repeats": 0, "reason": "the cross-validation has not been repeated yet"}
                    )
                    continue
                row, each = _compared(both, unit)
                rows.append(key | row)
                detail.append(each.assign(**key))
        columns = ["draw", *_ARMS, "difference", *MODEL, "unit"]
        found = pd.concat(detail, ignore_index=True) if detail else pd.DataFrame(columns=columns)
        return pd.DataFrame(rows, columns=_COLUMNS), found


def _compared(model: pd.DataFrame, unit: Unit) -> tuple[dict[str, Any], pd.DataFrame]:
    """Both AUCs of a model in each repeat, on the images that have every score."""
    wide = model.pivot(index="image_id", columns="draw", values=list(_ARMS))
    complete = wide.dropna()
    names = {arm: [f"{arm} {draw}" for draw in complete[arm].columns] for arm in _ARMS}
    people = model.drop_duplicates("image_id").set_index("image_id").loc[complete.index]
    scores = complete.set_axis([name for arm in _ARMS for name in names[arm]], axis=1)
    table = people[["patient_id", "center", "y_true"]].join(scores).reset_index()
    cases = counted(table, unit, *names["outside"], *names["inside"])
    outside, inside = (
        stats.repeated_auc(cases.y, cases.rows[names[arm]].to_numpy(float), cases.groups) for arm in _ARMS
    )
    draws = [int(draw) for draw in complete["outside"].columns]
    known = len(outside.per_repeat) == len(inside.per_repeat) == len(draws)
    each = pd.DataFrame(
        {"draw": draws, "outside": outside.per_repeat, "inside": inside.per_repeat} if known else {},
        columns=["draw", *_ARMS],
    )
    each["difference"] = each["outside"] - each["inside"]
    row = {
        "repeats": len(draws),
        **{name: getattr(outside, name) for name in ("n_patients", "n_pos", "n_neg")},
        "n_left_out": len(wide) - len(complete),
        "outside": outside.auc,
        "inside": inside.auc,
        "difference": outside.auc - inside.auc,
        "lowest": each["difference"].min(),
        "highest": each["difference"].max(),
        "reason": outside.reason if not known else "",
    }
    return row, each
