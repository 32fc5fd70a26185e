"""Every single change of a row has the margin of the changed row."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.tree_model.ensemble import TreeModel
from pipeline.tree_model.single_changes import Probe
from tests.pipeline.forest import SHAPES, forest, rows


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_probe_knows_the_margin_after_every_single_change(shape: dict[str, int]) -> None:
    """What it says of a cell is the margin of the row with that one value replaced."""
    trained = forest(trees=15, **shape)
    model, row = TreeModel.of(trained.model_to_string()), rows(1, seed=6)[0]
    probe = Probe.of(model)
    margins = probe.margins(probe.codes(row))
    for one in model.used:
        points = np.append(model.cuts[one], [1e9, np.nan])
        changed = np.repeat(row[None, :], points.size, axis=0)
        changed[:, one] = points
        places = probe.start[one] + model.codes(changed)[one]
        np.testing.assert_allclose(margins[places], model.margin(changed), atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_probe_knows_the_margin_of_whole_rows(shape: dict[str, int]) -> None:
    """However many of their cells changed, also where a tree asks for nothing."""
    for trees in (1, 15):
        model = TreeModel.of(forest(trees=trees, **shape).model_to_string())
        matrix = rows(30, seed=8)
        codes = model.codes(matrix).astype(np.int64)
        margins = Probe.of(model).margins_of(codes)
        np.testing.assert_allclose(margins, model.margin(matrix), atol=1e-9)
