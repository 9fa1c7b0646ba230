"""Results that travel with a study: packed by those who computed them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from sgcore.cohort.results_folder import FORMAT, MANIFEST
from sgcore.config import AnalysisConfig, as_dict, software_versions
from sgcore.config.fingerprints import SOFTWARE
from sgcore.deep.training import SOFTWARE as NETWORK_SOFTWARE
from sgcore.domain import Study
from sgcore.errors import SgauditError
from sgcore.features import ROI_VARIANTS
from sgcore.store import Store
from sgcore.store.study_results import Part, write_results
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.extraction import ORIGINAL, feature_set_id
from sgcore.workflow.networks import network_ids
from sgcore.workflow.sources import judges_rois


def pack(
    study: Study, analyses: Sequence[Analysis], store: Store, folder: Path, *, audited: bool = False
) -> Path:
    """Write what these analyses rest on, and what they gave, into a new folder; the path of its manifest.

    Deep features of networks that left patients out are packed for the backbone that an analysis stands by, and
    for no other: they are most of the bytes. A store that takes the folder up has the scores of the others.
    What the costly jobs of the audit found is packed only where it is asked for: an import does not take it up.

    Raises
    ------
    StoreError, SgauditError : the folder is not empty or cannot be written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise SgauditError(f"{folder} is not empty; name a new folder.")
    ids: dict[Part, dict[str, set[str]]] = {
        "radiomics": {
            "feature_set_id": {name for each in analyses for name in _radiomics(study, each.config)}
        },
        "networks": {
            "network_id": {name for each in analyses for name in _networks(study, each)},
            "feature_set_id": {name for each in analyses for name in _deep_features(study, each)},
        },
        "analyses": {"analysis_id": {each.id for each in analyses}},
    }
    if audited:
        ids["audit"] = {**ids["analyses"], "subject_id": {study.fingerprint, *ids["analyses"]["analysis_id"]}}
    paths = [
        path
        for part, own in ids.items()
        for path in write_results(store.connection, folder / part, part, own)
    ]
    manifest = {
        "format": FORMAT,
        "study": study.fingerprint,
        "versions": software_versions((*SOFTWARE, *NETWORK_SOFTWARE)),
        "settings": [as_dict(each.config) for each in analyses],
        "files": {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in paths
        },
    }
    path = folder / MANIFEST
    path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return path


def _radiomics(study: Study, config: AnalysisConfig) -> list[str]:
    """Feature sets of radiomics, with those of perturbed ROIs where they are asked for."""
    rois = (ORIGINAL, *(ROI_VARIANTS if judges_rois(config) else ()))
    return [feature_set_id(study, config.preset, roi) for roi in rois]


def _networks(study: Study, analysis: Analysis) -> list[str]:
    deep = analysis.config.deep
    return [] if deep is None else list(network_ids(study, deep).values())


def _deep_features(study: Study, analysis: Analysis) -> list[str]:
    deep, networks = analysis.config.deep, analysis.frame("networks")
    if deep is None or networks.empty:
        return []
    chosen = networks.loc[networks["picked"].astype(bool), "backbone"].iloc[0]
    return [
        name for (backbone, fold), name in network_ids(study, deep).items() if fold == 0 or backbone == chosen
    ]
