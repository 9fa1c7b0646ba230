"""SGA011: which features are constant, nearly so, missing or duplicated, overall or in one center?"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.cohort.ledger import few
from sgcore.domain import Severity

#: One value in so many of the images leaves nothing to learn from.
_MOSTLY = 0.95
#: Fewer images of a center are alike by chance.
_IMAGES = 5
#: Differences below this share of a value are rounding: 40 bits.
_ROUNDING = 2.0**-40
#: What is wrong, in the order in which it is said.
_SAID = {
    "constant": "constant",
    "nearly constant": f"of one value in at least {_MOSTLY:.0%} of the images",
    "missing": "without a value in some images",
    "constant in a center": "constant in a center",
    "missing in a center": "without a value in a whole center",
    "equal": "equal to another feature",
    "same order": "in the order of another feature (|rho| = 1)",
}


class FeaturesWithoutContent:
    """Looks at every radiomics feature in all images, whatever the selection makes of it."""

    code = "SGA011"
    title = "Features that are constant, missing or there twice"
    severity: Severity = "warning"
    page = "features-browser"

    def run(self, evidence: Evidence) -> Outcome:
        values = evidence.features.values
        if len(values) < 3 or values.shape[1] == 0:
            return Outcome(
                "not_applicable",
                f"Radiomics features of {len(values)} images are there; it takes 3 to say whether they differ."
                if len(values)
                else "There are no radiomics features: they come with an analysis, or with the study.",
            )
        centers = evidence.study.cases().set_index("image_id")["center"].reindex(values.index)
        table = poor_features(values, centers)
        images, features = values.shape
        scope = f"{features} features of {images} images"
        if table.empty:
            sizes = centers.value_counts()
            small = few(sizes.index[sizes < _IMAGES].astype(str))
            aside = (
                f" Centers with fewer than {_IMAGES} images ({small}) are not judged alone." if small else ""
            )
            return Outcome(
                "passed",
                f"All {scope} vary, in each center too, none is missing, and no two order the images alike. A single "
                f"feature with one value in {int(np.ceil(_MOSTLY * images))} of the images would be found.{aside}",
            )
        counts = table.groupby("what")["feature"].nunique()
        parts = [
            f"{counts[what]} {said} ({few(_named(table[table['what'] == what]))})"
            for what, said in _SAID.items()
            if what in counts
        ]
        return Outcome(
            "finding",
            f"Of {scope}: {'; '.join(parts)}. {_selected(evidence, table)}",
            remedy="Leave constant and missing features out before any selection, and keep one of those that are "
            "there twice: the others count as candidates and as tests without being any. Ask why a center lacks a "
            "value.",
            table=table,
        )


def poor_features(values: pd.DataFrame, centers: pd.Series) -> pd.DataFrame:
    """``feature, what, center, n_images, n_missing, twin``; ``what`` is a key of the message's list.

    ``values`` (images x features), ``centers`` of the same images. A feature stands once for each thing.
    """
    numbers = values.to_numpy(float)
    numbers = np.where(np.isfinite(numbers), numbers, np.nan)
    missing = np.isnan(numbers).sum(axis=0)
    constant = _constant(numbers)
    rows = [
        _row(values.columns[place], "constant", len(values), missing[place])
        for place in np.flatnonzero(constant)
    ]
    for place in np.flatnonzero(~constant & (_largest_share(values) >= _MOSTLY)):
        rows.append(_row(values.columns[place], "nearly constant", len(values), missing[place]))
    rows += [
        _row(values.columns[place], "missing", len(values), missing[place])
        for place in np.flatnonzero(missing)
    ]
    for center, own in centers.groupby(centers, sort=False):
        part = numbers[centers.index.isin(own.index)]
        gone = np.isnan(part).sum(axis=0)
        nothing = (gone == len(part)) & (missing < len(values))
        flat = (
            _constant(part) & ~constant & (gone < len(part))
            if len(part) >= _IMAGES
            else np.zeros_like(nothing)
        )
        for what, which in (("constant in a center", flat), ("missing in a center", nothing)):
            rows += [
                _row(values.columns[place], what, len(part), gone[place], center=str(center))
                for place in np.flatnonzero(which)
            ]
    usable = values.columns[~constant & (missing == 0)]
    rows += _twins(values[usable])
    columns = ["feature", "what", "center", "n_images", "n_missing", "twin"]
    order = pd.CategoricalDtype(list(_SAID), ordered=True)
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("what", key=lambda what: what.astype(order), kind="stable", ignore_index=True)


def _row(
    feature: object,
    what: str,
    images: int,
    missing: int = 0,
    center: str | None = None,
    twin: str | None = None,
) -> dict[str, object]:
    return {
        "feature": str(feature),
        "what": what,
        "center": center,
        "n_images": images,
        "n_missing": int(missing),
        "twin": twin,
    }


def _constant(numbers: np.ndarray) -> np.ndarray:
    """Columns (f,) of (n, f) whose known values differ by rounding at most, or that have none."""
    known = ~np.isnan(numbers)
    low = np.where(known, numbers, np.inf).min(axis=0)
    high = np.where(known, numbers, -np.inf).max(axis=0)
    found: np.ndarray = ~known.any(axis=0) | (high - low <= _ROUNDING * np.maximum(np.abs(low), np.abs(high)))
    return found


def _largest_share(values: pd.DataFrame) -> np.ndarray:
    """The share of the images (f,) that the commonest value of each feature has."""
    numbers = np.sort(values.to_numpy(float), axis=0)
    longest = run = np.where(np.isnan(numbers[0]), 0, 1)
    for before, here in pairwise(numbers):
        run = np.where(here == before, run + 1, np.where(np.isnan(here), 0, 1))
        longest = np.maximum(longest, run)
    found: np.ndarray = longest / len(values)
    return found


def _twins(values: pd.DataFrame) -> list[dict[str, object]]:
    """Features that equal an earlier one, or that order the images as it does, upwards or downwards."""
    fraction, exponent = np.frexp(values.to_numpy(float))
    rounded = np.ldexp(np.round(fraction / _ROUNDING) * _ROUNDING, exponent)
    ranks = pd.DataFrame(rounded).rank().to_numpy()
    turned = len(values) + 1 - ranks
    first: dict[bytes, str] = {}
    ordered: dict[bytes, str] = {}
    rows = []
    for place, name in enumerate(map(str, values)):
        differs = np.flatnonzero(ranks[:, place] != turned[:, place])
        up = differs.size == 0 or ranks[differs[0], place] < turned[differs[0], place]
        order = (ranks if up else turned)[:, place].tobytes()
        twin = first.setdefault(rounded[:, place].tobytes(), name)
        alike = ordered.setdefault(order, name)
        if twin != name:
            rows.append(_row(name, "equal", len(values), twin=twin))
        elif alike != name:
            rows.append(_row(name, "same order", len(values), twin=alike))
    return rows


def _named(rows: pd.DataFrame) -> list[str]:
    """The features, with the centers where it is those that matter."""
    found = []
    for name, own in rows.groupby("feature", sort=False)["center"]:
        places = own.dropna()
        found.append(f"{name} in {', '.join(places)}" if len(places) else str(name))
    return found


def _selected(evidence: Evidence, table: pd.DataFrame) -> str:
    """Whether the selection took any of them."""
    selection = evidence.frame("selection")
    if selection.empty:
        return "No selection is stored."
    chosen = selection.loc[selection["step"] == "selected", "feature"].unique()
    taken = [name for name in chosen if name in set(table["feature"])]
    if taken:
        return f"{len(taken)} of the {len(chosen)} selected features are among them ({few(taken)})."
    return f"None of the {len(chosen)} selected features is among them."
