"""How each planted fault shows in a study's own files, beside the clean study it was made from."""

from __future__ import annotations

import hashlib
from itertools import combinations

import numpy as np
import pandas as pd

from sgcore.cohort import LabelMap
from sgcore.cohort.phantoms.counts import Group
from sgcore.cohort.phantoms.planted import StudyCopy
from sgcore.cohort.phantoms.planted.splits import auc_of_means
from sgcore.cohort.phantoms.truth import NEGATIVE, POSITIVE
from sgcore.deep.crop import crop_of
from sgcore.deep.inputs import MARGIN

#: A cohort with a place for every fault.
TWELVE = (
    Group("Center A", "train", primary=2, secondary=2, images=6),
    Group("Center A", "validation", primary=1, secondary=1, images=2),
    Group("Center B", "external", primary=2, secondary=2, images=4),
    Group("Center C", "external", primary=1, secondary=2, images=3),
)
SEED = 3
LARGEST = "Center B"


def two_subsets(copy: StudyCopy, clean: StudyCopy) -> bool:
    own = copy.images.get("subset", copy.of_images("subset"))
    return (own.groupby(copy.images["patient_id"]).nunique() == 2).sum() == 1


def two_centers(copy: StudyCopy, clean: StudyCopy) -> bool:
    return _twofold(copy) == {"center", "subset"}


def two_labels(copy: StudyCopy, clean: StudyCopy) -> bool:
    return _twofold(copy) == {"label"}


def same_bytes(copy: StudyCopy, clean: StudyCopy) -> bool:
    digests = [hashlib.sha256((copy.folder / path).read_bytes()).digest() for path in copy.images["image"]]
    alike = [pair for pair in combinations(copy.images.index, 2) if digests[pair[0]] == digests[pair[1]]]
    return len(alike) == 1 and _differ(copy, alike[0], "subset")


def near_copy(copy: StudyCopy, clean: StudyCopy) -> bool:
    alike = _near_copies(copy)
    return len(alike) == 1 and _differ(copy, alike[0], "subset") and not _differ(copy, alike[0], "label")


def near_copy_of_the_other_label(copy: StudyCopy, clean: StudyCopy) -> bool:
    alike = _near_copies(copy)
    return len(alike) == 1 and _differ(copy, alike[0], "label") and not _differ(copy, alike[0], "subset")


def one_loop(copy: StudyCopy, clean: StudyCopy) -> bool:
    """Nearly all of the variance of the mean gray level in the lesion lies between patients."""
    rows = zip(copy.images["image"], copy.images["mask"], strict=True)
    level = pd.Series([copy.picture(image)[copy.mask(mask)].mean() for image, mask in rows])
    within = level - level.groupby(copy.images["patient_id"]).transform("mean")
    return 0 < (within**2).mean() / level.var() < 0.02


def constant(copy: StudyCopy, clean: StudyCopy) -> bool:
    return (copy.tables["features"].nunique() == 1).sum() == 1


def constant_in_one_center(copy: StudyCopy, clean: StudyCopy) -> bool:
    features, here = copy.tables["features"], copy.of_images("center") == LARGEST
    return (features[here].nunique() == 1).sum() == 1 and features[~here].nunique().min() > 1


def duplicated(copy: StudyCopy, clean: StudyCopy) -> bool:
    return copy.tables["features"].T.duplicated().sum() == 1


def missing_feature(copy: StudyCopy, clean: StudyCopy) -> bool:
    return _empty_in_largest(copy, "features") == 1


def drawn_outlines(copy: StudyCopy, clean: StudyCopy) -> bool:
    """Only positive patients' images differ, all of them: white, in the lesion, beside a pixel outside it."""
    for label, image, mask in zip(
        copy.of_images("label"), copy.images["image"], copy.images["mask"], strict=True
    ):
        inside, drawn = copy.mask(mask), copy.picture(image)
        marked = drawn != clean.picture(image)
        edge = np.pad(inside, 1)
        near_outside = ~(edge[:-2, 1:-1] & edge[2:, 1:-1] & edge[1:-1, :-2] & edge[1:-1, 2:])
        if marked.any() != (label == POSITIVE) or (marked & ~(inside & near_outside & (drawn == 255))).any():
            return False
    return True


def by_size(copy: StudyCopy, clean: StudyCopy) -> bool:
    spacing = copy.images["pixel_spacing_mm"].astype(float)
    area = pd.Series([copy.mask(path).sum() for path in copy.images["mask"]]) * spacing**2
    return _positives_on_top(copy, area.groupby(copy.images["patient_id"]).mean())


def at_random(copy: StudyCopy, clean: StudyCopy) -> bool:
    return not copy.patients["label"].equals(clean.patients["label"]) and _dealt(copy, clean)


def lucky_split(copy: StudyCopy, clean: StudyCopy) -> bool:
    """As many of each label validate, and in so small a cohort some split separates them wholly."""
    counts = [study.patients.groupby(["label", "subset"]).size() for study in (copy, clean)]
    features = copy.tables["features"].drop(columns="image_id").astype(float)
    own = features.groupby(copy.images["patient_id"]).mean().reindex(copy.patients["patient_id"]).to_numpy()
    positive, subset = (copy.patients["label"] == POSITIVE).to_numpy(), copy.patients["subset"].to_numpy()
    changed = not copy.patients["subset"].equals(clean.patients["subset"])
    return changed and counts[0].equals(counts[1]) and auc_of_means(own, positive, subset) == 1


def shifted_outside(copy: StudyCopy, clean: StudyCopy) -> bool:
    """Texture alone differs, in external images alone, and there by one amount a feature."""
    moved = copy.tables["features"].drop(columns="image_id").astype(float)
    moved -= clean.tables["features"].drop(columns="image_id").astype(float)
    outside = (copy.of_images("subset") == "external").to_numpy()
    texture = moved.columns.str.startswith("trait_texture")
    of_texture = moved.loc[outside, texture]
    return (
        of_texture.min().min() > 1
        and np.allclose(of_texture, of_texture.mean(), atol=2e-6)
        and not moved.loc[~outside].any().any()
        and not moved.loc[:, ~texture].any().any()
    )


def few_external(copy: StudyCopy, clean: StudyCopy) -> bool:
    outside = copy.patients[copy.patients["subset"] == "external"].groupby("center")["label"]
    return (outside.size() == 3).all() and (outside.nunique() == 2).all() and _same_development(copy, clean)


def coded_the_other_way(copy: StudyCopy, clean: StudyCopy) -> bool:
    changed = copy.patients["label"] != clean.patients["label"]
    return changed.equals(copy.patients["center"] == LARGEST)


def gray_curves(copy: StudyCopy, clean: StudyCopy) -> bool:
    """Brighter in the first external center, darker in the second, as in the clean study in the others."""
    change = pd.Series(
        [float(copy.picture(path).mean() - clean.picture(path).mean()) for path in copy.images["image"]]
    )
    low, high = (change.groupby(copy.of_images("center")).agg(f) for f in ("min", "max"))
    return low["Center B"] > 5 and high["Center C"] < -5 and low["Center A"] == high["Center A"] == 0


def by_device(copy: StudyCopy, clean: StudyCopy) -> bool:
    names = sorted(copy.images["device"].unique())
    place = copy.images["device"].map(names.index).groupby(copy.images["patient_id"]).first()
    return _positives_on_top(copy, place) and _dealt(copy, clean)


def one_label_center(copy: StudyCopy, clean: StudyCopy) -> bool:
    here = copy.patients["center"] == LARGEST
    return set(copy.patients.loc[here, "label"]) == {POSITIVE} and _same_development(copy, clean)


def uneven_prevalence(copy: StudyCopy, clean: StudyCopy) -> bool:
    """One negative patient in a smooth center, one positive patient in a sharp one."""
    counts = pd.crosstab(copy.patients["center"], copy.patients["label"])
    sharp = pd.Series([_roughness(copy, path) / _roughness(clean, path) for path in copy.images["image"]])
    of_center = sharp.groupby(copy.of_images("center")).mean()
    return (
        counts.loc["Center B"].to_dict() == {NEGATIVE: 1, POSITIVE: 2}
        and counts.loc["Center C"].to_dict() == {NEGATIVE: 1, POSITIVE: 1}
        and of_center["Center B"] < 0.7
        and of_center["Center C"] > 1.3
        and of_center["Center A"] == 1
    )


def scores_of_some(copy: StudyCopy, clean: StudyCopy) -> bool:
    """Every third external image has no score; all others have theirs."""
    kept = clean.tables["deep_scores"]["image_id"].isin(copy.tables["deep_scores"]["image_id"])
    lacking = (copy.of_images("subset") == "external")[~kept]
    return len(lacking) == 3 and lacking.all()


def calipers(copy: StudyCopy, clean: StudyCopy) -> bool:
    """Only positive patients' images differ, all of them, beside the lesion and within what a network sees."""
    for label, image, mask in zip(
        copy.of_images("label"), copy.images["image"], copy.images["mask"], strict=True
    ):
        marked = copy.picture(image) != clean.picture(image)
        if marked.any() != (label == POSITIVE) or (marked & copy.mask(mask)).any():
            return False
        if marked.any() and crop_of(LabelMap(copy.mask(mask)), MARGIN).cut(marked).sum() < marked.sum():
            return False
    return True


def text_by_label(copy: StudyCopy, clean: StudyCopy) -> bool:
    """Every image differs, below the middle of the lesion and never inside it; text is wide in positive ones alone."""
    for label, image, mask in zip(
        copy.of_images("label"), copy.images["image"], copy.images["mask"], strict=True
    ):
        marked, inside = copy.picture(image) != clean.picture(image), copy.mask(mask)
        rows = np.flatnonzero(inside.any(axis=1))
        if not marked.any() or (marked & inside).any() or marked[: (rows[0] + rows[-1]) // 2].any():
            return False
        # Lying bars are white along a row, standing ones along a column.
        along, across = ((marked & np.roll(marked, 1, axis)).sum() / marked.sum() for axis in (1, 0))
        if (along > across) != (label == POSITIVE):
            return False
    return True


def few_training(copy: StudyCopy, clean: StudyCopy) -> bool:
    trains = [study.patients["subset"] == "train" for study in (copy, clean)]
    rest = [set(s.patients.loc[~t, "patient_id"]) for s, t in zip((copy, clean), trains, strict=True)]
    return trains[0].sum() == 2 and trains[1].sum() == 4 and rest[0] == rest[1]


def missing_descriptors(copy: StudyCopy, clean: StudyCopy) -> bool:
    return _empty_in_largest(copy, "descriptors") == 2


def label_in_another_coding(copy: StudyCopy, clean: StudyCopy) -> bool:
    words = copy.tables["descriptors"].drop(columns="image_id")
    return any((pd.crosstab(words[name], copy.of_images("label")) > 0).sum().eq(1).all() for name in words)


#: By name of the fault: true of the study that has it, false of the clean one.
SHOWS = {
    "patient-in-two-subsets": two_subsets,
    "patient-in-two-centers": two_centers,
    "patient-with-two-labels": two_labels,
    "same-image-of-two-patients": same_bytes,
    "near-copy-in-validation": near_copy,
    "near-copy-of-the-other-label": near_copy_of_the_other_label,
    "frames-of-one-loop": one_loop,
    "constant-feature": constant,
    "feature-constant-in-one-center": constant_in_one_center,
    "duplicated-feature": duplicated,
    "feature-missing-in-one-center": missing_feature,
    "drawn-outlines": drawn_outlines,
    "label-is-size": by_size,
    "label-effect-of-zero": at_random,
    "features-of-noise": at_random,
    "scores-of-noise": at_random,
    "lucky-split": lucky_split,
    "three-patients-a-center": few_external,
    "labels-coded-the-other-way": coded_the_other_way,
    "gray-curve-by-center": gray_curves,
    "label-by-device": by_device,
    "one-label-in-a-center": one_label_center,
    "prevalence-by-center": uneven_prevalence,
    "shifted-outside": shifted_outside,
    "decisions-by-noise": at_random,
    "scores-of-some": scores_of_some,
    "calipers-of-one-label": calipers,
    "text-by-label": text_by_label,
    "few-training-patients": few_training,
    "descriptors-missing-in-one-center": missing_descriptors,
    "label-as-descriptor": label_in_another_coding,
}


def _twofold(copy: StudyCopy) -> set[str]:
    """Columns in which some patient has two values."""
    several = copy.patients.groupby("patient_id").nunique().max() > 1
    return set(several.index[several])


def _differ(copy: StudyCopy, rows: tuple[int, int], column: str) -> bool:
    return copy.of_images(column)[list(rows)].nunique() == 2


def _near_copies(copy: StudyCopy) -> list[tuple[int, int]]:
    """Rows of images of two patients that correlate above 0.98 and are not the same bytes."""
    pictures = [copy.picture(path) for path in copy.images["image"]]
    owners = copy.images["patient_id"]
    return [
        (i, j)
        for i, j in combinations(copy.images.index, 2)
        if owners[i] != owners[j]
        and pictures[i].shape == pictures[j].shape
        and 0.98 < np.corrcoef(pictures[i].ravel(), pictures[j].ravel())[0, 1] < 1
    ]


def _empty_in_largest(copy: StudyCopy, table: str) -> int:
    """Columns without a value in the largest external center; 0 where any is empty elsewhere, too."""
    empty, here = copy.tables[table] == "", (copy.of_images("center") == LARGEST).to_numpy()
    return 0 if empty[~here].to_numpy().any() else int(empty[here].all().sum())


def _positives_on_top(copy: StudyCopy, score: pd.Series) -> bool:
    """In every center and subset no positive patient scores below a negative one."""
    people = copy.patients.assign(score=copy.patients["patient_id"].map(score))
    ends = people.groupby(["center", "subset", "label"])["score"].agg(["min", "max"]).unstack()
    return bool((ends["max", NEGATIVE] <= ends["min", POSITIVE]).all())


def _dealt(copy: StudyCopy, clean: StudyCopy) -> bool:
    """As many of each label and pathology in every center and subset as in the clean study."""
    columns = ["center", "subset", "label", "pathology"]
    return copy.patients.value_counts(columns).to_dict() == clean.patients.value_counts(columns).to_dict()


def _same_development(copy: StudyCopy, clean: StudyCopy) -> bool:
    inside = [study.patients[study.patients["subset"] != "external"] for study in (copy, clean)]
    return inside[0].reset_index(drop=True).equals(inside[1].reset_index(drop=True))


def _roughness(copy: StudyCopy, path: str) -> float:
    return float(np.abs(np.diff(copy.picture(path).astype(float))).mean())
