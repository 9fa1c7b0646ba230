"""Faults that are planted in copies of a clean study, one a copy: what an audit has to find."""

from sgcore.cohort.phantoms.planted.copy import StudyCopy
from sgcore.cohort.phantoms.planted.fault import PlantedFault
from sgcore.cohort.phantoms.planted.registry import FAULTS

__all__ = ["FAULTS", "PlantedFault", "StudyCopy"]
