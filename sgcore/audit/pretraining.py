"""SGA072: were the weights pretrained, and on what?"""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.networks import no_networks
from sgcore.domain import Severity

_COLUMNS = [
    "backbone",
    "fold",
    "origin",
    "weights",
    "weights_file",
    "weights_sha256",
    "weights_text",
    "epoch",
    "n_train",
    "n_validation",
    "picked",
]
#: What to do about weights that leave the question open, by their kind.
_REMEDIES = {
    "none": "Begin with pretrained weights (`--weights imagenet`, or a file), or show by the training curves that "
    "the network learned from so few images.",
    "file": "Find out on which images the file's weights were trained, and mute this note in the study file "
    "with the answer.",
    "unknown": "Ask which weights the network began with, and on which images these were trained: patients of this "
    "study must not be among them.",
}


class Pretraining:
    """The first weights of each network, as the analysis records them."""

    code = "SGA072"
    title = "Networks whose pretraining is missing or unknown"
    severity: Severity = "note"
    page = "models-deep-learning"

    def run(self, evidence: Evidence) -> Outcome:
        networks = evidence.frame("networks")
        if networks.empty:
            return no_networks(evidence)
        table = networks[_COLUMNS].reset_index(drop=True)
        once = networks.sort_values("fold", kind="stable").drop_duplicates("backbone")
        told = once.apply(_told, axis=1)
        message = " ".join(
            f"{', '.join(once.loc[told == text, 'backbone'])}: {text}" for text in told.drop_duplicates()
        )
        open_ones = [kind for kind in _REMEDIES if (once["weights"] == kind).any()]
        if not open_ones:
            return Outcome("passed", message, table=table)
        remedy = " ".join(_REMEDIES[kind] for kind in open_ones)
        return Outcome("finding", message, remedy=remedy, table=table)


def _told(row: pd.Series) -> str:
    if row["weights"] == "none":
        return (
            f"no pretraining. All weights were drawn at random and learned from {int(row['n_train'])} "
            "images; a few hundred seldom train a network of this size."
        )
    if row["weights"] == "unknown":
        return "the study brings what it gave and does not say which weights it began with."
    if row["weights"] == "imagenet":
        return (
            f"pretrained on ImageNet, photographs of everyday things ({row['weights_file']}, {_hash(row)})."
        )
    return (
        f"{row['weights_text']} ({_hash(row)}). The file does not tell which images they were trained on; "
        "patients of this study must not be among them."
    )


def _hash(row: pd.Series) -> str:
    known = row["weights_sha256"]
    return "SHA-256 not recorded" if pd.isna(known) else f"SHA-256 {known[:12]}..."
