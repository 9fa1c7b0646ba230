"""What the values of a paper file must be to each other: names that exist, counts that fit, limits in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sgcore.audit.published.paper import TRAINING_FOLDS, Paper
from sgcore.audit.published.places import line_of_place
from sgcore.cohort.ledger import Ledger, did_you_mean
from sgcore.domain import Unit

#: Place, rule, fix, value.
Conflict = tuple[str, str, str, str | None]
_UNITS: tuple[Unit, ...] = ("patient", "image")


def cross_checks(paper: Paper, file: str, lines: Mapping[str, int], ledger: Ledger) -> None:
    """Every conflict between values as an error of the ledger."""
    for found in (_sets(paper), _names(paper), _twice(paper), _models(paper), _numbers(paper)):
        for place, rule, fix, value in found:
            ledger.error(file, rule, fix, row=line_of_place(dict(lines), place), column=place, value=value)


def _sets(paper: Paper) -> Iterator[Conflict]:
    for i, each in enumerate(paper.sets, start=1):
        if each.images and each.patients and each.images < each.patients:
            fix = f"{each.images} images of {each.patients} patients: every patient has at least one"
            yield f"sets.{i}.images", "fewer images than patients", fix, str(each.images)
        for unit in _UNITS:
            place, positive, total = f"sets.{i}.{unit}s_positive", each.positives(unit), each.cases(unit)
            if positive is None:
                continue
            if total is None:
                yield place, f"positive {unit}s without their total", f"Add '{unit}s'", str(positive)
            elif not 0 < positive < total:
                fix = f"Of {total} {unit}s some but not all are positive; correct one of the two"
                yield place, "one class is empty", fix, str(positive)


def _names(paper: Paper) -> Iterator[Conflict]:
    known = [each.name for each in paper.sets]
    fix = f"Name one of the sets: {', '.join(known)}" if known else "Describe the set under [[sets]]"
    sections: dict[str, list[Any]] = {
        "aucs": paper.aucs,
        "proportions": paper.proportions,
        "comparisons": paper.comparisons,
        "picks": paper.picks,
    }
    for section, rows in sections.items():
        for i, row in enumerate(rows, start=1):
            folds = section == "picks" and row.set == TRAINING_FOLDS
            if row.set not in known and not folds:
                yield f"{section}.{i}.set", "no such set", did_you_mean(row.set, known, fix), row.set


def _twice(paper: Paper) -> Iterator[Conflict]:
    seen: set[object] = set()
    rows = [
        *((f"sets.{i}.name", each.name, each.name) for i, each in enumerate(paper.sets, start=1)),
        *(
            (f"aucs.{i}.model", (auc.set, auc.model, auc.unit), auc.model)
            for i, auc in enumerate(paper.aucs, start=1)
        ),
    ]
    for place, key, value in rows:
        if key in seen:
            yield place, "given twice", "Keep one of the two", value
        seen.add(key)


def _models(paper: Paper) -> Iterator[Conflict]:
    for i, row in enumerate(paper.comparisons, start=1):
        known = sorted({auc.model for auc in paper.aucs if auc.set == row.set})
        for key, model in (("a", row.a), ("b", row.b)):
            if model not in known:
                fix = did_you_mean(model, known, f"Give its AUC on the set {row.set!r} under [[aucs]]")
                yield f"comparisons.{i}.{key}", "a model without an AUC on this set", fix, model


def _numbers(paper: Paper) -> Iterator[Conflict]:
    for i, auc in enumerate(paper.aucs, start=1):
        if auc.interval:
            low, high = auc.interval
            if not low.share <= auc.value.share <= high.share or low.share == high.share:
                fix = "Write the lower limit first, the AUC between the two"
                yield (
                    f"aucs.{i}.interval",
                    "the AUC is not within its interval",
                    fix,
                    f"{low.text}, {high.text}",
                )
    features, made = paper.features, paper.development
    if features and features.p_passed is not None and features.p_passed > features.total:
        fix = f"At most all {features.total} features pass a test"
        yield "features.p_passed", "more features passed than there are", fix, str(features.p_passed)
    if made and made.events is not None and not 0 < made.events < made.patients:
        fix = f"Of {made.patients} patients some but not all have the event"
        yield "development.events", "one class is empty", fix, str(made.events)
