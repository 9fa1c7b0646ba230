"""The ``sgaudit`` command: the same use cases as the pages."""

from sgcore.cli.main import app, main

__all__ = ["app", "main"]
