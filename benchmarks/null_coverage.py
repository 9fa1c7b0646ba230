"""How often the external AUC's interval of the strict recipe holds 0.5 where no feature carries the label.

    python benchmarks/null_coverage.py [SEEDS [LOG [FIRST]]]

Feature phantoms of the reference study's size with a label effect of 0, 200 seeds from FIRST (0) on unless told
otherwise; each goes through the whole strict recipe without networks and explanations. Of the Radiomics family's picked
classifier, the AUC on all external patients: a line a seed (in LOG, too, where one is named; seeds that stand there are
not run again), then the share of intervals that hold 0.5 with its Clopper-Pearson interval, the mean AUC, and the seeds
without an interval by reason. Ends with 1 where the share lies outside 92 to 98%.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest
from threadpoolctl import threadpool_limits

from sgcore.cohort import load_study
from sgcore.cohort.phantoms.feature_phantoms import write_feature_study
from sgcore.cohort.phantoms.truth import Truth
from sgcore.config import recipe
from sgcore.jobs import Jobs
from sgcore.store import open_store
from sgcore.workflow import analyze, extract

LIMITS = (0.92, 0.98)
FAMILY = "Radiomics"


def one_seed(seed: int) -> dict[str, Any]:
    """Classifier, external AUC and interval of the family's headline, or the ``reason`` why there is none."""
    began = time.perf_counter()
    config = recipe("strict")
    with tempfile.TemporaryDirectory() as name:
        study = load_study(write_feature_study(Path(name) / "study", Truth(label_effect=0), seed))
        with open_store(Path(name) / "store.duckdb") as store:
            # What ``run`` does without networks, but for explanations, which no score depends on.
            extract(study, config, store, jobs=Jobs(workers=0))
            analysis = analyze(study, config, store)
            rows, missing = analysis.frame("evaluations"), analysis.frame("unavailable")
    result: dict[str, Any] = {"seed": seed}
    absent = missing.loc[missing["family"] == FAMILY, "reason"]
    if len(absent):
        result["reason"] = absent.iloc[0]
    else:
        shown = rows[
            (rows["family"] == FAMILY)
            & rows["picked"]
            & (rows["subset"] == "external")
            & rows["center"].isna()
            & (rows["unit"] == config.unit)
        ]
        (row,) = shown.to_dict("records")
        result |= {key: row[key] for key in ("classifier", "auc", "ci_low", "ci_high")}
        if not np.isfinite([row["ci_low"], row["ci_high"]]).all():
            result["reason"] = row["reason"]
    return result | {"seconds": round(time.perf_counter() - began, 1)}


def summary(results: list[dict[str, Any]]) -> tuple[list[str], bool]:
    """Lines to print, and whether the share lies within the limits."""
    known = [result for result in results if "reason" not in result]
    holds = sum(result["ci_low"] <= 0.5 <= result["ci_high"] for result in known)
    lines = []
    if known:
        exact = binomtest(holds, len(known)).proportion_ci(0.95, method="exact")
        auc = np.array([result["auc"] for result in known])
        lines += [
            f"{holds} of {len(known)} intervals hold 0.5: {100 * holds / len(known):.1f}% "
            f"(95% Clopper-Pearson {100 * exact.low:.1f} to {100 * exact.high:.1f}%)",
            f"mean external AUC {auc.mean():.3f} (SD {auc.std(ddof=1):.3f}); "
            f"above 0.5 in {sum(auc > 0.5)}, below in {sum(auc < 0.5)}",
        ]
    reasons = Counter(result["reason"] for result in results if "reason" in result)
    lines.append(f"{len(results) - len(known)} of {len(results)} seeds have no interval")
    lines += [f"  {count} x {reason}" for reason, count in reasons.most_common()]
    lines.append(f"median {np.median([result['seconds'] for result in results]):.1f} s a seed")
    return lines, bool(known) and LIMITS[0] <= holds / len(known) <= LIMITS[1]


def main(seeds: int, log: Path | None, first: int) -> bool:
    text = log.read_text(encoding="utf-8") if log is not None and log.exists() else ""
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    done = {line["seed"]: line for line in lines}
    for seed in range(first, first + seeds):
        if seed not in done:
            done[seed] = one_seed(seed)
            line = json.dumps(done[seed])
            print(line, flush=True)
            if log is not None:
                with log.open("a", encoding="utf-8") as file:
                    file.write(line + "\n")
    said, within = summary([done[seed] for seed in range(first, first + seeds)])
    print("\n".join(said))
    return within


if __name__ == "__main__":
    arguments = sys.argv[1:]
    with threadpool_limits(limits=1):
        within = main(
            int(arguments[0]) if arguments else 200,
            Path(arguments[1]) if arguments[1:] else None,
            int(arguments[2]) if arguments[2:] else 0,
        )
    sys.exit(0 if within else 1)
