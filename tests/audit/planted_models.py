"""Result frames from which the checks of models are judged: with the fault of each check, or without."""

from __future__ import annotations

import pandas as pd

RADIOMICS = {"family": "Radiomics", "classifier": "SVM"}
NAN = float("nan")


def size_gain(**changed):
    """A row of ``size_gain``."""
    return {
        **RADIOMICS,
        "subset": "external",
        "unit": "patient",
        "feature": "original_shape2D_MeshSurface",
        "size_unit": "in mm²",
        "direction": "larger",
        "train_auc": 0.7,
        "n_train": 78,
        "auc": 0.85,
        "auc_low": 0.7,
        "auc_high": 0.93,
        "size_auc": 0.6,
        "size_low": 0.4,
        "size_high": 0.77,
        "delta": 0.25,
        "ci_low": 0.1,
        "ci_high": 0.4,
        "p": 0.001,
        "n_patients": 29,
        "n_images": 55,
        "n_pos": 15,
        "n_neg": 14,
        "n_left_out": 0,
        "method": "DeLong, paired",
        "reason": "",
        **changed,
    }


def center(name="B", **changed):
    """A row of ``centers``."""
    return {
        **RADIOMICS,
        "center": name,
        "role": "external",
        "subset": "external",
        "n_patients": 40,
        "n_images": 40,
        "n_pos": 20,
        "n_neg": 20,
        "n_left_out": 0,
        "auc": 0.8,
        "ci_low": 0.65,
        "ci_high": 0.9,
        "method": "DeLong, logit",
        "reason": "",
        "not_pooled": None,
        "unit": "patient",
        **changed,
    }


def means(**changed):
    """The rows ``mean`` and ``new_center`` of ``center_means``."""
    row = {
        **RADIOMICS,
        "measure": "mean",
        "k": 3,
        "n_patients": 120,
        "auc": 0.8,
        "ci_low": 0.6,
        "ci_high": 0.9,
        "reason": "",
        "i2": 0.0,
        "tau": 0.0,
        "p": 0.6,
        "unit": "patient",
        **changed,
    }
    new = {"measure": "new_center", "auc": NAN, "ci_low": NAN, "ci_high": NAN}
    return pd.DataFrame([row, row | new])


def external_sample(n_patients=29, n_needed=430.0, slope_needed=4000.0, **changed):
    """Both rows of ``external_sample`` of a model."""
    row = {
        **RADIOMICS,
        "n_patients": n_patients,
        "n_pos": n_patients // 2,
        "prevalence": 0.5,
        "reason": "",
    } | changed
    auc = {"measure": "auc", "at": 0.7, "width": 0.39, "wanted_width": 0.1, "n_needed": n_needed}
    slope = {"measure": "slope", "at": 1.0, "width": 2.37, "wanted_width": 0.2, "n_needed": slope_needed}
    return pd.DataFrame([row | auc, row | slope]).assign(n_pos_needed=lambda rows: rows["n_needed"] / 2)


def center_signal(features="radiomics", **changed):
    """A row of ``center_signal``."""
    return {
        "features": features,
        "auc": 0.52,
        "p": 0.4,
        "p_low": 0.33,
        "p_high": 0.47,
        "chance_median": 0.5,
        "chance_95": 0.58,
        "n_patients": 140,
        "n_centers": 3,
        "n_features": 900,
        "n_dropped": 0,
        "merged": "",
        "left_out": "",
        "permutations": 199,
        "distinct": "more than 10^9",
        "method": "multinomial ridge regression",
        "reason": "",
        **changed,
    }


def borrowed(**changed):
    """A row of ``borrowed``."""
    return {
        **RADIOMICS,
        "unit": "patient",
        "delta": 0.01,
        "ci_low": -0.05,
        "ci_high": 0.07,
        "p": 0.7,
        "auc": 0.8,
        "within": 0.79,
        "across": 0.805,
        "centers_alone": 0.58,
        "n_pairs": 210,
        "n_same": 71,
        "n_pos": 15,
        "n_neg": 14,
        "n_patients": 29,
        "left_out": "",
        "method": "DeLong",
        "reason": "",
        **changed,
    }


def calibration(measure, estimate, low, high, **changed):
    """A row of ``calibration``."""
    return {
        **RADIOMICS,
        "subset": "external",
        "center": None,
        "unit": "patient",
        "measure": measure,
        "estimate": estimate,
        "ci_low": low,
        "ci_high": high,
        "by_chance": NAN,
        "method": "logistic, Wald, robust",
        "n_patients": 60,
        "n_images": 60,
        "n_pos": 30,
        "n_neg": 30,
        "n_clipped": 0,
        "reason": "",
        **changed,
    }


def net_benefit(lows, **changed):
    """Rows of ``net_benefit`` at risks of 0.1, 0.2, ...; treating everybody is worth 0.1 at each."""
    return pd.DataFrame(
        {
            **RADIOMICS,
            "subset": "external",
            "unit": "patient",
            "threshold": [round(0.1 * (n + 1), 1) for n in range(len(lows))],
            "net_benefit": [low + 0.05 for low in lows],
            "low": lows,
            "high": [low + 0.1 for low in lows],
            "treat_all": 0.1,
            "n_patients": 60,
            "n_pos": 30,
            "n_neg": 30,
            "prevalence": 0.5,
            "prevalence_source": "study mix, not your clinic",
            "shift": 0.0,
            "method": "net benefit",
            "reason": "",
            **changed,
        }
    )


def comparison(a="US", b="Radiomics", **changed):
    """A row of ``comparisons``."""
    return {
        "kind": "families",
        "family": None,
        "a": a,
        "b": b,
        "subset": "external",
        "center": None,
        "unit": "patient",
        "n_patients": 29,
        "n_images": 55,
        "n_left_out": 0,
        "auc_a": 0.6,
        "auc_b": 0.8,
        "delta": -0.2,
        "ci_low": -0.39,
        "ci_high": -0.01,
        "z": -2.0,
        "p": 0.04,
        "p_adjusted": 0.04,
        "method": "DeLong, paired",
        "reason": "",
        **changed,
    }


def development(family="Radiomics", candidates=1288, n_needed=55000.0, **changed):
    """A row of ``development_sample``."""
    return {
        "family": family,
        "candidates": candidates,
        "at": 0.7,
        "n_patients": 78,
        "n_pos": 40,
        "prevalence": 0.51,
        "candidates_per_event": candidates / 40,
        "n_needed": n_needed,
        "n_pos_needed": n_needed / 2,
        "shrinkage": 0.14,
        "method": "Riley",
        "reason": "",
        **changed,
    }


def icc(feature, low, value=0.9, **changed):
    """A row of ``icc`` or ``roi_icc``."""
    return {"feature": feature, "icc": value, "ci_low": low, "ci_high": 0.95, "n_patients": 78, **changed}


def model_frames(faulty, unit):
    """The frames of all checks of models, whose cases count by ``unit``."""
    gain = {"ci_low": -0.1, "ci_high": 0.3, "delta": 0.1, "p": 0.4} if faulty else {}
    own = {"unit": unit}
    below = {"auc": 0.2, "ci_low": 0.05, "ci_high": 0.4} if faulty else {}
    slope = (0.2, 0.05, 0.4) if faulty else (0.9, 0.6, 1.2)
    return {
        "lesion_size": pd.DataFrame({"image_id": ["a0"], "size": [100.0]}),
        "size_gain": pd.DataFrame([size_gain(**gain, **own)]),
        "centers": pd.DataFrame([center("B", **own), center("C", **own, **below), center("D", **own)]),
        "center_means": means(**own),
        "external_sample": external_sample(29 if faulty else 5000),
        "center_signal": pd.DataFrame([center_signal(**({"auc": 0.9, "p": 0.005} if faulty else {}))]),
        "borrowed": pd.DataFrame(
            [borrowed(**({"ci_low": 0.02, "ci_high": 0.2, "delta": 0.11} if faulty else {}), **own)]
        ),
        "calibration": pd.DataFrame(
            [calibration("intercept", 0.1, -0.3, 0.5, **own), calibration("slope", *slope, **own)]
        ),
        "net_benefit": net_benefit([0.05, 0.05] if faulty else [0.05, 0.2, 0.15], **own),
        "comparisons": pd.DataFrame([comparison(p_adjusted=0.2 if faulty else 0.04, **own)]),
        "development_sample": pd.DataFrame([development(n_needed=55000.0 if faulty else 60.0)]),
        "icc": pd.DataFrame([icc("wavelet-LHH_glcm_SumEntropy", 0.5 if faulty else 0.8)]),
    }
