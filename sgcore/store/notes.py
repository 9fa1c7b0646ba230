"""Readers' notes on images. Rows are only ever added: a later one replaces or withdraws an earlier one."""

from __future__ import annotations

import uuid
from typing import Any

import pandas as pd

from sgcore.errors import StoreError
from sgcore.store.connection import Connection
from sgcore.store.migrations import utc_now


class Notes:
    """Notes by study and image. What came first is told by the order of rows: a clock can be set back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        study_id: str,
        image_id: str,
        *,
        author: str,
        text: str | None,
        saw_label: bool,
        saw_scores: bool,
        saw_notes: bool,
        analysis_id: str | None = None,
        replaces: str | None = None,
    ) -> str:
        """Store a note and return its id; one without ``text`` withdraws the note that it ``replaces``.

        Raises :class:`StoreError` where ``replaces`` is no note of this image and author, or was replaced or
        withdrawn before.
        """
        note_id = uuid.uuid4().hex
        with self._connection.transaction() as cursor:
            if replaces is not None:
                _check(cursor, replaces, (study_id, image_id, author))
            cursor.execute(
                "INSERT INTO case_notes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    note_id,
                    study_id,
                    image_id,
                    author,
                    text,
                    utc_now(),
                    saw_label,
                    saw_scores,
                    saw_notes,
                    analysis_id,
                    replaces,
                ],
            )
        return note_id

    def of(self, study_id: str) -> pd.DataFrame:
        """Every row of a study, oldest first.

        Returns the columns of the table without ``study_id``, and ``status``: ``stands``, ``replaced`` or
        ``withdrawn``; ``withdrawal`` for a row that withdraws another and has no text.
        """
        with self._connection.cursor() as cursor:
            return cursor.execute(
                """
                SELECT note.* EXCLUDE (study_id),
                       CASE WHEN note.text IS NULL THEN 'withdrawal'
                            WHEN later.note_id IS NULL THEN 'stands'
                            WHEN later.text IS NULL THEN 'withdrawn'
                            ELSE 'replaced' END AS status
                FROM case_notes note LEFT JOIN case_notes later ON later.replaces = note.note_id
                WHERE note.study_id = ? ORDER BY note.rowid
                """,
                [study_id],
            ).df()


def _check(cursor: Any, note_id: str, owner: tuple[str, str, str]) -> None:
    """A note can be replaced once, by its author; a row that withdraws is no note."""
    found = cursor.execute(
        "SELECT study_id, image_id, author FROM case_notes WHERE note_id = ? AND text IS NOT NULL", [note_id]
    ).fetchone()
    if found is None or found[:2] != owner[:2]:
        raise StoreError(f"There is no note {note_id!r} on image {owner[1]!r}. Load the page again.")
    if found[2] != owner[2]:
        raise StoreError(
            f"The note is by {found[2]!r}, not by {owner[2]!r}; only its author changes or withdraws it. Give the "
            "name under which it was written, or add a note."
        )
    if cursor.execute("SELECT 1 FROM case_notes WHERE replaces = ?", [note_id]).fetchone():
        raise StoreError(
            "The note was changed or withdrawn meanwhile, such as in another tab. Load the page again to see it as "
            "it is now."
        )
