"""Which analyses a study has, which one the others are compared with, and which are what-ifs."""

from __future__ import annotations

import json

import pandas as pd

from sgcore.config import AnalysisConfig, deciding_versions, from_dict, is_shipped
from sgcore.store import Store
from sgcore.workflow.analysis import Analysis


def list_analyses(store: Store, study_id: str | None = None) -> pd.DataFrame:
    """``analysis_id, study_id, name, recipe, created_at, config, versions``, oldest first.

    The name tells which were made by other software than runs here: the same settings would give a new one.
    """
    frame = store.analyses.list(study_id)
    names = frame["name"].fillna(frame["recipe"] + " recipe")
    rows = zip(frame["config"], frame["versions"], strict=True)
    earlier = [
        json.loads(versions) != deciding_versions(from_dict(json.loads(config))) for config, versions in rows
    ]
    return frame.assign(name=names.where(~pd.Series(earlier, dtype=bool), names + ", other software"))


def reference_id(store: Store, study_id: str) -> str | None:
    """The analysis that a study's others are compared with, or None while there is none.

    The paper recipe as it ships, else the strict one, else the settings that were computed first; of several
    analyses with these settings the last one, since software changes and networks are trained anew. One
    with networks stands before one without.
    """
    analyses = _configs(store, study_id)
    if not analyses:
        return None
    for name in ("paper", "strict"):
        shipped = _shipped(analyses, name)
        if shipped:
            return shipped[-1][0]
    wanted = analyses[0][1]
    return [each for each, config in analyses if config == wanted][-1]


def shipped_id(store: Store, study_id: str, recipe: str) -> str | None:
    """The last analysis of a study with a recipe as it ships, or None."""
    found = _shipped(_configs(store, study_id), recipe)
    return found[-1][0] if found else None


def is_what_if(store: Store, analysis: Analysis) -> bool:
    """Whether an analysis has settings of its own, and is not the one that others are compared with.

    Of a recipe with several networks the last one counts; earlier ones have been tried beside it.
    """
    if not is_shipped(analysis.config):
        return analysis.id != reference_id(store, analysis.study_id)
    last = _shipped(_configs(store, analysis.study_id), analysis.recipe)[-1][1]
    return analysis.config.deep is not None and analysis.config.deep != last.deep


def _configs(store: Store, study_id: str) -> list[tuple[str, AnalysisConfig]]:
    """Id and settings of each analysis of a study, oldest first."""
    analyses = store.analyses.list(study_id)
    texts = zip(analyses["analysis_id"], analyses["config"], strict=True)
    return [(str(analysis_id), from_dict(json.loads(text))) for analysis_id, text in texts]


def _shipped(analyses: list[tuple[str, AnalysisConfig]], recipe: str) -> list[tuple[str, AnalysisConfig]]:
    """Those with a recipe as it ships, in their order: with networks, or all where none has any."""
    found = [each for each in analyses if each[1].recipe == recipe and is_shipped(each[1])]
    return [each for each in found if each[1].deep is not None] or found
