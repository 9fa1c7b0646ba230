"""Answers on evaluation: measures, intervals, comparisons, centers, what the audit holds against it."""

from __future__ import annotations

from sgcore.config import BROUGHT
from sgcore.plots import words
from sgcore.report import described
from sgcore.report.answers.answer import Answer, apart, begun, cited, confirm, human, no, yes
from sgcore.report.material import Material
from sgcore.report.verdict import headline, verdict

_NONE = "No family could be evaluated."


def measures(material: Material) -> Answer:
    if not material.subsets:
        return no(_NONE)
    worth = "net benefit" if material.decision else "no net benefit, since the study file names no decision"
    return yes(
        f"AUC, sensitivity, specificity, accuracy, calibration and {worth}; ROC curves, matrix of differences."
    )


def uncertainty(material: Material) -> Answer:
    rows = material.picked()
    if rows.empty:
        return no(_NONE)
    whole = rows[rows["center"].isna()]
    known = int((whole["ci_low"].notna() & whole["ci_high"].notna()).sum())
    methods = "; ".join(dict.fromkeys(whole["method"].dropna()))
    text = f"{known} of {len(whole)} AUCs of picked models on whole sets have a 95% interval ({methods})."
    return Answer("data", text, known > 0)


def comparison(material: Material) -> Answer:
    pairs = material.frame("comparisons")
    if pairs.empty:
        return no("There is no pair of models to compare.")
    return yes(f"DeLong's test of paired AUCs, p adjusted by Holm. {cited(material, 'SGA060')}".strip())


def non_radiomic(material: Material) -> Answer:
    """The family of descriptors beside those with radiomics."""
    names = list(material.models)
    if "US" not in names or len(names) < 2:
        return no("There is no model of descriptors to compare with: " + (words.join(names) or _NONE) + ".")
    pairs = material.frame("comparisons")
    rows = material.at(material.headline).rows(pairs[pairs["kind"] == "families"]) if len(pairs) else pairs
    rows = rows[(rows["a"] == "US") | (rows["b"] == "US")] if len(rows) else rows
    said = []
    for row in rows.itertuples():
        sign = -1 if row.a == "US" else 1
        other = row.b if row.a == "US" else row.a
        ends = sorted([sign * row.ci_low, sign * row.ci_high])
        said.append(f"{other} − US {words.signed(sign * row.delta)} ({words.signed_interval(*ends)})")
    return yes(f"On the {words.IN_SENTENCE[material.headline]}: {'; '.join(said) or 'no pair of the two'}.")


def calibrated(material: Material) -> Answer:
    rows = material.frame("calibration")
    known = int(rows["estimate"].notna().sum()) if len(rows) else 0
    if not known:
        return no("No calibration could be estimated.")
    return yes(
        f"Intercept, slope, Brier score and curves of the picked models. {cited(material, 'SGA050')}".strip()
    )


def one_modality(material: Material) -> Answer:
    return confirm("One kind of images, as the study has it.", True)


def testing(material: Material) -> Answer:
    if not material.subsets:
        return no(_NONE)
    known = [words.IN_SENTENCE[name] for name in material.subsets]
    return yes(begun(f"{words.join(known)}."))


def internal(material: Material) -> Answer:
    known = [words.IN_SENTENCE[name] for name in material.subsets if name != "external"]
    return yes(begun(f"{words.join(known)}.")) if known else no("Neither folds nor a validation set.")


def external(material: Material) -> Answer:
    """Patients of centers that trained nothing; another time at the same center is no other center."""
    rows = material.frame("centers")
    outside = sorted(rows.loc[rows["role"] == "external", "center"].unique()) if len(rows) else []
    if outside:
        return yes(f"{words.count(len(outside), 'external center')}: {words.join(outside)}.")
    return no("No center beside those of the development was evaluated.")


def partition(material: Material) -> Answer:
    """Parts are apart by patient by construction; what the checks say of shared patients and networks counts."""
    study = material.study
    if study.conflicts:
        return no(f"The study contradicts itself: {' '.join(study.conflicts)}")
    codes = ("SGA001", "SGA002", "SGA022", "SGA023", "SGA030")
    found = {code: row["status"] for code in codes if (row := material.finding(code))}
    bad = [code for code, status in found.items() if status in ("finding", "muted")]
    networks = material.frame("networks")
    brought = material.config.preset == BROUGHT or (len(networks) and (networks["origin"] == "brought").any())
    what = "selection and models" if brought else "scaling, selection and models"
    text = f"{described.split(material)} Here {what} were fitted on training patients alone."
    if bad:
        return confirm(f"{text} {cited(material, *bad)}", False)
    waiting = [code for code, status in found.items() if status != "passed"]
    if waiting:
        return confirm(f"{text} Without an answer yet: {', '.join(waiting)}.")
    if brought:
        return confirm(f"{text} How the features that came with the study were made is the authors' to say.")
    return yes(text)


def heterogeneity_methods(material: Material) -> Answer:
    if not material.study.external:
        return no("There is no external center.")
    return yes(
        "Each center is shown by itself, AUCs of same-center pairs beside those of all cases. "
        f"{described.pooling(material)}"
    )


def heterogeneity_results(material: Material) -> Answer:
    """What the external centers say together."""
    if not material.study.external:
        return apart("There is no external center.")
    means = material.frame("center_means")
    own = means[(means["family"] == material.best) & (means["measure"] == "mean")] if len(means) else means
    if own.empty or words.missing(own["auc"].iloc[0]):
        why = "" if own.empty or words.missing(own["reason"].iloc[0]) else f": {own['reason'].iloc[0]}"
        return no(f"External centers have no common mean{why}; each is in the table.")
    row = own.iloc[0]
    spread = (
        "" if words.missing(row["i2"]) else f"; I2 {row['i2']:.0%}, tau {row['tau']:.2f} on the logit scale"
    )
    return yes(
        f"{material.best}: mean of {words.count(int(row['k']), 'external center')} {words.estimate(row)}{spread}. "
        f"{cited(material, 'SGA041')}".strip()
    )


def performance(material: Material) -> Answer:
    if not material.subsets:
        return no(_NONE)
    return confirm(
        f"{headline(material)} Tables have every set and center; key subgroups are the authors' to choose."
    )


def overview(material: Material) -> Answer:
    return confirm(f"{headline(material)} {verdict(material)}")


def limitations(material: Material) -> Answer:
    """The findings of the audit are limits that authors should discuss."""
    rows = material.findings
    found = rows[rows["status"].isin(["finding", "muted"])]
    if found.empty:
        return human(material)
    parts = [f"{row.title} ({row.code})" for row in found.itertuples()]
    return confirm(f"To be discussed: {'; '.join(parts)}.")


def poor_input(material: Material) -> Answer:
    return confirm(
        "An image that lacks a selected feature gets no score. What users should do then is to be said."
    )
