"""What a decision curve says, in words: at one risk with its interval, over stretches, after which shift."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, floor, log10

import numpy as np

from sgcore import workflow
from sgcore.domain import Decision
from sgcore.plots import words
from sgcore.stats import DecisionCurve


def best_family(curves: Mapping[str, DecisionCurve]) -> str | None:
    """The family with the highest net benefit on average over the risks; None where no curve exists."""
    means = {
        name: float(curve.net_benefit.mean())
        for name, curve in curves.items()
        if curve.net_benefit.size and not np.isnan(curve.net_benefit).any()
    }
    return max(means, key=means.__getitem__) if means else None


def sentence(
    curves: Mapping[str, DecisionCurve],
    best: str | None,
    decision: Decision,
    where: str,
    *,
    picked: bool = False,
    mix_of: str = "study",
) -> str:
    """What acting by the best family is worth at one risk, against acting on all or none; ``picked`` on these cases.

    ``mix_of`` says whose share of positives holds where none is given.

    A range of risks would be a hundred answers, each with its own chance to be wrong.
    """
    if best is None:
        reasons = [curve.reason for curve in curves.values() if curve.reason]
        return f"No decision curve can be drawn {where}{f': {reasons[0]}' if reasons else ''}."
    curve = curves[best]
    k = int(np.abs(curve.thresholds - workflow.middle_risk(decision.low, decision.high)).argmin())
    worth, low, high = (float(values[k]) for values in (curve.net_benefit, curve.low, curve.high))
    other = max(float(curve.treat_all[k]), 0.0)
    without = "all" if curve.treat_all[k] > 0 else "none"
    digits = digits_of(curve)
    notes = [words.count(curve.n_patients, "patient"), _mix(curve, mix_of)]
    if chosen := [*(["family"] if len(curves) > 1 else []), *(["classifier"] if picked else [])]:
        notes.append(f"{words.join(chosen)} picked on these cases")
    cases = "; ".join(notes)
    first = ", the highest of the families on average," if len(curves) > 1 else ""
    acting = f"cting ({decision.treat}) on {words.possessive(best)} probabilities{first}"
    at = f"from a risk of {words.percent(curve.thresholds[k])} on"
    if np.isnan(low):
        return f"What a{acting} {at} is worth {where} has no interval: {curve.reason} ({cases})."
    if same := _same(curve, k):
        return f"A{acting} {at} is acting on {same} of these cases {where}: what it adds cannot be told ({cases})."
    value = f"net benefit {_span(worth, low, high, digits)}"
    # As they are shown: an interval of "0.000 to 0.150" holds 0 for its reader.
    more, least, most = (round(number - other, digits) + 0.0 for number in (worth, low, high))
    if least > 0:
        told, by = f"is worth more than acting on {without}", f"{_span(more, least, most, digits)} more"
    elif most < 0:
        told, by = f"is worth less than acting on {without}", f"{_span(-more, -most, -least, digits)} less"
    else:
        told = f"is worth more than acting on {without} cannot be told"
        by = f"{more:+.{digits}f} ({least:+.{digits}f} to {most:+.{digits}f}) against it"
    start = f"A{acting}" if least > 0 or most < 0 else f"Whether a{acting}"
    # Acting on none is worth 0: the net benefit is the difference.
    value += f", {by}" if without == "all" else ""
    return f"{start} {at} {told} {where}: {value} ({cases})."


def _span(value: float, low: float, high: float, digits: int) -> str:
    return f"{value:.{digits}f} ({words.interval(low, high, digits)})"


def _same(curve: DecisionCurve, k: int) -> str:
    """What one would do without the model, where the model does just that: ``all`` or ``none``."""
    calls = curve.sensitivity[k], 1 - curve.specificity[k]
    return {(1.0, 1.0): "all", (0.0, 0.0): "none"}.get((float(calls[0]), float(calls[1])), "")


def _mix(curve: DecisionCurve, of: str) -> str:
    share = words.percent(curve.prevalence)
    if curve.prevalence_source == "target":
        return f"{share} positive, as set here"
    return f"{share} positive as in this {of}'s mix, not your clinic's"


def moved(curve: DecisionCurve) -> str:
    """Which shift the probabilities got, from which share of positives to which."""
    if words.missing(curve.train_prevalence):
        return (
            "Probabilities are as the model gives them: the share of positives it was fitted on is not known."
        )
    fitted = f"{words.percent(curve.train_prevalence)} positive among the images it was fitted on"
    if abs(curve.shift) < 1e-9:
        return f"Probabilities are as the model gives them: {fitted}, as many as here."
    return (
        f"Probabilities were moved from {fitted} to {words.percent(curve.prevalence)} "
        f"(logits {curve.shift:+.2f})."
    )


def stretches(thresholds: np.ndarray, holds: np.ndarray) -> str:
    """Where a condition holds, as people read it: ``5% to 12% and 20% to 30%``.

    Whole percents inside (finer for narrow ranges); stretches below a tenth of the range are left out.
    """
    extent = float(thresholds[-1] - thresholds[0])
    step = min(0.01, 10.0 ** floor(log10(extent / 10))) if extent > 0 else 0.01
    edges = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]]).astype(int)))
    found = []
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        start, stop = float(thresholds[first]), float(thresholds[end - 1])
        if stop - start < 0.1 * extent - 1e-12:
            continue
        low, high = _inside(start, stop, step)
        if high - low < step / 2:
            low, high = _inside(start, stop, step / 10)
        found.append(f"{words.percent(low)} to {words.percent(high)}")
    return words.join(found)


def _inside(start: float, stop: float, step: float) -> tuple[float, float]:
    return ceil(start / step - 1e-9) * step, floor(stop / step + 1e-9) * step


def digits_of(*curves: DecisionCurve) -> int:
    """Decimals of a net benefit: three, and two figures of the prevalence, which no net benefit exceeds."""
    shares = [curve.prevalence for curve in curves if curve.prevalence > 0]
    return max([3, *(1 - floor(log10(share)) for share in shares)])
