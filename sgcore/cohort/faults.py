"""The error that readers of files raise inside this package; it becomes a row of the problem list."""

from __future__ import annotations

from sgcore.errors import ImageError


class Fault(ImageError):
    """A file that cannot be used: which rule it breaks and what to do, before the place is known."""

    def __init__(self, rule: str, fix: str) -> None:
        self.rule = rule
        self.fix = fix
        super().__init__(f"{rule}. {fix}.")

    def at(self, file: str) -> ImageError:
        """The same error for people who asked for one file."""
        return ImageError(f"{file}: {self.rule}. {self.fix}.")
