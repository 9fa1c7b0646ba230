"""Errors that people read: each says what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sgcore.domain import Problem


class SgauditError(Exception):
    """Base of every error that sgaudit raises on purpose.

    ``exit_code`` is what the command line ends with: 1 the input is at fault, 2 the usage is.
    """

    exit_code = 1


class UsageError(SgauditError):
    """The command or a setting was used in a way that cannot work."""

    exit_code = 2


class StudyError(SgauditError):
    """A study is refused as a unit; ``problems`` lists everything that is wrong with it, ``hint`` is a way on."""

    def __init__(self, problems: Sequence[Problem], total: int | None = None, hint: str = "") -> None:
        self.problems = list(problems)
        self.total = len(self.problems) if total is None else total
        lines = [str(problem) for problem in self.problems[:5]]
        more = self.total - len(lines)
        if more > 0:
            lines.append(f"... and {more} more (`sgaudit validate` lists them)")
        lines += [hint] if hint else []
        super().__init__(f"{self.total} problem(s) in the study:\n" + "\n".join(lines))


class ImageError(SgauditError):
    """An image or mask cannot be read or used; the message names the file and the remedy."""


class ExtractionError(SgauditError):
    """Features of one case could not be computed."""


class StoreError(SgauditError):
    """The store cannot be opened, is damaged, is newer than this program or is held by another."""


class IncompleteError(SgauditError):
    """Some of several jobs failed, each for its reason; what the others found is stored."""


class CancelledError(SgauditError):
    """A person asked for the running work to stop."""
