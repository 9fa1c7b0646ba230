"""What callers of a use case need of the layers below: the store, and the check of a study file."""

from sgcore.cohort import validate_study
from sgcore.store import Store, open_store

__all__ = ["Store", "open_store", "validate_study"]
