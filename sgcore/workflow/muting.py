"""Muting a check of a study with a reason, beside what its study file mutes; every muting stays on record."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sgcore.audit import CHECKS
from sgcore.domain import Study
from sgcore.errors import UsageError
from sgcore.store import Store
from sgcore.workflow.signed_text import author as signed
from sgcore.workflow.signed_text import cleaned

#: Letters of a reason.
MAX_REASON = 500


def mute_check(store: Store, study: Study, code: str, *, author: str, reason: str) -> None:
    """Take a check out of the findings of a study; it stays in the list, with the reason and who gave it.

    Raises ``UsageError`` for an unknown code, and where name or reason are empty, too long or cannot be shown.
    """
    _known(code)
    store.mutings.add(study.fingerprint, code, signed(author), cleaned(reason, "reason", MAX_REASON))


def unmute_check(store: Store, study: Study, code: str, *, author: str) -> None:
    """Lift a muting that was made beside the study file; what the file mutes is changed in the file.

    Raises ``UsageError`` for a check that nobody muted so.
    """
    _known(code)
    if code not in mutings_of(store, study.fingerprint):
        raise UsageError(f"{code} is not muted here; what the study file mutes is changed in the file.")
    store.mutings.add(study.fingerprint, code, signed(author), None)


def mutings_of(store: Store, study_id: str) -> dict[str, str]:
    """Check code -> ``Muted by NAME on DATE: reason``, of mutings that hold."""
    rows = store.mutings.of(study_id).drop_duplicates("code", keep="last")
    return {row.code: _told(row) for row in rows.itertuples() if not pd.isna(row.reason)}


def _told(row: Any) -> str:
    return f"Muted by {row.author} on {row.muted_at:%Y-%m-%d}: {row.reason}"


def _known(code: str) -> None:
    if code not in (known := [check.code for check in CHECKS]):
        raise UsageError(f"there is no check {code!r}; the codes are {', '.join(known)}.")
