"""What the classifiers and the families page show of an analysis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from sgcore.domain import FAMILIES, SUBSETS, EvaluationSet, Subset, candidates_in_order
from sgcore.models.descriptor_coding import ASPECT, ASPECT_BELOW_1
from sgcore.plots import Theme, lines, words
from sgcore.ui import answers, at_cases, store, subgroup_results
from sgcore.ui.view import View


@dataclass(frozen=True)
class Shown:
    """Rows of one set, their ROC points and comparisons, and the page's sentence.

    ``models`` (family, classifier), ``points``, ``labels`` and ``operating`` are by name of the family or
    the classifier, which ``column`` tells, in the order of the legend; ``best`` has the highest AUC of those
    that rank cases.
    """

    analysis_id: str
    answer: str
    column: str
    at: EvaluationSet
    rows: pd.DataFrame
    comparisons: pd.DataFrame
    models: dict[str, tuple[str, str]]
    labels: dict[str, str]
    operating: dict[str, tuple[float, float]]
    colors: dict[str, str]
    dashes: dict[str, str]
    symbols: dict[str, str]
    best: str | None

    @cached_property
    def points(self) -> dict[str, pd.DataFrame]:
        if self.few:
            return {}
        return {
            name: at_cases.roc_points(self.analysis_id, model, self.at) for name, model in self.models.items()
        }

    @property
    def few(self) -> str:
        """Why a subgroup has too few cases for any AUC; empty where it has one, and where none is chosen."""
        if self.at.subgroup is None or self.rows.empty or self.rows["auc"].notna().any():
            return ""
        return answers.reason(self.rows)

    @property
    def drawable(self) -> bool:
        return any(len(points) for points in self.points.values())


def families(view: View, at: EvaluationSet, theme: Theme) -> Shown:
    """Each family by its classifier that was picked on the whole study, also in a subgroup."""
    every, picks = view.frame("evaluations"), picks_of(view, at.subset)
    rows = answers.rows_of(every, replace(at, subgroup=None))
    chosen = set(zip(picks["family"], picks["classifier"], strict=True))
    named = [pair in chosen for pair in zip(rows["family"], rows["classifier"], strict=True)]
    rows = rows[named].reset_index(drop=True)
    centers = len(answers.centers_of(every, at.subset))
    if at.subgroup is None:
        pairs = _pairs(view, None, at)
    else:
        rows, pairs = subgroup_results.of_models(view.analysis.id, rows, at)
        if at.center is None and len(rows):
            model = str(rows["family"].iloc[0]), str(rows["classifier"].iloc[0])
            centers = subgroup_results.centers(view.analysis.id, model, at)
    sentence = answers.best_family(
        rows,
        pairs,
        picks,
        at,
        centers=centers,
        called={family: _called(view, family) for family in rows["family"]},
    )
    return _shown(view, sentence, rows, pairs, column="family", theme=theme, at=at)


def classifiers(view: View, family: str, at: EvaluationSet, theme: Theme) -> Shown:
    """The candidates of one family."""
    every = view.frame("evaluations")
    every = every[every["family"] == family]
    rows = answers.rows_of(every, at)
    sentence = answers.classifier_pick(
        rows,
        pick_of(view, family, at.subset),
        _called(view, family),
        answers.rows_of(every, view.at("train")),
        at,
        centers=len(answers.centers_of(every, at.subset)),
    )
    pairs = _pairs(view, family, at)
    return _shown(view, sentence, rows, pairs, column="classifier", theme=theme, at=at)


def by_subset(view: View, family: str, shown: Subset) -> pd.DataFrame:
    """A family's candidates in every subset, all centers; training folds stand for training.

    Of a what-if only training folds and the chosen set are shown, so that no held-out result is seen
    without being counted.
    """
    every = view.frame("evaluations")
    every = every[every["family"] == family]
    parts = [
        answers.rows_of(every, view.at(subset))
        for subset in SUBSETS
        if not view.what_if or subset in ("train", shown)
    ]
    return pd.concat(parts, ignore_index=True)


def picks_of(view: View, subset: Subset) -> pd.DataFrame:
    """The picks by which families stand; in the training folds of a what-if those of the folds."""
    if view.what_if and subset == "train":
        return store.fold_picks(view.analysis.id)
    return view.frame("picks")


def pick_of(view: View, family: str, subset: Subset) -> pd.Series | None:
    picks = picks_of(view, subset)
    found = picks[picks["family"] == family] if len(picks) else picks
    return None if found.empty else found.iloc[0]


def ratio_alone(view: View, family: str) -> str:
    """What a model of descriptors rests on where no reader's is among them; empty for others."""
    trace = view.frame("selection")
    if trace.empty:
        return ""
    kept = set(trace.loc[(trace["family"] == family) & (trace["step"] == "selected"), "feature"])
    alone = bool(kept) and kept <= {ASPECT, ASPECT_BELOW_1}
    return "the aspect ratio of the outline alone, no reader's descriptors" if alone else ""


def _called(view: View, family: str) -> str:
    """A family's name, and what it rests on where the name would promise more."""
    rests = ratio_alone(view, family)
    return f"{family} ({rests})" if rests else family


def threshold_origin(view: View) -> str:
    """Where the thresholds of the analysis come from, in words; by patient they are others than by image."""
    fitted = view.analysis.config.models.threshold == "fitted"
    return f"{'fitted' if fitted else 'out-of-fold'} training scores (Youden, by {view.unit})"


def picked(view: View, family: str, subset: Subset) -> str | None:
    pick = pick_of(view, family, subset)
    return None if pick is None else str(pick["classifier"])


def picked_here(view: View, family: str, subset: Subset) -> bool:
    """Whether a family's classifier was picked by what it reached on these very cases."""
    pick = pick_of(view, family, subset)
    return pick is not None and answers.picked_on(pick["evaluated_on"], subset)


def pick_caption(view: View, family: str, subset: Subset) -> str:
    """How the pick came about, beside the figure."""
    pick = pick_of(view, family, subset)
    text = "AUC of each classifier by set; training scores are out of fold."
    if pick is None or words.missing(pick["evaluated_on"]):
        return text
    by = str(pick["evaluated_on"])
    place = "in the training folds" if by == "training folds" else f"on the {words.IN_SENTENCE.get(by, by)}"
    text = f"{text} The pick was made {place}, by {pick['unit']}: there it is the best of several, by luck as well."
    return text + _expected(view, by)


def _expected(view: View, subset: str) -> str:
    """What the best of all candidates stands for on new patients; closed for a what-if, as all held-out values."""
    rows = view.frame("chance")
    rows = rows[(rows["subset"] == subset) & rows["estimate"].notna()] if len(rows) else rows
    if rows.empty or view.what_if:
        return ""
    row = rows.iloc[0]
    return (
        f" The best of all {row['n_candidates']} candidates, {words.auc(row['naive'])} by patient "
        f"({words.patients(row)}), stands for "
        f"{words.auc(row['estimate'])} ({words.interval(row['ci_low'], row['ci_high'])}) on new patients of "
        "these centers."
    )


def dots_caption(view: View, shown: Shown) -> str:
    """What the dots of the families are."""
    text = (
        f"AUC of each family's picked classifier {answers.place_of(shown.at)}, by {view.unit}, with 95% intervals. "
        "Where intervals overlap widely, the order of the dots says little."
    )
    if shown.at.center is None and shown.rows["within_center_auc"].notna().any():
        text += " Pairs of the same center leave out what differing shares of positives between centers add."
    return text


def _pairs(view: View, family: str | None, at: EvaluationSet) -> pd.DataFrame:
    """Comparisons of the families, which have no family of their own, or of one family's classifiers."""
    blind = view.what_if and at.subset == "train"
    rows = at.rows(store.fold_comparisons(view.analysis.id) if blind else view.frame("comparisons"))
    if rows.empty:
        return rows
    kept = rows["family"].isna() if family is None else rows["family"] == family
    return rows[kept].reset_index(drop=True)


def _shown(
    view: View,
    sentence: str,
    rows: pd.DataFrame,
    pairs: pd.DataFrame,
    *,
    column: str,
    theme: Theme,
    at: EvaluationSet,
) -> Shown:
    order = FAMILIES if column == "family" else candidates_in_order(rows["classifier"])
    styles = lines(candidates_in_order(rows["classifier"]))
    models, labels, operating, colors, dashes, symbols = {}, {}, {}, {}, {}, {}
    for row in sorted(rows.to_dict("records"), key=lambda row: order.index(row[column])):
        name = row[column]
        models[name] = row["family"], row["classifier"]
        rank = not answers.flat(pd.DataFrame([row])).iloc[0]
        labels[name] = f"{name}  {words.auc(row['auc']) if rank else 'one score for all'}"
        colors[name] = theme.family(row["family"])
        dashes[name], symbols[name] = styles[row["classifier"]]
        if not words.missing(row["sensitivity"]) and not words.missing(row["specificity"]):
            operating[name] = (1 - row["specificity"], row["sensitivity"])
    known = answers.ranked(rows)
    best = None if known.empty else str(known[column].iloc[0])
    return Shown(
        analysis_id=view.analysis.id,
        answer=sentence,
        column=column,
        at=at,
        rows=rows,
        comparisons=pairs,
        models=models,
        labels=labels,
        operating=operating,
        colors=colors,
        dashes=dashes,
        symbols=symbols,
        best=best,
    )
