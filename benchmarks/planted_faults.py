"""Every planted fault and the clean studies through import, strict recipe and audit: found, missed, false alarm.

    python benchmarks/planted_faults.py FOLDER [CODE ...]

The studies are written into FOLDER once, and a run that was stopped goes on with what is stored there. Features of
images that a fault leaves as they are come from the clean study. Of each fault only the costly jobs that its check
reads are done. Some faults are an analysis' own; they are asked of both recipes of the demo study.
Ends with 1 where a fault is missed, or a clean study has a finding of the severity ``error``.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sgcore import workflow
from sgcore.cohort.phantoms.planted import FAULTS
from sgcore.config import DeepConfig, recipe, with_changes
from sgcore.domain import Study
from sgcore.errors import StudyError
from sgcore.features import ROI_VARIANTS
from sgcore.jobs import Jobs
from sgcore.store import Store
from sgcore.workflow.costly import JOBS
from sgcore.workflow.extraction import ORIGINAL, feature_set_id

STRICT = with_changes(recipe("strict"), deep=None)
#: Networks that fit two cores: as many epochs as the demo study's.
SMALL = DeepConfig(backbone="resnet18", weights="none", epochs=6, batch=8, size=80)
#: What a check needs that the strict recipe leaves out, or keeps from happening.
CHANGES = {"SGA070": {"deep": SMALL}, "SGA012": {"selection__icc_min": None}}
#: Faults of an analysis rather than of a study: residue, fragile features, selection outside the folds, deep features,
#: picks and thresholds.
OF_RECIPES = ("SGA010", "SGA012", "SGA022", "SGA023", "SGA030", "SGA031")
#: Jobs of a clean study: those that take seconds.
QUICK = ("image-pairs", "univariate-null", "center-signal", "centers")


@dataclass(frozen=True)
class Row:
    code: str
    study: str
    expected: str
    outcome: str
    seconds: float


def main(folder: Path, codes: list[str]) -> int:
    studies = folder / "studies"
    if not (studies / "faults.json").exists():
        workflow.plant_faults(studies)
    planted = json.loads((studies / "faults.json").read_text())
    rows = []
    with workflow.open_store(folder / "store.duckdb") as store, Jobs(2) as jobs:
        clean = {}
        for name in ("clean", "clean-features"):
            study = workflow.import_study(studies / name / "study.toml", store)
            clean[name] = study
            rows += _clean(study, store, jobs)
        for fault, listed in zip(FAULTS, planted, strict=True):
            if fault.code is not None and (not codes or fault.code in codes):
                rows.append(_planted(fault, studies / listed["path"], clean[fault.base], store, jobs))
                print(rows[-1], flush=True)
    if not codes:
        rows += _recipes(folder)
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
    alarms = [Row(code, study.name, "no error", "false alarm", seconds) for code in errors["code"]]
    told = ", ".join(found.loc[found["status"] == "finding", "code"])
    print(f"{study.name}: findings {told or 'none'}", flush=True)
    return alarms or [Row("all", study.name, "no error", "none", seconds)]


def _planted(fault, path: Path, clean: Study, store: Store, jobs: Jobs) -> Row:
    began = time.monotonic()

    def row(outcome: str) -> Row:
        return Row(fault.code, fault.name, fault.refused, outcome, time.monotonic() - began)

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
        config = with_changes(STRICT, **CHANGES.get(fault.code, {}))
        kinds = [job.kind for job in JOBS.values() if fault.code in job.codes]
        found = _audited(study, config, store, jobs, kinds)
    status = found.set_index("code")["status"]
    return row("found" if status.get(fault.code) == "finding" else "missed")


def _audited(study: Study, config, store: Store, jobs: Jobs, kinds) -> pd.DataFrame:
    analysis = workflow.run(study, config, store, jobs=jobs)
    possible = {job.kind for job in workflow.costly_jobs(analysis)}
    workflow.complete_audit(analysis, store, kinds=[kind for kind in kinds if kind in possible], jobs=jobs)
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


def _recipes(folder: Path) -> list[Row]:
    """Faults of an analysis, on the demo study: the paper's recipe has them, the strict one has not."""
    rows = []
    with workflow.open_store(folder / "demo.duckdb") as store:
        if workflow.list_studies(store).empty:
            workflow.load_demo(store)
        study = workflow.list_studies(store)["study_id"].iloc[0]
        for name, wanted, right, wrong in (
            ("paper", "finding", "found", "missed"),
            ("strict", "passed", "none", "false alarm"),
        ):
            began = time.monotonic()
            found = workflow.load_analysis(store, workflow.shipped_id(store, study, name)).frame("findings")
            status, seconds = found.set_index("code")["status"], time.monotonic() - began
            rows += [
                Row(
                    code,
                    f"demo study, {name} recipe",
                    "-",
                    right if status[code] == wanted else wrong,
                    seconds,
                )
                for code in OF_RECIPES
            ]
    return rows


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
