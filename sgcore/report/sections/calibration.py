"""Whether the probabilities mean what they say: curves of the picked models and their measures."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sgcore import plots
from sgcore.plots import words
from sgcore.report.blocks import Block, Paragraph, figure, table
from sgcore.report.material import Material
from sgcore.report.sections.asked import Asked

_MEASURES = {
    "intercept": "Intercept (ideal 0)",
    "slope": "Slope (ideal 1)",
    "brier": "Brier score",
    "scaled_brier": "Scaled Brier score",
    "ici": "ICI",
}


def calibration(asked: Asked) -> Iterator[Block]:
    material = asked.material
    rows = material.frame("calibration")
    rows = _picked(rows, material) if len(rows) else rows
    if rows.empty:
        yield Paragraph("No family has probabilities whose calibration could be judged.", "strong")
        return
    place = words.IN_SENTENCE[material.headline]
    yield Paragraph(_sentence(rows, material), "strong")
    at = material.at(material.headline)
    found = {family: material.calibration(model, at) for family, model in material.models.items()}
    drawn = {family: result for family, (result, _) in found.items() if not result.reason}
    if drawn:
        band = material.best if material.best in drawn else next(iter(drawn))
        names = (material.study.negative, material.study.positive)
        why = (
            f" Points stand for groups of cases: {drawn[band].curve_reason}."
            if drawn[band].curve_reason
            else ""
        )
        yield figure(
            "calibration",
            lambda theme: plots.calibration(
                {family: result.curve for family, result in drawn.items()},
                {family: result.grouped for family, result in drawn.items()},
                theme,
                colors={family: theme.family(family) for family in drawn},
                band=band,
                cases=found[band][1],
                names=names,
            ),
            f"On the {place}, by {material.unit}. On the dotted line probabilities are right; below it they are too "
            f"high. Intervals and bars are of {band}.{why}",
        )
    for family, (result, _) in found.items():
        if result.reason:
            yield Paragraph(f"{family} is not drawn: {result.reason}.", "small")
    caption = f"Calibration of the picked models, all centers of a set, by {material.unit}"
    yield table(_table(rows), f"{caption}. ICI: mean distance of the curve from the diagonal")
    yield from _why(rows)


def _picked(rows: pd.DataFrame, material: Material) -> pd.DataFrame:
    rows = rows[(rows["unit"] == material.unit) & rows["center"].isna()]
    models = set(material.models.values())
    return rows[[pair in models for pair in zip(rows["family"], rows["classifier"], strict=True)]]


def _sentence(rows: pd.DataFrame, material: Material) -> str:
    """Slope and intercept of the best family, and whether they leave the ideal."""
    own = rows[(rows["subset"] == material.headline) & (rows["family"] == material.best)].set_index("measure")
    place = words.IN_SENTENCE[material.headline]
    if own.empty:
        return f"No family's calibration can be judged on the {place}."
    slope, intercept = own.loc["slope"], own.loc["intercept"]
    if words.missing(slope["ci_low"]) or words.missing(intercept["ci_low"]):
        why = slope["reason"] or intercept["reason"]
        return f"The calibration of {material.best} on the {place} cannot be judged: {why}."
    off = [
        name
        for name, row, ideal in (("slope", slope, 1), ("intercept", intercept, 0))
        if not row["ci_low"] <= ideal <= row["ci_high"]
    ]
    told = (
        f"{words.join(off)} {'differ' if len(off) > 1 else 'differs'} from the ideal"
        if off
        else "no error can be told from chance, and errors as large as the intervals remain possible"
    )
    numbers = ", ".join(
        f"{name} {row['estimate']:.2f} ({words.interval(row['ci_low'], row['ci_high'], 2)})"
        for name, row in (("slope", slope), ("intercept", intercept))
    )
    return f"{material.best} on the {place}: {told}: {numbers}; {words.patients(slope)}."


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    """A row a set and model, a column a measure; a measure of a perfect model stands beside its own."""
    found = []
    for (subset, family, classifier), part in rows.groupby(["subset", "family", "classifier"], sort=False):
        own = part.set_index("measure")
        first = part.iloc[0]
        found.append(
            {
                "Cases": words.SUBSETS[str(subset)],
                "Family": family,
                "Classifier": classifier,
                **{called: _estimate(own.loc[name]) for name, called in _MEASURES.items()},
                "ICI of a perfect model": own.loc["ici", "by_chance"],
                "Patients": first["n_patients"],
                "Positive / negative": f"{first['n_pos']} / {first['n_neg']}",
            }
        )
    return pd.DataFrame(found)


def _why(rows: pd.DataFrame) -> Iterator[Block]:
    """Why a measure is a dash or has no interval, once a set and reason."""
    told = rows[rows["reason"].fillna("") != ""]
    for (subset, reason), part in told.groupby(["subset", "reason"], sort=False):
        measures = words.join([_MEASURES[name].partition(" (")[0] for name in dict.fromkeys(part["measure"])])
        families = words.join(list(dict.fromkeys(part["family"])))
        yield Paragraph(f"{measures} of {families}, {words.IN_SENTENCE[str(subset)]}: {reason}.", "small")


def _estimate(row: pd.Series) -> str:
    if words.missing(row["estimate"]):
        return "–"
    return f"{row['estimate']:.2f} ({words.interval(row['ci_low'], row['ci_high'], 2)})"
