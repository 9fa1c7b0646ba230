"""What the checks of networks share: the picked network, who uses its deep features, and why there is none."""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Evidence, Outcome

#: The family of the networks' own scores, and those that are trained on their deep features.
SCORES = "DL"
DEEP_FAMILIES = ("RadiomicsDL", "Combined")
BROUGHT = "brought"


def picked_networks(evidence: Evidence) -> pd.DataFrame:
    """Rows of ``networks`` whose deep features the analysis uses: one backbone, fold 0 and its folds."""
    networks = evidence.frame("networks")
    return networks if networks.empty else networks[networks["picked"].astype(bool)]


def deep_families(evidence: Evidence) -> list[str]:
    """Families of the analysis that were trained on deep features."""
    rows = evidence.frame("evaluations")
    known = set(rows["family"]) if len(rows) else set()
    return [family for family in DEEP_FAMILIES if family in known]


def out_of_fold(networks: pd.DataFrame) -> bool:
    """Whether networks that left training patients out speak for them; of brought ones nobody knows."""
    return bool(((networks["fold"] > 0) & (networks["origin"] != BROUGHT)).any())


def network_scores(evidence: Evidence, backbone: str) -> pd.DataFrame:
    """Rows of ``predictions`` that are a network's own scores; without one, its columns are there all the same."""
    rows = evidence.frame("predictions")
    if rows.empty:
        return pd.DataFrame(columns=["image_id", "subset", "estimate", "y_true", "y_score"])
    return rows[(rows["family"] == SCORES) & (rows["classifier"] == backbone)]


def no_networks(evidence: Evidence) -> Outcome:
    return Outcome("not_applicable", f"The analysis has no networks{_why_without(evidence, SCORES)}.")


def no_deep_features(evidence: Evidence) -> Outcome:
    why = _why_without(evidence, *DEEP_FAMILIES)
    return Outcome("not_applicable", f"No model of the analysis was trained on deep features{why}.")


def no_maps(evidence: Evidence) -> Outcome:
    """Why there is no Grad-CAM to judge."""
    networks = evidence.frame("networks")
    if networks.empty:
        return no_networks(evidence)
    if (networks["origin"] == BROUGHT).all():
        why = "The study brings what its networks gave, not the networks: there are no Grad-CAM maps of them."
    else:
        why = "No Grad-CAM maps of the network are stored for this analysis."
    return Outcome("not_applicable", why)


def subset_name(subset: str) -> str:
    return f"{'training' if subset == 'train' else subset} set"


def _why_without(evidence: Evidence, *families: str) -> str:
    """`` (DL: the reason)`` of the first of the families that has one."""
    rows = evidence.frame("unavailable")
    found = rows[rows["family"].isin(families)] if len(rows) else rows
    return f" ({found['family'].iloc[0]}: {found['reason'].iloc[0]})" if len(found) else ""
