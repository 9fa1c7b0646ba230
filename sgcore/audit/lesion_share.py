"""SGA070: does the network look at the lesion?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
from scipy.special import expit

from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.maps import half_width, left_out, mean_text
from sgcore.audit.networks import network_scores, no_maps, picked_networks, subset_name
from sgcore.audit.occlusion import OcclusionVerdict, judge_occlusion
from sgcore.audit.reported import joined
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
_REMEDY = (
    "Look at these cases. Where text, calipers, skin or another organ inside the crop carry the label, remove them "
    "from the images and train again. Where it is tissue around the lesion (a halo, the shadow below it), say so: the "
    "network reads more than the ROI, and features of the ROI alone describe something else."
)


class LooksBesideLesion:
    """Where the maps of a network lie, what its answers rest on without the lesion, and the cases beside it."""

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
        answers = evidence.frame("occlusion")
        asked = judge_occlusion(answers, maps[["image_id", "patient_id", "subset", "y"]], _held_out(evidence))
        away = maps[maps["roi_ratio"] < 1].sort_values("roi_ratio", kind="stable")
        table = _table(maps, away, answers, asked)
        missing = left_out(maps["roi_ratio"], maps["roi_reason"], "images")
        judged = {subset: found for subset, found in known.items() if not pd.isna(found.ci_low)}
        # The mean from which down an interval of this width would lie below 1 as a whole.
        limits = {subset: 1 - half_width(found) for subset, found in judged.items()}
        numbers = "; ".join(f"{subset_name(subset)} {mean_text(found)}" for subset, found in known.items())
        told = f"{_WHAT}: {numbers}.{missing}{_cases(away, int(maps['roi_ratio'].notna().sum()))}"
        beside = [subset for subset, found in judged.items() if found.ci_high < 1]
        if beside or asked.surroundings:
            return Outcome(
                "finding",
                f"{_lead(beside, asked.surroundings)} {told} {_WEAK} {asked.text}",
                remedy=_REMEDY,
                table=table,
            )
        if max(limits.values(), default=0) > 0:
            return Outcome(
                "passed", f"{told} {_detectable(judged, limits)} {_WEAK} {asked.text}", table=table
            )
        if asked.judged:
            return Outcome(
                "passed", f"No interval of the maps could lie below 1. {told} {asked.text}", table=table
            )
        return Outcome("not_applicable", f"No interval could be a finding. {told} {asked.text}", table=table)


def _held_out(evidence: Evidence) -> tuple[Subset, ...]:
    """Subsets whose patients the network was neither trained on nor chosen by, nor its epoch."""
    deep, several = evidence.config.deep, evidence.frame("networks")["backbone"].nunique() > 1
    used = {deep.pick} if deep is not None and several else set()
    if deep is not None and deep.early_stopping is not None:
        used.add("validation")
    return tuple(subset for subset in SUBSETS[1:] if subset not in used)


def _answered(evidence: Evidence) -> pd.DataFrame:
    """One row an image of the study: the map of the class that the network answers, its patient, subset and score."""
    backbone = str(picked_networks(evidence)["backbone"].iloc[0])
    scores = network_scores(evidence, backbone)
    scores = scores.loc[scores["estimate"] == "fitted", ["image_id", "y_score"]].dropna()
    study = evidence.study
    answers = scores.assign(target=(scores["y_score"] >= 0.5).astype(int))
    answers["answer"] = answers["target"].map({0: study.negative, 1: study.positive})
    cases = study.cases()[["image_id", "patient_id", "subset", "y"]]
    maps = evidence.frame("grad_cam").merge(answers, on=["image_id", "target"], validate="one_to_one")
    found = cases.merge(maps, on="image_id", how="left", validate="one_to_one")
    return found.fillna({"roi_reason": "the network has no score or no map of the image"})


def _table(
    maps: pd.DataFrame, away: pd.DataFrame, answers: pd.DataFrame, asked: OcclusionVerdict
) -> pd.DataFrame:
    """Images that are told apart without the lesion, then those whose map lies beside it, the lowest share first."""
    by_answer = maps["image_id"].isin(asked.images)
    rows = pd.concat([maps[by_answer], away[~away["image_id"].isin(asked.images)]])
    columns = ["image_id", "subset", "answer", "y_score", "roi_ratio", "roi_share", "roi_chance"]
    if answers.empty:
        return rows[columns].reset_index(drop=True)
    parts = answers.set_index("image_id")[["surroundings", "lesion"]].reindex(rows["image_id"])
    scores = {f"score_{name}": expit(parts[name].to_numpy()) for name in parts}
    return rows[columns].assign(**scores).reset_index(drop=True)


def _cases(away: pd.DataFrame, n: int) -> str:
    if away.empty:
        return f" None of {n} ratios is below 1."
    worst = few(f"{row.image_id} ({row.roi_ratio:.2f})" for row in away.itertuples())
    return f" {len(away)} of {n} ratios are below 1, the lowest first: {worst}."


def _lead(by_map: Sequence[Subset], by_answer: Sequence[Subset]) -> str:
    parts = []
    if by_answer:
        parts.append(
            f"In the {_sets(by_answer)} the network tells the labels apart with the lesion painted over, and better "
            "than by the lesion alone."
        )
    if by_map:
        parts.append(
            f"In the {_sets(by_map)} the maps lie less on the lesion than a map without any pattern."
        )
    return " ".join(parts)


def _detectable(judged: Mapping[Subset, MapSummary], limits: Mapping[Subset, float]) -> str:
    """What the intervals could have shown, and where they do not even show that the map prefers the lesion."""
    shown = [f"{limit:.2f} ({subset_name(subset)})" for subset, limit in limits.items() if limit > 0]
    text = f"With intervals of this width a mean would have been a finding below {', '.join(shown)}."
    open_ones = [subset for subset, found in judged.items() if found.ci_low <= 1]
    if open_ones:
        text += f" In the {_sets(open_ones)} it is not shown either that the maps prefer the lesion."
    return text


def _sets(subsets: Iterable[Subset]) -> str:
    return joined(subset_name(subset) for subset in subsets)
