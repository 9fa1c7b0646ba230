"""Checks that say what would not survive a strict reviewer, from stored results."""

from sgcore.audit.check import Check, Evidence, Outcome
from sgcore.audit.registry import CHECKS, audit

__all__ = ["CHECKS", "Check", "Evidence", "Outcome", "audit"]
