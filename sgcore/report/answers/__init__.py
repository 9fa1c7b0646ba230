"""Answers to items of reporting checklists: one function a question, by the name that stands in the checklists."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from sgcore.report.answers import cohort, evaluation, imaging, modelling
from sgcore.report.answers.answer import Answer, State, human
from sgcore.report.material import Material

__all__ = ["ANSWERS", "Answer", "State"]


def _questions(module: ModuleType) -> dict[str, Callable[[Material], Answer]]:
    """Functions that a module defines, without those that it imports."""
    return {
        name: found
        for name, found in vars(module).items()
        if callable(found) and found.__module__ == module.__name__ and not name.startswith("_")
    }


ANSWERS: dict[str, Callable[[Material], Answer]] = {
    "human": human,
    **_questions(cohort),
    **_questions(imaging),
    **_questions(modelling),
    **_questions(evaluation),
}
