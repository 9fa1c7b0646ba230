"""Networks in the store: how each was trained, what it says of every image, its curve and its maps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sgcore.errors import StoreError
from sgcore.store.connection import Connection
from sgcore.store.insert import insert
from sgcore.store.migrations import utc_now
from sgcore.store.network_tables import NETWORK_TABLES

#: Frames of a network beside its record.
PARTS = ("scores", "curves", "maps", "randomization", "occlusion")


class Networks:
    """Networks by the fingerprint of images, labels, settings, first weights and software.

    Their deep features are a feature set of the same name (``Store.features``).
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def exists(self, network_id: str) -> bool:
        with self._connection.cursor() as cursor:
            return _known(cursor, network_id)

    def add(
        self,
        network_id: str,
        record: Mapping[str, Any],
        settings: Mapping[str, Any],
        parts: dict[str, pd.DataFrame],
    ) -> None:
        """Store a network whole, in one transaction; one that is there stays as it is.

        ``record`` has the columns of ``networks`` beside id, settings and time, ``parts`` are frames by name of
        :data:`PARTS` without the ``network_id``. Raises :class:`StoreError` for unknown parts and columns.
        """
        _check(parts)
        row = {
            "network_id": network_id, **record, "settings": json.dumps(dict(settings)), "trained_at": utc_now(),
        }  # fmt: skip
        with self._connection.transaction(checkpoint=True) as cursor:
            if _known(cursor, network_id):
                return
            names = list(NETWORK_TABLES["networks"])
            cursor.execute(
                f"INSERT INTO networks VALUES ({', '.join('?' * len(names))})",  # noqa: S608  (question marks)
                [row[name] for name in names],
            )
            for part, frame in parts.items():
                if not frame.empty:
                    insert(cursor, f"network_{part}", frame.assign(network_id=network_id))

    def records(self, network_ids: Sequence[str]) -> pd.DataFrame:
        """Columns of ``networks``, in the order of the ids; those that are not there are left out."""
        with self._connection.cursor() as cursor:
            frame = cursor.execute(
                "SELECT * FROM networks WHERE network_id IN (SELECT unnest(?::VARCHAR[]))",
                [list(network_ids)],
            ).df()
        order = {name: place for place, name in enumerate(network_ids)}
        return frame.sort_values("network_id", key=lambda ids: ids.map(order)).reset_index(drop=True)

    def part(self, part: str, network_ids: Sequence[str]) -> pd.DataFrame:
        """A part of these networks with the ``network_id`` of each row, in the order in which it was stored."""
        if part not in PARTS:
            raise StoreError(f"a network has no part {part!r}; there are {', '.join(PARTS)}")
        with self._connection.cursor() as cursor:
            return cursor.execute(
                f"SELECT * FROM network_{part} "  # noqa: S608  (a constant)
                "WHERE network_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY rowid",
                [list(network_ids)],
            ).df()


def _known(cursor: Any, network_id: str) -> bool:
    return cursor.execute("SELECT 1 FROM networks WHERE network_id = ?", [network_id]).fetchone() is not None


def _check(parts: Mapping[str, pd.DataFrame]) -> None:
    for part, frame in parts.items():
        if part not in PARTS:
            raise StoreError(f"a network has no part {part!r}; there are {', '.join(PARTS)}")
        unknown = set(frame) - set(NETWORK_TABLES[f"network_{part}"])
        if unknown:
            raise StoreError(f"part {part!r} of a network has unknown column(s) {', '.join(sorted(unknown))}")
