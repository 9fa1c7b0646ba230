"""What a section is made from."""

from __future__ import annotations

from dataclasses import dataclass

from sgcore.report.material import Material


@dataclass(frozen=True)
class Asked:
    """The material, and the titles of the sections that were left out by choice."""

    material: Material
    left_out: tuple[str, ...] = ()
