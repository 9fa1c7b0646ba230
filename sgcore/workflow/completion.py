"""The costly part of the audit: which jobs an analysis still needs, and doing them one after the other."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from sgcore.domain import Study
from sgcore.errors import CancelledError, IncompleteError, SgauditError, UsageError
from sgcore.jobs import Cancel, Jobs, OnProgress
from sgcore.store import Store
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.costly import JOBS, Given, GivenStudy, StudyJob


@dataclass(frozen=True)
class JobState:
    """A costly job of an analysis: done, not yet, or never, for a ``reason``; ``codes`` are the checks that wait."""

    kind: str
    title: str
    codes: tuple[str, ...]
    done: bool
    reason: str | None


def costly_jobs(analysis: Analysis) -> list[JobState]:
    """Every costly job, in the order in which they are done."""
    states = []
    for job in JOBS.values():
        reason = job.why_not(analysis)
        states.append(JobState(job.kind, job.title, job.codes, reason is None and job.done(analysis), reason))
    return states


def complete_audit(
    analysis: Analysis,
    store: Store,
    *,
    kinds: Collection[str] | None = None,
    jobs: Jobs | None = None,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> list[JobState]:
    """Do the costly jobs that are possible and not done, or those of ``kinds``; all of them as they are then.

    A job that fails ends no other. Raises ``IncompleteError`` with the reason of each that failed, once the others
    are done, ``UsageError`` for an unknown kind, ``CancelledError`` on a stop: what was finished is stored.
    """
    unknown = set(kinds or ()) - set(JOBS)
    if unknown:
        raise UsageError(f"unknown job {min(unknown)!r}; choose {', '.join(JOBS)}.")
    given = Given(analysis, store, Jobs(workers=0) if jobs is None else jobs, on_progress, cancel)
    due = _due(costly_jobs(analysis), kinds)
    _do_all([(state.title, partial(JOBS[state.kind].run, given)) for state in due])
    return costly_jobs(analysis)


def study_jobs(study: Study, store: Store) -> list[JobState]:
    """The costly jobs that need no analysis: of a study's files and tables alone."""
    states = []
    for job in _of_studies():
        reason = job.why_not_of(study)
        done = reason is None and job.done_for(study, store)
        states.append(JobState(job.kind, job.title, job.codes, done, reason))
    return states


def complete_study_audit(
    study: Study,
    store: Store,
    *,
    kinds: Collection[str] | None = None,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> list[JobState]:
    """Do those that are possible and not done, or those of ``kinds``, in this process; all of them as they are then.

    Raises ``UsageError`` for a kind that is unknown or needs an analysis, and the others as
    :func:`complete_audit`.
    """
    known = {job.kind: job for job in _of_studies()}
    unknown = set(kinds or ()) - set(known)
    if unknown:
        raise UsageError(
            f"no job {min(unknown)!r} of a study without an analysis; choose {', '.join(known)}."
        )
    given = GivenStudy(study, store, on_progress, cancel)
    due = _due(study_jobs(study, store), kinds)
    _do_all([(state.title, partial(known[state.kind].run_on, given)) for state in due])
    return study_jobs(study, store)


def _due(states: list[JobState], kinds: Collection[str] | None) -> list[JobState]:
    """Those that are possible, not done, and asked for."""
    return [
        state
        for state in states
        if state.reason is None and not state.done and (kinds is None or state.kind in kinds)
    ]


def _do_all(due: list[tuple[str, Callable[[], None]]]) -> None:
    """One after the other; what failed is told at the end, or on a stop."""
    failed: list[str] = []
    for title, do in due:
        try:
            do()
        except CancelledError as error:
            raise CancelledError("\n".join([str(error), *failed])) from error
        except SgauditError as error:
            failed.append(f"{title}: {error}")
    if failed:
        start = f"Computations of the audit that failed: {len(failed)} of {len(due)}. What others found is stored."
        raise IncompleteError("\n".join([start, *failed]))


def _of_studies() -> list[StudyJob]:
    return [job for job in JOBS.values() if isinstance(job, StudyJob)]
