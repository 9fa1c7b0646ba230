"""An analysis as it is stored: its settings, notes and result frames."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from sgcore.config import AnalysisConfig, from_dict
from sgcore.domain import CLASSIFIERS, FAMILIES, SUBSETS, Decision, FeatureTable, Study
from sgcore.errors import UsageError
from sgcore.models import pick
from sgcore.store import Store
from sgcore.workflow.calibrated import calibrations
from sgcore.workflow.chance import chance
from sgcore.workflow.network_frames import of_chosen, training_curves

#: Frames of costly audit jobs, and what each is of.
EVIDENCE: dict[str, Literal["study", "analysis"]] = {
    "image_pairs": "study",
    "roi_icc": "analysis",
    "center_signal": "analysis",
    "univariate_null": "analysis",
}


@dataclass(frozen=True)
class Analysis:
    """A stored analysis; frames are read from the store when asked for.

    ``id`` is the fingerprint of settings, study content and software versions; the same fingerprint is
    never computed twice.
    """

    id: str
    study_id: str
    study_name: str
    name: str
    recipe: str
    config: AnalysisConfig
    versions: dict[str, str]
    notes: tuple[str, ...]
    created_at: datetime
    feature_set_id: str | None
    _store: Store = field(repr=False, compare=False)

    def frame(self, kind: str) -> pd.DataFrame:
        """A result frame of docs/architecture.md.

        ``findings`` are made when they are read: looks and mutings may have changed since; so is ``chance``,
        once held-out results of a what-if were opened: its models are candidates, too. An analysis that
        was stored before there was a ``calibration`` has it computed from its predictions. What networks and
        explanations have given is kept beside the analyses and read from there.
        """
        made = {
            "residue": lambda: self.features.residue,
            "findings": self._findings,
            "chance": self._chance,
            "calibration": lambda: self._calibration,
            "training_curves": lambda: training_curves(self._networks, self.study, self._store),
            "grad_cam": lambda: of_chosen("maps", self._networks, self._store),
            "map_randomization": lambda: of_chosen("randomization", self._networks, self._store),
            "occlusion": lambda: of_chosen("occlusion", self._networks, self._store),
            "shap_models": self._shap_models,
            "shap_values": self._shap_values,
        }
        if kind in EVIDENCE:
            return self._store.evidence.frame(self.study_id if EVIDENCE[kind] == "study" else self.id, kind)
        return made[kind]() if kind in made else self._store.analyses.frame(self.id, kind)

    def explained(self, family: str, classifier: str) -> pd.DataFrame:
        """``shap_values`` of one model."""
        return self._shap_values((family, classifier))

    def draws(self, kind: str) -> dict[str, pd.DataFrame]:
        """The stored draws of a resampling: ``draws``, ``scores``, ``aucs`` and ``selections`` of one moment."""
        return self._store.resamples.frames(self.id, kind)

    def drawn(self, kind: str) -> set[int]:
        """Numbers of the draws of a resampling that are stored by now."""
        return self._store.resamples.done(self.id, kind)

    @cached_property
    def kept(self) -> dict[object, Any]:
        """What was computed of these results and may be asked for again, by name."""
        return {}

    @cached_property
    def _networks(self) -> pd.DataFrame:
        return self._store.analyses.frame(self.id, "networks")

    def _shap_models(self) -> pd.DataFrame:
        return _in_order(self._store.explanations.models(self.id))

    def _shap_values(self, model: tuple[str, str] | None = None) -> pd.DataFrame:
        rows = _in_order(self._store.explanations.values(self.id, model))
        subsets = self.study.cases().set_index("image_id")["subset"]
        rows.insert(3, "subset", rows["image_id"].map(subsets))
        return rows

    def _findings(self) -> pd.DataFrame:
        # The audit reads what is made of analyses, so that it stands above them.
        from sgcore.workflow.audited import findings_of

        return findings_of(self, self._store)

    def _chance(self) -> pd.DataFrame:
        looks = self._store.analyses.looks(self.study_id)
        looks = looks[looks["analysis_id"] != self.id]
        ids = {
            # What was opened is named with its subset; the audit of a what-if tells of all of them.
            subset: tuple(
                sorted(set(looks.loc[looks["what"].str.endswith((f": {subset}", ": audit")), "analysis_id"]))
            )
            for subset in SUBSETS[1:]
        }
        opened = tuple(ids.items())
        stored = self._store.analyses.frame(self.id, "chance")
        if stored.empty or not any(ids.values()):
            return stored
        if opened not in self._chances:
            others = {
                subset: {each[:6]: self._store.analyses.frame(each, "predictions") for each in own}
                for subset, own in opened
            }
            self._chances[opened] = chance(self.frame("predictions"), self.config.seed, others)
        return self._chances[opened]

    @cached_property
    def _chances(self) -> dict[tuple[tuple[str, tuple[str, ...]], ...], pd.DataFrame]:
        """``chance`` by what was opened of other analyses."""
        return {}

    @property
    def decision(self) -> Decision | None:
        """What acting on a score means, as the study file last said; None where it does not."""
        return self._store.studies.decision(self.study_id)

    @cached_property
    def _calibration(self) -> pd.DataFrame:
        stored, rows = self._store.analyses.frame(self.id, "calibration"), self.frame("evaluations")
        if len(stored) or rows.empty:
            return stored
        folds = pick(rows, "folds", self.config.unit)
        return calibrations(self.frame("predictions"), self.frame("picks"), folds, self.config.seed)

    @cached_property
    def features(self) -> FeatureTable:
        """The radiomics features that the analysis started from; images computed later are no part of it."""
        table = self._store.features.load(self.feature_set_id or "")
        failures = self._store.analyses.frame(self.id, "failures")
        failed = failures["image_id"]
        return replace(
            table,
            values=table.values[~table.values.index.isin(failed)],
            failures=failures,
            residue=table.residue[~table.residue["image_id"].isin(failed)],
        )

    @cached_property
    def study(self) -> Study:
        return self._store.studies.load(self.study_id)


def load_analysis(store: Store, analysis_id: str) -> Analysis:
    """Raises ``StoreError`` for an unknown id."""
    record = store.analyses.record(analysis_id)
    config = from_dict(record.pop("config"))
    name = record.pop("name") or f"{record['recipe']} recipe"
    return Analysis(id=analysis_id, config=config, name=name, _store=store, **record)


def list_studies(store: Store) -> pd.DataFrame:
    """``study_id, name, path, patients, images, imported_at``, newest first."""
    return store.studies.list()


def latest(store: Store, study: Study) -> Study:
    """A study with what was last given and is no part of its content: muted checks and the decision."""
    studies = store.studies
    return replace(
        study, muted=studies.muted(study.fingerprint), decision=studies.decision(study.fingerprint)
    )


def stored_study(store: Store, study_id: str) -> Study:
    """A study as it was imported. Raises ``StoreError`` for an unknown id."""
    return store.studies.load(study_id)


def rename_analysis(store: Store, analysis_id: str, name: str) -> None:
    """Give an analysis a name for people; an empty one is refused."""
    if not name.strip():
        raise UsageError("An analysis needs a name of at least one letter.")
    store.analyses.rename(analysis_id, name.strip())


def count_look(store: Store, analysis: Analysis, what: str) -> int:
    """Record a look at held-out results of a what-if; SGA030 counts them. How many there are now."""
    return store.analyses.count_look(analysis.study_id, analysis.id, what)


def _in_order(models: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order of families and classifiers; they are stored as workers finished them."""
    order = {name: place for place, name in enumerate((*FAMILIES, *CLASSIFIERS))}
    names = ["family", "classifier"]
    return models.sort_values(names, key=lambda own: own.map(order), kind="stable", ignore_index=True)
