"""Where networks look that read marks beside the lesion, and those that have no such marks: maps against answers.

    python benchmarks/lesion_or_surroundings.py FOLDER [SEEDS]

FOLDER has the studies of ``benchmarks/planted_faults.py``, or gets them. On the clean study, the one with caliper
marks and the one with text a small network is trained from nothing with each of SEEDS seeds (six). Both questions of
SGA070 are asked of each: whether the Grad-CAM maps lie beside the lesion, and whether the labels are told apart without
it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from sgcore import workflow
from sgcore.config import DeepConfig
from sgcore.domain import Study
from sgcore.explain.map_checks import summarize
from sgcore.explain.parted_answers import parted_answers
from sgcore.store import Store
from sgcore.workflow.networks import network_ids
from sgcore.workflow.training import train

#: The networks of ``planted_faults.py``.
SMALL = DeepConfig(backbone="resnet18", weights="none", epochs=6, batch=8, size=80)
STUDIES = ("clean", "calipers-of-one-label", "text-by-label")


def main(folder: Path, seeds: int) -> None:
    studies = folder / "studies"
    if not (studies / "faults.json").exists():
        workflow.plant_faults(studies)
    rows = []
    with workflow.open_store(folder / "networks.duckdb") as store:
        for name in STUDIES:
            study = workflow.import_study(studies / name / "study.toml", store)
            for seed in range(seeds):
                rows += [{"study": name, "seed": seed, **row} for row in _asked(study, seed, store)]
    table = pd.DataFrame(rows)
    print(table.to_string(index=False, float_format="%.2f"))
    # A network is found by one of its subsets.
    found = table.groupby(["study", "seed"], sort=False)[["by_maps", "by_answers"]].any()
    print("\nNetworks found, of", seeds)
    print(found.groupby("study", sort=False).sum().to_string())


def _asked(study: Study, seed: int, store: Store) -> Iterator[dict[str, object]]:
    deep = replace(SMALL, seed=seed)
    train(study, deep, store)
    name = network_ids(study, deep)[SMALL.backbone, 0]
    cases = study.cases()[["image_id", "patient_id", "subset", "y"]]
    scores = store.networks.part("scores", [name]).assign(
        target=lambda rows: (rows["score"] >= 0.5).astype(int)
    )
    maps = cases.merge(scores, on="image_id").merge(
        store.networks.part("maps", [name]), on=["image_id", "target"]
    )
    answers = cases.merge(store.networks.part("occlusion", [name]), on="image_id")
    for subset, own in maps.groupby("subset", sort=False):
        ratio = summarize(own["roi_ratio"], own["patient_id"])
        parted = parted_answers(answers[answers["subset"] == subset])
        yield {
            "subset": subset,
            "auc": parted.whole.auc,
            "ratio": ratio.mean,
            "ratio_low": ratio.ci_low,
            "ratio_high": ratio.ci_high,
            "auc_surroundings": parted.surroundings.auc,
            "auc_lesion": parted.lesion.auc,
            "difference_low": parted.difference.ci_low,
            "difference_high": parted.difference.ci_high,
            "by_maps": ratio.ci_high < 1,
            "by_answers": subset != "train" and parted.beside,
        }


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 6)
