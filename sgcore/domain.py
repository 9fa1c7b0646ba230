"""The types that every layer speaks: a study, a problem in it, a finding about it, the cases of a number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Resampling = Literal["centers", "cross-validation", "outside", "stability", "splits", "permutation"]
ScoreKind = Literal["probability", "score"]
Unit = Literal["patient", "image"]
Subset = Literal["train", "validation", "external"]
Estimate = Literal["fitted", "out_of_fold", "selected_outside"]
Severity = Literal["error", "warning", "note"]
Status = Literal["finding", "passed", "not_applicable", "muted"]

SUBSETS: tuple[Subset, ...] = ("train", "validation", "external")
FAMILIES = ("US", "Radiomics", "DL", "RadiomicsDL", "Combined")
CLASSIFIERS = ("LR", "SVM", "RF", "XGBoost", "LightGBM", "MLP")


def candidates_in_order(names: Iterable[str]) -> list[str]:
    """Candidates of a family, each once: the six classifiers in their order, then networks as they come."""
    known = list(dict.fromkeys(names))
    return [*(name for name in CLASSIFIERS if name in known), *(n for n in known if n not in CLASSIFIERS)]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a study: where it stands, what it says, which rule, which fix.

    ``row`` counts as a text editor does (the header is row 1); ``None`` where a row makes no sense. ``patient`` is
    there where patients, subsets, labels or centers contradict each other.
    """

    file: str
    rule: str
    fix: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    severity: Literal["error", "warning"] = "error"
    patient: str | None = None

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        value = "" if self.value is None else f" ({self.value!r})"
        return f"{place}: {self.rule}{value}. {self.fix}"

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Finding:
    """What one audit check says of an analysis."""

    code: str
    severity: Severity
    status: Status
    message: str
    title: str = ""
    remedy: str = ""
    page: str = ""
    evidence: pd.DataFrame | None = field(default=None, compare=False, repr=False)

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity,
            "status": self.status,
            "message": self.message,
        }


@dataclass(frozen=True)
class Decision:
    """What follows from a score, as the study file says: above which risk one would act, and how.

    ``treat`` names the act (a biopsy, say); thresholds from ``low`` to ``high`` are the risks at which
    people differ on acting; ``prevalence`` is that of the clinic in mind, or None for the study's own.
    """

    treat: str
    low: float
    high: float
    prevalence: float | None = None


@dataclass(frozen=True)
class ComputedResults:
    """Results of a study that sgaudit computed elsewhere, as they travel with it.

    Attributes
    ----------
    folder : where their Parquet files lie.
    files : of each table, by ``<part>/<name>.parquet``; every file was checked against the hash of the manifest.
    versions : of the software that computed them.
    settings : of their analyses, as plain JSON types, in the order in which they were computed.
    """

    folder: Path
    files: tuple[str, ...]
    versions: dict[str, str]
    settings: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Study:
    """A study as it was read and checked.

    Attributes
    ----------
    name : the study's own name.
    path : the TOML file it was read from; image paths are relative to its folder.
    negative, positive : the two label values as they stand in the table.
    development, external : names of the centers.
    split_train, split_seed, split_column : the share of development patients that train, the seed,
        and, when the study brings its own split, the column that holds it.
    patients : one row a patient: ``patient_id, center, label, y`` (0 negative, 1 positive),
        ``subset`` (train, validation or external, already assigned) and any other columns.
    images : one row an image: ``image_id, patient_id, image, mask`` (relative POSIX paths, or None
        in a study that brings features only), ``pixel_spacing_mm`` (NaN where unknown),
        ``image_sha256, mask_sha256, height, width, roi_pixels`` and any other columns.
    descriptors : one row an image: ``image_id`` and a column a descriptor, or None.
        ``aspect_ratio`` (height over width of the ROI's bounding box) is always there when masks are.
    features : features that the study brings, ``image_id`` and one numeric column each, or None.
    predictions : scores made elsewhere, ``image_id, model, score``, or None.
    predictions_kind : ``"probability"`` or ``"score"``.
    deep_features : deep features of networks made elsewhere, ``image_id, backbone`` and one float column
        each, or None. Each backbone has a row for every image; columns that it lacks are NaN in all of them.
    deep_scores : their scores, ``image_id, backbone, score`` (probability of the positive label), or None;
        an image without a score has no row.
    training_curves : ``backbone, epoch, subset`` (train or validation)``, n_images, loss, accuracy, precision,
        recall, f1, auc``, NaN where the study does not say, or None.
    warnings : problems that did not stop the import.
    notes : what was computed, converted or assumed, in words for people.
    decision : what "treat" means for the decision curve, or None where the study file does not say.
    results : what sgaudit computed of this very study elsewhere, or None.
    conflicts : contradictions that an audit-only import let pass; such a study is not modelled.
    fingerprint : hash of the content: tables, settings and every image and mask byte.
    """

    name: str
    path: Path
    negative: str
    positive: str
    development: tuple[str, ...]
    external: tuple[str, ...]
    split_train: float
    split_seed: int
    split_column: str | None
    patients: pd.DataFrame = field(compare=False, repr=False)
    images: pd.DataFrame = field(compare=False, repr=False)
    descriptors: pd.DataFrame | None = field(compare=False, repr=False)
    features: pd.DataFrame | None = field(compare=False, repr=False)
    predictions: pd.DataFrame | None = field(compare=False, repr=False)
    predictions_kind: ScoreKind | None
    warnings: tuple[Problem, ...] = field(compare=False, repr=False)
    notes: tuple[str, ...]
    fingerprint: str
    computed_descriptors: tuple[str, ...] = ()
    muted: dict[str, str] = field(default_factory=dict, compare=False)
    decision: Decision | None = field(default=None, compare=False)
    conflicts: tuple[str, ...] = ()
    deep_features: pd.DataFrame | None = field(default=None, compare=False, repr=False)
    deep_scores: pd.DataFrame | None = field(default=None, compare=False, repr=False)
    training_curves: pd.DataFrame | None = field(default=None, compare=False, repr=False)
    results: ComputedResults | None = field(default=None, compare=False)

    @property
    def folder(self) -> Path:
        return self.path.parent

    def cases(self) -> pd.DataFrame:
        """One row an image: ``image_id, patient_id, center, subset, y`` in the order of ``images``."""
        columns = ["patient_id", "center", "subset", "y"]
        return self.images[["image_id", "patient_id"]].merge(
            self.patients[columns], on="patient_id", how="left", validate="many_to_one"
        )


@dataclass(frozen=True)
class FeatureTable:
    """Features of a set of images, with the fingerprint of the settings that made them.

    ``values`` has one row an image (index ``image_id``) and one float column a feature; ``failures``
    one row a case that could not be computed (``image_id, reason``); ``residue`` one row an image and
    image type (``image_id, image_type, ratio``, see ``sgcore.features.residue``).
    """

    kind: str
    preset: str
    fingerprint: str
    values: pd.DataFrame = field(compare=False, repr=False)
    failures: pd.DataFrame = field(compare=False, repr=False)
    residue: pd.DataFrame = field(compare=False, repr=False)


@dataclass(frozen=True)
class Subgroup:
    """Cases with one level of a column of the study, such as one device; ``workflow.subgroups`` has the levels."""

    column: str
    level: str


@dataclass(frozen=True)
class EvaluationSet:
    """The cases that a number is of: a subset, one center of it or all together (None), counted by ``unit``.

    ``subgroup`` keeps those of one level; results of subgroups are computed when they are asked for.
    """

    subset: Subset
    center: str | None
    unit: Unit
    subgroup: Subgroup | None = None

    @property
    def estimate(self) -> Estimate:
        """Which scores count: training patients stand by their out-of-fold ones."""
        return "out_of_fold" if self.subset == "train" else "fitted"

    def rows(self, results: pd.DataFrame) -> pd.DataFrame:
        """Rows of a stored frame (``evaluations``, ``comparisons``, ``calibration``) that are of these cases.

        Of a subgroup nothing is stored.
        """
        if results.empty or self.subgroup is not None:
            return results.iloc[:0]
        at = results["center"].isna() if self.center is None else results["center"] == self.center
        kept = (results["subset"] == self.subset) & at & (results["unit"] == self.unit)
        return results[kept].reset_index(drop=True)
