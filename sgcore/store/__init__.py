"""One DuckDB file that holds studies, features and analyses. All SQL of sgaudit lives here."""

from sgcore.store.connection import Connection, default_path
from sgcore.store.repository import Store, open_store

__all__ = ["Connection", "Store", "default_path", "open_store"]
