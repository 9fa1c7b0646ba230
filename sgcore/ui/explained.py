"""What the explanations page shows of an analysis: SHAP values of one model, and the work that makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from sgcore import workflow
from sgcore.explain.occlusion_auc import occlusion_by_subset
from sgcore.plots import words
from sgcore.ui import explained_answers, results, sidebar, state, store, tables, watching
from sgcore.ui.page import answer
from sgcore.ui.text import plain, small
from sgcore.ui.view import View

_TRAINING_ALONE = (
    "Of a what-if training images alone are shown here: held-out scores stay closed until asked for."
)


@dataclass(frozen=True)
class Explained:
    """SHAP values of one model.

    ``values`` are long, with the ``subset`` of each image; ``names`` features in plain words, the most important
    first, of which ``shown`` are drawn. ``model`` is its row of ``shap_models``.
    """

    answer: str
    family: str
    classifier: str
    model: pd.Series
    values: pd.DataFrame
    means: pd.Series
    names: dict[str, str]
    residue: set[str]

    @property
    def shown(self) -> dict[str, str]:
        return dict(list(self.names.items())[: explained_answers.SHOWN])


def load(view: View) -> Explained | None:
    """The model of the sidebar's family and classifier; without SHAP values the page says why and what to do."""
    family = sidebar.pick_family(view)
    models = store.shap_models(view.analysis.id)
    own = models[models["family"] == family]
    if own.empty:
        _none(view, family, computed=len(models) > 0)
        return None
    names = list(own["classifier"])
    # The pick of a what-if by held-out cases is closed as they are; that of its training folds is not.
    picked = results.picked(view, family, "train" if view.what_if else "external")
    default = picked if picked is not None and picked in names else names[0]
    classifier = state.choose(
        "shap_classifier",
        names,
        default,
        sidebar.selectbox,
        "Classifier",
        format_func=lambda name: f"{name} (picked)" if name == picked else name,
    )
    model = own[own["classifier"] == classifier].iloc[0]
    if not model["n_explained"]:
        answer(f"{family} ({classifier}) has no SHAP values.")
        small(model["reason"])
        return None
    return _explained(view, family, classifier, model)


def _explained(view: View, family: str, classifier: str, model: pd.Series) -> Explained:
    values = store.shap_values(view.analysis.id, family, classifier)
    if view.what_if:
        values = values[values["subset"] == "train"].reset_index(drop=True)
    residue = residue_of(view, values["feature"].unique())
    names = explained_answers.names(values, residue)
    cases = words.count(values["image_id"].nunique(), "training image" if view.what_if else "image")
    return Explained(
        answer=explained_answers.sentence(
            (family, classifier), values, names, label=view.study.positive, cases=cases
        ),
        family=family,
        classifier=classifier,
        model=model,
        values=values,
        means=explained_answers.means(values),
        names=names,
        residue=residue,
    )


def residue_of(view: View, features: Any) -> set[str]:
    """Which of these features are numerical residue in this analysis."""
    trace = view.frame("selection").drop_duplicates("feature").set_index("feature")["image_type"]
    kinds = store.residue_types(view.analysis.id)
    return {name for name in features if trace.get(name) in kinds}


def _none(view: View, family: str, *, computed: bool) -> None:
    if family == "DL":
        _maps(view)
    elif computed:
        answer(f"There are no SHAP values of {family} in this analysis.")
    else:
        answer("SHAP values have not been computed for this analysis yet.")


def _maps(view: View) -> None:
    """What stands for DL, which is no sum over features."""
    rows = view.frame("grad_cam")
    if rows.empty:
        answer("DL is a network's own score, and there is no map of what its network looks at.")
        return
    answer(
        "DL is a network's own score: its explanation is a map of each image (Grad-CAM), on the page Case."
    )
    labels = (view.study.negative, view.study.positive)
    st.markdown(plain(explained_answers.maps(rows, view.frame("map_randomization"), labels)))
    answers, cases = view.frame("occlusion"), view.study.cases()
    if view.what_if:
        cases = cases[cases["subset"] == "train"]
    table = (
        pd.DataFrame() if answers.empty else explained_answers.occlusion(occlusion_by_subset(answers, cases))
    )
    if table.empty:
        return
    st.header("Without the lesion", anchor=False)
    st.markdown(plain(explained_answers.OCCLUSION))
    tables.table(table, key="occlusion")
    small("AUC by image with 95% intervals, clustered by patient; the difference by DeLong.")
    if view.what_if:
        small(_TRAINING_ALONE)


def offer(view: View) -> None:
    """The button that computes what is not explained yet, and its progress."""
    watching.progress()
    job = watching.news("explain")
    if job is not None:
        if watching.own(job) and job.state == "done":
            watching.told(job)
            st.rerun()
        if watching.own(job):
            watching.failure(job)
    missing = _missing(view)
    if not missing:
        return
    small(
        f"SHAP values are missing of {words.join(missing)}. They are computed in the background; finished models stay "
        "stored, also when it is stopped."
    )
    if st.button("Compute explanations", type="primary", disabled=watching.busy()):
        _begin(view)


def _missing(view: View) -> list[str]:
    """Families of which a picked model has no row among the explained ones."""
    models = store.shap_models(view.analysis.id)
    done = set(zip(models["family"], models["classifier"], strict=True))
    picks = view.frame("picks").dropna(subset=["classifier"])
    wanted = zip(picks["family"], picks["classifier"], strict=True)
    return [family for family, classifier in wanted if family != "DL" and (family, classifier) not in done]


def _begin(view: View) -> None:
    target, analysis = store.store(), view.analysis

    def work(on_progress: Any, cancel: Any) -> None:
        workflow.explain(analysis, target, on_progress=on_progress, cancel=cancel)

    watching.begin(f"Explaining {analysis.name}", work, "explain")


def pick_feature(shown: Explained) -> str:
    """The feature of the dependence figure."""
    return state.choose(
        "shap_feature",
        list(shown.names),
        next(iter(shown.names)),
        st.selectbox,
        "Feature",
        format_func=shown.names.__getitem__,
    )


def of_feature(shown: Explained, feature: str) -> pd.DataFrame:
    return shown.values[shown.values["feature"] == feature].reset_index(drop=True)


def notes(view: View, shown: Explained) -> None:
    """What numerical residue is, where a feature is; which images lack an explanation, and why."""
    residue = explained_answers.residue_note(shown.names, shown.residue)
    if residue:
        st.markdown(plain(residue))
    if shown.model["reason"]:
        small(shown.model["reason"])
    if view.what_if:
        small(_TRAINING_ALONE)


def table(shown: Explained) -> pd.DataFrame:
    """Features with their mean absolute SHAP value, the range of the values, and the error of sampled ones."""
    by_feature = shown.values.groupby("feature", sort=False)
    order = list(shown.names)
    error = by_feature["mc_error"].max().reindex(order)
    table = pd.DataFrame(
        {
            "Feature": order,
            "In words": list(shown.names.values()),
            "Moves the probability by, on average": shown.means.reindex(order).to_numpy(),
            "Lowest": by_feature["shap_value"].min().reindex(order).to_numpy(),
            "Highest": by_feature["shap_value"].max().reindex(order).to_numpy(),
        }
    )
    if bool(shown.model["exact"]):
        return table
    return table.assign(**{"Largest Monte Carlo error": error.to_numpy()})


def feature_table(rows: pd.DataFrame) -> pd.DataFrame:
    table = rows[["image_id", "subset", "feature_value", "shap_value"]]
    table = table.assign(subset=table["subset"].map(words.SUBSETS))
    return table.rename(
        columns={
            "image_id": "Image",
            "subset": "Cases",
            "feature_value": "Value of the feature",
            "shap_value": "Moves the probability by",
        }
    )
