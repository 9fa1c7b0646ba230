"""Networks that read marks beside the lesion, that read the lesion, and that read nothing: maps against answers.

    python benchmarks/lesion_or_surroundings.py FOLDER [SEEDS [FIRST]]

FOLDER has the studies of ``benchmarks/planted_faults.py``, or gets them. A small network is trained from nothing with
each of SEEDS seeds (six) on the clean study, on two in which marks beside the lesion tell the label, and on one in
which a line inside the lesion does. Both questions of SGA070 are asked of each: whether the Grad-CAM maps lie beside
the lesion, and whether the labels are told apart without it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
from planted_faults import SMALL

from sgcore import workflow
from sgcore.domain import Study
from sgcore.explain.map_checks import summarize
from sgcore.explain.occlusion_auc import occlusion_by_subset
from sgcore.stats import proportion
from sgcore.store import Store
from sgcore.workflow.networks import network_ids
from sgcore.workflow.training import train

STUDIES = ("clean", "drawn-outlines", "calipers-of-one-label", "text-by-label")


def main(folder: Path, seeds: int = 6, first: int = 0) -> None:
    studies = folder / "studies"
    if not (studies / "faults.json").exists():
        workflow.plant_faults(studies)
    rows = []
    with workflow.open_store(folder / "networks.duckdb") as store:
        for name in STUDIES:
            study = workflow.import_study(studies / name / "study.toml", store)
            for seed in range(first, first + seeds):
                rows += [{"study": name, "seed": seed, **row} for row in _asked(study, seed, store)]
    table = pd.DataFrame(rows)
    print(table.to_string(index=False, float_format="%.2f"))
    # A network is found by one of its subsets.
    found = table.groupby(["study", "seed"], sort=False)[["by_maps", "by_answers"]].any()
    print(f"\nNetworks found, of {seeds}")
    counts = found.groupby("study", sort=False).sum()
    print(counts.to_string())
    unmarked = int(counts.loc[["clean", "drawn-outlines"], "by_answers"].sum())
    rate = proportion(unmarked, 2 * seeds, method="clopper-pearson")
    print(
        f"By answers without a mark beside the lesion: {unmarked} of {2 * seeds}, at most {rate.ci_high:.1%}"
    )


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
    for subset, occluded in occlusion_by_subset(store.networks.part("occlusion", [name]), cases).items():
        own = maps[maps["subset"] == subset]
        ratio = summarize(own["roi_ratio"], own["patient_id"])
        yield {
            "subset": subset,
            "auc": occluded.whole.auc,
            "ratio": ratio.mean,
            "ratio_low": ratio.ci_low,
            "ratio_high": ratio.ci_high,
            "auc_surroundings": occluded.surroundings.auc,
            "auc_lesion": occluded.lesion.auc,
            "difference_low": occluded.difference.ci_low,
            "difference_high": occluded.difference.ci_high,
            "by_maps": ratio.ci_high < 1,
            "by_answers": subset != "train" and occluded.by_surroundings,
        }


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(each) for each in sys.argv[2:]))
