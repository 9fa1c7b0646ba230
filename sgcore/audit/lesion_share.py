"""SGA070: does the network look at the lesion?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.maps import half_width, left_out, mean_text
from sgcore.audit.networks import network_scores, no_maps, picked_networks, subset_name
from sgcore.cohort.ledger import few
from sgcore.domain import SUBSETS, Severity, Subset
from sgcore.explain.map_checks import MapSummary, summarize

_WHAT = (
    "Share of the Grad-CAM map inside the ROI over its chance level (1: a map without any pattern), of the class that "
    "the network answers (score of 0.5 or more: positive), mean over patients"
)
_WEAK = (
    "The crop is centered on the lesion and networks often look at the middle: a ratio above 1 is weak evidence "
    "of looking at the lesion for its own sake."
)


class LooksBesideLesion:
    """Mean share of the maps inside the ROI over chance, and the cases whose maps lie elsewhere."""

    code = "SGA070"
    title = "The network looks beside the lesion"
    severity: Severity = "warning"
    page = "cases-case"

    def run(self, evidence: Evidence) -> Outcome:
        if evidence.frame("grad_cam").empty or picked_networks(evidence).empty:
            return no_maps(evidence)
        maps = _answered(evidence)
        known = {
            subset: summarize(part["roi_ratio"], part["patient_id"])
            for subset in SUBSETS
            if len(part := maps[maps["subset"] == subset])
        }
        missing = left_out(maps["roi_ratio"], maps["roi_reason"], "images")
        judged = {subset: found for subset, found in known.items() if not pd.isna(found.ci_low)}
        if not judged:
            return Outcome("not_applicable", f"No subset has two patients with a ratio.{missing}")
        # The mean from which down an interval of this width would lie below 1 as a whole.
        limits = {subset: 1 - half_width(found) for subset, found in judged.items()}
        away = maps[maps["roi_ratio"] < 1].sort_values("roi_ratio", kind="stable")
        numbers = "; ".join(f"{subset_name(subset)} {mean_text(found)}" for subset, found in known.items())
        told = f"{_WHAT}: {numbers}.{missing}{_cases(away, int(maps['roi_ratio'].notna().sum()))}"
        beside = [subset for subset, found in judged.items() if found.ci_high < 1]
        columns = ["image_id", "subset", "answer", "y_score", "roi_ratio", "roi_share", "roi_chance"]
        table = away[columns].reset_index(drop=True)
        if not beside and max(limits.values()) <= 0:
            return Outcome(
                "not_applicable", f"Too few patients: no interval could lie below 1. {told}", table=table
            )
        if not beside:
            return Outcome("passed", f"{told} {_detectable(judged, limits)} {_WEAK}", table=table)
        return Outcome(
            "finding",
            f"In the {_sets(beside)} the maps lie less on the lesion than a map without any pattern. {told} {_WEAK}",
            remedy="Look at these cases: text, calipers, skin or another organ inside the crop may carry the "
            "label. Remove such marks from the images, and train again.",
            table=table,
        )


def _answered(evidence: Evidence) -> pd.DataFrame:
    """One row an image of the study: the map of the class that the network answers, its patient, subset and score."""
    backbone = str(picked_networks(evidence)["backbone"].iloc[0])
    scores = network_scores(evidence, backbone)
    scores = scores.loc[scores["estimate"] == "fitted", ["image_id", "y_score"]].dropna()
    study = evidence.study
    answers = scores.assign(target=(scores["y_score"] >= 0.5).astype(int))
    answers["answer"] = answers["target"].map({0: study.negative, 1: study.positive})
    cases = study.cases()[["image_id", "patient_id", "subset"]]
    maps = evidence.frame("grad_cam").merge(answers, on=["image_id", "target"], validate="one_to_one")
    found = cases.merge(maps, on="image_id", how="left", validate="one_to_one")
    return found.fillna({"roi_reason": "the network has no score or no map of the image"})


def _cases(away: pd.DataFrame, n: int) -> str:
    if away.empty:
        return f" None of {n} ratios is below 1."
    worst = few(f"{row.image_id} ({row.roi_ratio:.2f})" for row in away.itertuples())
    return f" {len(away)} of {n} ratios are below 1, the lowest first: {worst}."


def _detectable(judged: Mapping[Subset, MapSummary], limits: Mapping[Subset, float]) -> str:
    """What the intervals could have shown, and where they do not even show that the map prefers the lesion."""
    shown = [f"{limit:.2f} ({subset_name(subset)})" for subset, limit in limits.items() if limit > 0]
    text = f"With intervals of this width a mean would have been a finding below {', '.join(shown)}."
    open_ones = [subset for subset, found in judged.items() if found.ci_low <= 1]
    if open_ones:
        text += f" In the {_sets(open_ones)} it is not shown either that the maps prefer the lesion."
    return text


def _sets(subsets: Iterable[Subset]) -> str:
    return " and ".join(subset_name(subset) for subset in subsets)
