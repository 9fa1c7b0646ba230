"""Tables 1 and 2 of a study: who was studied, and how patients and descriptors differ between groups."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.domain import SUBSETS, Study, Subset, Unit
from sgcore.workflow.cohort_groups import ROLE, CohortGroups, cohort_groups, part_of

#: Columns of the patients table that identify, were assigned or are the outcome, and so describe nobody.
_PATIENT_KEYS = {"patient_id", "y", "label", "subset", "subset_given", "center"}


def cohort_tables(
    study: Study,
    unit: Unit = "patient",
    *,
    by: str | None = None,
    subset: Subset | None = None,
    center: str | None = None,
) -> dict[str, pd.DataFrame]:
    """The cohort in numbers.

    Parameters
    ----------
    by : what both tables compare (:func:`~sgcore.workflow.cohort_groups.cohort_groups`); None compares patients
        by development or external (training or validation where no patient is external), descriptors by label.
    subset, center : who is counted; None is everybody.

    Returns
    -------
    ``baseline`` : one row a patient variable: ``variable, <group> ..., n_patients, test, p, smd, smd_low,
    smd_high, reason``; always by patient. ``centers`` : one row a center: ``center, role, patients,
    images`` and one column a label. ``descriptors`` : one row a descriptor and subset (a descriptor alone where
    groups lie across subsets): ``descriptor, subset, <group> ..., n_patients, test, p, smd, smd_low, smd_high,
    reason``: by patient the mean, or the most frequent level, of a patient's images; by image every image
    (``n_images``), with tests and intervals clustered by patient. ``n_`` counts those with a value.
    ``groups`` (with ``by``) : ``group, patients, images``, groups without anybody included.

    A standardized difference of more than two groups is the largest of any two, named in ``smd_between``; as the
    largest of several it has no interval. Groups without anybody have no column, but the two labels always do.

    Raises
    ------
    UsageError : ``by`` is no column of subgroups.
    """
    external = bool((study.patients["subset"] == "external").any())
    first = cohort_groups(study, by or (ROLE if external else "subset"))
    second = cohort_groups(study, by or "label")
    part = part_of(study, subset, center)
    tables = {
        "baseline": _baseline(part, first, by),
        "centers": _centers(part),
        "descriptors": _descriptors(part, unit, second, by),
    }
    return tables if by is None else tables | {"groups": _sizes(part, first)}


def _sizes(study: Study, groups: CohortGroups) -> pd.DataFrame:
    patients = study.patients["patient_id"].map(groups.patients).value_counts()
    images = study.images["image_id"].map(groups.images).value_counts()
    names = list(groups.names)
    return pd.DataFrame(
        {
            "group": names,
            "patients": patients.reindex(names, fill_value=0).to_numpy(),
            "images": images.reindex(names, fill_value=0).to_numpy(),
        }
    )


def _shown(groups: CohortGroups, found: pd.Series, study: Study) -> list[str]:
    """The groups that have a column: those with anybody, and both labels."""
    labels = {study.negative, study.positive}
    kept = set(found) | (labels if labels == set(groups.names) else set())
    return [name for name in groups.names if name in kept]


def _baseline(study: Study, groups: CohortGroups, by: str | None) -> pd.DataFrame:
    patients = study.patients
    group = patients["patient_id"].map(groups.patients)
    order = _shown(groups, group, study)
    rows = []
    for variable in patients.columns:
        if variable in _PATIENT_KEYS | {study.split_column, by} or patients[variable].isna().all():
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


def _descriptors(study: Study, unit: Unit, groups: CohortGroups, by: str | None) -> pd.DataFrame:
    if study.descriptors is None:
        return pd.DataFrame()
    table = study.descriptors.merge(study.cases(), on="image_id", validate="one_to_one")
    parts: list[Subset | None] = [None] if by in (ROLE, "subset", "center") else list(SUBSETS)
    rows = []
    for name in study.descriptors.columns.drop("image_id"):
        cases = table if unit == "image" else value_by_patient(table, name)
        for subset in parts:
            part = cases if subset is None else cases[cases["subset"] == subset]
            if part.empty or part[name].isna().all():
                continue
            group = (
                part["image_id"].map(groups.images)
                if unit == "image"
                else part["patient_id"].map(groups.patients)
            )
            patients = part["patient_id"] if unit == "image" else None
            where = {} if subset is None else {"subset": subset}
            row = _row(part[name], group, _shown(groups, group, study), patients)
            rows.append({"descriptor": name, **where, **row})
    return pd.DataFrame(rows)


def value_by_patient(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """A row a patient, as they come: the mean of numbers, else the most frequent value, of equals the first."""
    patients = table.drop_duplicates("patient_id")[["patient_id", "subset"]].set_index("patient_id")
    known = table[table[name].notna()]
    if pd.api.types.is_numeric_dtype(table[name]):
        found = known.groupby("patient_id")[name].mean()
    else:
        counts = known.groupby(["patient_id", name], sort=False).size().reset_index(name="n")
        most = counts.sort_values("n", ascending=False, kind="stable").drop_duplicates("patient_id")
        found = most.set_index("patient_id")[name]
    return patients.assign(**{name: found}).reset_index()


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
    several, alone = {}, test.difference.reason
    if len(order) > 2:
        several, alone = _largest(values, labels, test.kind), ""
    return {
        **described,
        **counts,
        "test": test.test_name,
        "p": test.p,
        "smd": test.smd,
        "smd_low": test.smd_low,
        "smd_high": test.smd_high,
        "reason": _apart(values, labels, test) or test.reason or alone,
        **several,
    }


def _largest(values: pd.Series, labels: pd.Categorical, kind: str) -> dict[str, object]:
    """The largest standardized difference of any two groups, and between which; NaN where no two have one."""
    known = values.notna().to_numpy()
    names, codes, found = list(labels.categories), labels.codes[known], []
    samples = [values[known][codes == i] for i in range(len(names))]
    counts = pd.crosstab(values[known], codes).reindex(columns=range(len(names)), fill_value=0).to_numpy()
    for a, b in itertools.combinations(range(len(names)), 2):
        if kind == "continuous":
            gap = stats.standardized_means(samples[a], samples[b])
        else:
            gap = stats.standardized_shares(counts[:, [a, b]])
        found.append((gap.estimate, f"{names[a]} and {names[b]}"))
    sized = [(abs(size), between) for size, between in found if not np.isnan(size)]
    size, between = max(sized, default=(np.nan, ""))
    return {"smd": size, "smd_low": np.nan, "smd_high": np.nan, "smd_between": between}


def _apart(values: pd.Series, labels: pd.Categorical, test: stats.GroupTest) -> str:
    """Why two groups cannot be compared although the study has values; empty where they can."""
    known = values.notna().to_numpy()
    groups = [set(values[known & (labels == name)]) for name in labels.categories]
    empty = [str(name) for name, found in zip(labels.categories, groups, strict=True) if not found]
    if empty:
        return f"no value in the {' and '.join(empty)} group"
    pairs = itertools.combinations(zip(labels.categories, groups, strict=True), 2)
    apart = [f"{a} and {b}" for (a, of_a), (b, of_b) in pairs if not of_a & of_b]
    if test.kind != "categorical" or not apart:
        return ""
    if len(groups) == 2:
        return "the groups have no value in common"
    more = f" (and {len(apart) - 1} other pairs of groups)" if len(apart) > 1 else ""
    return f"{apart[0]} have no value in common{more}"
