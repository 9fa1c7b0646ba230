"""SGP011: how much wider is an interval when a patient's images resemble each other?"""

from __future__ import annotations

from sgcore import stats
from sgcore.audit.published.answer import Answer, not_applicable
from sgcore.audit.published.paper import Paper
from sgcore.audit.published.splits import assumed_text, class_split, held_out
from sgcore.domain import Severity

CORRELATIONS = (0.0, 0.25, 0.5, 0.75, 1.0)


class ImageCorrelation:
    """The interval by image with the design effect of several correlations."""

    code = "SGP011"
    title = "Several images of a patient counted as independent"
    severity: Severity = "warning"

    def run(self, paper: Paper) -> Answer:
        rows, texts, assumed, checked = [], [], [], []
        for each in held_out(paper):
            split = class_split(paper, each, "image")
            best = next((auc for auc in paper.aucs_on(each.name) if auc.unit != "patient"), None)
            if split is None or best is None or not each.patients:
                continue
            checked.append(each.name)
            size = split.n / each.patients
            if size == 1:
                continue
            made = [
                (
                    rho,
                    stats.auc_from_counts(
                        best.value.value, split.n_pos, split.n_neg, design_effect=1 + (size - 1) * rho
                    ),
                )
                for rho in CORRELATIONS
            ]
            rows += [
                {
                    "set": each.name,
                    "model": best.model,
                    "correlation": rho,
                    "design_effect": found.design_effect,
                    "se": None if best.value.value in (0, 1) else found.se,
                    "ci_low": found.ci_low,
                    "ci_high": found.ci_high,
                    "effective_images": split.n / found.design_effect,
                }
                for rho, found in made
            ]
            inside = "; ".join(
                f"{rho:g}: {found.ci_low:.3f} to {found.ci_high:.3f}"
                for rho, found in made
                if rho in (0, 0.5, 1)
            )
            texts.append(
                f"{each.name!r} has {size:.2f} images a patient; {best.model}'s interval (AUC {best.value.text}) by "
                f"the correlation of a patient's images is {inside}."
            )
            assumed.append(split)
        if not checked:
            return not_applicable(
                "No held-out set has its AUC, its images and its patients, or all AUCs are by patient."
            )
        values = {"rows": rows}
        if not rows:
            text = f"One image a patient in {', '.join(checked)}; a second image of any patient would have shown."
            return Answer("passed", text, "", "", values)
        assumption = (
            "The correlation is not reported. The variance grows by 1 + (m - 1) rho with m images of every patient "
            "(Kish's design effect); with unequal numbers it grows more. "
        ) + assumed_text(assumed)
        remedy = "Report by patient, or with DeLong's variance clustered by patient (Obuchowski 1997)."
        return Answer("finding", " ".join(texts), assumption.strip(), remedy, values)
