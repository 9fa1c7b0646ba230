"""The store as one object: studies, features and analyses, each with its own repository."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from sgcore.store.analyses import Analyses
from sgcore.store.connection import Connection
from sgcore.store.evidence import CostlyEvidence
from sgcore.store.explanations import Explanations
from sgcore.store.features import Features
from sgcore.store.mutings import Mutings
from sgcore.store.networks import Networks
from sgcore.store.notes import Notes
from sgcore.store.place import default_path
from sgcore.store.predictions import Predictions
from sgcore.store.resamples import Resamples
from sgcore.store.studies import Studies
from sgcore.store.transfer import export, restore


class Store:
    """An open store. Use it as a context manager, or call :meth:`close`.

    Attributes
    ----------
    studies, features, networks, analyses, explanations, predictions, resamples, notes, evidence, mutings : the
        repositories; each method is one operation with its own cursor.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.studies = Studies(connection)
        self.features = Features(connection)
        self.networks = Networks(connection)
        self.analyses = Analyses(connection)
        self.explanations = Explanations(connection)
        self.predictions = Predictions(connection)
        self.resamples = Resamples(connection)
        self.notes = Notes(connection)
        self.evidence = CostlyEvidence(connection)
        self.mutings = Mutings(connection)

    @property
    def path(self) -> Path:
        return self.connection.path

    def export(self, folder: Path) -> list[Path]:
        """Write every table as a Parquet file into a new or empty folder."""
        return export(self.connection, folder)

    def restore(self, folder: Path) -> int:
        """Fill this store, which must be empty, from an export; the number of rows."""
        return restore(self.connection, folder)

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(path: Path | str | None = None) -> Store:
    """Open (and where needed create) the store at ``path``, else at :func:`default_path`."""
    return Store(Connection(Path(path) if path is not None else default_path()))
