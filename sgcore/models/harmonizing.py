"""Features as the steps after ComBat see them: fitted on the training images of a fit, with what it leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.config import AnalysisConfig
from sgcore.selection import Combat, batches, not_applicable


@dataclass(frozen=True)
class Prepared:
    """What a fit starts from.

    Attributes
    ----------
    values : features of the images that can be scored; harmonized where that is asked for and possible.
    train : training images among them.
    exclude : feature -> why it may not be selected.
    unscored : center -> why its images have no values and get no score.
    reason : why nothing can be fitted, or None. ``values`` and ``train`` are then empty.
    """

    values: pd.DataFrame = field(repr=False)
    train: pd.Index = field(repr=False)
    exclude: Mapping[str, str]
    unscored: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None


def why_not_harmonized(config: AnalysisConfig, centers: pd.Series, groups: pd.Series) -> str | None:
    """Why the ``harmonize`` that the settings ask for cannot be done on these training images, or None.

    An analysis that is refused here is made without it; one that is not is never left partly as it was.
    """
    if config.selection.harmonize == "none":
        return None
    reason = not_applicable(centers.to_numpy(), groups.to_numpy())
    return None if reason is None else f"ComBat is not applicable: {reason}; features are as extracted"


def trainable(config: AnalysisConfig, centers: pd.Series, groups: pd.Series) -> pd.Index:
    """Training images that can train: with ComBat those of centers that can be a batch, else all."""
    if config.selection.harmonize == "none" or why_not_harmonized(config, centers, groups) is not None:
        return centers.index
    return centers.index[centers.isin(batches(centers.to_numpy(), groups.to_numpy()))]


def harmonized(
    features: pd.DataFrame,
    centers: pd.Series,
    groups: pd.Series,
    train: pd.Index,
    exclude: Mapping[str, str] | None = None,
    untouched: Sequence[str] = (),
) -> Prepared:
    """ComBat fitted on the ``train`` images, applied to all images of the centers that they are from.

    ``features``, ``centers`` and ``groups`` (patients) share the index ``image_id``. A feature that cannot
    be harmonized is excluded with the reason; reasons given in ``exclude`` come first. Columns named in
    ``untouched`` are no radiomics features and stay as they are.
    """
    given = dict(exclude or {})
    inside, patients = centers.loc[train].to_numpy(), groups.loc[train].to_numpy()
    reason = not_applicable(inside, patients)
    if reason is not None:
        none = features.index[:0]
        return Prepared(features.loc[none], none, given, {}, f"ComBat cannot be fitted: {reason}")
    radiomics = features.drop(columns=list(untouched))
    combat = Combat().fit(radiomics.loc[train].to_numpy(), inside, patients)
    able = centers.isin(combat.batches_).reindex(features.index)
    values = pd.DataFrame(
        combat.transform(radiomics.loc[able].to_numpy(), centers.loc[features.index[able]].to_numpy()),
        index=features.index[able],
        columns=radiomics.columns,
    )
    if len(untouched):
        values = values.join(features[list(untouched)])
    whys = {name: combat.why_not(name) for name in sorted(set(centers.loc[features.index]))}
    reasons = zip(radiomics.columns, combat.reasons_, strict=True)
    return Prepared(
        values=values,
        train=train[able.loc[train].to_numpy()],
        exclude={name: why for name, why in reasons if why is not None} | given,
        unscored={name: why for name, why in whys.items() if why is not None},
    )


def harmonized_notes(
    prepared: Prepared, labels: pd.Series, centers: pd.Series, groups: pd.Series
) -> list[str]:
    """How ComBat was fitted, whether the label goes with the center, and who has no score, in words.

    ``labels`` (0, 1), ``centers`` and ``groups`` (patients) are of all images.
    """
    people = pd.DataFrame(
        {"patient": groups, "center": centers.astype(str), "y": labels}, index=groups.index
    ).loc[prepared.train]
    people = people.drop_duplicates("patient")
    shares = people.groupby("center")["y"].agg(["sum", "size"])
    mix = ", ".join(f"{name} {row['sum']} of {row['size']}" for name, row in shares.iterrows())
    notes = [
        f"ComBat took the effects of {len(shares)} centers out of the features, fitted on "
        f"{len(prepared.train)} training images; positive training patients: {mix}"
    ]
    test = stats.compare_groups(people["y"].astype(str), people["center"], kind="categorical")
    if test.p < 0.05:
        notes[0] += (
            f". The label goes with the center ({test.test_name}, p {_p(test.p)}): what ComBat takes for a "
            "center's effect is partly the label's, so that it can carry the label into the features or take "
            "it out of them; results with and without it differ for this reason, too"
        )
    counts = centers.value_counts()
    notes += [
        f"{why}: its {counts[name]} image{'s have' if counts[name] > 1 else ' has'} no score under this setting"
        for name, why in prepared.unscored.items()
    ]
    return notes


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{np.round(value, 3):.3f}"
