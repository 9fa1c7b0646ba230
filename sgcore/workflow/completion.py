"""The costly part of the audit: which jobs an analysis still needs, and doing them one after the other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sgcore.domain import Study
from sgcore.errors import UsageError
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

    Raises ``UsageError`` for an unknown kind, ``CancelledError`` on a stop: what was finished is stored.
    """
    unknown = set(kinds or ()) - set(JOBS)
    if unknown:
        raise UsageError(f"unknown job {min(unknown)!r}; choose {', '.join(JOBS)}.")
    given = Given(analysis, store, Jobs(workers=0) if jobs is None else jobs, on_progress, cancel)
    for state in costly_jobs(analysis):
        if state.reason is None and not state.done and (kinds is None or state.kind in kinds):
            JOBS[state.kind].run(given)
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

    Raises ``UsageError`` for a kind that is unknown or needs an analysis, ``CancelledError`` on a stop: what was
    finished is stored.
    """
    names = [job.kind for job in _of_studies()]
    unknown = set(kinds or ()) - set(names)
    if unknown:
        raise UsageError(
            f"no job {min(unknown)!r} of a study without an analysis; choose {', '.join(names)}."
        )
    for job, state in zip(_of_studies(), study_jobs(study, store), strict=True):
        if state.reason is None and not state.done and (kinds is None or state.kind in kinds):
            job.run_on(GivenStudy(study, store, on_progress, cancel))
    return study_jobs(study, store)


def _of_studies() -> list[StudyJob]:
    return [job for job in JOBS.values() if isinstance(job, StudyJob)]
