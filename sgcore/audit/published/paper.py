"""What a paper reports: the sections of a paper file and what each key may hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from sgcore.audit.published.printed_fields import PValue, Share
from sgcore.domain import Unit

#: Text of a paper: printed on terminals, so that no control character may be in it.
Text = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$"
    ),
]
Count = Annotated[int, Field(ge=1, le=10_000_000)]
Events = Annotated[int, Field(ge=0, le=10_000_000)]
Role = Literal["all", "development", "training", "validation", "external"]
#: Sets on which a pick would make the AUC reported there too high.
HELD_OUT = ("validation", "external")
#: Where a pick may have been made without touching any reported set.
TRAINING_FOLDS = "training folds"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)


class PaperHead(_Section):
    """Which paper it is."""

    title: Text
    citation: Text | None = None
    doi: Text | None = None


class ReportedSet(_Section):
    """A set of cases. ``split_assumed`` says that the class counts are not the paper's own."""

    name: Text
    role: Role
    patients: Count | None = None
    images: Count | None = None
    patients_positive: Events | None = None
    images_positive: Events | None = None
    split_assumed: bool = False

    def cases(self, unit: Unit) -> int | None:
        return self.patients if unit == "patient" else self.images

    def positives(self, unit: Unit) -> int | None:
        return self.patients_positive if unit == "patient" else self.images_positive


class ReportedAuc(_Section):
    """An AUC as printed; ``unit`` only where the paper says it, ``interval`` only where it prints one."""

    set: Text
    model: Text
    value: Share
    unit: Unit | None = None
    interval: Annotated[list[Share], Field(min_length=2, max_length=2)] | None = None


class ReportedProportions(_Section):
    """Proportions of one model at one threshold, as printed."""

    set: Text
    model: Text
    unit: Unit | None = None
    sensitivity: Share | None = None
    specificity: Share | None = None
    accuracy: Share | None = None
    ppv: Share | None = None
    npv: Share | None = None
    precision: Share | None = None
    recall: Share | None = None
    f1: Share | None = None


class ReportedPick(_Section):
    """A choice of the best: of how many, on which set (a set's name, or ``training folds``)."""

    what: Text
    candidates: Count
    set: Text
    picked: Text | None = None


class ReportedFeatures(_Section):
    """Radiomics features: their number in all and by class, and what was left after the univariate tests."""

    total: Count
    classes: dict[Text, Count] = Field(default_factory=dict)
    image_types: list[Text] = Field(default_factory=list)
    slices: Literal["single", "volume"] | None = None
    p_threshold: Share | None = None
    p_passed: Events | None = None
    selected: list[Text] = Field(default_factory=list)


class ReportedComparison(_Section):
    """A printed p value of a test of two AUCs on one set."""

    set: Text
    a: Text
    b: Text
    p: PValue


class Development(_Section):
    """What the model was developed from: candidate predictors, patients and events (positives)."""

    candidates: Count
    patients: Count
    events: Events | None = None
    events_assumed: bool = False


class Paper(_Section):
    """A paper file."""

    paper: PaperHead
    sets: list[ReportedSet] = Field(default_factory=list, max_length=50)
    aucs: list[ReportedAuc] = Field(default_factory=list, max_length=500)
    proportions: list[ReportedProportions] = Field(default_factory=list, max_length=500)
    picks: list[ReportedPick] = Field(default_factory=list, max_length=50)
    features: ReportedFeatures | None = None
    comparisons: list[ReportedComparison] = Field(default_factory=list, max_length=500)
    development: Development | None = None

    def set_named(self, name: str) -> ReportedSet:
        """The set of that name; a checked paper has one for every name that it uses."""
        return next(each for each in self.sets if each.name == name)

    def aucs_on(self, name: str) -> list[ReportedAuc]:
        """AUCs on a set, the highest first."""
        return sorted((auc for auc in self.aucs if auc.set == name), key=lambda auc: -auc.value.value)
