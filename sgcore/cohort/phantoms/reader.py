"""A simulated reader: sees scenes, judges them in words with errors, knows no label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sgcore.cohort.phantoms.scene import Scene

DESCRIPTORS = (
    "composition",
    "echogenicity",
    "shape",
    "aspect_ratio",
    "margin",
    "calcification",
    "posterior_acoustics",
)


@dataclass(frozen=True)
class Reader:
    """How a reader errs: a normal error is added to what a scene shows before it is judged.

    With these defaults two readings of the same images agree with a Cohen's kappa between 0.6 and 0.85 for each
    descriptor in words: substantially, or a little better (Landis & Koch 1977).

    Attributes
    ----------
    cystic, irregularity, blur_mm, echo_db, posterior_db : standard deviation of the error, in the scene's unit.
    caliper : of the logarithm of the aspect ratio.
    focus_seen, focus_invented : chance to see a calcification, and to see one where none is.
    """

    cystic: float = 0.04
    irregularity: float = 0.09
    blur_mm: float = 0.1
    echo_db: float = 0.7
    posterior_db: float = 1.1
    caliper: float = 0.06
    focus_seen: float = 0.85
    focus_invented: float = 0.02


def read(scenes: Sequence[Scene], rng: np.random.Generator, reader: Reader | None = None) -> pd.DataFrame:
    """One row a scene and one column for each of :data:`DESCRIPTORS`, in words after ACR TI-RADS (Tessler 2017).

    ``aspect_ratio`` is height over width as calipers give it, rounded to 0.01.
    """
    errs = Reader() if reader is None else reader
    n = len(scenes)

    def seen(field: str, error: float) -> np.ndarray:
        return np.array([getattr(scene, field) for scene in scenes], dtype=float) + rng.normal(0, error, n)

    cystic, irregular = seen("cystic_share", errs.cystic), seen("irregularity", errs.irregularity)
    blur, echo = seen("margin_blur_mm", errs.blur_mm), seen("echo_db", errs.echo_db)
    posterior = seen("posterior_db", errs.posterior_db)
    ratio = np.array([scene.height_mm / scene.width_mm for scene in scenes])
    foci = rng.binomial([scene.calcifications for scene in scenes], errs.focus_seen)
    invented = rng.random(n) < errs.focus_invented
    return pd.DataFrame(
        {
            "composition": np.where(cystic > 0.1, "mixed cystic and solid", "solid"),
            "echogenicity": np.select(
                [echo < -10, echo < -4.5], ["very hypoechoic", "hypoechoic"], "isoechoic"
            ),
            "shape": np.where(irregular > 0.5, "irregular", "regular"),
            "aspect_ratio": np.round(ratio * np.exp(rng.normal(0, errs.caliper, n)), 2),
            "margin": np.where(blur > 0.65, "ill-defined", "well-defined"),
            "calcification": np.where((foci > 0) | invented, "echogenic foci", "none"),
            "posterior_acoustics": np.select(
                [posterior > 3, posterior < -2], ["enhancement", "shadowing"], "no change"
            ),
        }
    )
