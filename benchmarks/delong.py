"""Time of the paired DeLong test on many cases, against R's pROC on the same cases and the same core.

    python benchmarks/delong.py [CASES]

Prints the smallest of several times, wall clock and processor: scores to AUC with interval, scores to
paired test, and pROC's way from scores to test, of which the test on finished curves is shown as well
(Rscript with the package pROC, in Debian r-cran-proc; without it only our times). Ends with 1 where
ours takes a second of the processor, is slower than pROC's from scores to test, or where z differs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from sgcore.stats import auc, compare_auc

REPEATS = 7
LIMIT_S = 1.0

IN_R = """
suppressMessages(library(pROC))
argument <- commandArgs(trailingOnly = TRUE)
n <- as.integer(argument[2]); repeats <- as.integer(argument[3])
values <- matrix(readBin(argument[1], "double", 3 * n), ncol = 3)
seconds <- function(f) { t <- system.time(f()); c(t[["elapsed"]], t[["user.self"]] + t[["sys.self"]]) }
curve <- function(score) roc(values[, 1], score, levels = c(0, 1), direction = "<", quiet = TRUE)
whole <- alone <- c(Inf, Inf)
for (i in seq_len(repeats)) {
  curves <- seconds(function() { a <<- curve(values[, 2]); b <<- curve(values[, 3]) })
  test <- seconds(function() result <<- roc.test(a, b, method = "delong", paired = TRUE))
  whole <- pmin(whole, curves + test); alone <- pmin(alone, test)
}
cat(format(c(whole, alone, result$statistic), digits = 15), sep = "\\n")
"""


def fastest(work: Callable[[], object]) -> tuple[float, float]:
    """Smallest wall-clock and processor seconds of several runs."""
    wall, processor = [], []
    for _ in range(REPEATS):
        started, used = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - started)
        processor.append(time.process_time() - used)
    return min(wall), min(processor)


def in_r(table: np.ndarray) -> list[float] | None:
    """pROC's seconds (wall and processor: whole, test alone) and z, or None without Rscript or pROC."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        data, script = Path(folder) / "cases.bin", Path(folder) / "time.R"
        data.write_bytes(np.asfortranarray(table).tobytes(order="F"))
        script.write_text(IN_R)
        command = ["Rscript", "--vanilla", str(script), str(data), str(len(table)), str(REPEATS)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        print(f"pROC was not timed: {run.stderr.strip().splitlines()[-1]}")
        return None
    return [float(line) for line in run.stdout.split()]


def main(n: int) -> int:
    rng = np.random.default_rng(0)
    y = (rng.random(n) < 0.3).astype(float)
    a, b = rng.normal(size=n) + y, rng.normal(size=n) + 0.8 * y
    patients = np.arange(n) // 3
    ours = compare_auc(y, a, b)
    works: dict[str, Callable[[], object]] = {
        "auc": lambda: auc(y, a),
        "compare_auc": lambda: compare_auc(y, a, b),
        "compare_auc, scores of two decimals": lambda: compare_auc(y, a.round(2), b.round(2)),
        "compare_auc, three images a patient": lambda: compare_auc(y, a, b, patients),
    }
    print(f"{n} cases, {int(y.sum())} positive; smallest of {REPEATS} runs, seconds: wall clock, processor")
    times = {name: fastest(work) for name, work in works.items()}
    for name, (wall, processor) in times.items():
        print(f"{name:40s} {wall:7.3f} {processor:7.3f}")
    wall, processor = times["compare_auc"]
    failed = processor >= LIMIT_S
    theirs = in_r(np.column_stack([y, a, b]))
    if theirs is None:
        return int(failed)
    for name, first in (("pROC: roc twice and roc.test", 0), ("pROC: roc.test alone", 2)):
        print(f"{name:40s} {theirs[first]:7.3f} {theirs[first + 1]:7.3f}")
        print(
            f"{'  ratio to compare_auc':40s} {theirs[first] / wall:7.1f} {theirs[first + 1] / processor:7.1f}"
        )
    failed |= theirs[1] < processor
    print(f"z: ours {ours.z:.10f}, pROC's {theirs[4]:.10f}")
    return int(failed or not np.isclose(ours.z, theirs[4], rtol=1e-8))


if __name__ == "__main__":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with threadpool_limits(limits=1):
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
