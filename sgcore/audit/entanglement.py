"""SGA043: are label and center or device entangled?"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import pandas as pd

from sgcore import stats
from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.study_columns import described, levels
from sgcore.domain import Severity, Study

_P = 0.05
#: A weaker association is no shortcut worth a warning, whatever its p in many patients.
_WEAK = 0.1
#: One patient has one label.
_PATIENTS = 2
_MEANS = "Cramer's V (0: unrelated, 1: one tells the other)"


@dataclass(frozen=True)
class _Crossed:
    """A column of groups against the label, by patient; ``judged`` where it is of center or acquisition."""

    name: str
    judged: bool
    groups: pd.Series
    found: stats.CramersV
    q: float = float("nan")

    @property
    def entangled(self) -> bool:
        return self.judged and self.q < _P and self.found.estimate >= _WEAK


class LabelByPlace:
    """Center and columns of the images (device, view) against the label; columns of patients beside them."""

    code = "SGA043"
    title = "Label goes together with center or device"
    severity: Severity = "warning"
    page = "study-cohort"

    def run(self, evidence: Evidence) -> Outcome:
        study = evidence.study
        labels = study.patients.set_index("patient_id")["label"]
        if labels.nunique() < 2:
            return Outcome("not_applicable", "All patients have one label: nothing can go together with it.")
        crossed, named = _crossed(study, labels)
        judged = [each for each in crossed if each.judged]
        if not judged:
            return Outcome(
                "not_applicable",
                "There is one center alone, and no column of the images (such as device) has from 2 to 12 values.",
            )
        alone, maybe = _one_label(study)
        tangled = [each for each in judged if each.entangled]
        table = _table(crossed, labels, study)
        beside = _beside(crossed, named)
        if maybe:
            beside = f" With one label alone, as chance gives it, too: {'; '.join(maybe)}; no AUC exists there.{beside}"
        if not tangled and not alone:
            return Outcome(
                "passed",
                f"No association of the label is shown: {_MEANS} {'; '.join(_says(each) for each in judged)}. "
                f"One that is weaker than what chance reaches would not be seen with so few patients.{beside}",
                table=table,
            )
        parts = []
        if alone:
            parts.append(
                f"With one label alone, by more than chance: {'; '.join(alone)}; no AUC exists there."
            )
        if tangled:
            names = " and ".join(each.name for each in tangled)
            parts.append(
                f"Label and {names} go together: {_MEANS} {'; '.join(_says(each) for each in tangled)}."
            )
        others = [f"{each.name} (up to {each.found.ci_high:.2f})" for each in judged if not each.entangled]
        if others:
            by = "" if tangled else f", by {_MEANS}"
            parts.append(f"Over all groups not shown for {', '.join(others)}{by}.")
        return Outcome(
            "finding",
            f"{' '.join(parts)} What shows the center or the device in an image then tells the label, without a look "
            f"at the lesion.{beside}",
            remedy="Show AUCs within centers and devices, never pooled ones alone; collect both labels from each, or "
            "say that the model may have learned the place.",
            table=table,
        )


def _crossed(study: Study, labels: pd.Series) -> tuple[list[_Crossed], list[str]]:
    """Every column of groups against the label, p adjusted over those that are judged; and columns that name it."""
    columns = [("center", True, study.patients.set_index("patient_id")["center"])]
    # Of columns with one division the first counts: one that is judged, and of those what people call it, as the
    # size of a pixel often is the device by another name.
    order = sorted(described(study), key=lambda each: (each[0] != "images", each[1] == "pixel_spacing_mm"))
    for table, name in order:
        groups = levels(study, table, name)
        if groups is not None:
            columns.append((name, table == "images", groups))
    crossed: list[_Crossed] = []
    named, seen = [], set()
    for name, judged, groups in columns:
        division = tuple(pd.factorize(groups.reindex(labels.index))[0])
        if groups.nunique() < 2 or division in seen:
            continue
        seen.add(division)
        own = labels.reindex(groups.index)
        # A diagnosis has one label by its definition; a device may have one by misfortune.
        if not judged and (own.groupby(groups).nunique() == 1).all():
            named.append(name)
            continue
        crossed.append(_Crossed(name, judged, groups, stats.cramers_v(groups, own)))
    ps = stats.adjust([each.found.p if each.judged else float("nan") for each in crossed])
    adjusted = [
        _Crossed(c.name, c.judged, c.groups, c.found, float(q)) for c, q in zip(crossed, ps, strict=True)
    ]
    return sorted(adjusted, key=lambda each: not each.judged), named


def _one_label(study: Study) -> tuple[list[str], list[str]]:
    """Centers whose patients have one label: by more than chance, p after Holm over all centers, and the others.

    p is the share of all ways to draw so many of the study's patients that draw one label alone (hypergeometric).
    """
    labels = study.patients["label"]
    counts = labels.value_counts()
    centers = [(str(name), own) for name, own in labels.groupby(study.patients["center"], sort=False)]
    ps = [
        sum(comb(int(n), len(own)) for n in counts) / comb(len(labels), len(own))
        if own.nunique() == 1
        else 1.0
        for _, own in centers
    ]
    alone: list[str] = []
    maybe: list[str] = []
    for (center, own), p in zip(centers, stats.adjust(ps), strict=True):
        if own.nunique() == 1 and len(own) >= _PATIENTS:
            said = f"{center} ({len(own)} patients, all {own.iloc[0]!r}; adjusted p {p:.2g})"
            (alone if p < _P else maybe).append(said)
    return alone, maybe


def _says(each: _Crossed) -> str:
    found = each.found
    missing = f", {found.n_missing} unknown" if found.n_missing else ""
    return (
        f"{each.name} {found.estimate:.2f} ({found.ci_low:.2f} to {found.ci_high:.2f}; {found.n} patients{missing}, "
        f"{found.levels[0]} groups; adjusted p {each.q:.2g}; chance reaches {found.chance_95:.2f})"
    )


def _beside(crossed: list[_Crossed], named: list[str]) -> str:
    """Columns of the patients, which describe them and not where they were seen."""
    people = [f"{each.name} {each.found.estimate:.2f}" for each in crossed if not each.judged]
    text = f" Of the patients themselves, not judged here: {', '.join(people)}." if people else ""
    if named:
        text += f" Left out, as each of its values has one label: {', '.join(named)}."
    return text


def _table(crossed: list[_Crossed], labels: pd.Series, study: Study) -> pd.DataFrame:
    """Patients by group and label; V and its numbers stand in the first row of a column."""
    rows = []
    for each in crossed:
        own = labels.reindex(each.groups.index)
        known = each.groups.fillna("unknown")
        found = each.found
        numbers = {
            "cramers_v": found.estimate,
            "ci_low": found.ci_low,
            "ci_high": found.ci_high,
            "p": found.p,
            "p_adjusted": each.q,
            "by_chance": found.chance_95,
        }
        for place, (group, part) in enumerate(own.groupby(known, sort=True)):
            counts = {f"n_{name}": int((part == name).sum()) for name in (study.negative, study.positive)}
            rows.append({"column": each.name, "group": group, **counts, **(numbers if place == 0 else {})})
    return pd.DataFrame(rows)
