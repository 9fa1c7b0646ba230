"""Pickers of what each column of a table of predictions is, with a proposal from the file itself."""

from __future__ import annotations

import streamlit as st

from sgcore.cohort import PredictionColumns, Roles
from sgcore.domain import ScoreKind, Study

_NOT_THERE = "not in the file"
_KINDS: dict[ScoreKind, str] = {
    "score": "Scores, margins or logits",
    "probability": "Probabilities from 0 to 1",
}


def pick_roles(found: PredictionColumns, study: Study | None) -> Roles:
    """Roles as they are chosen so far; what concerns a study is asked for beside one only."""
    guess, names, key = found.guess, list(found.names), f"brought_{found.digest[:12]}"
    first, second = st.columns(2, gap="large")
    with first:
        label = _column(
            "Label", names, guess.label or None, f"{key}_label", "What is to be told apart: two values."
        )
        positive = _positive(found, label, guess.positive, key)
        scores = st.multiselect(
            "Columns of scores, one a model",
            names,
            default=list(guess.scores),
            key=f"{key}_scores",
            help="Higher scores speak for the positive value; a direction is never turned.",
        )
        kind = st.radio("They are", list(_KINDS), format_func=_KINDS.__getitem__, key=f"{key}_kind")
    with second:
        group = _column(
            "Patient",
            names,
            guess.group,
            f"{key}_group",
            "With several rows a patient, intervals are clustered by patient.",
        )
        center = _column(
            "Center", names, guess.center, f"{key}_center", "Each center is shown by itself too."
        )
        image, others = None, False
        if study is not None:
            image = _column(
                "Image identifier of the study",
                names,
                guess.image,
                f"{key}_image",
                "Finds each case in the study. Without it, cases are found by patient where each has one row.",
            )
            others = st.checkbox(
                "No patient of the file is in the study",
                key=f"{key}_others",
                help="Tick this only if you know it: models and families are then compared as independent groups. "
                "Names alone cannot tell, since the same people may go by other names.",
            )
    return Roles(label or "", tuple(scores), positive, group, center, image, kind, others)


def _column(label: str, names: list[str], guess: str | None, key: str, about: str) -> str | None:
    # "Not in the file" is a choice of its own: a guess must be undone as easily as made.
    options: list[str | None] = [None, *names]
    return st.selectbox(
        label,
        options,
        index=options.index(guess),
        format_func=lambda name: _NOT_THERE if name is None else name,
        key=key,
        help=about,
    )


def _positive(found: PredictionColumns, label: str | None, guess: str | None, key: str) -> str | None:
    values = [value for value in found.values.get(label or "", ()) if value]
    default = guess if guess in values else "1" if "1" in values else None
    more = found.distinct.get(label or "", 0) - len(values)
    return st.selectbox(
        "Positive value",
        values,
        index=values.index(default) if default in values else None,
        placeholder="choose the value" if values else "choose the label first",
        # Of this column: another label has other values.
        key=f"{key}_positive_{found.names.index(label) if label else ''}",
        help=None
        if more <= 1
        else f"The most frequent of {found.distinct[label or '']:,} values; a label has two.",
    )
