"""Where every check of a study writes what it found, and how it names what was probably meant."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, TypedDict, Unpack

from sgcore.domain import Problem

MAX_PROBLEMS = 100
#: Characters of a value that a problem shows; rules and fixes may quote more than one.
SHOWN = 200


class Place(TypedDict, total=False):
    """Where in a file a problem stands and what stands there; see :class:`sgcore.domain.Problem`."""

    row: int | None
    column: str | None
    value: str | None
    patient: str | None


class Ledger:
    """Problems and notes of one import, in the order in which they were found.

    With ``audit_only`` a conflict (a patient in two subsets, labels or centers, one image under two
    patients) is a warning, so that the study can be shown and audited although it cannot be modelled.
    """

    def __init__(self, *, audit_only: bool = False) -> None:
        self.audit_only = audit_only
        self.notes: list[str] = []
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []
        self.conflicts: list[Problem] = []
        self._refused = 0

    def error(self, file: str, rule: str, fix: str, **place: Unpack[Place]) -> None:
        """Something that stops the import."""
        self.errors.append(_problem("error", file, rule, fix, place))

    def warning(self, file: str, rule: str, fix: str, **place: Unpack[Place]) -> None:
        """Something that a person should look at."""
        self.warnings.append(_problem("warning", file, rule, fix, place))

    def conflict(self, file: str, rule: str, fix: str, **place: Unpack[Place]) -> None:
        """An error, unless the study is only audited: then a warning, and a reason not to model it."""
        if not self.audit_only:
            self.error(file, rule, fix, **place)
            self._refused += 1
            return
        self.warning(file, rule, fix, **place)
        self.conflicts.append(self.warnings[-1])

    @property
    def auditable(self) -> bool:
        """Whether conflicts alone stop the import, so that the study could still be audited."""
        return 0 < len(self.errors) == self._refused

    def errors_of(self, file: str) -> bool:
        """Whether a table has an error of its own already."""
        return any(problem.file == file for problem in self.errors)

    def note(self, text: str) -> None:
        """What was computed, converted or assumed."""
        if text not in self.notes:
            self.notes.append(text)

    def suggest(self, value: str, choices: Iterable[str], otherwise: str) -> str:
        """As :func:`did_you_mean`, while the problem will be listed: spelling is slow to compare."""
        if len(self.errors) >= MAX_PROBLEMS:
            return otherwise
        return did_you_mean(value, choices, otherwise)

    def listed(self) -> list[Problem]:
        """At most 100 problems, errors first."""
        return [*self.errors, *self.warnings][:MAX_PROBLEMS]


def _problem(severity: Literal["error", "warning"], file: str, rule: str, fix: str, place: Place) -> Problem:
    """A problem whose texts a person can read: an identifier may be as long as a book."""
    whole = Problem(file, rule, fix, severity=severity, **place)
    return replace(
        whole,
        rule=_cut(rule),
        fix=_cut(fix),
        column=None if whole.column is None else _cut(whole.column),
        value=None if whole.value is None else _cut(whole.value, SHOWN),
    )


def _cut(text: str, length: int = 3 * SHOWN) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def nearest(value: str, choices: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The choice that was probably meant: equal but for case and Unicode form first, else by spelling."""
    known = list(choices)
    folded = {fold(choice): choice for choice in known}
    if fold(value) in folded:
        return folded[fold(value)]
    matches = difflib.get_close_matches(fold(value), folded, n=1, cutoff=cutoff)
    return folded[matches[0]] if matches else None


def fold(text: str) -> str:
    """Text without the differences that people do not see: case, spaces around, Unicode composition."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def did_you_mean(value: str, choices: Iterable[str], otherwise: str) -> str:
    """A fix that names the nearest choice, or ``otherwise`` when nothing is near."""
    found = nearest(value, choices)
    if found is None:
        return otherwise
    if unicodedata.normalize("NFC", found) == unicodedata.normalize("NFC", value):
        return f"Write {found!r}: the same letters, composed as in the other table (Unicode NFC or NFD)"
    return f"Did you mean {found!r}? {otherwise}"


def few(values: Iterable[str], limit: int = 3) -> str:
    """The first few of several names, and how many more there are."""
    known = list(values)
    shown = ", ".join(_cut(name, SHOWN) for name in known[:limit])
    return shown if len(known) <= limit else f"{shown} and {len(known) - limit} more"
