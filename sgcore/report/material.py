"""What a report is made of: stored results of one analysis, as frames, and curves that are computed when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import pandas as pd

from sgcore.audit import Evidence
from sgcore.config import AnalysisConfig
from sgcore.domain import SUBSETS, Decision, EvaluationSet, Study, Subset, Unit
from sgcore.stats import Calibration, DecisionCurve
from sgcore.stats.delong import ALL_EQUAL

#: A family and its classifier (of DL a network).
Model = tuple[str, str]


@dataclass(frozen=True)
class Job:
    """A costly job of the audit: what it is called, which checks wait for it, whether it is done or never will be."""

    title: str
    codes: tuple[str, ...]
    done: bool
    reason: str | None


@dataclass(frozen=True)
class Material:
    """One analysis as a report reads it.

    Attributes
    ----------
    evidence : study, settings and frames, as the audit has them.
    analysis_id, name, recipe, created_at, versions, notes : of the analysis.
    what_if : whether its settings were tried; ``looks`` is how often held-out results of the study's what-ifs
        were opened.
    findings : the frame ``findings``.
    cohort : the tables ``baseline``, ``centers`` and ``descriptors``.
    jobs : the costly jobs of the audit.
    decision : what acting on a score means, or None.
    roc : ``fpr, tpr, threshold, tpr_low, tpr_high`` of a model on one set.
    calibration : its calibration, and ``y`` and ``p`` of each case.
    net_benefit : its decision curve.
    """

    evidence: Evidence = field(repr=False)
    analysis_id: str
    name: str
    recipe: str
    created_at: datetime
    versions: Mapping[str, str]
    notes: tuple[str, ...]
    what_if: bool
    looks: int
    findings: pd.DataFrame = field(repr=False)
    cohort: Mapping[str, pd.DataFrame] = field(repr=False)
    jobs: tuple[Job, ...]
    decision: Decision | None
    roc: Callable[[Model, EvaluationSet], pd.DataFrame] = field(repr=False)
    calibration: Callable[[Model, EvaluationSet], tuple[Calibration, pd.DataFrame]] = field(repr=False)
    net_benefit: Callable[[Model, EvaluationSet], DecisionCurve] = field(repr=False)

    @property
    def study(self) -> Study:
        return self.evidence.study

    @property
    def config(self) -> AnalysisConfig:
        return self.evidence.config

    @property
    def unit(self) -> Unit:
        return self.config.unit

    def frame(self, kind: str) -> pd.DataFrame:
        """A result frame; empty where there is none."""
        return self.evidence.frame(kind)

    @cached_property
    def subsets(self) -> tuple[Subset, ...]:
        """Sets in which a family was evaluated, in their order."""
        known = self.frame("evaluations")
        return tuple(name for name in SUBSETS if len(known) and (known["subset"] == name).any())

    @property
    def held_out(self) -> tuple[Subset, ...]:
        return tuple(name for name in self.subsets if name != "train")

    @property
    def headline(self) -> Subset:
        """The set that the study is judged by: external, else validation, else training folds."""
        return self.held_out[-1] if self.held_out else "train"

    def at(self, subset: Subset, center: str | None = None) -> EvaluationSet:
        return EvaluationSet(subset, center, self.unit)

    @cached_property
    def models(self) -> dict[str, Model]:
        """The picked model of each family."""
        picks = self.frame("picks")
        if picks.empty:
            return {}
        known = picks.dropna(subset=["classifier"])
        return {row.family: (row.family, row.classifier) for row in known.itertuples()}

    def picked(self, unit: Unit | None = None) -> pd.DataFrame:
        """Evaluations of the picked models: of held-out sets as fitted, of training patients out of fold."""
        rows = self.frame("evaluations")
        if rows.empty:
            return rows
        stands = (rows["subset"] == "train") == (rows["estimate"] == "out_of_fold")
        return rows[stands & rows["picked"].astype(bool) & (rows["unit"] == (unit or self.unit))]

    def rows(self, subset: Subset) -> pd.DataFrame:
        """One row a family on a whole set."""
        rows = self.picked()
        if rows.empty:
            return rows
        return rows[(rows["subset"] == subset) & rows["center"].isna()].reset_index(drop=True)

    def centers(self, subset: Subset) -> list[str]:
        rows = self.picked()
        if rows.empty:
            return []
        return sorted(rows.loc[rows["subset"] == subset, "center"].dropna().unique())

    def ranked(self, subset: Subset) -> pd.DataFrame:
        """Rows of :meth:`rows` whose AUC says how they rank cases, the highest first."""
        rows = self.rows(subset)
        if rows.empty:
            return rows
        known = rows[rows["auc"].notna() & (rows["reason"] != ALL_EQUAL)]
        return known.sort_values("auc", ascending=False, kind="stable")

    @cached_property
    def best(self) -> str | None:
        """The family with the highest AUC on the set that the study is judged by; None where none ranks cases."""
        known = self.ranked(self.headline)
        return None if known.empty else str(known["family"].iloc[0])

    def finding(self, code: str) -> dict[str, str] | None:
        """The answer of one check, or None where there is no such check."""
        found = self.findings[self.findings["code"] == code]
        return None if found.empty else found.iloc[0].to_dict()
