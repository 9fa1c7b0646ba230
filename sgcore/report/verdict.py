"""The first lines of a report: what a strict reviewer would say of the audit, and the best family's AUC."""

from __future__ import annotations

from sgcore.plots import words
from sgcore.report.material import Material


def verdict(material: Material) -> str:
    """The audit in one line; a check that does not apply is no pass."""
    rows = material.findings
    found = rows.loc[rows["status"] == "finding", "severity"].value_counts()
    counted = [words.count(int(found.get(name, 0)), noun) for name, noun in words.SEVERITIES.items()]
    others = rows["status"].value_counts()
    rest = (
        f"of {words.count(len(rows), 'check')} {int(others.get('passed', 0))} passed, "
        f"{int(others.get('not_applicable', 0))} could not be applied and {int(others.get('muted', 0))} "
        f"{'was' if others.get('muted', 0) == 1 else 'were'} muted"
    )
    grave = int(found.get("error", 0))
    if grave:
        codes = rows.loc[(rows["status"] == "finding") & (rows["severity"] == "error"), "code"]
        start = (
            f"A strict reviewer would not accept this study as it stands: {words.join(counted)} "
            f"(gravest: {words.join(list(codes))})"
        )
    elif len(found):
        start = f"A strict reviewer would ask for changes: {words.join(counted)}"
    else:
        start = "The checks raise no objection, which does not show that there is none"
    return f"{start}; {rest}."


def headline(material: Material) -> str:
    """The family with the highest AUC on the set that the study is judged by, with interval, cases and its picks."""
    rows = material.rows(material.headline) if material.subsets else material.frame("evaluations")
    if rows.empty:
        return "No family of this study could be evaluated."
    place = words.IN_SENTENCE[material.headline]
    place = f"in the {place}" if material.headline == "train" else f"on the {place}"
    known = material.ranked(material.headline)
    if known.empty:
        return f"No family ranks the cases {place}."
    row = known.iloc[0]
    centers = material.centers(material.headline)
    picks = material.frame("picks").set_index("family")["evaluated_on"]
    details = [words.cases(row["n_patients"], row["n_images"])]
    if len(centers) > 1:
        details.append(words.count(len(centers), "center"))
    own = "training folds" if material.headline == "train" else material.headline
    if picks.get(row["family"]) == own:
        details.append("classifier picked on this very set")
    others = f"the highest AUC of {len(known)} families" if len(known) > 1 else "an AUC"
    return (
        f"{row['family']} ({row['classifier']}) has {others} {place}, by {material.unit}: "
        f"{words.estimate(row, *details)}.{_chosen(material, len(known))}"
    )


def _chosen(material: Material, families: int) -> str:
    """That the best of several families is chosen by the AUC that is quoted, and what such a pick stands for."""
    if families < 2:
        return ""
    place = "in these very folds" if material.headline == "train" else "on this very set"
    text = f" It is chosen among {families} families {place}, so that this AUC is too high by construction"
    rows = material.frame("chance")
    rows = rows[(rows["subset"] == material.headline) & rows["estimate"].notna()] if len(rows) else rows
    if rows.empty:
        return f"{text}."
    best = rows.iloc[0]
    expected = f"{words.auc(best['estimate'])} ({words.interval(best['ci_low'], best['ci_high'])})"
    return (
        f"{text}: of the best of all {best['n_candidates']} candidates there ({best['best']}, "
        f"{words.auc(best['naive'])} by patient) {expected} is to be expected on new patients of the same centers."
    )
