"""Tables 1 and 2 of a study: who was studied, and how the descriptors differ by label."""

from __future__ import annotations

import pandas as pd

from sgcore import stats
from sgcore.domain import SUBSETS, Study, Unit

#: Columns of the patients table that identify, were assigned or are the outcome, and so describe nobody.
_PATIENT_KEYS = {"patient_id", "y", "label", "subset", "subset_given", "center"}


def cohort_tables(study: Study, unit: Unit = "patient") -> dict[str, pd.DataFrame]:
    """The cohort in numbers.

    Returns
    -------
    ``baseline`` : one row a patient variable: ``variable, <group> ..., n_patients, test, p, smd, smd_low,
    smd_high, reason``, the development against the external patients (training against validation where
    no patient is external); always by patient. ``centers`` : one row a center: ``center, role, patients,
    images`` and one column a label. ``descriptors`` : one row a descriptor and subset: ``descriptor, subset,
    <negative>, <positive>, n_patients, test, p, smd, smd_low, smd_high, reason``: by patient the mean, or
    the most frequent level, of a patient's images; by image every image (``n_images``), with tests and
    intervals clustered by patient. ``n_`` counts those with a value.
    """
    return {
        "baseline": _baseline(study),
        "centers": _centers(study),
        "descriptors": _descriptors(study, unit),
    }


def _baseline(study: Study) -> pd.DataFrame:
    patients = study.patients
    external = patients["subset"] == "external"
    if external.any():
        group = external.map({False: "development", True: "external"})
        order = ["development", "external"]
    else:
        group, order = patients["subset"], ["train", "validation"]
    rows = []
    for variable in patients.columns:
        if variable in _PATIENT_KEYS | {study.split_column} or patients[variable].isna().all():
            continue
        values = patients[variable]
        if not pd.api.types.is_numeric_dtype(values) and values.nunique() > max(10, len(values) // 5):
            continue  # free text: nearly every patient has a value of its own
        rows.append({"variable": variable, **_row(values, group, order)})
    return pd.DataFrame(rows)


def _centers(study: Study) -> pd.DataFrame:
    patients = study.patients
    images = study.cases().groupby("center").size()
    labels = pd.crosstab(patients["center"], patients["label"])
    labels = labels.reindex(columns=[study.negative, study.positive], fill_value=0)
    rows = labels.reset_index()
    rows.insert(1, "role", ["development" if c in study.development else "external" for c in rows["center"]])
    rows.insert(2, "patients", rows["center"].map(patients.groupby("center").size()))
    rows.insert(3, "images", rows["center"].map(images).fillna(0).astype(int))
    order = [*study.development, *study.external]
    return rows.sort_values("center", key=lambda c: c.map(order.index)).reset_index(drop=True)


def _descriptors(study: Study, unit: Unit) -> pd.DataFrame:
    if study.descriptors is None:
        return pd.DataFrame()
    table = study.descriptors.merge(study.cases(), on="image_id", validate="one_to_one")
    rows = []
    for name in study.descriptors.columns.drop("image_id"):
        cases = table
        if unit == "patient":
            cases = table.groupby("patient_id", sort=False, as_index=False).agg(
                {name: _typical, "subset": "first", "y": "first"}
            )
        for subset in SUBSETS:
            part = cases[cases["subset"] == subset]
            if part.empty or part[name].isna().all():
                continue
            label = part["y"].map({0: study.negative, 1: study.positive})
            patients = part["patient_id"] if unit == "image" else None
            row = _row(part[name], label, [study.negative, study.positive], patients)
            rows.append({"descriptor": name, "subset": subset, **row})
    return pd.DataFrame(rows)


def _typical(values: pd.Series) -> object:
    """The mean of numbers, else the most frequent value (of equally frequent ones the first seen)."""
    known = values.dropna()
    if known.empty:
        return None
    if pd.api.types.is_numeric_dtype(known):
        return known.mean()
    counts = known.value_counts(sort=False)
    return counts.index[counts.to_numpy().argmax()]


def _row(
    values: pd.Series, group: pd.Series, order: list[str], patients: pd.Series | None = None
) -> dict[str, object]:
    """One row of a table; with ``patients`` the values are those of images, and the test is clustered."""
    labels = pd.Categorical(group, categories=order)
    if patients is None:
        test = stats.compare_groups(values, labels)
        counts = {"n_patients": sum(test.n.values())}
    else:
        test = stats.compare_groups_clustered(values, labels, patients)
        counts = {"n_patients": patients[values.notna()].nunique(), "n_images": sum(test.n.values())}
    described = {name: test.summary.get(name, "") for name in order}
    for name, missing in test.n_missing.items():
        if missing:
            described[name] += f" ({missing} missing)"
    return {
        **described,
        **counts,
        "test": test.test_name,
        "p": test.p,
        "smd": test.smd,
        "smd_low": test.smd_low,
        "smd_high": test.smd_high,
        "reason": _apart(values, labels, test) or test.reason or test.difference.reason,
    }


def _apart(values: pd.Series, labels: pd.Categorical, test: stats.GroupTest) -> str:
    """Why two groups cannot be compared although the study has values; empty where they can."""
    known = values.notna().to_numpy()
    groups = [set(values[known & (labels == name)]) for name in labels.categories]
    empty = [str(name) for name, found in zip(labels.categories, groups, strict=True) if not found]
    if empty:
        return f"no value in the {' and '.join(empty)} group"
    if test.kind == "categorical" and len(groups) == 2 and not groups[0] & groups[1]:
        return "the groups have no value in common"
    return ""
