"""SGA071: do the maps depend on what the network learned?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.maps import commonest, half_width, left_out, mean_text
from sgcore.audit.networks import no_maps
from sgcore.domain import Severity
from sgcore.explain.map_checks import summarize

#: Ours: the method's authors give none. At 0.5 a quarter of the variance of the ranks is shared.
LIMIT = 0.5

_WEAK = (
    "That maps depend on the weights does not show that these learned anything: maps of two untrained networks "
    "differ, too."
)


class MapsWithoutLearning:
    """Rank correlation of the maps with those of networks of the same kind whose weights were drawn anew."""

    code = "SGA071"
    title = "Grad-CAM maps that hardly depend on the weights"
    severity: Severity = "warning"
    page = "cases-case"

    def run(self, evidence: Evidence) -> Outcome:
        rows = evidence.frame("map_randomization")
        if rows.empty:
            return no_maps(evidence)
        if rows["rho"].isna().all():
            return Outcome(
                "not_applicable",
                f"None of {len(rows)} pairs of maps could be compared, most often because "
                f"{commonest(rows['reason'])}.",
            )
        names = {0: evidence.study.negative, 1: evidence.study.positive}
        parts = {names[target]: part for target, part in rows.groupby("target")}
        found = {name: summarize(part["rho"], part["patient_id"]) for name, part in parts.items()}
        judged = {name: each for name, each in found.items() if not pd.isna(each.ci_low)}
        numbers = "; ".join(f"{each!r} {mean_text(value)}" for each, value in found.items())
        told = (
            "Spearman's rho of each map with those of the same network after its weights were drawn anew "
            f"({rows['seed'].nunique()} times), mean over patients, by the class that the map speaks for: {numbers}. "
            f"The intervals are for these re-drawn networks, whose single means lie {_range(parts)}. "
            "Near 0 the maps rest on the weights, near 1 any network of this kind would show them."
            f"{left_out(rows['rho'], rows['reason'], 'pairs of maps')}"
        )
        if not judged:
            return Outcome("not_applicable", f"No class has two patients with a correlation. {told}")
        table = _by_image(rows, names)
        alike = [name for name, each in judged.items() if each.ci_low > LIMIT]
        if alike:
            return Outcome(
                "finding",
                f"The maps of {' and '.join(map(repr, alike))} would look alike without what the network learned: "
                f"the whole interval lies above {LIMIT:g}. {told}",
                remedy="Do not read these maps as what the network learned; do not show them as evidence that it "
                "looks at the lesion.",
                table=table,
            )
        limits = {name: LIMIT + half_width(each) for name, each in judged.items()}
        shown = ", ".join(f"{limit:.2f} ({name!r})" for name, limit in limits.items() if limit < 1)
        if not shown:
            return Outcome(
                "not_applicable",
                f"Too few patients: no interval could lie above {LIMIT:g}. {told}",
                table=table,
            )
        return Outcome(
            "passed",
            f"{told} With intervals of this width a mean would have been a finding above {shown}. {_WEAK}",
            table=table,
        )


def _range(parts: Mapping[str, pd.DataFrame]) -> str:
    """From which to which re-drawn network the mean over patients goes, by class; the intervals do not show it."""
    texts = []
    for name, part in parts.items():
        means = [summarize(each["rho"], each["patient_id"]).mean for _, each in part.groupby("seed")]
        known = [mean for mean in means if not pd.isna(mean)]
        if known:
            texts.append(f"from {min(known):.2f} to {max(known):.2f} ({name!r})")
    return ", ".join(texts)


def _by_image(rows: pd.DataFrame, names: dict[int, str]) -> pd.DataFrame:
    """Mean correlation of each image and class, the most alike first."""
    groups = rows.assign(label=rows["target"].map(names)).groupby(["image_id", "label"], sort=False)["rho"]
    found = groups.agg(rho="mean", n_networks="count").reset_index()
    return found.sort_values("rho", ascending=False, kind="stable").reset_index(drop=True)
