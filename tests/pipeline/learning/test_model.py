"""What models must keep: reproducible and additive, whatever is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lightgbm
import numpy as np
import pytest

from pipeline.learning.label_maturity import matured_labels
from pipeline.learning.labels import Training, training_set
from pipeline.learning.model import BoostedModel, BoostedTrainer
from pipeline.settings.build import LabelSettings
from pipeline.settings.models import ModelSettings
from pipeline.tables import read_features
from tests.pipeline import tiny

if TYPE_CHECKING:
    import duckdb

LABELS = LabelSettings()
MODEL = ModelSettings(trees=30)


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    """Features and labels."""
    return tiny.build()


@pytest.fixture(scope="module")
def training(con: duckdb.DuckDBPyConnection) -> Training:
    """Training rows of the merchants."""
    return training_set(con, "merchant", matured_labels(con, tiny.AS_OF, LABELS))


@pytest.fixture(scope="module")
def model(training: Training) -> BoostedModel:
    """A small model of them."""
    return BoostedTrainer(MODEL).bins(training).model()


def test_same_rows_same_bytes(training: Training, model: BoostedModel) -> None:
    """Training twice on the same rows gives the same text."""
    assert BoostedTrainer(MODEL).bins(training).model().text == model.text


def test_contributions_add_up_to_the_margin(
    con: duckdb.DuckDBPyConnection, model: BoostedModel
) -> None:
    """Base plus contributions is the margin, for rows with unknown values too."""
    _, matrix = read_features(con, "merchant", tiny.AS_OF, model.features)
    assert np.isnan(matrix).any()
    total = model.contributions(matrix).sum(axis=1)
    np.testing.assert_allclose(total, model.margin(matrix), rtol=1e-6, atol=1e-9)


@pytest.mark.filterwarnings("ignore:LightGBM binary classifier")
def test_contributions_equal_shap(con: duckdb.DuckDBPyConnection, model: BoostedModel) -> None:
    """The explainer of shap finds the same values in the same trees."""
    import shap

    _, matrix = read_features(con, "merchant", tiny.AS_OF, model.features)
    theirs = shap.TreeExplainer(lightgbm.Booster(model_str=model.text)).shap_values(matrix)
    ours = model.contributions(matrix)[:, :-1]
    np.testing.assert_allclose(ours, np.asarray(theirs), atol=1e-5)
