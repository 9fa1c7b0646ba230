"""SGA020: would permuted labels give as many small p values?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.reported import no_models
from sgcore.audit.waiting import not_computed
from sgcore.domain import Severity

#: The family that tests features one by one which have not seen the labels.
FAMILY = "Radiomics"
#: Different permutations below which a 95% range means nothing.
_FEWEST = 40
#: A share of the permutations below which chance is said to give fewer.
_RARE = 0.05
_BINS = np.linspace(0, 1, 21)


class PValuesByChance:
    """The number of features with p < 0.05 in its distribution on permuted labels, one-sided; never the binomial."""

    code = "SGA020"
    title = "Permuted labels would give as many small p values"
    severity: Severity = "warning"
    page = "features-selection"

    def run(self, evidence: Evidence) -> Outcome:
        trace = evidence.frame("selection")
        if trace.empty:
            return no_models(evidence)
        p = trace.loc[trace["family"] == FAMILY, "p"].dropna()
        if p.empty:
            return Outcome("not_applicable", "No radiomics feature was tested.")
        rows = evidence.frame("univariate_null")
        if not len(rows.columns):
            if _nothing_to_permute(evidence):
                return Outcome(
                    "not_applicable",
                    "In every center the training patients have one label: nothing can be permuted.",
                )
            return not_computed("How many small p values permuted labels give")
        real, null = rows[rows["draw"] == 0].iloc[0], rows[rows["draw"] > 0]
        distinct = int(real["distinct"])
        if distinct < _FEWEST:
            return Outcome(
                "not_applicable",
                f"The labels of the training patients can be assigned in {distinct} ways within their centers; a 95% "
                f"range needs {_FEWEST}.",
            )
        counts = null["below"].to_numpy(float)
        test = stats.permutation_test(float(real["below"]), counts)
        low, high = np.quantile(counts, [0.025, 0.975])
        tested = int(real["tested"])
        count, _ = np.histogram(p, _BINS)
        table = pd.DataFrame({"p_from": _BINS[:-1].round(2), "p_to": _BINS[1:].round(2), "n_features": count})
        message = (
            f"{int(real['below'])} of {tested} radiomics features have p < 0.05 in {_who(evidence)}. On "
            f"permuted labels of whole patients ({test.permutations} permutations within center, the same features "
            f"and tests) there are {counts.mean():.0f} on average (SD {counts.std(ddof=1):.0f}, 95% range "
            f"{low:.0f} to {high:.0f}); one-sided p = {test.p:.3f} ({test.p_low:.3f} to {test.p_high:.3f}: error of "
            f"the permutations). {_survivors(real, null)} Features resemble each other, and small p values come in "
            f"swarms: {0.05 * tested:.0f} (5%) is no yardstick.{_few(distinct, test.permutations)}"
        )
        needed = _needed(counts)
        if test.p < _RARE:
            return Outcome(
                "passed",
                f"More features differ than chance explains. {message} {needed:.0f} or more had to "
                "differ for that. It does not say which of them: some are there by chance.",
                table=table,
            )
        return Outcome(
            "finding",
            f"There are no more small p values than chance gives in one case of twenty. {message}{_left(real, null)} "
            f"From {needed:.0f} on they would have been more; a few features that differ can hide among so many.",
            remedy="Do not give the number of small p values as evidence. Rest the case on held-out patients and on "
            "how often the whole analysis reaches its AUC by chance (SGA032); with few features that were named "
            "beforehand, test those.",
            table=table,
        )


def _needed(counts: np.ndarray) -> float:
    """The smallest count whose one-sided p lies below 0.05, the labels as they are counted among the permutations."""
    reached = int(np.ceil(_RARE * (counts.size + 1))) - 2
    return float(np.sort(counts)[::-1][reached]) + 1


def _nothing_to_permute(evidence: Evidence) -> bool:
    people = evidence.study.patients
    people = people[people["subset"] == "train"]
    return stats.distinct_permutations(people["y"], None, people["center"]) < 2


def _who(evidence: Evidence) -> str:
    cases = evidence.study.cases()
    train = cases[(cases["subset"] == "train") & cases["image_id"].isin(evidence.features.values.index)]
    patients = train["patient_id"].nunique()
    return f"{len(train)} training images of {patients} patients, image by image as the recipe tests"


def _survivors(real: pd.Series, null: pd.DataFrame) -> str:
    """What Benjamini and Hochberg's correction leaves, with the labels as they are and permuted."""
    compared = (
        f"{_as_many(real, null):.1%} of the permutations have {'as many' if real['survivors'] else 'any'}"
    )
    return f"{int(real['survivors'])} survive Benjamini and Hochberg's correction at 0.05; {compared}."


def _as_many(real: pd.Series, null: pd.DataFrame) -> float:
    """The share of the permutations that leave as many features after the correction, or any where there is none."""
    return float((null["survivors"] >= max(1, real["survivors"])).mean())


def _left(real: pd.Series, null: pd.DataFrame) -> str:
    """That the correction leaves more than chance does, though the count of small p values is none too many."""
    if not real["survivors"] or _as_many(real, null) >= _RARE:
        return ""
    return " Those that survive the correction are more than chance leaves."


def _few(distinct: int, permutations: int) -> str:
    if distinct > permutations:
        return ""
    return f" There are only {distinct} different permutations."
