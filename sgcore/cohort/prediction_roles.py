"""What the columns of a table of predictions are, and what a person says of its scores and patients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sgcore.domain import ScoreKind
from sgcore.errors import UsageError


@dataclass(frozen=True)
class Roles:
    """Columns by what they are; empty or None where there is none, or nothing is chosen yet.

    Attributes
    ----------
    label : the column of the label. Without ``positive`` its values are 0 and 1.
    scores : the columns of the models, in the order in which they are to be shown.
    positive : the value of ``label`` that is positive; the other value is negative.
    group, center : the columns of the patient and of the center of each case.
    image : the column that identifies the case, no two alike, by which it is found in a study.
    kind : ``"probability"`` refuses scores outside 0 to 1; ``"score"`` takes any finite number.
    other_patients : somebody declares that no patient of the table is in the study. Names cannot tell:
        the same people may go by other names.
    """

    label: str = ""
    scores: tuple[str, ...] = ()
    positive: str | None = None
    group: str | None = None
    center: str | None = None
    image: str | None = None
    kind: ScoreKind = "score"
    other_patients: bool = False

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Roles:
        """Roles as a store keeps them; what an older store does not know has its default."""
        known = {field.name: settings[field.name] for field in fields(cls) if field.name in settings}
        return cls(**known | {"scores": tuple(settings["scores"])})

    @property
    def columns(self) -> list[str]:
        """Every column that is named."""
        more = (self.group, self.center, self.image)
        return [self.label, *self.scores, *(name for name in more if name is not None)]

    def check(self) -> None:
        """Raise ``UsageError`` where no table can have these roles."""
        if self.kind not in ("probability", "score"):
            raise UsageError(f"The kind of the scores is {self.kind!r}; choose probability or score.")
        if not self.scores or not all(self.columns):
            raise UsageError("Name at least one column of scores, and no column without a name.")
        twice = sorted({name for name in self.columns if self.columns.count(name) > 1})
        if twice:
            raise UsageError(f"Column {twice[0]!r} is named for two purposes; a column has one.")
