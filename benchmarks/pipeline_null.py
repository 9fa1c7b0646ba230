"""The pipeline null on the demo study: core-seconds of a permutation by part, and the time of 1000 on two workers.

    python benchmarks/pipeline_null.py [PERMUTATIONS [WORKERS]]

Everything is made anew in each permutation: tests, pruning and LASSO, six classifiers, and a pick by three
training folds in which the selection is repeated. Parts are CPU seconds of one process, mean of a quarter of all. The
time of 1000 is projected from the wall time of PERMUTATIONS (40) on WORKERS (2) that have started; a busy machine makes
it longer. Then the scores-fixed null. Ends with 1 where a limit is missed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from sgcore import workflow
from sgcore.config import with_changes
from sgcore.jobs import Jobs
from sgcore.models import pipeline, task
from sgcore.selection import selector
from sgcore.workflow.again import sources_again
from sgcore.workflow.fixed_scores import fixed_score_nulls
from sgcore.workflow.redrawn import Task, compute
from sgcore.workflow.redraws import PLANS, Redraw

#: Seconds of 1000 permutations, core-seconds of one, seconds of the scores-fixed null.
WALL, CORE, FIXED = 900.0, 1.8, 10.0
FOLDS = 3


def main(permutations: int, workers: int) -> int:
    with tempfile.TemporaryDirectory() as folder, workflow.open_store(Path(folder) / "s.duckdb") as store:
        study = workflow.load_demo(store)
        analysis = workflow.load_analysis(store, str(workflow.reference_id(store, study.fingerprint)))
        tasks = _tasks(analysis, store, permutations)
        with threadpool_limits(limits=1):
            compute(tasks[0])
            few = tasks[: max(1, permutations // 4)]
            with clocked() as spent:
                for each in few:
                    compute(each)
            began = time.perf_counter()
            fixed_score_nulls(analysis)
            fixed = time.perf_counter() - began
    core = spent["whole draw"] / len(few)
    for name, seconds in spent.most_common():
        print(f"{name:34s} {seconds / len(few):6.3f} core-seconds a permutation")
    wall = _wall(tasks, workers)
    print(f"{permutations} permutations on {workers} workers: {wall:.1f} s")
    print(f"1000 permutations: {wall / permutations * 1000 / 60:.1f} minutes (limit {WALL / 60:.0f})")
    print(f"scores-fixed null of all families and sets: {fixed:.1f} s")
    return int(wall / permutations * 1000 > WALL or core > CORE or fixed > FIXED)


def _tasks(analysis: workflow.Analysis, store: workflow.Store, permutations: int) -> list[Task]:
    found, plan = sources_again(analysis, store, doing="its permutations"), PLANS["permutation"]
    config = with_changes(found.config, models__folds=FOLDS, models__pick="folds")
    given, families = Redraw(found.study, config), plan.drawn(analysis.frame(plan.tried))
    return [
        Task("permutation", plan.redraw(given, draw), found.table, analysis.frame("icc"), ("fitted", "out_of_fold"),
             families)
        for draw in range(1, permutations + 1)
    ]  # fmt: skip


def _wall(tasks: list[Task], workers: int) -> float:
    """Seconds on workers that have begun: what they import is not counted."""
    with Jobs(workers) as jobs:
        for number in range(2):
            if number:
                began = time.perf_counter()
            some = tasks if number else tasks[:workers]
            items = ((str(place), lambda one=one: one) for place, one in enumerate(some))
            failed = [
                each.error
                for each in jobs.map(compute, items, total=len(some), stage="permutations")
                if each.error
            ]
            if failed:
                raise RuntimeError(failed[0])
        return time.perf_counter() - began


@contextmanager
def clocked() -> Iterator[Counter[str]]:
    """CPU seconds of the parts while the context lasts; a part holds those that it calls."""
    spent: Counter[str] = Counter()
    steps = {"_univariate": "tests", "_correlation": "pruning", "_lasso": "LASSO"}
    places: list[tuple[Any, str, Callable[..., str]]] = [
        (selector.FeatureSelector, name, lambda *_, called=called, **__: f"    {called}")
        for name, called in steps.items()
    ]
    places += [
        (task, "fit_classifier", lambda name, *_, **__: f"    {name}"),
        (pipeline, "out_of_fold", lambda *_, **__: "  in the folds"),
        (sys.modules[compute.__module__], "fit_families", lambda *_, **__: "  selection and fits"),
        (type(PLANS["permutation"]), "keep", lambda *_, **__: "  AUCs and pick"),
    ]
    kept = [(owner, name, getattr(owner, name)) for owner, name, _ in places]
    began = time.process_time()
    try:
        for (owner, name, inner), (_, _, called) in zip(kept, places, strict=True):
            setattr(owner, name, _timed(inner, called, spent))
        yield spent
    finally:
        spent["whole draw"] = time.process_time() - began
        for owner, name, inner in kept:
            setattr(owner, name, inner)


def _timed(inner: Callable[..., Any], called: Callable[..., str], spent: Counter[str]) -> Callable[..., Any]:
    def timed(*args: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return inner(*args, **named)
        finally:
            spent[called(*args, **named)] += time.process_time() - began

    return timed


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:]]
    sys.exit(main(*(numbers + [40, 2][len(numbers) :])))
