"""Every planted fault and the clean studies through import, strict recipe and audit: found, missed, false alarm.

    python benchmarks/planted_faults.py FOLDER [CODE ...]

The studies are written into FOLDER once, and a run that was stopped goes on with what is stored there. Features of
images that a fault leaves as they are come from the clean study. Of each fault only the costly jobs that its check
reads are done, on the study with the fault and on the clean one, which the column ``without`` tells of: a clean study
is one of few patients, too, so that some warnings are right there. Some faults are an analysis' own: they are asked of
both recipes of the demo study, of a network that begins with nothing, and of maps that no network has made.
Ends with 1 where a fault is missed, or a clean study has a finding of the severity ``error``.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import pandas as pd

from sgcore import workflow
from sgcore.cohort.phantoms.planted import FAULTS
from sgcore.config import DeepConfig, recipe, with_changes
from sgcore.deep.backbones import BACKBONES
from sgcore.domain import Study
from sgcore.errors import StudyError
from sgcore.explain import randomization
from sgcore.explain.gradcam import GradCam
from sgcore.features import ROI_VARIANTS
from sgcore.jobs import Jobs
from sgcore.store import Store
from sgcore.workflow import maps
from sgcore.workflow.costly import JOBS
from sgcore.workflow.extraction import ORIGINAL, feature_set_id

STRICT = with_changes(recipe("strict"), deep=None)
#: Networks that fit two cores: as many epochs as the demo study's.
SMALL = DeepConfig(backbone="resnet18", weights="none", epochs=6, batch=8, size=80)
#: What a check needs that the strict recipe leaves out, or keeps from happening.
CHANGES = {
    "SGA060": {"deep": DeepConfig()},
    "SGA070": {"deep": SMALL},
    "SGA012": {"selection__icc_min": None},
}
#: Faults of an analysis rather than of a study: residue, fragile features, selection outside the folds, deep features,
#: picks and thresholds.
OF_RECIPES = ("SGA010", "SGA012", "SGA022", "SGA023", "SGA030", "SGA031")
#: A fifth of what an audit draws: enough to tell a p of one half from one below 0.05.
PERMUTATIONS = 199
#: Jobs of a clean study: those that take seconds.
QUICK = ("image-pairs", "univariate-null", "center-signal", "centers")


@dataclass(frozen=True)
class Row:
    code: str
    study: str
    refused: str
    outcome: str
    without: str
    seconds: float


def main(folder: Path, codes: list[str]) -> int:
    studies = folder / "studies"
    if not (studies / "faults.json").exists():
        workflow.plant_faults(studies)
    planted = json.loads((studies / "faults.json").read_text())
    rows = []
    with workflow.open_store(folder / "store.duckdb") as store, Jobs(2) as jobs:
        clean = {}
        for name in ("clean", "clean-features", "clear-features", "clear-scores"):
            study = workflow.import_study(studies / name / "study.toml", store)
            clean[name] = study
            rows += _clean(study, store, jobs)
        for fault, listed in zip(FAULTS, planted, strict=True):
            if fault.code is not None and (not codes or fault.code in codes):
                rows.append(_planted(fault, studies / listed["path"], clean[fault.base], store, jobs))
                print(rows[-1], flush=True)
        if not codes or "SGA071" in codes:
            rows.append(_edges(clean["clean"], store, jobs))
        if not codes or "SGA072" in codes:
            rows.append(_pretrained(clean["clean"], folder, store, jobs))
    wanted = [code for code in OF_RECIPES if not codes or code in codes]
    if wanted:
        rows += _recipes(folder, wanted)
    table = pd.DataFrame(rows).sort_values(["code", "study"], kind="stable")
    print(table.to_string(index=False, float_format="%.0f"))
    bad = table[table["outcome"].isin(["missed", "false alarm"])]
    print(f"{(table['outcome'] == 'found').sum()} found, {len(bad)} missed or false alarms")
    return int(len(bad) > 0)


def _clean(study: Study, store: Store, jobs: Jobs) -> list[Row]:
    began = time.monotonic()
    found = _audited(study, STRICT, store, jobs, QUICK)
    errors = found[(found["status"] == "finding") & (found["severity"] == "error")]
    seconds = time.monotonic() - began
    alarms = [Row(code, study.name, "no", "false alarm", "", seconds) for code in errors["code"]]
    told = ", ".join(found.loc[found["status"] == "finding", "code"])
    print(f"{study.name}: findings {told or 'none'}", flush=True)
    return alarms or [Row("all", study.name, "no", "no error", "", seconds)]


def _planted(fault, path: Path, clean: Study, store: Store, jobs: Jobs) -> Row:
    began = time.monotonic()

    def row(outcome: str, without: str = "") -> Row:
        return Row(fault.code, fault.name, fault.refused, outcome, without, time.monotonic() - began)

    config = with_changes(STRICT, **CHANGES.get(fault.code, {}))
    kinds = [job.kind for job in JOBS.values() if fault.code in job.codes]
    try:
        study = workflow.import_study(path, store)
    except StudyError:
        if fault.refused == "no":
            return row("missed")
        study = workflow.import_study(path, store, audit_only=True)
        workflow.complete_study_audit(study, store)
        found = workflow.findings_of_study(study, store)
    else:
        _share_features(clean, study, store)
        found = _audited(study, config, store, jobs, kinds)
    without = _audited(clean, config, store, jobs, kinds)
    outcome = "found" if _status(found, fault.code) == "finding" else "missed"
    if outcome == "missed":
        for what, answers in (("with", found), ("without", without)):
            print(f"{fault.name}, {what} it: {_told(answers, fault.code)}", flush=True)
    return row(outcome, _status(without, fault.code))


def _status(found: pd.DataFrame, code: str) -> str:
    return found.set_index("code")["status"].get(code, "not asked")


def _told(found: pd.DataFrame, code: str) -> str:
    return found.set_index("code")["message"].get(code, "not asked")


def _beside(with_fault: str, without: str) -> str:
    """The outcome where the study without the fault has to pass: neither missed nor a false alarm."""
    if with_fault != "finding":
        return "missed"
    return "found" if without == "passed" else "false alarm"


def _pretrained(clean: Study, folder: Path, store: Store, jobs: Jobs) -> Row:
    """A network that begins with nothing, beside one that begins with a file in the place of ImageNet's weights."""
    import torch
    from torchvision.models import get_weight, resnet18

    began = time.monotonic()
    os.environ["TORCH_HOME"] = str(folder / "torch")
    cache = folder / "torch" / "hub" / "checkpoints"
    cache.mkdir(parents=True, exist_ok=True)
    if not (made := next(cache.glob("resnet18-*"), None)):
        torch.manual_seed(0)
        torch.save(resnet18(weights=None).state_dict(), cache / "made")
        # A file is named by the hash of its content, which the loader checks.
        digest = hashlib.sha256((cache / "made").read_bytes()).hexdigest()
        made = (cache / "made").rename(cache / f"resnet18-{digest[:8]}.pth")
    get_weight(BACKBONES["resnet18"].weights).value.url = made.as_uri()
    nothing, imagenet = (
        _status(
            _audited(clean, with_changes(STRICT, deep=replace(SMALL, weights=weights)), store, jobs, ()),
            "SGA072",
        )
        for weights in ("none", "imagenet")
    )
    outcome = _beside(nothing, imagenet)
    return Row("SGA072", "network-from-nothing", "no", outcome, imagenet, time.monotonic() - began)


def _edges(clean: Study, store: Store, jobs: Jobs) -> Row:
    """Maps of the picture's edges in the place of Grad-CAM, which no weight changes, beside Grad-CAM."""
    began = time.monotonic()
    # Another seed: a network that is stored keeps its maps.
    config = with_changes(STRICT, deep=replace(SMALL, seed=1))
    with patch.object(maps, "grad_cam", _edge_maps), patch.object(randomization, "grad_cam", _edge_maps):
        edges = _status(_audited(clean, config, store, jobs, ()), "SGA071")
    cam = _status(_audited(clean, with_changes(STRICT, deep=SMALL), store, jobs, ()), "SGA071")
    return Row("SGA071", "maps-of-edges", "no", _beside(edges, cam), cam, time.monotonic() - began)


def _edge_maps(network, images, crops):
    """Slopes of gray in (n, 3, side, side) images, averaged in five by five cells."""
    import torch

    slopes = torch.hypot(*torch.gradient(images[:, :1], dim=(2, 3)))
    grids = torch.nn.functional.adaptive_avg_pool2d(slopes, 5)[:, 0].cpu().numpy()
    return [(GradCam(grid, 0, crop), GradCam(grid, 1, crop)) for grid, crop in zip(grids, crops, strict=True)]


def _audited(study: Study, config, store: Store, jobs: Jobs, kinds) -> pd.DataFrame:
    analysis = workflow.run(study, config, store, jobs=jobs)
    if "permutation" in kinds:
        workflow.resample(analysis, "permutation", store, draws=PERMUTATIONS, jobs=jobs)
    others = [job.kind for job in workflow.costly_jobs(analysis) if job.kind in {*kinds} - {"permutation"}]
    workflow.complete_audit(analysis, store, kinds=others, jobs=jobs)
    return analysis.frame("findings")


def _share_features(clean: Study, study: Study, store: Store) -> None:
    """Give a study the features that the clean one has of the same bytes."""
    if study.features is not None:
        return
    alike = [
        row.image_id
        for row in study.images.itertuples()
        if all(
            (study.folder / getattr(row, column)).read_bytes()
            == (clean.folder / getattr(row, column)).read_bytes()
            for column in ("image", "mask")
            if (clean.folder / getattr(row, column)).exists()
        )
    ]
    for roi in (ORIGINAL, *ROI_VARIANTS):
        table = store.features.load(feature_set_id(clean, STRICT.preset, roi))
        target = feature_set_id(study, STRICT.preset, roi)
        shared = table.values.index.intersection(alike).difference(list(store.features.done(target)))
        if shared.empty:
            continue
        residue = {
            image: dict(zip(part["image_type"], part["ratio"], strict=True))
            for image, part in table.residue.groupby("image_id")
        }
        store.features.append_all(
            target,
            table.values.loc[shared],
            study_id=study.fingerprint,
            kind=table.kind,
            preset=table.preset,
            settings={"shared with": clean.fingerprint},
            residue={image: residue.get(image, {}) for image in shared},
            seconds=0.0,
        )


def _recipes(folder: Path, codes: list[str]) -> list[Row]:
    """Faults of an analysis, on the demo study: the paper's recipe has them, the strict one has not."""
    began, status = time.monotonic(), {}
    with workflow.open_store(folder / "demo.duckdb") as store:
        if workflow.list_studies(store).empty:
            workflow.load_demo(store)
        study = workflow.list_studies(store)["study_id"].iloc[0]
        for name in ("paper", "strict"):
            found = workflow.load_analysis(store, workflow.shipped_id(store, study, name)).frame("findings")
            status[name] = found.set_index("code")["status"]
    seconds = (time.monotonic() - began) / len(codes)
    return [
        Row(
            code,
            "demo study, paper recipe beside strict",
            "no",
            _beside(status["paper"][code], status["strict"][code]),
            status["strict"][code],
            seconds,
        )
        for code in codes
    ]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
