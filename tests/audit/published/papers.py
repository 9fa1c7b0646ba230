"""Paper files for tests: a sound one, and changes that plant one fault each."""

from __future__ import annotations

import copy
from typing import Any

from sgcore.audit.published import Answer, Paper, paper_of
from sgcore.audit.published.registry import PAPER_CHECKS

#: 300 independent patients, printed class counts, intervals and confusion matrices that are true.
SOUND: dict[str, Any] = {
    "paper": {"title": "A sound paper"},
    "sets": [
        {
            "name": "external",
            "role": "external",
            "patients": 300,
            "images": 300,
            "patients_positive": 140,
            "images_positive": 140,
        },
    ],
    "aucs": [
        {
            "set": "external",
            "model": "A",
            "value": "0.850",
            "unit": "patient",
            "interval": ["0.804", "0.887"],
        },
        {
            "set": "external",
            "model": "B",
            "value": "0.640",
            "unit": "patient",
            "interval": ["0.575", "0.700"],
        },
    ],
    "proportions": [
        # 112 of 140, 120 of 160.
        {
            "set": "external",
            "model": "A",
            "unit": "patient",
            "sensitivity": "0.800",
            "specificity": "0.750",
            "accuracy": "0.773",
        },
        {"set": "external", "model": "B", "unit": "patient", "sensitivity": "0.600", "specificity": "0.600"},
    ],
    "picks": [{"what": "classifiers", "candidates": 6, "set": "training folds", "picked": "SVM"}],
    "features": {
        "total": 197,
        "slices": "single",
        "image_types": ["original", "wavelet-LLL", "wavelet-LHL", "wavelet-HLL"],
        "classes": {"firstorder": 72, "shape2D": 9, "glcm": 96, "ngtdm": 20},
        "p_threshold": "0.05",
        "p_passed": 120,
        "selected": ["wavelet-LHL_glcm_Contrast"],
    },
    "comparisons": [{"set": "external", "a": "A", "b": "B", "p": "<0.001"}],
    "development": {"candidates": 5, "patients": 800, "events": 400},
}


def sound(**sections: Any) -> dict[str, Any]:
    """The sound paper with other sections in place of its own; None leaves one out."""
    made = copy.deepcopy(SOUND) | sections
    return {name: value for name, value in made.items() if value is not None}


def answer(code: str, raw: dict[str, Any]) -> Answer:
    """What one check says of a paper."""
    return next(check for check in PAPER_CHECKS if check.code == code).run(made(raw))


def made(raw: dict[str, Any]) -> Paper:
    return paper_of(raw)
