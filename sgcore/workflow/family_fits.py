"""Fits each family that a study allows, and says why the others are missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd

from sgcore.config import BROUGHT, AnalysisConfig
from sgcore.domain import FAMILIES, Estimate
from sgcore.features import parse, residue_image_types
from sgcore.models import ESTIMATES, FamilyResult, fit_predict, missing_family, trainable
from sgcore.models.descriptor_coding import ASPECT
from sgcore.workflow.sources import Sources

OnStep = Callable[[str], None]


@dataclass(frozen=True)
class FamilyFits:
    """``results`` by family (those with ``unavailable`` have no scores to show), reasons, notes."""

    results: dict[str, FamilyResult] = field(default_factory=dict)
    unavailable: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def scored(self) -> dict[str, FamilyResult]:
        return {name: result for name, result in self.results.items() if result.unavailable is None}


def fit_families(
    sources: Sources,
    icc: pd.DataFrame,
    on_step: OnStep,
    estimates: tuple[Estimate, ...] = ESTIMATES,
) -> FamilyFits:
    """Every family in turn; ``icc`` is the frame of :func:`sgcore.workflow.roi_stability.roi_icc`.

    ``on_step`` hears the family before each round of selection and fits; it may raise to stop.
    ``estimates`` are the scores that are wanted; none leaves the selection alone.
    """
    fits = FamilyFits(notes=_setting_notes(sources, icc))
    cases = sources.study.cases().set_index("image_id")
    for family in FAMILIES:
        reason = missing_family(family, deep=False)
        if reason is None:

            def step(family: str = family) -> None:
                on_step(family)

            made = (
                _us(sources, cases, step, estimates)
                if family == "US"
                else _radiomics(sources, cases, icc, step, estimates)
            )
            if isinstance(made, FamilyResult):
                fits.results[family] = made
                fits.notes.extend(f"{family}: {note}." for note in made.notes)
                reason = made.unavailable
            else:
                reason = made
        if reason is not None:
            fits.unavailable[family] = reason
    return fits


def rounds(sources: Sources) -> int:
    """How many rounds of selection and fits there are at most: each family once, and once a fold."""
    families = 1 + (sources.study.descriptors is not None)
    return families * (1 + sources.config.models.folds)


def _us(
    sources: Sources, cases: pd.DataFrame, on_step: Callable[[], None], estimates: tuple[Estimate, ...]
) -> FamilyResult | str:
    config, study = sources.config, sources.study
    if study.descriptors is None:
        return "the study has no descriptors, and no masks from which the aspect ratio could be computed"
    X = study.descriptors.set_index("image_id").loc[cases.index]
    train = cases.index[cases["subset"] == "train"]
    if X.loc[train].isna().all(axis=None):
        return "the training images have no descriptor"
    notes = []
    if ASPECT in X and X.loc[train, ASPECT].notna().any() and X[ASPECT].isna().any():
        notes.append(
            f"{int(X[ASPECT].isna().sum())} of {len(X)} images have no aspect ratio and are missing from the "
            "US models"
        )
        X = X[X[ASPECT].notna()]
        train = train.intersection(X.index)
    if _too_few(cases.loc[train]):
        return "fewer than 2 training patients of a label have descriptors"
    result = fit_predict(
        X,
        cases.loc[X.index, "y"],
        cases.loc[X.index, "patient_id"],
        config,
        train=train,
        classifiers=config.models.us_classifiers,
        kind="descriptors",
        estimates=estimates,
        on_step=on_step,
    )
    return replace(result, notes=(*notes, *result.notes), unavailable=_none_selected(result, config))


def _none_selected(result: FamilyResult, config: AnalysisConfig) -> str | None:
    if (result.trace["step"] == "selected").any():
        return None
    known = result.trace["p"].dropna()
    if known.empty:
        return f"no descriptor could be tested in the training images: {result.trace['reason'].iloc[0]}"
    limit = config.selection.p_threshold
    if known.min() >= limit:
        return (
            f"no descriptor had p < {limit:g} in the training images "
            f"(the smallest of {len(result.trace)} is {known.min():.3f})"
        )
    return f"no descriptor kept p < {limit:g} in the multivariable model of the training images"


def _radiomics(
    sources: Sources,
    cases: pd.DataFrame,
    icc: pd.DataFrame,
    on_step: Callable[[], None],
    estimates: tuple[Estimate, ...],
) -> FamilyResult | str:
    features = sources.table.values.loc[cases.index.intersection(sources.table.values.index)]
    train = features.index[cases.loc[features.index, "subset"] == "train"]
    if _too_few(cases.loc[train]):
        return "fewer than 2 training patients of a label have features"
    centers, patients = cases.loc[features.index, "center"], cases.loc[features.index, "patient_id"]
    if _too_few(cases.loc[trainable(sources.config, centers.loc[train], patients.loc[train])]):
        return "fewer than 2 training patients of a label are from centers that ComBat can harmonize"
    return fit_predict(
        features,
        cases.loc[features.index, "y"],
        patients,
        sources.config,
        train=train,
        classifiers=sources.config.models.classifiers,
        centers=centers,
        exclude=_excluded(sources, features.columns, train, icc),
        estimates=estimates,
        on_step=on_step,
    )


def _too_few(train: pd.DataFrame) -> bool:
    return bool(train.groupby("y")["patient_id"].nunique().reindex([0, 1], fill_value=0).min() < 2)


def _excluded(sources: Sources, names: pd.Index, train: pd.Index, icc: pd.DataFrame) -> dict[str, str]:
    """Feature -> why the settings leave it out; judged on training images, without their labels."""
    selection = sources.config.selection
    excluded = {}
    for row in icc.itertuples() if selection.icc_min is not None else ():
        if not row.ci_low >= selection.icc_min:
            low = "undefined" if pd.isna(row.ci_low) else f"{row.ci_low:.2f}"
            excluded[row.feature] = (
                f"depends on the ROI: lower bound of the ICC {low}, below {selection.icc_min:g}"
            )
    if selection.drop_residue:
        residue = sources.table.residue
        types = set(residue_image_types(residue[residue["image_id"].isin(train)]))
        for name in names:
            if parse(name).image_type in types:
                excluded[name] = "numerical residue: the filter has no response on a single slice"
    return excluded


def _setting_notes(sources: Sources, icc: pd.DataFrame) -> list[str]:
    """Settings that could not do what they ask for."""
    selection, notes = sources.config.selection, []
    if sources.config.preset == BROUGHT and (selection.icc_min is not None or selection.drop_residue):
        notes.append(
            "The study brings its own features: whether they depend on the ROI or are numerical residue "
            "cannot be known, and none was left out for it."
        )
    elif selection.icc_min is not None and icc.empty:
        notes.append(
            "No training image has features of every perturbed ROI, so that no feature was left out for "
            "depending on it."
        )
    return notes
