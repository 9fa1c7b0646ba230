"""Tables of networks made elsewhere, added to a study that :mod:`tests.support.studies` wrote."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd


def write_networks(study_toml: Path, names: tuple[str, ...], *, epochs: int = 3) -> None:
    """Scores, four deep features and training curves of each network; the scores rank labels, with noise."""
    folder, rng = study_toml.parent, np.random.default_rng(4)
    images = pd.read_csv(folder / "images.csv", dtype=str)
    labels = pd.read_csv(folder / "patients.csv", dtype=str).set_index("patient_id")["label"]
    y = images["patient_id"].map(labels).eq("secondary").to_numpy(float)
    features, scores, curves = [], [], []
    for name in names:
        own = pd.DataFrame({"image_id": images["image_id"], "backbone": name})
        deep = rng.normal(size=(len(own), 4)) + y[:, None]
        features.append(own.join(pd.DataFrame(deep, columns=[f"f{n}" for n in range(4)])))
        scores.append(own.assign(score=1 / (1 + np.exp(-rng.normal(2 * y - 1, 1.0)))))
        for subset in ("train", "validation"):
            for epoch in range(1, epochs + 1):
                row = {"backbone": name, "epoch": epoch, "subset": subset}
                curves.append(row | {"loss": 0.7 / epoch, "auc": 0.5 + 0.1 * epoch})
    tables = {
        "deep_features": pd.concat(features),
        "deep_scores": pd.concat(scores),
        "training_curves": pd.DataFrame(curves),
    }
    for table, frame in tables.items():
        frame.to_csv(folder / f"{table}.csv", index=False)
    named = "".join(f'{table} = "{table}.csv"\n' for table in tables)
    study_toml.write_text(study_toml.read_text() + named)
