from .connection import Connection
from .place import default_path
from .repository import Store, open_store

__all__ = ["Connection", "Store", "default_path", "open_store"]
