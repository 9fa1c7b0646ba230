"""Readers' notes on single cases: written under a name, with what the page showed at that moment; never overwritten."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sgcore.domain import Study
from sgcore.errors import UsageError
from sgcore.store import Store
from sgcore.workflow import signed_text


@dataclass(frozen=True)
class Seen:
    """What of a case the page showed when a note was written: its label, its scores, notes of others."""

    label: bool
    scores: bool
    notes: bool


def write_note(
    store: Store,
    study: Study,
    image_id: str,
    *,
    author: str,
    text: str,
    seen: Seen,
    analysis_id: str | None = None,
    replaces: str | None = None,
) -> str:
    """Store a note on an image and return its id.

    Parameters
    ----------
    analysis_id : the analysis whose results were on the page.
    replaces : an earlier note of the same author, which stays on record.

    Raises
    ------
    UsageError : the study has no such image; name or text are empty, too long or cannot be stored.
    StoreError : ``replaces`` is no note of this author, or was changed before; the store cannot be written.
    """
    _check_image(study, image_id)
    return store.notes.add(
        study.fingerprint,
        image_id,
        author=signed_text.author(author),
        text=signed_text.cleaned(text, "note", signed_text.MAX_TEXT),
        saw_label=seen.label,
        saw_scores=seen.scores,
        saw_notes=seen.notes,
        analysis_id=analysis_id,
        replaces=replaces,
    )


def withdraw_note(
    store: Store,
    study: Study,
    image_id: str,
    note_id: str,
    *,
    author: str,
    seen: Seen,
    analysis_id: str | None = None,
) -> None:
    """Withdraw a note of the same author; it stays on record, with the time of its withdrawal.

    Raises
    ------
    UsageError : the study has no such image, or the name is empty.
    StoreError : it is no note of this author, or was changed before; the store cannot be written.
    """
    _check_image(study, image_id)
    store.notes.add(
        study.fingerprint,
        image_id,
        author=signed_text.author(author),
        text=None,
        saw_label=seen.label,
        saw_scores=seen.scores,
        saw_notes=seen.notes,
        analysis_id=analysis_id,
        replaces=note_id,
    )


def notes_of(store: Store, study_id: str) -> pd.DataFrame:
    """Every note of a study, also changed and withdrawn ones, oldest first: the frame ``case_notes``."""
    return store.notes.of(study_id)


def _check_image(study: Study, image_id: str) -> None:
    if not (study.images["image_id"] == image_id).any():
        raise UsageError(
            f"The study {study.name!r} has no image {image_id!r}; a note belongs to one of its images."
        )
