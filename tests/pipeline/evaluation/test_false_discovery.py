"""Rates of false discoveries against the paper and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.evaluation.false_discovery import false_discovery_rates


def test_false_discovery_rates_are_those_of_the_paper() -> None:
    """Benjamini and Hochberg 1995, table of 15 p: four are rejected at 5 %."""
    small = (0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344)
    p = np.array([*small, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000])
    assert (false_discovery_rates(p) <= 0.05).sum() == 4
    few = false_discovery_rates(p[::-1][-4:], comparisons=15)
    assert np.allclose(few[::-1], false_discovery_rates(p)[:4])


def test_false_discovery_rates_by_hand() -> None:
    """P times how many were asked over its place, never falling; what was not asked stays out."""
    q = false_discovery_rates(np.array([0.04, 0.01, np.nan, 0.03]))
    assert q[[0, 1, 3]] == pytest.approx([0.04, 0.03, 0.04])
    assert np.isnan(q[2])


def test_nothing_asked_has_no_rate() -> None:
    """Neither of an empty list nor of one in which nothing could be asked."""
    assert false_discovery_rates(np.array([])).size == 0
    assert np.isnan(false_discovery_rates(np.array([np.nan, np.nan]))).all()
