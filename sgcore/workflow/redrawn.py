"""One draw of a resampling, computed: a function of plain arguments that any worker can run."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from sgcore.domain import Estimate, FeatureTable, Resampling
from sgcore.workflow.family_fits import fit_families
from sgcore.workflow.redraws import PLANS, Parts, Redraw
from sgcore.workflow.sources import Sources


@dataclass(frozen=True)
class Task:
    """What a worker needs to compute a draw; it travels to the worker, and holds nothing else.

    ``table`` has the features of the analysis, and none of perturbed ROIs: which features depend on the
    ROI (``icc``) is decided without labels, once, and not again in each draw. ``families`` are those that
    the analysis could try.
    """

    kind: Resampling
    redraw: Redraw = field(repr=False)
    table: FeatureTable = field(repr=False)
    icc: pd.DataFrame = field(repr=False)
    estimates: tuple[Estimate, ...]
    families: tuple[str, ...]


def compute(drawn: Task) -> Parts:
    """The parts of a draw, as the store keeps them (``draws``, ``scores``, ``aucs``, ``selections``)."""
    sources = Sources(drawn.redraw.study, drawn.redraw.config, drawn.table, variants={})
    plan, nothing = PLANS[drawn.kind], lambda _family: None
    fits = fit_families(sources, drawn.icc, nothing, drawn.estimates, preferred=plan.preferred(drawn.redraw))
    parts = plan.keep(drawn.redraw, fits)
    return {name: frame[frame["family"].isin(drawn.families)] for name, frame in parts.items()}
