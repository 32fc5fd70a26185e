"""One forest, and whoever scores below the edge."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.tree_model.ensemble import TreeModel
from pipeline.tree_model.rank_space import RankSpace
from tests.pipeline.forest import FEATURES, forest
from tests.pipeline.tree_model.held import CALIBRATION, EDGE, MATRIX


@pytest.fixture(scope="module")
def model() -> TreeModel:
    """Trees with interactions."""
    return TreeModel.of(forest().model_to_string())


@pytest.fixture(scope="module")
def ordinary(model: TreeModel) -> RankSpace:
    """The ordinary ones."""
    below = MATRIX[CALIBRATION.score(model.margin(MATRIX)) < EDGE]
    return RankSpace(below, np.ones(len(FEATURES)))
