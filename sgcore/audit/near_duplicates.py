"""SGA002: do two patients, subsets or labels share (nearly) the same image?"""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.waiting import not_computed
from sgcore.cohort.image_likeness import MIN_CORRELATION
from sgcore.cohort.ledger import few
from sgcore.domain import Severity, Study

_WHO = ("image", "patient", "subset", "label", "center")
_HOW = ("distance", "correlation", "same_file")
_COLUMNS = ("image_a", "image_b", "distance", "correlation", "near")
_LIMITS = (
    f"Nearly one means a correlation of {MIN_CORRELATION} or more of the fine patterns around the two outlines. Copies "
    "by way of a JPEG, another size, brightness or outline reach it; a mirrored, turned or otherwise cropped one may "
    "not."
)


class ImagesThereTwice:
    """Pairs of images of two patients that are one file, or nearly one image."""

    code = "SGA002"
    title = "Two patients share the same or nearly the same image"
    severity: Severity = "error"
    page = "cases-gallery"

    def run(self, evidence: Evidence) -> Outcome:
        study, known = evidence.study, evidence.frame("image_pairs")
        images = study.images
        outlined = images[["image", "mask"]].notna().all(axis=1) if {"image", "mask"} <= set(images) else None
        if outlined is None or outlined.sum() < 2:
            return Outcome(
                "not_applicable",
                f"{0 if outlined is None else int(outlined.sum())} of {len(images)} images have a file and an outline; "
                "it takes two to compare them.",
            )
        same = _same_files(images)
        compared = len(known.columns) > 0
        pairs = _with_patients(pd.concat([same, known[known["near"]]] if compared else [same]), study)
        between = pairs[pairs["patient_a"] != pairs["patient_b"]].drop(columns="near")
        scope = f"{int(outlined.sum())} images" + (
            "" if outlined.all() else f" (of {len(images)}; the others have no file or no outline)"
        )
        if not between.empty:
            return _finding(between, scope, compared, _own(pairs))
        if not compared:
            return not_computed("The comparison of the images with each other")
        return Outcome(
            "passed",
            f"No two patients share an image among {scope}. {_closest(known)} {_LIMITS}{_own(pairs)}",
        )


def _finding(between: pd.DataFrame, scope: str, compared: bool, own: str) -> Outcome:
    exact, first = int(between["same_file"].sum()), between.iloc[0]
    across = [
        f"{int((between[f'{name}_a'] != between[f'{name}_b']).sum())} across {words}"
        for name, words in (("subset", "subsets"), ("label", "labels"), ("center", "centers"))
    ]
    unseen = (
        ""
        if compared
        else " Images that are merely alike are still to be looked for: `sgaudit audit --complete`."
    )
    return Outcome(
        "finding",
        f"Among {scope}, two patients share nearly the same image in {len(between)} "
        f"{'pair' if len(between) == 1 else 'pairs'} ({exact} the very same file): {', '.join(across)}. "
        f"{'It is' if len(between) == 1 else 'The first is'} {_who(first, 'a')} and {_who(first, 'b')}, "
        f"correlation {first['correlation']:.2f}. A model that has seen one knows the other.{own}{unseen}",
        remedy="Look at both images side by side. Keep the image once, for the patient it is of, "
        "or join the two patients if they are one person; then repeat every analysis.",
        table=between[[*(f"{name}_{end}" for end in "ab" for name in _WHO), *_HOW]].reset_index(drop=True),
    )


def _who(pair: pd.Series, end: str) -> str:
    return f"{pair[f'image_{end}']} (patient {pair[f'patient_{end}']}, {pair[f'subset_{end}']}, {pair[f'label_{end}']})"


def _same_files(images: pd.DataFrame) -> pd.DataFrame:
    """Images with the bytes of an earlier one, paired with the first of these."""
    if "image_sha256" not in images:
        return pd.DataFrame(columns=_COLUMNS)
    known = images[images["image_sha256"].notna()]
    first = known.groupby("image_sha256")["image_id"].transform("first")
    again = known["image_id"] != first
    pairs = pd.DataFrame({"image_a": first[again], "image_b": known.loc[again, "image_id"]})
    return pairs.assign(distance=0, correlation=1.0, near=True)[list(_COLUMNS)]


def _with_patients(pairs: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Each pair once, with both patients, subsets, labels and centers, the most alike first."""
    people = study.patients[["patient_id", "subset", "label", "center"]]
    own = study.images.reindex(columns=["image_id", "patient_id", "image_sha256"])
    own = own.merge(people, on="patient_id", how="left").set_index("image_id")
    own = own.rename(columns={"patient_id": "patient"})
    key = [tuple(sorted(pair)) for pair in zip(pairs["image_a"], pairs["image_b"], strict=True)]
    table = pairs.assign(_key=key).drop_duplicates("_key").drop(columns="_key")
    for end in ("a", "b"):
        for name in _WHO[1:]:
            table[f"{name}_{end}"] = table[f"image_{end}"].map(own[name])
    one, other = (table[f"image_{end}"].map(own["image_sha256"]) for end in ("a", "b"))
    table["same_file"] = one.notna() & (one == other)
    return table.sort_values(["same_file", "correlation"], ascending=False, kind="stable")


def _own(pairs: pd.DataFrame) -> str:
    """How many images are nearly another one of the same patient: that is SGA003's question."""
    own = pairs[pairs["patient_a"] == pairs["patient_b"]]
    if own.empty:
        return ""
    images = len(set(own["image_a"]) | set(own["image_b"]))
    return (
        f" {images} images of {own['patient_a'].nunique()} patients ({few(own['patient_a'].unique())}) are nearly "
        "another image of the same patient: they count little more than one (SGA003)."
    )


def _closest(known: pd.DataFrame) -> str:
    far = known[~known["near"]]
    if far.empty:
        return "All images are of one patient."
    row = far.iloc[0]
    return (
        f"Of the pairs whose hashes are nearest, the most alike are {row['image_a']} and {row['image_b']}, correlation "
        f"{row['correlation']:.2f}."
    )
