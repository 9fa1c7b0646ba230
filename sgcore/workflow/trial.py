"""Selections under other thresholds, without models: what the page shows while a threshold is moved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock

import pandas as pd

from sgcore.config import AnalysisConfig, SelectionConfig
from sgcore.domain import Study
from sgcore.models import FamilyResult
from sgcore.store import Store
from sgcore.workflow.family_fits import WITH_NETWORKS, fit_families
from sgcore.workflow.network_choice import NetworkChoice, choose_network
from sgcore.workflow.one_thread import one_thread
from sgcore.workflow.roi_stability import roi_icc
from sgcore.workflow.sources import Sources, judges_rois, sources


@dataclass(frozen=True)
class Trial:
    """The stored features of an analysis, read once; each ``select`` decides on training images alone.

    Thresholds tried here give the selection that :func:`~sgcore.workflow.analyze` makes with them, and nothing
    about how well a model does.
    """

    study: Study
    config: AnalysisConfig
    store: Store = field(repr=False)
    _read: dict[tuple[bool, bool], tuple[Sources, pd.DataFrame]] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def select(self, selection: SelectionConfig, family: str) -> FamilyResult | str:
        """The selection of a family, or why it has none.

        Raises ``SgauditError`` where features that the thresholds ask for are not all stored.
        """
        # Other families need no network, and not even that it is still in the store.
        deep = self.config.deep if family in WITH_NETWORKS else None
        found, icc = self._sources(replace(self.config, selection=selection, deep=deep))
        only = {family, "US"} if family == "Combined" else {family}
        found = replace(found, config=replace(found.config, selection=selection))
        network = self._network if family in WITH_NETWORKS else None
        with one_thread():
            fits = fit_families(found, icc, _nothing, estimates=(), only=only, network=network)
        return fits.results[family] if family in fits.results else fits.unavailable[family]

    def _sources(self, config: AnalysisConfig) -> tuple[Sources, pd.DataFrame]:
        """Features with or without those of perturbed ROIs and networks, and their ICC."""
        with self._lock:
            key = judges_rois(config), config.deep is not None
            if key not in self._read:
                found = sources(self.study, config, self.store)
                found.check_complete()
                self._read[key] = found, roi_icc(found)
            return self._read[key]

    @cached_property
    def _network(self) -> NetworkChoice | None:
        """The network that the analysis has, too: no threshold of the selection moves this choice."""
        found, _ = self._sources(replace(self.config, selection=SelectionConfig()))
        return None if found.deep is None else choose_network(self.study, found.config, found.deep)


def _nothing(family: str) -> None:
    pass
