"""What the case page shows of a case's scores: all of them against their thresholds, and one as a sum."""

from __future__ import annotations

import pandas as pd

from sgcore import plots
from sgcore.domain import FAMILIES
from sgcore.plots import words
from sgcore.ui import case_answers, explained, looks, results, store, tables
from sgcore.ui.charts import chart
from sgcore.ui.chosen_case import Case, key_of, maps_of
from sgcore.ui.navigation import link
from sgcore.ui.text import plain, small
from sgcore.ui.view import View, theme


def scores(view: View, case: Case, *, hidden: bool) -> pd.DataFrame | None:
    """Every model's score of the image; None while they are hidden, or closed as held-out results of a what-if."""
    if hidden:
        return None
    if case.subset != "train" and not looks.opened(
        view, f"case: {case.subset}", "Show scores of held-out cases"
    ):
        return None
    picks = results.picks_of(view, case.subset)
    rows = case_answers.scores(
        view.frame("predictions"), view.frame("evaluations"), picks, case.image_id, view.unit
    )
    order = {name: place for place, name in enumerate(FAMILIES)}
    return rows.sort_values("family", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def against_thresholds(view: View, case: Case, rows: pd.DataFrame) -> None:
    """The picked models' scores as a figure, all scores as its table."""
    shown = rows[rows["picked"]].reset_index(drop=True)
    by_patient = view.unit == "patient" and len(case.others) > 0
    chart(
        plots.case_scores(
            shown,
            theme(),
            score="patient_score" if by_patient else "score",
            called={name: case_answers.called(family, name) for family, name in _models(rows)},
        ),
        view,
        name="case-scores",
        says=case_answers.thresholds(shown, by_patient=by_patient),
        table=_table(view, rows, by_patient=by_patient),
        raw=rows,
    )


def _models(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(rows["family"], rows["classifier"], strict=True))


def _table(view: View, rows: pd.DataFrame, *, by_patient: bool) -> pd.DataFrame:
    """All scores against their thresholds, families in their order, picked classifiers first."""
    labels = {0.0: view.study.negative, 1.0: view.study.positive}
    means = {"Mean of the patient's images": rows["patient_score"]} if by_patient else {}
    return pd.DataFrame(
        {
            "Family": rows["family"],
            "Classifier": [case_answers.called(family, name) for family, name in _models(rows)],
            "Picked": rows["picked"],
            "Score of this image": rows["score"],
            **means,
            f"Threshold by {view.unit}": tables.thresholds(rows["threshold"]),
            "Called": rows["called"].map(labels),
            "Right": rows["right"].map({0.0: "no", 1.0: "yes"}),
            "Scored": rows["scored"].map(case_answers.SCORED),
        }
    )


def sum_of(view: View, case: Case, family: str, rows: pd.DataFrame) -> None:
    """The score of the family's picked model as a sum over its features, or why there is none; cases alike."""
    row = case_answers.family_row(rows, family)
    model = None if row is None else _explained(view, family, str(row["classifier"]))
    if row is None or model is None:
        _unexplained(view, case, family)
        return
    every = store.shap_values(view.analysis.id, family, str(row["classifier"]))
    values = every[every["image_id"] == case.image_id].reset_index(drop=True)
    if values.empty:
        _unexplained(view, case, family)
        return
    fitted = row["estimate"] == "out_of_fold"
    threshold = row["image_threshold"]
    chart(
        plots.waterfall(
            case_answers.steps(values, explained.residue_of(view, values["feature"])),
            theme(),
            base=float(model["base"]),
            threshold=None if words.missing(threshold) else threshold,
            label=view.study.positive,
            ends=(
                "Average probability",
                "Fitted probability" if fitted else "Probability of this image",
            ),
        ),
        view,
        name="case-effects",
        says=case_answers.waterfall(model, row, view.study.positive),
        table=_effects(values),
        raw=values,
        beside=False,
    )
    _alike(view, case, every, f"{family} ({row['classifier']})")


def _explained(view: View, family: str, classifier: str) -> pd.Series | None:
    """The row of a model in ``shap_models``, if it has SHAP values."""
    models = store.shap_models(view.analysis.id)
    own = models[(models["family"] == family) & (models["classifier"] == classifier)]
    return None if own.empty or not own.iloc[0]["n_explained"] else own.iloc[0]


def _unexplained(view: View, case: Case, family: str) -> None:
    """What stands where there is no waterfall."""
    if family == "DL":
        mapped = len(maps_of(view, case)) > 0
        small(
            "DL is the network's own score, no sum over features. "
            f"{'The map of this image is its explanation.' if mapped else 'There is no map of this image.'}"
        )
        return
    small(f"No SHAP values of {family} for this image.")
    link("models-explanations", "Compute or see explanations")


def _effects(values: pd.DataFrame) -> pd.DataFrame:
    table = explained.feature_table(values).drop(columns=["Image", "Cases"])
    table.insert(0, "Feature", values["feature"])
    return table


def _alike(view: View, case: Case, values: pd.DataFrame, model: str) -> None:
    """Links to the training images of other patients whose features are nearest to those of the case."""
    cases = view.study.cases().set_index("image_id")
    found = case_answers.alike(values, cases, case.image_id)
    if not found:
        return
    small(f"Training images with the most similar features of {model}, of other patients:")
    labels = (view.study.negative, view.study.positive)
    for image_id in found:
        text = f"{image_id} ({labels[int(cases.at[image_id, 'y'])]})"
        link("cases-case", plain(text), case=key_of(view.study_id or "", image_id))
