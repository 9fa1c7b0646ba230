"""What the stored draws of a resampling say: rows for a table and a figure, made when they are read."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from sgcore.domain import Resampling
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.redraws import PLANS, Parts, Plan

#: Why a family is in no draw.
NOT_DRAWN = "its network saw the labels and patients as they are, and is not trained anew in a draw"


@dataclass(frozen=True)
class Resampled:
    """The stored draws of one kind.

    ``draws`` are there of ``usual`` (the labels as they are count as no permutation); ``complete`` when no usual
    draw is missing. ``rows`` is empty while there are none, and ``reason`` says when the study cannot be
    resampled this way. The columns of ``rows`` and ``detail`` are those of docs/architecture.md. ``failed``
    counts the draws in which a family had no model: ``family, name, reason, draws``. ``not_drawn`` are families of
    the analysis that no draw makes anew: ``family, reason``.
    """

    kind: Resampling
    title: str
    draws: int
    usual: int
    complete: bool
    rows: pd.DataFrame = field(repr=False)
    detail: pd.DataFrame = field(repr=False)
    failed: pd.DataFrame = field(repr=False)
    not_drawn: pd.DataFrame = field(repr=False)
    reason: str | None = None


def resampled(analysis: Analysis, kind: Resampling) -> Resampled:
    """The draws of ``kind`` that are stored for an analysis, evaluated."""
    plan, parts = PLANS[kind], analysis.draws(kind)
    numbers = set(parts["draws"]["draw"])
    usual = plan.usual(analysis.study)
    rows = detail = pd.DataFrame()
    if numbers:
        rows, detail = plan.read(analysis, parts)
    return Resampled(
        kind=kind,
        title=plan.title,
        draws=plan.counted(numbers),
        usual=usual,
        complete=numbers.issuperset(plan.numbers(usual)),
        rows=rows,
        detail=detail,
        failed=_failed(parts),
        not_drawn=_not_drawn(plan, analysis),
        reason=plan.why_not(analysis.study),
    )


def _not_drawn(plan: Plan, analysis: Analysis) -> pd.DataFrame:
    tried = analysis.frame(plan.tried)
    families = [] if tried.empty else list(tried["family"].unique())
    drawn = plan.drawn(tried) if families else ()
    rows = [(name, NOT_DRAWN) for name in families if name not in drawn]
    return pd.DataFrame(rows, columns=["family", "reason"])


def _failed(parts: Parts) -> pd.DataFrame:
    """Draws without a model, by family and reason; one that has an AUC counts: 0.5, where nothing was selected."""
    draws = parts["draws"][parts["draws"]["reason"].notna()]
    measured = parts["aucs"].set_index(["draw", "family"]).index
    draws = draws[~draws.set_index(["draw", "family"]).index.isin(measured)]
    # Numbers in a reason differ from draw to draw; the first stands for those that say the same.
    alike = draws["reason"].str.replace(r"\d[\d.]*", "#", regex=True).rename("alike")
    grouped = draws.groupby([draws["family"], alike], sort=False)
    found = grouped.agg(name=("name", "first"), reason=("reason", "first"), draws=("draw", "size"))
    return found.reset_index()[["family", "name", "reason", "draws"]]
