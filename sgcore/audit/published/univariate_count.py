"""SGP003: how many features would pass the univariate tests by chance?"""

from __future__ import annotations

from sgcore.audit.published.answer import Answer, not_applicable
from sgcore.audit.published.paper import Paper
from sgcore.domain import Severity

#: Measured on 1288 features of a two-center breast ultrasound study whose labels were permuted by patient.
MEASURED = {"features": 1288, "threshold": 0.05, "mean": 63, "sd": 81, "low": 2, "high": 289}


class UnivariateCount:
    """Sets the reported count beside its expectation, and beside what correlated features really do."""

    code = "SGP003"
    title = "A count of significant features that chance gives as well"
    severity: Severity = "note"

    def run(self, paper: Paper) -> Answer:
        features = paper.features
        if features is None or features.p_threshold is None or features.p_passed is None:
            return not_applicable(
                "The paper file does not say how many features passed the univariate tests at which p "
                "(p_threshold and p_passed)."
            )
        threshold = features.p_threshold.value
        expected = features.total * threshold
        # The range is taken in shares of all features: a study with fewer features has fewer that pass. It was
        # measured at 0.05; a stricter test lets fewer through, and of a looser one nothing is known.
        known = threshold <= MEASURED["threshold"]
        limit = MEASURED["high"] / MEASURED["features"] * features.total if known else None
        values = {
            "total": features.total,
            "threshold": threshold,
            "passed": features.p_passed,
            "expected": expected,
            "measured_under_the_null": MEASURED,
            "limit": limit,
            "rows": [],
        }
        text = (
            f"{features.total:,} x {features.p_threshold.text} = {expected:.1f} features are expected at p < "
            f"{features.p_threshold.text} by chance alone; {features.p_passed:,} are reported."
        )
        assumption = (
            "No feature is related to the label. Features are correlated, and that makes the count wildly variable, "
            "so that no binomial limit holds: on real features with permuted labels (two-center breast ultrasound "
            "study, 1,288 features, p < 0.05) it had mean 63, SD 81 and a 95% range of 2 to 289. Another study's "
            "range is a yardstick, not a test."
        )
        if limit is None:
            text += f" What chance reaches was measured at p < {MEASURED['threshold']:g}, and not at a looser limit."
        if limit is None or features.p_passed <= limit:
            text += " The count is evidence neither for nor against a signal."
            remedy = "Permute the labels of whole patients, count again, and report the count within that distribution."
            return Answer("finding", text, assumption, remedy, values)
        at = "" if threshold == MEASURED["threshold"] else f" at p < {MEASURED['threshold']:g}"
        text += (
            f" That is more than {limit:.0f}, the upper end of the measured range for so many features{at}."
        )
        return Answer("passed", text, assumption, "", values)
