"""A whole report: its head and the sections that were asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sgcore.errors import UsageError
from sgcore.report.blocks import Section
from sgcore.report.material import Material
from sgcore.report.sections import ALWAYS, SECTIONS, Asked
from sgcore.report.verdict import headline, verdict


@dataclass(frozen=True)
class Document:
    """``facts`` are the lines under the title, each a name and what it says."""

    title: str
    verdict: str
    headline: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def document(material: Material, written_at: datetime, sections: Collection[str] | None = None) -> Document:
    """The report with all sections, or some of ``SECTIONS``; what is left out is named in the last but one.

    Raises ``UsageError`` for an unknown section.
    """
    wanted = known(sections)
    asked = Asked(material, tuple(title for key, (title, _) in SECTIONS.items() if key not in wanted))
    parts = [Section(key, SECTIONS[key][0], tuple(SECTIONS[key][1](asked))) for key in wanted]
    return Document(
        f"Audit report: {material.study.name}",
        verdict(material),
        headline(material),
        _facts(material, written_at),
        tuple(parts),
    )


def known(sections: Collection[str] | None) -> list[str]:
    """Keys of all sections, or of those that were asked for and those that are always there, in their order.

    Raises ``UsageError`` for an unknown section.
    """
    unknown = sorted(set(sections or ()) - set(SECTIONS))
    if unknown:
        raise UsageError(f"unknown section {unknown[0]!r}; choose from {', '.join(SECTIONS)}.")
    return [key for key in SECTIONS if sections is None or key in sections or key in ALWAYS]


def _facts(material: Material, written_at: datetime) -> tuple[tuple[str, str], ...]:
    study = material.study
    kind = (
        f"{material.name}, {material.recipe} recipe"
        if material.recipe not in material.name
        else material.name
    )
    return (
        ("Study", f"{study.name} (fingerprint {study.fingerprint})"),
        ("Question", f"{study.positive} (positive) or {study.negative} (negative)"),
        ("Analysis", f"{material.analysis_id}: {kind}{', a what-if' if material.what_if else ''}"),
        ("Counted by", material.unit),
        ("Computed", f"{material.created_at:%Y-%m-%d %H:%M} UTC"),
        ("Written", f"{written_at:%Y-%m-%d %H:%M} UTC"),
        ("Software", ", ".join(f"{name} {version}" for name, version in _software(material))),
    )


def _software(material: Material) -> list[tuple[str, str]]:
    """Programs and libraries; the revision of the results is no program."""
    return [(name, version) for name, version in material.versions.items() if name != "results"]
