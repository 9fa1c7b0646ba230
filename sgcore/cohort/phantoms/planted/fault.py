"""What a planted fault is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sgcore.cohort.phantoms.planted.copy import StudyCopy

#: Whether the import refuses the study: never, unless it is only audited, or in any case.
Refused = Literal["no", "unless audit only", "yes"]
#: Changes a copy; what is drawn comes from the generator alone. ``SgauditError``: the cohort is too small for it.
Plant = Callable[[StudyCopy, np.random.Generator], None]
#: The clean study that is spoiled: of pictures, of precomputed features, of features that carry the label so clearly
#: that few patients show it, or of these with the scores of a network.
Base = Literal["clean", "clean-features", "clear-features", "clear-scores"]


@dataclass(frozen=True)
class PlantedFault:
    """A fault and how it comes into a study.

    Attributes
    ----------
    name : of its folder.
    code : the audit check that asks for it; None where the import refuses the study and no check is reached.
    text : what was done, in a sentence.
    refused : what the import says of the study.
    plant : changes a copy of the clean study.
    base : name of the clean study.
    """

    name: str
    code: str | None
    text: str
    refused: Refused
    plant: Plant
    base: Base = "clean"
