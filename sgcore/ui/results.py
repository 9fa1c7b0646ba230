"""What the classifiers and the families page show of an analysis."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sgcore.domain import CLASSIFIERS, FAMILIES, Subset
from sgcore.plots import DASHES, Theme, words
from sgcore.ui import answers, store
from sgcore.ui.view import View


@dataclass(frozen=True)
class Shown:
    """Rows of one set, their ROC points and comparisons, and the page's sentence.

    ``points``, ``labels`` and ``operating`` are by name of the family or the classifier.
    """

    answer: str
    rows: pd.DataFrame
    comparisons: pd.DataFrame
    points: dict[str, pd.DataFrame]
    labels: dict[str, str]
    operating: dict[str, tuple[float, float]]
    colors: dict[str, str]
    dashes: dict[str, str]
    best: str | None

    @property
    def drawable(self) -> bool:
        return any(len(points) for points in self.points.values())


def families(view: View, subset: Subset, center: str | None, theme: Theme) -> Shown:
    """Each family by its picked classifier on one set, center and unit."""
    rows = answers.rows_of(view.frame("evaluations"), subset=subset, center=center, unit=view.unit)
    pairs = _pairs(view, "families", None, subset, center)
    centers = 0
    if center is None and len(rows):
        everywhere = view.frame("evaluations")
        centers = everywhere.loc[everywhere["subset"] == subset, "center"].nunique()
    sentence = answers.best_family(rows, pairs, view.frame("picks"), subset=subset, centers=centers)
    return _shown(view, sentence, rows, pairs, column="family", theme=theme, subset=subset, center=center)


def classifiers(view: View, family: str, subset: Subset, center: str | None, theme: Theme) -> Shown:
    """The candidates of one family on one set, center and unit."""
    every = view.frame("evaluations")
    every = every[every["family"] == family]
    rows = answers.rows_of(every, subset=subset, center=center, unit=view.unit, picked=False)
    folds = answers.rows_of(every, subset="train", center=None, unit=view.unit, picked=False)
    sentence = answers.classifier_pick(rows, pick_of(view, family), family, folds)
    pairs = _pairs(view, "classifiers", family, subset, center)
    return _shown(view, sentence, rows, pairs, column="classifier", theme=theme, subset=subset, center=center)


def by_subset(view: View, family: str, shown: Subset) -> pd.DataFrame:
    """A family's candidates in every subset, all centers; training folds stand for training.

    Of a what-if only training folds and the chosen set are shown, so that no held-out result is seen
    without being counted.
    """
    every = view.frame("evaluations")
    every = every[every["family"] == family]
    subsets: tuple[Subset, ...] = ("train", "validation", "external")
    parts = [
        answers.rows_of(every, subset=subset, center=None, unit=view.unit, picked=False)
        for subset in subsets
        if not view.what_if or subset in ("train", shown)
    ]
    return pd.concat(parts, ignore_index=True)


def pick_of(view: View, family: str) -> pd.Series | None:
    picks = view.frame("picks")
    found = picks[picks["family"] == family] if len(picks) else picks
    return None if found.empty else found.iloc[0]


def threshold_origin(view: View) -> str:
    """Where the thresholds of the analysis come from, in words."""
    fitted = view.analysis.config.models.threshold == "fitted"
    return "fitted training scores (Youden)" if fitted else "out-of-fold training scores (Youden)"


def picked(view: View, family: str) -> str | None:
    pick = pick_of(view, family)
    return None if pick is None else str(pick["classifier"])


def pick_caption(view: View, family: str) -> str:
    """How the pick came about, beside the figure."""
    pick = pick_of(view, family)
    by = words.IN_SENTENCE.get("train") if pick is None else pick["evaluated_on"]
    text = "AUC of each classifier by set; training scores are out of fold."
    if pick is None or words.missing(by):
        return text
    if by == "training folds":
        return f"{text} The pick was made in the training folds, before the other sets were looked at."
    place = words.IN_SENTENCE.get(str(by), str(by))
    return f"{text} The pick was made on the {place}: there it is the best of several, by luck as well."


def roc_caption(view: View, subset: Subset, center: str | None, band: str | None = None) -> str:
    """What the curves are drawn from."""
    where = (
        f"{words.SUBSETS[subset]} cases" + ("" if center is None else f" of {center}") + f", by {view.unit}"
    )
    text = f"{where}. Dots: each model at its own training threshold."
    return text if band is None else f"{text} Band: 95% interval of {band} at each threshold by itself."


def why_none(shown: Shown) -> str:
    """Why no curve is drawn."""
    reasons = [str(text) for text in shown.rows.get("reason", pd.Series(dtype=str)).dropna() if text]
    return f"No curve can be drawn for these cases: {reasons[0] if reasons else 'no model has scores here'}."


def _pairs(view: View, kind: str, family: str | None, subset: Subset, center: str | None) -> pd.DataFrame:
    rows = view.frame("comparisons")
    if rows.empty:
        return rows
    at = rows["center"].isna() if center is None else rows["center"] == center
    of = rows["family"].isna() if family is None else rows["family"] == family
    kept = (rows["kind"] == kind) & of & (rows["subset"] == subset) & at & (rows["unit"] == view.unit)
    return rows[kept].reset_index(drop=True)


def _shown(
    view: View,
    sentence: str,
    rows: pd.DataFrame,
    pairs: pd.DataFrame,
    *,
    column: str,
    theme: Theme,
    subset: Subset,
    center: str | None,
) -> Shown:
    order = FAMILIES if column == "family" else CLASSIFIERS
    points, labels, operating, colors, dashes = {}, {}, {}, {}, {}
    for row in sorted(rows.to_dict("records"), key=lambda row: order.index(row[column])):
        name = row[column]
        points[name] = store.roc_points(
            view.analysis_id or "",
            (row["family"], row["classifier"]),
            subset=subset,
            center=center,
            unit=view.unit,
        )
        labels[name] = f"{name}  {words.auc(row['auc'])}"
        colors[name] = theme.family(row["family"])
        dashes[name] = DASHES[row["classifier"]]
        if not words.missing(row["sensitivity"]) and not words.missing(row["specificity"]):
            operating[name] = (1 - row["specificity"], row["sensitivity"])
    known = rows.dropna(subset=["auc"]) if len(rows) else rows
    best = None if known.empty else str(known[column].iloc[int(known["auc"].to_numpy().argmax())])
    return Shown(sentence, rows, pairs, points, labels, operating, colors, dashes, best)
