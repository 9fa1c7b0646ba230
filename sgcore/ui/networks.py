"""What the deep learning page shows of an analysis' networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pandas as pd
import streamlit as st

from sgcore.domain import SUBSETS, EvaluationSet
from sgcore.plots import markers, words
from sgcore.ui import network_answers, results, sidebar, state, tables
from sgcore.ui.navigation import link
from sgcore.ui.page import answer, unavailable
from sgcore.ui.view import View

FAMILY = "DL"


@dataclass(frozen=True)
class Networks:
    """Networks of an analysis, the chosen one's curves and components, and the page's sentence.

    ``rows`` are evaluations of all networks by subset, those of training patients by both estimates.
    ``called`` is what each is called, ``picked`` the one whose deep features the analysis uses.
    """

    answer: str
    at: EvaluationSet
    rows: pd.DataFrame
    networks: pd.DataFrame
    called: dict[str, str]
    picked: str | None
    chosen: str
    curves: pd.DataFrame
    variance: pd.DataFrame
    points: pd.DataFrame


def there(view: View) -> bool:
    """Whether the analysis has networks; where not, the page says why and what to do."""
    if len(view.frame("networks")):
        return True
    answer("This analysis has no networks.")
    unavailable(view, "DL", "RadiomicsDL", "Combined")
    st.write(
        "Train one on the import page (minutes to hours, on a GPU or not), or bring what networks gave elsewhere as "
        "the tables deep_features, deep_scores and training_curves of the study file."
    )
    link("study-import", "Compute it with networks on the import page")
    return False


def load(view: View, at: EvaluationSet) -> Networks:
    networks = view.frame("networks")
    names = list(dict.fromkeys(networks["backbone"]))
    used = list(dict.fromkeys(networks.loc[networks["picked"].astype(bool), "backbone"]))
    picked = used[0] if used else None
    called = {name: network_answers.title(name) for name in names}
    chosen = state.choose(
        "network", names, picked or names[0], sidebar.selectbox, "Network", format_func=called.__getitem__
    )
    rows = _rows(view, at)
    return Networks(
        answer=_answer(view, networks, rows, picked or names[0], at),
        at=at,
        rows=rows,
        networks=networks,
        called=called,
        picked=picked,
        chosen=chosen,
        curves=_curves(view, chosen, at),
        variance=_variance(view, picked),
        points=_points(view, at),
    )


def _rows(view: View, at: EvaluationSet) -> pd.DataFrame:
    """All centers together; of a what-if training patients and the chosen set alone."""
    every = view.frame("evaluations")
    every = every[(every["family"] == FAMILY) & every["center"].isna() & (every["unit"] == view.unit)]
    shown = {"train", at.subset} if view.what_if else set(SUBSETS)
    return every[every["subset"].isin(shown)].reset_index(drop=True)


def _answer(view: View, networks: pd.DataFrame, rows: pd.DataFrame, name: str, at: EvaluationSet) -> str:
    own = networks[networks["backbone"] == name].sort_values("fold", kind="stable")
    deep = view.analysis.config.deep
    start = network_answers.began(own.iloc[0], None if deep is None else deep.epochs)
    rows = rows[rows["classifier"] == name]
    held = rows[(rows["subset"] == at.subset) & (rows["estimate"] == at.estimate)]
    fitted = rows[(rows["subset"] == "train") & (rows["estimate"] == "fitted")]
    return network_answers.learned(start, held, fitted, at)


def _curves(view: View, name: str, at: EvaluationSet) -> pd.DataFrame:
    """Curves of a network; what a what-if reached in validation images stays closed with the rest of them."""
    curves = view.frame("training_curves")
    curves = curves[curves["backbone"] == name]
    if view.what_if and at.subset != "validation":
        curves = curves[curves["subset"] == "train"]
    return curves.reset_index(drop=True)


def metrics(shown: Networks) -> list[str]:
    """Measures that the curves of the chosen network have."""
    return [name for name in words.METRICS if shown.curves[name].notna().any()]


def pick_metric(shown: Networks) -> str:
    names = metrics(shown)
    return state.choose(
        "metric", names, names[0], st.segmented_control, "Measure", format_func=words.METRICS.__getitem__
    )


def whole(shown: Networks) -> pd.DataFrame:
    """Curves of the network of all training patients."""
    return shown.curves[shown.curves["fold"].fillna(0) == 0]


def _variance(view: View, picked: str | None) -> pd.DataFrame:
    """Components of the network whose features the analysis uses, the one of all training patients."""
    rows = view.frame("explained_variance")
    rows = rows[(rows["backbone"] == picked) & (rows["fold"].fillna(0) == 0)]
    return rows.reset_index(drop=True)


def _points(view: View, at: EvaluationSet) -> pd.DataFrame:
    """Images of a set by their first two components: ``image_id, center, y_true, x, y``; empty without two."""
    rows = view.frame("deep_components")
    rows = rows[rows["component"].isin(["DL_0", "DL_1"])]
    if rows["component"].nunique() < 2:
        return pd.DataFrame()
    wide = rows.pivot(index="image_id", columns="component", values="value").reset_index()
    wide = wide.rename(columns={"DL_0": "x", "DL_1": "y"})
    cases = view.study.cases().rename(columns={"y": "y_true"})
    return cases[cases["subset"] == at.subset].merge(wide, on="image_id")


def symbols(view: View, shown: Networks) -> dict[str, str]:
    """A marker a center of the shown images, the same as elsewhere."""
    own = markers([*view.study.development, *view.study.external])
    return {center: symbol for center, symbol in own.items() if center in set(shown.points["center"])}


def labels(view: View) -> tuple[str, str]:
    return view.study.negative, view.study.positive


def dots_caption(view: View, shown: Networks) -> str:
    """What the dots are, and how the picked network was picked."""
    text = (
        f"AUC of each network by set, by {view.unit}, with 95% intervals. Its own training patients it knows: that "
        "AUC is no estimate for others."
    )
    pick = results.pick_of(view, FAMILY, shown.at.subset)
    if pick is not None and len(shown.called) > 1 and not words.missing(pick["evaluated_on"]):
        by = str(pick["evaluated_on"])
        text += f" The pick was made by the AUC on the {words.IN_SENTENCE.get(by, by)}, by {pick['unit']}."
    return text


def components_caption(view: View, shown: Networks) -> str:
    text = (
        f"One point an image of the {words.SUBSETS[shown.at.subset].lower()} set. The first two components are those "
        "of greatest spread, not those that separate labels best."
    )
    if shown.at.subset == "train" and (view.frame("networks")["fold"].fillna(0) > 0).any():
        text += " Training images stand by the network that left them out."
    return text


def aucs_table(view: View, shown: Networks) -> pd.DataFrame:
    rows = shown.rows.assign(classifier=shown.rows["classifier"].map(shown.called))
    return tables.evaluations(rows, origin=results.threshold_origin(view)).drop(columns="Family")


def weights_table(shown: Networks) -> pd.DataFrame:
    """Each network with the weights it began from, its training, and where it was computed."""
    rows = shown.networks
    table = pd.DataFrame(
        {
            "Network": rows["backbone"].map(shown.called),
            "Trained on": [
                "elsewhere"
                if origin == "brought"
                else f"training patients without fold {int(fold)}"
                if fold > 0
                else "all training patients"
                for fold, origin in zip(rows["fold"].fillna(0), rows["origin"], strict=True)
            ],
            "First weights": rows["weights_text"],
            "Weights file": rows["weights_file"],
            "SHA-256": [_short(value) for value in rows["weights_sha256"]],
            "Weights of epoch": rows["epoch"].astype("Int64"),
            "Training images": rows["n_train"].astype("Int64"),
            "Validation images": rows["n_validation"].astype("Int64"),
            "Computed on": rows["device"],
            "Used": rows["picked"].astype(bool),
            "Note": rows["notes"].replace("", None),
        }
    )
    # A column that is empty for all of them, such as the file where there is none, would only take room.
    return table.dropna(axis=1, how="all")


def _short(digest: object) -> str | None:
    return None if words.missing(digest) else f"{cast(str, digest)[:12]}…"


def curves_table(shown: Networks) -> pd.DataFrame:
    rows = shown.curves
    table = pd.DataFrame(
        {
            "Without fold": rows["fold"].astype("Int64").where(rows["fold"].fillna(0) > 0),
            "Epoch": rows["epoch"].astype("Int64"),
            "Images of": rows["subset"].map(words.SUBSETS),
            "Images": rows["n_images"].astype("Int64"),
            **{text: rows[name] for name, text in words.METRICS.items()},
            # Curves of networks made elsewhere have no reasons.
            **(tables.why(rows) if "reason" in rows else {}),
        }
    )
    return table.dropna(axis=1, how="all")


def variance_table(shown: Networks) -> pd.DataFrame:
    rows = shown.variance
    return pd.DataFrame(
        {
            "Component": rows["component"],
            "Share of the variance": rows["share"],
            "With those before it": rows["share"].cumsum(),
        }
    )
