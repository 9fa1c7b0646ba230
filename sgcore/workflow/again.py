"""The sources of a stored analysis, once more: for work that must belong to it."""

from __future__ import annotations

from sgcore.errors import SgauditError
from sgcore.store import Store
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.sources import Sources, sources


def sources_again(analysis: Analysis, store: Store, *, doing: str) -> Sources:
    """What an analysis was computed from. ``doing`` completes "what it is wanted for": ``resampling``.

    Raises ``SgauditError`` where features, networks or software have changed since: the work would not
    belong to the analysis.
    """
    found = sources(analysis.study, analysis.config, store)
    if found.analysis_id != analysis.id or found.missing_networks:
        raise SgauditError(
            f"Features, networks or software have changed since this analysis was computed, so that {doing} would "
            "not belong to it. Compute the analysis again (`sgaudit run`), and go on with that one."
        )
    return found
