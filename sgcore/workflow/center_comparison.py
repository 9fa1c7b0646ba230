"""One family in two analyses of a study, center by center: paired differences in AUC on the held-out cases."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from sgcore import stats
from sgcore.domain import EvaluationSet, Subset, Unit
from sgcore.errors import UsageError
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.by_center import center_effects
from sgcore.workflow.cases import model_cases
from sgcore.workflow.compare import stands_by
from sgcore.workflow.evaluate import compare_scores, paired

ROWS = [
    *("center", "role", "subset", "n_patients", "n_images", "n_left_out", "auc", "reference_auc"),
    *("delta", "ci_low", "ci_high", "p", "p_adjusted", "method", "reason"),
]
_HELD_OUT: tuple[Subset, ...] = ("validation", "external")


@dataclass(frozen=True)
class CenterComparison:
    """A family's models of two analyses on the images that both scored; columns of ``rows`` are ``ROWS``.

    ``role`` is ``development`` or ``external``, with the centers in the order of ``CenterEffects``; a row
    ``together`` (no center) has all cases of several external centers. The difference is this analysis
    minus the reference. ``p_adjusted`` is Holm's over the centers; ``together`` is no part of it.
    """

    family: str
    classifier: str
    reference_classifier: str
    unit: Unit
    rows: pd.DataFrame = field(repr=False)

    @property
    def headline(self) -> pd.Series | None:
        """All external cases, else those of the one external center, else of the first other center."""
        for role in ("together", "external", "development"):
            found = self.rows[self.rows["role"] == role]
            if len(found):
                return found.iloc[0]
        return None


def compare_by_center(
    analysis: Analysis, reference: Analysis, family: str, unit: Unit, classifier: str | None = None
) -> CenterComparison:
    """Compare a family's models of two analyses in each center that has held-out cases, and in all external ones.

    Parameters
    ----------
    classifier : which one of both; None takes the family's pick in each analysis.

    Raises
    ------
    UsageError : analyses of different studies, or one that has not the model.
    """
    if analysis.study_id != reference.study_id:
        raise UsageError("The two analyses belong to different studies and cannot be compared.")
    own, other = (classifier or _pick(each, family) for each in (analysis, reference))
    places = center_effects(analysis, family, own, unit).rows
    cases = _cases(analysis, reference, (family, own), (family, other))
    rows = []
    for place in places.to_dict("records"):
        here = cases[(cases["center"] == place["center"]) & (cases["subset"] == place["subset"])]
        known = {name: place[name] for name in ("center", "role", "subset")}
        # A center none of whose images has features has no predictions, either.
        away = {name: place[name] for name in ("n_left_out", "reason")} if here.empty else {}
        rows.append({**known, **_difference(here, unit), **away})
    outside = [row["center"] for row in rows if row["role"] == "external"]
    if len(outside) > 1:
        every = cases[cases["center"].isin(outside)]
        rows.append(
            {"center": None, "role": "together", "subset": "external", **_difference(every, unit)},
        )
    frame = pd.DataFrame(rows, columns=ROWS)
    alone = frame["role"] != "together"
    frame["p_adjusted"] = stats.adjust(frame["p"].where(alone).to_numpy(float), "holm")
    return CenterComparison(family, own, other, unit, frame)


def _pick(analysis: Analysis, family: str) -> str:
    """The classifier by which a family stands."""
    picked = stands_by(analysis, "external").get(family)
    if picked is None:
        raise UsageError(f"The analysis {analysis.name} has no model of the family {family}.")
    return picked


def _cases(
    analysis: Analysis, reference: Analysis, own: tuple[str, str], other: tuple[str, str]
) -> pd.DataFrame:
    """Held-out images that either model has, with ``y_score_a``, ``y_score_b`` and their ``subset``."""
    new, old = analysis.frame("predictions"), reference.frame("predictions")
    if old[(old["family"] == other[0]) & (old["classifier"] == other[1])].empty:
        raise UsageError(f"The analysis {reference.name} has no model {other[0]} ({other[1]}).")
    parts = []
    for subset in _HELD_OUT:
        at = EvaluationSet(subset, None, "image")
        parts.append(paired(model_cases(new, own, at), model_cases(old, other, at)).assign(subset=subset))
    return pd.concat(parts, ignore_index=True)


def _difference(cases: pd.DataFrame, unit: Unit) -> dict[str, object]:
    """A row of ``ROWS`` without its place."""
    result = compare_scores(cases, unit)
    return {**result, "auc": result["auc_a"], "reference_auc": result["auc_b"]}
