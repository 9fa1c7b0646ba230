"""How many features pass the tests when the labels say nothing, kept for the audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.errors import SgauditError
from sgcore.stats.univariate import Test
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.costly.job import CostlyJob, Given
from sgcore.workflow.harmonized import as_selected

FAMILY = "Radiomics"
PERMUTATIONS = 499
#: Of the question, whatever limit the selection uses.
LIMIT = 0.05
_MANY = 10**6
#: Permutations that one worker computes at a time.
_CHUNK = 20


@dataclass(frozen=True)
class Permuted:
    """``values`` (n, d) of the images, the ``test`` of the recipe, and by permutation the ``labels`` (n,)."""

    values: np.ndarray = field(repr=False)
    test: Test
    labels: dict[int, np.ndarray] = field(repr=False)


class UnivariateNullJob(CostlyJob):
    """The recipe's tests alone on permuted labels, as the frame ``univariate_null``.

    One row a permutation: ``family, draw`` (0: the labels as they are)``, tested, below`` (features with
    p < 0.05)``, survivors`` (of Benjamini and Hochberg's correction at 0.05)``, distinct`` (how many different
    permutations there are; a million where there are more). Images are tested, as by the recipe, and
    the labels of whole training patients change places within their center. Of the families only Radiomics tests
    features one by one that have not seen the labels.
    """

    kind = "univariate-null"
    title = "Tests of the features on permuted labels"
    codes = ("SGA020",)

    def why_not(self, analysis: Analysis) -> str | None:
        if not len(_tested(analysis)):
            return "no radiomics feature was tested"
        people = _people(analysis)
        if stats.distinct_permutations(people["y"], None, people["center"]) < 2:
            return "every development center has training patients of one label: there is nothing to permute"
        return None

    def done(self, analysis: Analysis) -> bool:
        return len(analysis.frame("univariate_null").columns) > 0

    def run(self, given: Given) -> None:
        """Raises ``SgauditError`` where permutations failed: then none is kept."""
        analysis = given.analysis
        every = range(PERMUTATIONS + 1)
        chunks = [every[start : start + _CHUNK] for start in range(0, len(every), _CHUNK)]
        items = ((str(chunk[0]), partial(_make, analysis, chunk)) for chunk in chunks)
        rows: list[dict[str, Any]] = []
        for outcome in given.jobs.map(
            count_small,
            items,
            total=len(chunks),
            stage=self.title.lower(),
            on_progress=given.on_progress,
            cancel=given.cancel,
        ):
            if outcome.error is not None:
                raise SgauditError(f"{self.title} failed: {outcome.error}. Nothing of it is kept.")
            rows += outcome.value
        people = _people(analysis)
        distinct = stats.distinct_permutations(people["y"], None, people["center"])
        found = (
            pd.DataFrame(rows).sort_values("draw", ignore_index=True).assign(distinct=min(distinct, _MANY))
        )
        given.store.evidence.add(analysis.id, "univariate_null", found)


def count_small(given: Permuted) -> list[dict[str, Any]]:
    """Rows of the frame for the permutations of ``given``."""
    return list(_counts(given))


def _counts(given: Permuted) -> Iterator[dict[str, Any]]:
    for draw, labels in given.labels.items():
        p = stats.univariate_tests(given.values, labels, test=given.test)["p"].to_numpy(float)
        q = stats.adjust(p, "bh")
        yield {
            "family": FAMILY,
            "draw": draw,
            "tested": int(np.isfinite(p).sum()),
            "below": int((p < LIMIT).sum()),
            "survivors": int((q < LIMIT).sum()),
        }


def _make(analysis: Analysis, draws: range) -> Permuted:
    """Each permutation is its number: the same seed gives the same labels wherever it is computed."""
    config, people = analysis.config, _people(analysis)
    cases = analysis.study.cases()
    values = as_selected(analysis.features.values, cases, config)[_tested(analysis)]
    patients = cases.set_index("image_id").loc[values.index, "patient_id"]
    labels = {}
    for draw in draws:
        y = people["y"].to_numpy(float)
        if draw:
            rng = np.random.default_rng([config.seed, draw])
            y = stats.permute_patient_labels(y, None, people["center"].to_numpy(), rng)
        labels[draw] = patients.map(pd.Series(y, people["patient_id"])).to_numpy(int)
    return Permuted(values.to_numpy(float), config.selection.test, labels)


def _people(analysis: Analysis) -> pd.DataFrame:
    """The training patients that have features: ``patient_id, center, y``."""
    cases = analysis.study.cases()
    known = cases[(cases["subset"] == "train") & cases["image_id"].isin(analysis.features.values.index)]
    return known.drop_duplicates("patient_id")


def _tested(analysis: Analysis) -> list[str]:
    """Features that the recipe tested: what it left out before, or could not test, is no part of the question."""
    trace = analysis.frame("selection")
    return [] if trace.empty else list(trace.loc[(trace["family"] == FAMILY) & trace["p"].notna(), "feature"])
