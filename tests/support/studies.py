"""Small studies that tests make themselves: noise images with an elliptic lesion, tables, study.toml."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

CENTERS = {"Alpha": 24, "Beta": 8, "Gamma": 6}


def make_study(
    folder: Path,
    *,
    centers: Mapping[str, int] = CENTERS,
    development: int = 1,
    views: int = 2,
    size: tuple[int, int] = (72, 96),
    effect: float = 1.0,
    descriptors: bool = True,
    seed: int = 0,
) -> Path:
    """Write a study and return the path of its ``study.toml``.

    The first ``development`` centers are development centers, the others are external. Each patient has one to
    ``views`` images of ``size`` (rows, columns). ``effect`` moves the brightness and the aspect
    ratio of positive lesions, in standard deviations of the patients; 0 makes labels pure noise.
    Labels alternate, so that every center has both classes.
    """
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "images").mkdir(exist_ok=True)
    (folder / "masks").mkdir(exist_ok=True)
    patients, images, described = [], [], []
    number = 0
    for center, count in centers.items():
        for index in range(count):
            number += 1
            patient_id = f"{center[0]}{number:03d}"
            positive = index % 2 == 1
            patients.append(
                {
                    "patient_id": patient_id,
                    "center": center,
                    "label": "secondary" if positive else "primary",
                    "age": int(rng.integers(30, 80)),
                    "sex": "FM"[int(rng.integers(2))],
                }
            )
            bright = 90 + 12 * (rng.normal() + effect * positive)
            aspect = 0.8 * np.exp(0.15 * (rng.normal() - effect * positive))
            for view in range(1 + number % views):
                image_id = f"{patient_id}-{view}"
                pixels, mask = _lesion(rng, size, bright, aspect)
                Image.fromarray(pixels).save(folder / "images" / f"{image_id}.png")
                Image.fromarray(mask * np.uint8(255)).save(folder / "masks" / f"{image_id}.png")
                images.append(
                    {
                        "image_id": image_id,
                        "patient_id": patient_id,
                        "image": f"images/{image_id}.png",
                        "mask": f"masks/{image_id}.png",
                        "device": "Scanner A" if number % 3 else "Scanner B",
                        "pixel_spacing_mm": "" if number % 4 == 0 else "0.1",
                    }
                )
                described.append(
                    {
                        "image_id": image_id,
                        "margin": "ill-defined"
                        if rng.random() < 0.35 + 0.3 * positive * (effect > 0)
                        else "clear",
                        "echogenicity": ("hypoechoic", "isoechoic", "mixed")[int(rng.integers(3))],
                    }
                )
    pd.DataFrame(patients).to_csv(folder / "patients.csv", index=False)
    pd.DataFrame(images).to_csv(folder / "images.csv", index=False)
    tables = ['patients = "patients.csv"', 'images = "images.csv"']
    if descriptors:
        pd.DataFrame(described).to_csv(folder / "descriptors.csv", index=False)
        tables.append('descriptors = "descriptors.csv"')
    return _write(folder, "Test study", tables, list(centers), development)


def make_features_study(
    folder: Path,
    *,
    centers: Mapping[str, int] = CENTERS,
    development: int = 1,
    one_label: Collection[str] = (),
    effect: float = 1.0,
    center_effect: float = 0.0,
    seed: int = 0,
) -> Path:
    """Write a study that brings its features and has no images; returns the path of its ``study.toml``.

    As in :func:`make_study` the first ``development`` centers are development centers. Patients have two
    images and twelve features, of which ``effect`` moves the first three. Centers of ``one_label`` are all
    positive. ``center_effect`` moves and widens all features of each center after the first, in SDs.
    """
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    patients, features = [], []
    for number, (center, count) in enumerate(centers.items()):
        for index in range(count):
            patient_id = f"{center[:3]}{index:03d}"
            positive = center in one_label or index % 2 == 1
            patients.append(
                {"patient_id": patient_id, "center": center, "label": "secondary" if positive else "primary"}
            )
            level = rng.normal(size=12) + effect * positive * (np.arange(12) < 3)
            for view in range(2):
                values = level + 0.3 * rng.normal(size=12)
                values = values * (1 + number * center_effect / 2) + number * center_effect
                features.append(
                    {
                        "image_id": f"{patient_id}-{view}",
                        "patient_id": patient_id,
                        **{f"original_glcm_F{i}": value for i, value in enumerate(values)},
                    }
                )
    table = pd.DataFrame(features)
    pd.DataFrame(patients).to_csv(folder / "patients.csv", index=False)
    table[["image_id", "patient_id"]].to_csv(folder / "images.csv", index=False)
    table.drop(columns="patient_id").to_csv(folder / "features.csv", index=False)
    tables = ['patients = "patients.csv"', 'images = "images.csv"', 'features = "features.csv"']
    return _write(folder, "Study with features", tables, list(centers), development)


def _write(folder: Path, name: str, tables: list[str], centers: list[str], development: int) -> Path:
    inside, external = (
        ", ".join(f'"{name}"' for name in part) for part in (centers[:development], centers[development:])
    )
    path = folder / "study.toml"
    path.write_text(
        f"""name = "{name}"

[label]
negative = "primary"
positive = "secondary"

[centers]
development = [{inside}]
external = [{external}]

[split]
train = 0.7
seed = 0

[tables]
"""
        + "\n".join(tables)
        + "\n"
    )
    return path


def _lesion(
    rng: np.random.Generator, size: tuple[int, int], bright: float, aspect: float
) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = size
    y, x = np.mgrid[:rows, :columns]
    radius = rows * rng.uniform(0.18, 0.26)
    distance = ((y - rows / 2) / (radius * aspect)) ** 2 + ((x - columns / 2) / radius) ** 2
    mask = (distance <= 1).astype(np.uint8)
    speckle = rng.rayleigh(1.0, size=size)
    pixels = np.where(mask, bright, 130) * (0.55 + 0.35 * speckle) + 10 * np.sin(y / 9)
    return np.clip(pixels, 0, 255).astype(np.uint8), mask
