"""The sections of a study file and what each key may hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

TABLES = (
    "patients",
    "images",
    "descriptors",
    "features",
    "predictions",
    "deep_features",
    "deep_scores",
    "training_curves",
)
_SHOWN = r"^[^\x00]*[^\s\x00][^\x00]*$"
#: Text that shows something: not blank, without NUL. Spaces around it are removed, as those of every table are.
Text = Annotated[str, StringConstraints(strip_whitespace=True, pattern=_SHOWN)]
#: A path is what it is.
PathText = Annotated[str, StringConstraints(pattern=_SHOWN)]
#: A share that is neither none nor all.
Risk = Annotated[float, Field(gt=0, lt=1)]


def _in_order(values: list[float]) -> list[float]:
    if values[0] >= values[1]:
        raise PydanticCustomError("order", "the first threshold is not below the second")
    return values


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Label(_Section):
    """The two values of the label column."""

    negative: Text
    positive: Text


class Centers(_Section):
    """Names of the centers: those that train and those that only test."""

    development: list[Text] = Field(min_length=1)
    external: list[Text] = Field(default_factory=list)


class Split(_Section):
    """Share and seed of the split by patient, or the column that holds the study's own split."""

    train: float = Field(default=0.7, gt=0, lt=1)
    seed: int = Field(default=0, ge=0, lt=2**63)
    column: Text | None = None


class Tables(_Section):
    """Paths of the tables, relative to the study file."""

    patients: PathText
    images: PathText
    descriptors: PathText | None = None
    features: PathText | None = None
    predictions: PathText | None = None
    deep_features: PathText | None = None
    deep_scores: PathText | None = None
    training_curves: PathText | None = None


class Predictions(_Section):
    """What the scores of the predictions table are: probabilities, or margins and logits."""

    kind: Literal["probability", "score"]


class Results(_Section):
    """Where features and networks lie that sgaudit computed of this very study, by the path of their manifest."""

    manifest: PathText


class Audit(_Section):
    """Checks that the authors mute, each with their reason."""

    mute: dict[Annotated[str, Field(pattern=r"^SGA[0-9]{3}$")], Text] = Field(default_factory=dict)


class Decision(_Section):
    """What acting on a score means, the risks at which people differ on it, and the clinic's prevalence."""

    treat: Annotated[Text, Field(max_length=80)]
    thresholds: Annotated[list[Risk], Field(min_length=2, max_length=2), AfterValidator(_in_order)]
    prevalence: Risk | None = None


class StudySettings(_Section):
    """A study file."""

    name: Text
    label: Label
    centers: Centers
    split: Split = Field(default_factory=Split)
    tables: Tables
    predictions: Predictions | None = None
    audit: Audit = Field(default_factory=Audit)
    decision: Decision | None = None
    results: Results | None = None

    @property
    def all_centers(self) -> list[str]:
        return [*self.centers.development, *self.centers.external]
