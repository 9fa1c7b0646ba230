"""What a model calls at a threshold, in words: counts, where the threshold is from, and what moving it means."""

from __future__ import annotations

import math

import pandas as pd

from sgcore.domain import EvaluationSet
from sgcore.plots import words
from sgcore.ui.operating_answers import Counted
from sgcore.workflow import Called

_MEASURES = {
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
    "ppv": "Positive predictive value",
    "npv": "Negative predictive value",
    "accuracy": "Accuracy",
}


def sentence(
    called: Called,
    name: str,
    at: EvaluationSet,
    labels: tuple[str, str],
    stored: float,
    *,
    moved: bool,
    digits: int = 3,
    picked_here: bool = False,
) -> str:
    """How many cases of either label the model calls right at a threshold, and how many are wrong.

    ``digits`` tell thresholds apart that the slider does; ``picked_here`` where these cases chose the classifier.
    """
    place = Counted(at, *labels).place
    if called.reason:
        return f"{name} calls nothing {place}: {called.reason}."
    cases = called.tp + called.fp + called.tn + called.fn
    right = words.join(
        [
            f"{hits} of {words.count(hits + misses, f'{label} {at.unit}')} {label}"
            for hits, misses, label in (
                (called.tp, called.fn, labels[1]),
                (called.tn, called.fp, labels[0]),
            )
            if hits + misses
        ]
    )
    wrong = called.fp + called.fn
    at_threshold = _at(called.threshold, stored, digits, moved=moved)
    text = f"{at_threshold} {name} calls {right} {place}: {wrong} of {cases} wrong"
    if moved:
        text += "; the threshold was set by looking at these cases, so this is no estimate of the model"
    elif at.subset == "train":
        text += "; the threshold was chosen on these cases"
    if picked_here:
        text += "; the classifier was picked by its AUC on these very cases"
    return f"{text}."


def _at(threshold: float, stored: float, digits: int, *, moved: bool) -> str:
    if math.isnan(stored):
        return f"At {number(threshold, digits)} (it has no stored threshold)"
    text = "At its stored threshold" if not moved else f"At {number(threshold, digits)} instead of the stored"
    if math.isinf(stored):
        return f"{text}{' one' if moved else ''}, which calls everybody {'positive' if stored < 0 else 'negative'},"
    return f"{text} {'' if moved else 'of '}{number(stored, digits)}"


def number(value: float, digits: int = 3) -> str:
    """A threshold with three decimals or more, or with three figures where those would hide it."""
    return f"{value:.{digits}f}" if value == 0 or abs(value) >= 0.001 else f"{value:.2e}"


def caution(at: EvaluationSet, origin: str, stored: float, *, moved: bool) -> str:
    """Where the stored threshold is from, and that another one which is read off these cases is a pick."""
    if math.isnan(stored):
        text = "No threshold is stored: the training scores gave none. The slider begins in the middle of the scores."
    else:
        text = f"The stored threshold is from {origin}"
        text += " of these very cases." if at.subset == "train" else " and was carried here unchanged."
    if moved:
        return (
            f"{text} A cut that looks better here was picked by these cases: expect less of it on new ones."
        )
    return (
        f"{text} Move it to see who would be called what. Choosing a threshold by cases that were held out is picking: "
        "what is read there is no estimate for new ones."
    )


def measures(called: Called, labels: tuple[str, str]) -> pd.DataFrame:
    """The five proportions, each with its interval and the cases that it counts, or why there is none."""
    negative, positive = labels
    among = {
        "sensitivity": f"{positive} {called.unit}s",
        "specificity": f"{negative} {called.unit}s",
        "ppv": f"called {positive}",
        "npv": f"called {negative}",
        "accuracy": f"{called.unit}s called right",
    }
    rows = called.measures.set_index("measure").loc[list(_MEASURES)].to_dict("index")
    table = []
    for name, row in rows.items():
        known = not words.missing(row["estimate"])
        counts = f"{row['successes']:.0f} of {row['n']:.0f} {among[str(name)]}" if known else row["reason"]
        table.append(
            {
                "Measure": _MEASURES[str(name)],
                "Estimate": f"{row['estimate']:.3f}" if known else "–",
                "95% interval": words.interval(row["ci_low"], row["ci_high"]) if known else "–",
                "Cases": counts,
                "Interval by": row["method"] if known else "–",
            }
        )
    return pd.DataFrame(table)


def mix(called: Called, labels: tuple[str, str]) -> str:
    """At which share of positives the predictive values hold, and how intervals are made."""
    positive, cases = called.tp + called.fn, called.tp + called.fp + called.tn + called.fn
    text = "Intervals are clustered by patient. " if called.unit == "image" else ""
    if cases:
        text += (
            f"Predictive values and accuracy hold at the mix of these cases, {words.percent(positive / cases)} "
            f"{labels[1]}, which is not that of your clinic: the part Sensitivity and specificity takes yours."
        )
    if called.n_left_out:
        text += f" {words.count(called.n_left_out, 'image')} without a score left out."
    return text


def cases(rows: pd.DataFrame, labels: tuple[str, str], unit: str) -> pd.DataFrame:
    """Every case with its score and call, those most on the wrong side first; ``rows`` of :class:`Called`."""
    names = dict(enumerate(labels))
    return pd.DataFrame(
        {
            **({"Patient": rows["patient_id"]} if unit == "patient" else {"Image": rows["image_id"]}),
            "Center": rows["center"],
            "Label": rows["y"].map(names),
            "Mean score" if unit == "patient" else "Score": rows["score"],
            "Called": rows["called"].map(names),
            "Wrong": rows["wrong"].map({0.0: "no", 1.0: "yes"}),
        }
    )
