"""What classifiers were given can be given to them again: the same scores to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.domain import CLASSIFIERS
from sgcore.models import fit_classifier
from tests.models.deep_cases import CONFIG, DEEP, RADIOMICS, cases, scores


@pytest.mark.parametrize("kind", ["features", "descriptors", "radiomics_dl", "combined"])
def test_the_design_gives_the_stored_scores(kind):
    study = cases(1)
    study.features[RADIOMICS] *= np.logspace(-9, 9, len(RADIOMICS))
    study.features.loc["i3", "aspect_ratio"] = np.nan
    study.features.loc["i100", "f0"] = np.nan
    study.features.loc["i101", DEEP] = np.nan
    result = study.run(kind, CLASSIFIERS, estimates=("fitted",))
    assert result.design.index.equals(study.labels.index)
    trained = result.trained
    known = result.design.dropna()
    assert len(known) < len(result.design)
    for name in CLASSIFIERS:
        fitted = fit_classifier(
            name,
            result.design.loc[trained].to_numpy(),
            study.labels[trained].to_numpy(),
            study.groups[trained].to_numpy(),
            seed=CONFIG.seed,
            folds=CONFIG.models.folds,
        )
        stored = scores(result, classifier=name)
        np.testing.assert_array_equal(fitted.score(known.to_numpy()), stored[known.index])
        assert stored.drop(known.index).isna().all()


@pytest.mark.parametrize("kind", ["descriptors", "combined"])
def test_the_selection_alone_has_the_same_design(kind):
    study = cases(1)
    alone, scored = study.run(kind, estimates=()), study.run(kind)
    assert alone.scores.empty
    assert alone.design.equals(scored.design)
    assert alone.trained.equals(scored.trained)


def test_the_unit_gives_the_features_as_they_came():
    study = cases(1)
    study.features[RADIOMICS] *= np.logspace(-9, 9, len(RADIOMICS))
    result = study.run("radiomics_dl", estimates=())
    names = list(result.design.columns)
    assert names
    np.testing.assert_array_equal(result.design * result.unit, study.features[names])


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_scores_do_not_depend_on_how_an_array_lies_in_memory(name):
    study = cases(1)
    X = study.features[[*RADIOMICS[:5], *DEEP]].to_numpy()
    y, patients = study.labels.to_numpy(), study.groups.to_numpy()
    one, two = (
        fit_classifier(name, order(X), y, patients, seed=0, folds=3).score(other(X))
        for order, other in (
            (np.ascontiguousarray, np.asfortranarray),
            (np.asfortranarray, np.ascontiguousarray),
        )
    )
    np.testing.assert_array_equal(one, two)
