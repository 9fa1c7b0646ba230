"""SGA090: what is missing, and is it missing by center or by label?"""

from __future__ import annotations

from collections.abc import Iterator
from math import comb

import pandas as pd

from sgcore import stats
from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.study_columns import described
from sgcore.domain import Severity, Study

_P = 0.05
#: Above this share of the patients a column is too incomplete to go on without a word, wherever it is missing.
_MUCH = 0.2
#: So many columns are named in the text; the table has all.
_NAMED = 3


class MissingValues:
    """Counts patients without a value, overall and by center and label, and tests whether these differ."""

    code = "SGA090"
    title = "Values are missing, or missing by center or label"
    severity: Severity = "warning"
    page = "study-cohort"

    def run(self, evidence: Evidence) -> Outcome:
        study = evidence.study
        if study.patients.empty:
            return Outcome("not_applicable", "The study has no patient.")
        known = list(_columns(evidence))
        if not known:
            return Outcome(
                "not_applicable",
                "Beside center and label the study has no column of patients or images, no descriptor, feature or "
                "prediction that could be missing.",
            )
        people = study.patients.set_index("patient_id")
        tested = _tested([(source, name, lacks) for source, name, lacks in known if lacks.any()], people)
        n = len(people)
        if tested.empty:
            return Outcome(
                "passed",
                f"Nothing is missing: {len(known)} columns, descriptors, features and predictions have a value in all "
                f"{n} patients. A word such as 'unknown' counts as a value.",
            )
        by_place = tested[(tested["q_center"] < _P) | (tested["q_label"] < _P)]
        much = tested[tested["share"] >= _MUCH]
        table = _table(known, tested, people)
        head = f"{len(tested)} of {len(known)} columns lack values in some patients."
        if by_place.empty and much.empty:
            return Outcome(
                "passed",
                f"{head} None lacks them in {_MUCH:.0%} of the {n} patients or more, and no difference between "
                f"centers or labels is shown ({_most(tested, n)}). {_detectable(people)}",
                table=table,
            )
        parts = [_by_place(row, table) for row in by_place.head(_NAMED).to_dict("records")]
        if len(by_place) > _NAMED:
            more = len(by_place) - _NAMED
            parts.append(f"{more} more column{'s differ' if more > 1 else ' differs'} likewise.")
        if len(much):
            parts.append(f"Missing in {_MUCH:.0%} of the patients or more: {_most(much, n)}.")
        return Outcome(
            "finding",
            f"{head} {' '.join(parts)}",
            remedy="Ask the centers for what is missing. Say how many cases each result leaves out and why. Leave out "
            "a column that a whole center lacks: a model cannot use it there, and that it is missing tells the center.",
            table=table,
        )


def _columns(evidence: Evidence) -> Iterator[tuple[str, str, pd.Series]]:
    """``source, column`` and for each patient whether a value is missing, in any of its images."""
    study = evidence.study
    owner = study.images.set_index("image_id")["patient_id"]
    for table, name in described(study):
        frame = getattr(study, table)
        yield table, name, _by_patient(frame[name].isna().to_numpy(), frame["patient_id"], study)
    if study.descriptors is not None:
        frame = study.descriptors.set_index("image_id").reindex(owner.index)
        for name in frame:
            yield "descriptors", str(name), _by_patient(frame[name].isna().to_numpy(), owner, study)
    values = evidence.features.values
    if not values.empty:
        absent = ~owner.index.isin(values.index)
        yield "features", "radiomics features of the image", _by_patient(absent, owner, study)
    for source, scores, by in (
        ("predictions", study.predictions, "model"),
        ("networks", study.deep_scores, "backbone"),
    ):
        if scores is None:
            continue
        for name, own in scores.dropna(subset=["score"]).groupby(by, sort=False):
            absent = ~owner.index.isin(own["image_id"])
            yield source, f"score of {name}", _by_patient(absent, owner, study)


def _by_patient(missing: object, owner: pd.Series, study: Study) -> pd.Series:
    lacks = pd.Series(missing, index=owner.to_numpy(), dtype=bool).groupby(level=0).any()
    # Patients without an image lack nothing of their images.
    return lacks.reindex(study.patients["patient_id"], fill_value=False)


def _tested(known: list[tuple[str, str, pd.Series]], people: pd.DataFrame) -> pd.DataFrame:
    """A row a column with missing values: how many, and p and q of a difference by center and by label."""
    rows = []
    for source, name, lacks in known:
        row = {"source": source, "column": name, "n_missing": int(lacks.sum()), "share": float(lacks.mean())}
        for by in ("center", "label"):
            row[f"p_{by}"] = stats.cramers_v(lacks, people[by].reindex(lacks.index)).p
        rows.append(row)
    if not rows:
        return pd.DataFrame()
    table = pd.DataFrame(rows)
    adjusted = stats.adjust(table[["p_center", "p_label"]].to_numpy().ravel(), "bh").reshape(-1, 2)
    table["q_center"], table["q_label"] = adjusted[:, 0], adjusted[:, 1]
    return table.sort_values(
        ["q_center", "n_missing"], ascending=[True, False], kind="stable", ignore_index=True
    )


def _table(
    known: list[tuple[str, str, pd.Series]], tested: pd.DataFrame, people: pd.DataFrame
) -> pd.DataFrame:
    """The tested columns, each followed by its counts in centers and labels."""
    lacking = {(source, name): lacks for source, name, lacks in known}
    rows = []
    for row in tested.to_dict("records"):
        lacks = lacking[row["source"], row["column"]]
        rows.append({**row, "by": "all", "group": "all patients", "n_patients": len(lacks)})
        for by in ("center", "label"):
            for group, own in lacks.groupby(people[by].reindex(lacks.index)):
                counts = {"n_missing": int(own.sum()), "n_patients": len(own), "share": float(own.mean())}
                place = {"source": row["source"], "column": row["column"], "by": by, "group": group}
                rows.append({**place, **counts})
    order = ["source", "column", "by", "group", "n_patients", "n_missing", "share"]
    return pd.DataFrame(rows)[[*order, "p_center", "q_center", "p_label", "q_label"]]


def _by_place(row: dict[str, object], table: pd.DataFrame) -> str:
    """``margin is missing by center: Center B 12 of 12, others 0 of 128 (adjusted p 0.001).``"""
    own = table[(table["column"] == row["column"]) & (table["source"] == row["source"])]
    parts = []
    for by in ("center", "label"):
        q = float(str(row[f"q_{by}"]))
        if not q < _P:
            continue
        groups = own[own["by"] == by].sort_values("share", ascending=False)
        shown = ", ".join(
            f"{each['group']} {each['n_missing']} of {each['n_patients']}"
            for each in groups.to_dict("records")
        )
        parts.append(f"by {by} ({shown}; adjusted p {q:.2g})")
    return f"{row['column']} is missing {' and '.join(parts)}."


def _most(tested: pd.DataFrame, n: int) -> str:
    most = tested.sort_values("n_missing", ascending=False, kind="stable")
    shown = ", ".join(
        f"{row['column']} {row['n_missing']} of {n}" for row in most.head(_NAMED).to_dict("records")
    )
    return shown if len(most) <= _NAMED else f"{shown} and {len(most) - _NAMED} more"


def _detectable(people: pd.DataFrame) -> str:
    """How many patients of one center, or label, would have to lack a value for p < 0.05, if no other lacks it."""
    sizes = people["center"].value_counts()
    places = [(str(sizes.index[-1]), int(sizes.iloc[-1]))] if len(sizes) > 1 else []
    places += [(f"label {name!r}", int(count)) for name, count in people["label"].value_counts().items()][-1:]
    n = len(people)
    parts = []
    for name, size in places:
        enough = next((k for k in range(1, size + 1) if comb(size, k) / comb(n, k) < _P), None)
        parts.append(f"{enough} patients, all of {name}" if enough else f"not even all {size} of {name}")
    return f"One column alone would be found from: {'; '.join(parts)}."
