"""Numbers and names as people read them: three decimals for an AUC, plain words for a feature."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

#: What each subset is called where people read it.
SUBSETS = {"train": "Training", "validation": "Validation", "external": "External"}
#: A subset inside a sentence.
IN_SENTENCE = {"train": "training folds", "validation": "validation set", "external": "external set"}
CLASSIFIERS = {
    "LR": "Logistic regression",
    "SVM": "Support vector machine",
    "RF": "Random forest",
    "XGBoost": "XGBoost",
    "LightGBM": "LightGBM",
    "MLP": "Neural network (MLP)",
}
STEPS = {
    "excluded": "left out before testing",
    "univariate": "no difference between labels found",
    "correlation": "too similar to another feature",
    "lasso": "not needed by the LASSO",
    "multivariable": "no difference beside the other descriptors",
    "selected": "selected",
}
#: What a model does at a threshold.
OPERATING = {
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
    "ppv": "Positive predictive value",
    "npv": "Negative predictive value",
}
#: What a training curve shows.
METRICS = {
    "loss": "Loss (cross entropy)",
    "auc": "AUC",
    "accuracy": "Accuracy",
    "precision": "Precision (positive predictive value)",
    "recall": "Recall (sensitivity)",
    "f1": "F1",
}
#: What each severity of a finding is called, the gravest first.
SEVERITIES = {"error": "serious objection", "warning": "warning", "note": "note"}
#: What a p value is called after a correction for many tests.
CORRECTED = {"none": "p", "holm": "Holm-adjusted p", "bh": "q"}
CLASSES = {
    "firstorder": "First order",
    "shape": "Shape",
    "shape2D": "Shape",
    "glcm": "GLCM",
    "gldm": "GLDM",
    "glrlm": "GLRLM",
    "glszm": "GLSZM",
    "ngtdm": "NGTDM",
}
_COMPONENT = re.compile(r"DL_\d+")
#: Where a word of a feature's name begins: ``Maximum|2D|Diameter|Row``, ``10|Percentile``, ``LongRun|LowGray``.
_WORDS = re.compile(
    r"(?<=[a-z])(?=[A-Z]|[23]D)|(?<=\d)(?=[A-CE-Z])|(?<=[23]D)(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"
)


def missing(value: Any) -> bool:
    """True for None, NaN and pandas' NA."""
    return bool(pd.isna(value))


def auc(value: Any) -> str:
    return "not estimable" if missing(value) else f"{value:.3f}"


def interval(low: Any, high: Any, digits: int = 3) -> str:
    """``0.594 to 0.923``, or what stands for an interval that cannot be given."""
    if missing(low) or missing(high):
        return "interval not estimable"
    return f"{low:.{digits}f} to {high:.{digits}f}"


def signed(value: Any, digits: int = 3) -> str:
    # Adding zero makes a plus of the sign of a negative zero, also of one that rounding makes.
    return "not estimable" if missing(value) else f"{round(value, digits) + 0.0:+.{digits}f}"


def signed_interval(low: Any, high: Any, digits: int = 3) -> str:
    """``-0.100 to +0.190``, or what stands for an interval that cannot be given."""
    if missing(low) or missing(high):
        return "interval not estimable"
    return f"{signed(low, digits)} to {signed(high, digits)}"


def estimate(row: Any, *details: str) -> str:
    """``0.807 (0.594 to 0.923; 29 patients)``: ``auc, ci_low, ci_high`` of a row, and what is said with them."""
    said = f"{auc(row['auc'])} ({interval(row['ci_low'], row['ci_high'])}"
    return f"{'; '.join([said, *([', '.join(details)] if details else [])])})"


def patients(row: Any) -> str:
    """``29 patients``, of a row's ``n_patients``."""
    return count(int(row["n_patients"]), "patient")


def p_value(value: Any, digits: int = 3) -> str:
    """``0.034``, ``< 0.001``, or a dash; ``digits`` after the point."""
    if missing(value):
        return "–"
    least = 10.0**-digits
    return f"< {least:.{digits}f}" if value < least else f"{value:.{digits}f}"


def number(value: Any) -> str:
    """``0.034``, ``1.2e-17`` where three decimals would say zero, or a dash."""
    if missing(value):
        return "–"
    return f"{value:.1e}" if is_tiny(value) else f"{value:.3f}"


def is_tiny(value: float) -> bool:
    """Whether three decimals would make a zero of a number that is none."""
    return 0 < abs(value) < 0.0005


def count(number: int, noun: str, plural: str | None = None) -> str:
    """``1 patient``, ``29 patients``, ``1,288 features``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def cases(patients: Any, images: Any) -> str:
    """``29 patients, 55 images``, as far as the two are known."""
    known = ((patients, "patient"), (images, "image"))
    return ", ".join(count(int(number), noun) for number, noun in known if not missing(number))


def duration(seconds: float | None) -> str:
    """Time left in words; seconds are not promised."""
    if seconds is None or not math.isfinite(seconds):
        return "time left not known yet"
    if seconds < 60:
        return "less than a minute left"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"about {count(minutes, 'minute')} left"
    return f"about {minutes // 60} h {minutes % 60} min left"


def feature(name: str) -> str:
    """``wavelet-LHH_glcm_SumEntropy`` as ``Sum Entropy (GLCM, wavelet LHH)``; other names as they are.

    A component of the deep features (``DL_0``) is called so.
    """
    if _COMPONENT.fullmatch(name):
        return f"deep feature {name}"
    parts = name.split("_")
    if len(parts) != 3 or parts[1] not in CLASSES:
        return name.replace("_", " ")
    kind, group, leaf = parts
    return f"{_WORDS.sub(' ', leaf)} ({CLASSES[group]}, {kind.replace('-', ' ')})"


def named(name: str, residue: bool) -> str:
    """A feature in plain words; numerical residue does not measure what its name says."""
    return f"numerical residue ({name})" if residue else feature(name)


def short(name: str, length: int = 34) -> str:
    """A name cut in the middle, so that both ends stay readable."""
    if len(name) <= length:
        return name
    half = (length - 1) // 2
    return f"{name[:half]}…{name[-half:]}"


def join(words: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def possessive(name: str) -> str:
    """``Radiomics'``, ``DL's``."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def percent(share: float) -> str:
    """``12.5%``; whole numbers without a point, two figures of what lies within 1% of none or all (``0.05%``)."""
    value = 100 * float(share)
    rest = min(abs(value), abs(100 - value))
    digits = 1 - math.floor(math.log10(rest)) if 1e-9 < rest < 1 else 1
    text = f"{value:.{digits}f}"
    return f"{text.rstrip('0').rstrip('.')}%"


def decimals(shares: Iterable[Any], least: int = 3) -> int:
    """Decimals that show two figures of how far each share lies from none or all; ``least`` for most."""
    known = [float(share) for share in shares if not missing(share)]
    rests = [rest for rest in (min(abs(share), abs(1 - share)) for share in known) if rest > 1e-9]
    return max([least, *(1 - math.floor(math.log10(rest)) for rest in rests)])


def lines(name: str, length: int) -> str:
    """A name beside a row of a figure, inert: a long one goes on before its bracket, in lines of at most ``length``."""
    head, bracket, rest = name.partition(" (")
    parts = [head, f"({rest}"] if bracket and len(name) > length else [name]
    return "<br>".join(inert(short(part, length)) for part in parts)


#: What plotly's labels would read as a tag, as an entity or, on hover, as a place for a value.
_ACTIVE = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "{": "&#123;"})


def inert(text: object) -> str:
    """A study's own text for a figure: its labels and hovers show it as it is written."""
    return str(text).translate(_ACTIVE)
