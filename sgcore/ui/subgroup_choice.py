"""The pickers of subgroups: one level on the families page, who is counted and compared on the cohort page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from sgcore import workflow
from sgcore.domain import SUBSETS, EvaluationSet, Study, Subgroup, Subset
from sgcore.plots import words
from sgcore.ui import store, subgroup_results
from sgcore.ui.sidebar import ALL_CENTERS, selectbox
from sgcore.ui.state import choose
from sgcore.ui.text import plain
from sgcore.ui.view import View
from sgcore.workflow import SubgroupColumn

#: What the pickers hold where nothing is chosen.
NO_SUBGROUP, ALL_LEVELS, EVERYBODY = "all cases", "all levels", "everybody"
#: Columns without subgroups that the help of the picker names.
_NAMED = 6


@dataclass(frozen=True)
class CohortChoice:
    """Who is counted on the cohort page (None: everybody), and by what the groups are made."""

    by: str
    subset: Subset | None
    center: str | None

    @property
    def place(self) -> str:
        """Who is counted, after the counts: `` (external set, Beta)``; empty where everybody is."""
        called = {"train": "training patients", "validation": "validation set", "external": "external set"}
        parts = [called[self.subset]] if self.subset else []
        parts += [self.center] if self.center else []
        return f" ({', '.join(parts)} only)" if parts else ""


def pick_subgroup(view: View, at: EvaluationSet) -> tuple[EvaluationSet, str | None]:
    """A column of the study and one level of it among the cases of ``at``, or all of them; and the column."""
    columns = store.subgroup_columns(view.study_id or "")
    offered = [column.name for column in columns if not column.reason]
    if not offered:
        return at, None
    column = choose(
        "subgroup",
        [NO_SUBGROUP, *offered],
        NO_SUBGROUP,
        selectbox,
        "Subgroup by",
        format_func=column_name,
        help=_about_columns(columns),
    )
    if column == NO_SUBGROUP:
        return at, None
    # The picker above says already of what the levels are.
    prefix = f"{words.feature(column)} "
    sizes = subgroup_results.sizes(view.study_id or "", column, at)
    level = choose(
        "level",
        [ALL_LEVELS, *sizes],
        ALL_LEVELS,
        selectbox,
        "Level",
        format_func=lambda name: (
            f"{name.removeprefix(prefix)} ({words.count(sizes[name], at.unit)})"
            if name in sizes
            else name.capitalize()
        ),
    )
    return (at if level == ALL_LEVELS else replace(at, subgroup=Subgroup(column, level))), column


def column_name(name: str) -> str:
    """A column as a picker calls it."""
    called = words.feature(name)
    return called[:1].upper() + called[1:]


def _about_columns(columns: Sequence[SubgroupColumn]) -> str:
    """How columns become subgroups, and which do not."""
    text = (
        "A column of the study's patients or images. Ages are cut at 20, 40, 60 and 80 years, other numbers at the "
        "terciles of the training patients. By patient, a patient whose images differ has several values."
    )
    refused = [f"{words.feature(column.name)} ({column.reason})" for column in columns if column.reason]
    if not refused:
        return text
    more = len(refused) - _NAMED
    named = words.join([*refused[:_NAMED], *([f"{more} more"] if more > 0 else [])])
    return f"{text} Not offered: {plain(named)}."


def pick_cohort(view: View) -> CohortChoice:
    """A subset and a center, or everybody; and the label, subset, center or column that is compared."""
    study = view.study
    subset = choose(
        "cohort_subset",
        [EVERYBODY, *(name for name in SUBSETS if (study.patients["subset"] == name).any())],
        EVERYBODY,
        selectbox,
        "Patients",
        format_func=lambda name: words.SUBSETS.get(name, "All sets"),
    )
    chosen = None if subset == EVERYBODY else cast(Subset, subset)
    center = choose(
        "center",
        [ALL_CENTERS, *_centers(study, chosen)],
        ALL_CENTERS,
        selectbox,
        "Center",
        format_func=lambda name: "All centers" if name == ALL_CENTERS else name,
    )
    columns = store.subgroup_columns(view.study_id or "")
    by = choose(
        "compare",
        [*_given(study), *(column.name for column in columns if not column.reason)],
        "label",
        selectbox,
        "Compare by",
        format_func=column_name,
        help=_about_columns(columns),
    )
    return CohortChoice(by, chosen, None if center == ALL_CENTERS else center)


def _given(study: Study) -> list[str]:
    """What every study can be compared by, as far as there are two of a kind."""
    subsets = study.patients["subset"]
    return [
        "label",
        *([workflow.ROLE] if 0 < (subsets == "external").sum() < len(subsets) else []),
        *(["subset"] if subsets.nunique() > 1 else []),
        *(["center"] if study.patients["center"].nunique() > 1 else []),
    ]


def _centers(study: Study, subset: Subset | None) -> list[str]:
    patients = study.patients
    return sorted(patients.loc[patients["subset"].eq(subset) | (subset is None), "center"].unique())
