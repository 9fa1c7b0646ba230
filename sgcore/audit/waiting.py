"""Checks whose evidence a costly job gives: what they say before it has run."""

from __future__ import annotations

from sgcore.audit.check import Outcome


def not_computed(what: str) -> Outcome:
    """``what`` completes "... has not been computed yet"; it is no pass."""
    return Outcome(
        "not_applicable",
        f"{what} has not been computed yet: it takes a while. Ask for it on the audit page, or with "
        "`sgaudit audit --complete`.",
    )
