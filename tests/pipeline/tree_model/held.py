"""Rows of a forest, its scale and the edge that some of them lie above."""

from __future__ import annotations

from pipeline.tree_model.calibration import Calibration
from tests.pipeline.forest import rows

CALIBRATION, EDGE = Calibration(1.5, 0.0), 0.4
MATRIX = rows(400, seed=21)
