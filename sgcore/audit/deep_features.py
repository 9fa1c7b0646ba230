"""SGA023: do deep features of training patients come from a network that was trained on them?"""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.networks import (
    BROUGHT,
    SCORES,
    deep_families,
    network_scores,
    no_deep_features,
    no_networks,
    out_of_fold,
    picked_networks,
    subset_name,
)
from sgcore.domain import Severity, Study

_TRAIN = "train"


class DeepFeaturesInSample:
    """Whose network speaks for training patients, and how its score tells labels apart there and elsewhere."""

    code = "SGA023"
    title = "Deep features of training patients from a network that was trained on them"
    severity: Severity = "warning"
    page = "models-deep-learning"

    def run(self, evidence: Evidence) -> Outcome:
        if evidence.frame("networks").empty:
            return no_networks(evidence)
        networks = picked_networks(evidence)
        families = " and ".join(deep_families(evidence))
        if networks.empty or not families:
            return no_deep_features(evidence)
        backbone = str(networks["backbone"].iloc[0])
        table = _distribution(network_scores(evidence, backbone), evidence.study)
        told = _told(evidence, backbone)
        if out_of_fold(networks):
            folds = networks.loc[networks["fold"] > 0, "fold"].nunique()
            return Outcome(
                "passed",
                f"{families}: the deep features of training patients come from {folds} networks ({backbone}), each "
                f"trained without the patients that it speaks for. {told}",
                table=table,
            )
        again = f"The out-of-fold scores of {families} rest on the same features."
        if (networks["origin"] == BROUGHT).all():
            return Outcome(
                "finding",
                f"{families}: the study brings the deep features of {backbone} and does not say whether it was "
                f"trained on the training patients. A network tells the labels of its own patients apart better "
                f"than those of others. {told} {again}",
                remedy="Ask how the deep features of training patients were made; bring those of networks that "
                "left these patients out, or train networks here with `--deep-folds 5`.",
                table=table,
            )
        return Outcome(
            "finding",
            f"{families}: the models were trained on deep features of a network ({backbone}) that had been trained on "
            f"the same patients: their features can hold what it memorized of their labels. {told} {again}",
            remedy="Take the deep features of training patients from networks that left them out: "
            "`--deep-folds 5`, as in the strict recipe.",
            table=table,
        )


def _told(evidence: Evidence, backbone: str) -> str:
    """The AUC of the network's score in training patients beside that in the first held-out set there is."""
    rows = evidence.frame("evaluations")
    rows = rows[
        (rows["family"] == SCORES)
        & (rows["classifier"] == backbone)
        & rows["center"].isna()
        & (rows["unit"] == evidence.config.unit)
    ]
    places = [(_TRAIN, "fitted", "fitted"), (_TRAIN, "out_of_fold", "out of fold")]
    parts = [
        f"{_auc(row)} in the {subset_name(subset)} ({how})"
        for subset, estimate, how in places
        for _, row in rows[(rows["subset"] == subset) & (rows["estimate"] == estimate)].iterrows()
    ]
    held = next((name for name in ("validation", "external") if (rows["subset"] == name).any()), None)
    for _, row in rows[rows["subset"] == held].iterrows():
        parts.append(f"{_auc(row)} in the {subset_name(row['subset'])}")
    if not parts:
        return "The network has no scores of its own by which its patients and others could be compared."
    return f"AUC of the network's score by {evidence.config.unit}: {', '.join(parts)}."


def _auc(row: pd.Series) -> str:
    if pd.isna(row["auc"]):
        return f"not estimable ({row['reason']})"
    low, high = row["ci_low"], row["ci_high"]
    interval = "no interval" if pd.isna(low) else f"{low:.3f} to {high:.3f}"
    return f"{row['auc']:.3f} ({interval}; {int(row['n_patients'])} patients)"


def _distribution(scores: pd.DataFrame, study: Study) -> pd.DataFrame | None:
    """Quartiles of the network's score by subset, estimate and label, image by image; None without scores."""
    scores = scores.dropna(subset=["y_score"])
    if scores.empty:
        return None
    named = scores.assign(label=scores["y_true"].map({0: study.negative, 1: study.positive}))
    groups = named.groupby(["subset", "estimate", "label"], sort=False)["y_score"]
    found = groups.quantile([0.25, 0.5, 0.75]).unstack()
    found.columns = pd.Index(["lower_quartile", "median", "upper_quartile"])
    return groups.size().rename("n_images").to_frame().join(found).reset_index()
