"""Centers as groups that can be told apart: small ones together, and what is too small even so."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sgcore.stats._arrays import Ints

MIN_PATIENTS = 10
OTHERS = "other centers"


@dataclass(frozen=True)
class CenterGroups:
    """``codes`` (n,) are numbers of ``names``, -1 where a patient is left out.

    ``merged`` centers are too small alone and make one group; ``left_out`` ones are too small even together.
    ``reason`` says why there are fewer than two groups, else it is empty.
    """

    names: tuple[str, ...]
    codes: Ints = field(repr=False)
    merged: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    reason: str = ""


def group_centers(centers: ArrayLike, least: int = MIN_PATIENTS) -> CenterGroups:
    """Centers of at least ``least`` patients, and all smaller ones as one group where they are enough together.

    Parameters
    ----------
    centers : (n,) name of each patient's center. Groups are in the order in which they first occur, the merged
        one last.
    """
    names = pd.Series(np.asarray(centers, dtype=object)).astype(str)
    counts = names.value_counts(sort=False)
    if len(counts) < 2:
        reason = f"all {len(names)} patients are from one center" if len(names) else "no patients"
        return CenterGroups((), np.full(len(names), -1), reason=reason)
    small = tuple(map(str, counts.index[counts < least]))
    together = int(counts[list(small)].sum()) >= least
    groups = [str(name) for name in counts.index[counts >= least]]
    if together:
        # A center may bear that very name.
        groups.append(OTHERS if OTHERS not in counts.index else f"{OTHERS} (merged)")
        names = names.where(~names.isin(small), groups[-1])
    codes = names.map({name: code for code, name in enumerate(groups)}).fillna(-1).to_numpy(np.int64)
    reason = ""
    if len(groups) < 2:
        sizes = ", ".join(f"{name} {count}" for name, count in counts.items())
        reason = (
            f"two centers with at least {least} patients are needed, smaller ones taken together "
            f"(there are {sizes})"
        )
    return CenterGroups(tuple(groups), codes, small if together else (), () if together else small, reason)
