"""Readers' notes on single cases: written under a name, with what the page showed at that moment; never overwritten."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import pandas as pd

from sgcore.domain import Study
from sgcore.errors import UsageError
from sgcore.store import Store

#: Unicode's categories and directions of what cannot be shown, or shows other text otherwise.
_ODD = ("Cc", "Cs")
_TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
#: Letters of a note and of a name.
MAX_TEXT, MAX_AUTHOR = 4_000, 100


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
        author=_author(author),
        text=_cleaned(text, "note", MAX_TEXT),
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
        author=_author(author),
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


def _author(name: str) -> str:
    return _cleaned(" ".join(name.split()), "name", MAX_AUTHOR)


def _cleaned(text: str, what: str, longest: int) -> str:
    """Text without white space at its ends, lines ended alike; refused where it is empty or cannot be shown."""
    kept = "\n".join(text.splitlines()).strip()
    if not any(letter.isprintable() and not letter.isspace() for letter in kept):
        raise UsageError(f"The {what} is empty. Give at least one letter.")
    if len(kept) > longest:
        raise UsageError(
            f"The {what} has {len(kept):,} letters; at most {longest:,} are kept. Nothing was stored: shorten it"
            f"{', or write a second note' if what == 'note' else ''}."
        )
    # Half of a character of two parts, what a terminal would obey, and what turns the text after it round.
    odd = sorted({ord(x) for x in kept if unicodedata.category(x) in _ODD and x not in "\n\t"})
    odd += sorted({ord(x) for x in kept if unicodedata.bidirectional(x) in _TURNING})
    if odd:
        named = ", ".join(f"U+{code:04X}" for code in odd[:3])
        raise UsageError(f"The {what} has characters that cannot be shown ({named}). Remove them.")
    return kept
