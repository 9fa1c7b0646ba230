"""Resampling as long work: draws run as jobs, each is stored when it is finished, and more may follow."""

from __future__ import annotations

from functools import partial

from sgcore.domain import Resampling
from sgcore.errors import SgauditError, UsageError
from sgcore.jobs import Cancel, Jobs, OnProgress
from sgcore.store import Store
from sgcore.workflow.again import sources_again
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.redrawn import Task, compute
from sgcore.workflow.redraws import PLANS, Plan, Redraw


def resample(
    analysis: Analysis,
    kind: Resampling,
    store: Store,
    *,
    draws: int | None = None,
    jobs: Jobs | None = None,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> int:
    """Compute the draws of a kind that are not in the store yet; how many there are now.

    Parameters
    ----------
    kind : ``centers`` (leave one center out), ``cross-validation`` (repeated), ``outside`` (the same with a
        selection on all training patients), ``stability`` (of the selection), ``splits`` (of the development
        patients) or ``permutation`` (the whole pipeline on permuted labels); see :mod:`sgcore.workflow.redraws`.
    draws : how many there are to be in the end; the usual number by default. ``centers`` has one a center.

    Raises
    ------
    SgauditError : the study cannot be resampled this way, its features changed since the analysis, or
        draws failed (the others are stored). UsageError : fewer than one draw, or draws of centers.
    CancelledError : on a stop; what was finished is stored.
    """
    if kind not in PLANS:
        raise UsageError(f"unknown resampling {kind!r}; choose {', '.join(PLANS)}.")
    plan = PLANS[kind]
    numbers = plan.numbers(_wanted(plan, analysis, draws))
    found = sources_again(analysis, store, doing="its draws")
    given = Redraw(found.study, found.config)
    icc = analysis.frame("icc")
    estimates = plan.needed(analysis.frame("picks"))
    families = plan.drawn(analysis.frame(plan.tried))

    def make(draw: int) -> Task:
        return Task(kind, plan.redraw(given, draw), found.table, icc, estimates, families)

    have = store.resamples.done(analysis.id, kind)
    missing = [draw for draw in numbers if draw not in have]
    pool = Jobs(workers=0) if jobs is None else jobs
    failed: list[str] = []
    items = ((str(draw), partial(make, draw)) for draw in missing)
    title = plan.title.lower()
    for outcome in pool.map(
        compute, items, total=len(missing), stage=title, on_progress=on_progress, cancel=cancel
    ):
        if outcome.error is None:
            store.resamples.append(analysis.id, kind, int(outcome.key), outcome.value)
        else:
            failed.append(f"draw {outcome.key}: {outcome.error}")
    if failed:
        raise SgauditError(
            f"{len(failed)} of {len(missing)} draws of {title} failed and are not counted; the others are stored. "
            f"The first is {failed[0]}"
        )
    return plan.counted(store.resamples.done(analysis.id, kind))


def _wanted(plan: Plan, analysis: Analysis, draws: int | None) -> int:
    reason = plan.why_not(analysis.study)
    if analysis.frame("evaluations").empty and reason is None:
        reason = "no family of this analysis could be evaluated"
    if reason is not None:
        raise SgauditError(f"{plan.title} is not applicable to {analysis.study_name!r}: {reason}.")
    if draws is not None and plan.each is not None:
        raise UsageError(f"{plan.title} has one draw a {plan.each}; do not give a number.")
    wanted = plan.usual(analysis.study) if draws is None else draws
    if wanted < 1:
        raise UsageError(f"{wanted} draws; at least 1 is needed.")
    return wanted
