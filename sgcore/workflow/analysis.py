"""An analysis as it is stored: its settings, notes and result frames."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import pandas as pd

from sgcore.config import AnalysisConfig, from_dict
from sgcore.domain import FeatureTable, Study
from sgcore.errors import UsageError
from sgcore.store import Store


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
        """A result frame of docs/architecture.md."""
        if kind == "residue":
            return self.features.residue
        return self._store.analyses.frame(self.id, kind)

    @cached_property
    def features(self) -> FeatureTable:
        """The radiomics features that the analysis started from."""
        return self._store.features.load(self.feature_set_id or "")

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


def list_analyses(store: Store, study_id: str | None = None) -> pd.DataFrame:
    """``analysis_id, study_id, name, recipe, created_at, config``, oldest first."""
    frame = store.analyses.list(study_id)
    return frame.assign(name=frame["name"].fillna(frame["recipe"] + " recipe"))


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
