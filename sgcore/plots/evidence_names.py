"""What columns of a check's evidence are called where people read them."""

from __future__ import annotations

import re

#: Of columns whose own name is short for something; the others are called by their name.
_NAMES = {
    "at": "assumed value",
    "auc": "AUC",
    "auc_low": "AUC, 95% from",
    "auc_high": "AUC, 95% to",
    "by_chance": "chance reaches",
    "centers_alone": "AUC of the center alone",
    "chance_95": "95% of chance below",
    "chance_median": "median of chance",
    "ci_low": "95% from",
    "ci_high": "95% to",
    "ci_low_all": "AUC, 95% from",
    "ci_high_all": "AUC, 95% to",
    "ci_low_same": "within centers, 95% from",
    "ci_high_same": "within centers, 95% to",
    "cramers_v": "Cramer's V",
    "delta": "difference of AUC",
    "i2": "I²",
    "icc": "ICC",
    "image_id": "image",
    "k": "k",
    "n_clipped": "scores moved off 0 or 1",
    "n_neg": "negative",
    "n_needed": "patients needed",
    "n_pairs": "pairs of a positive and a negative case",
    "n_pos": "positive",
    "n_pos_needed": "positive needed",
    "n_same": "of these within a center",
    "naive_ci_low": "as independent, from",
    "naive_ci_high": "as independent, to",
    "p": "p",
    "p_adjusted": "adjusted p",
    "p_center": "p by center",
    "p_high": "p, 95% to",
    "p_label": "p by label",
    "p_low": "p, 95% from",
    "patient_id": "patient",
    "q": "q",
    "q_center": "adjusted p by center",
    "q_label": "adjusted p by label",
    "roi_chance": "share of the ROI",
    "roi_ratio": "share in the ROI over chance",
    "roi_share": "share in the ROI",
    "score_lesion": "score of the lesion alone",
    "score_surroundings": "score without the lesion",
    "size_auc": "AUC of the size",
    "size_low": "size, 95% from",
    "size_high": "size, 95% to",
    "subset": "set",
    "treat_all": "net benefit of treating all",
    "wanted_width": "wanted width of the interval",
    "weights_sha256": "SHA-256 of the weights",
    "width": "width of the interval",
    "within": "AUC within centers",
    "y_score": "score",
    "y_true": "label",
}
#: Names that begin with a small letter wherever they stand.
_SMALL = ("p", "q", "k")
#: Two of a kind: ``auc_a``, ``image_b``.
_PAIR = re.compile(r"(.+)_([ab])")


def heading(name: str) -> str:
    """``n_pos_needed`` as ``Positive needed``, ``auc_a`` as ``AUC of A``, ``design_effect`` as ``Design effect``."""
    pair = _PAIR.fullmatch(name)
    if pair is not None:
        return f"{heading(pair[1])} of {pair[2].upper()}"
    text = _NAMES.get(name, name.removeprefix("n_").replace("_", " "))
    # Of "p by center" the letter is a name, too.
    return text if text.partition(" ")[0].rstrip(",") in _SMALL else text[:1].upper() + text[1:]
