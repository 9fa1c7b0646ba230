"""Whether acting by a model is worth something at the risks that the study file names."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sgcore import plots
from sgcore.plots import words
from sgcore.report.blocks import Block, Paragraph, figure, table
from sgcore.report.sections.asked import Asked
from sgcore.stats import DecisionCurve

#: Risks of the table.
LISTED = 11
UNDECIDED = (
    "Not applicable: the study file does not say what acting on a score means and at which risks it comes into "
    "question (section [decision] with treat and thresholds)."
)


def decision(asked: Asked) -> Iterator[Block]:
    material = asked.material
    wanted = material.decision
    if wanted is None:
        yield Paragraph(UNDECIDED, "strong")
        return
    at = material.at(material.headline)
    place = words.IN_SENTENCE[material.headline]
    found = {family: material.net_benefit(model, at) for family, model in material.models.items()}
    curves = {family: curve for family, curve in found.items() if np.isfinite(curve.net_benefit).any()}
    if curves:
        band = material.best if material.best in curves else next(iter(curves))
        yield Paragraph(_sentence(curves[band], band, place), "strong")
        frames = {family: curve.frame() for family, curve in curves.items()}
        mix = words.percent(curves[band].prevalence)
        yield figure(
            "net-benefit",
            lambda theme: plots.net_benefit(
                frames, theme, colors={family: theme.family(family) for family in frames}, band=band
            ),
            f"Acting: {wanted.treat}. On the {place}, by {material.unit}, where {mix} are positive. A model is useful "
            f"where it lies above both gray lines; the band is the pointwise 95% interval of {band}.",
            table(_table(curves), "net benefit"),
        )
    else:
        yield Paragraph(f"No family has a decision curve on the {place}.", "strong")
    for family, curve in found.items():
        if curve.reason:
            yield Paragraph(f"{family}: {curve.reason}.", "small")


def _sentence(curve: DecisionCurve, family: str, place: str) -> str:
    """Where the band of a family lies above acting on all and on none."""
    other = np.maximum(curve.treat_all, 0)
    low, high = words.percent(curve.thresholds[0]), words.percent(curve.thresholds[-1])
    if np.isnan(curve.low).all():
        return f"{family} has no interval of its net benefit on the {place}, so that nothing can be told."
    better = float(np.mean(curve.low > other))
    if better:
        return (
            f"On the {place} the whole interval of {family} lies above acting on all and on none at "
            f"{words.percent(better)} of the risks from {low} to {high}."
        )
    return (
        f"On the {place} no risk from {low} to {high} shows {family} to be worth more than acting on all or on none: "
        "its interval never lies above both."
    )


def _table(curves: dict[str, DecisionCurve]) -> pd.DataFrame:
    parts = []
    for family, curve in curves.items():
        wanted = np.linspace(curve.thresholds[0], curve.thresholds[-1], LISTED)
        rows = curve.frame().iloc[sorted({int(np.abs(curve.thresholds - each).argmin()) for each in wanted})]
        parts.append(
            pd.DataFrame(
                {
                    "Family": family,
                    "Acting from a risk of": rows["threshold"].map(words.percent),
                    "Net benefit (95% interval)": [
                        f"{row.net_benefit:.3f} ({words.interval(row.low, row.high)})"
                        for row in rows.itertuples()
                    ],
                    "Acting on all": rows["treat_all"],
                    "Patients": curve.n_patients,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
