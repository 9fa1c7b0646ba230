"""Results that came with a study: taken up by those who review it, and held against what they compute themselves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sgcore.config import AnalysisConfig, from_dict
from sgcore.domain import Study
from sgcore.store import Store
from sgcore.store.study_results import PARTS, Part, read_result, take_up_results

if TYPE_CHECKING:
    # What it takes to analyze would be loaded before the first page of the demo.
    from sgcore.workflow.analysis import Analysis

_NOTE = "computed elsewhere; came with the study"


def take_up(
    study: Study, store: Store, parts: Sequence[Part] = ("radiomics", "networks"), *, note: str = _NOTE
) -> int:
    """Store what came with a study and is not there yet; how many feature sets, networks and analyses were new.

    Analyses are computed anew from the features, unless ``parts`` names them. Networks and analyses get the ``note``.
    """
    if study.results is None:
        return 0
    return sum(
        take_up_results(store.connection, _paths(study, part), part, study.fingerprint, note)
        for part in parts
    )


def as_computed(study: Study, config: AnalysisConfig) -> AnalysisConfig:
    """Settings of the last analysis of the recipe of ``config`` that came with the study, else ``config``."""
    settings = () if study.results is None else study.results.settings
    return next((from_dict(each) for each in reversed(settings) if each["recipe"] == config.recipe), config)


def reproduced(study: Study, analysis: Analysis) -> dict[str, Any] | None:
    """How the predictions of an analysis compare with those of the same name that came with its study.

    ``predictions`` (rows of both)``, only_here, only_there`` and ``largest_difference`` of a score; None where
    the study came without them.
    """
    path = _paths(study, "analyses").get("result_predictions")
    if path is None:
        return None
    key = ["family", "classifier", "estimate", "image_id"]
    brought = read_result(path, [*key, "y_score"], analysis.id)
    if brought.empty:
        return None
    both = analysis.frame("predictions")[[*key, "y_score"]].merge(
        brought, on=key, how="outer", suffixes=("", "_there"), indicator=True
    )
    sides = both["_merge"].value_counts()
    shared = both[both["_merge"] == "both"]
    differences = (shared["y_score"] - shared["y_score_there"]).abs()
    unlike = shared["y_score"].isna() != shared["y_score_there"].isna()
    return {
        "predictions": int(sides["both"]),
        "only_here": int(sides["left_only"]),
        "only_there": int(sides["right_only"]),
        "largest_difference": None if unlike.any() else float(differences.max()),
    }


def _paths(study: Study, part: Part) -> dict[str, Path]:
    if study.results is None:
        return {}
    named = set(study.results.files)
    places = {table: f"{part}/{table}.parquet" for table in PARTS[part]}
    return {table: study.results.folder / name for table, name in places.items() if name in named}
