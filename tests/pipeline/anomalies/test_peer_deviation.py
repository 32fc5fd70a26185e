"""Deviations are from peers of one group and size; what is unknown deviates by nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from pipeline.anomalies.peer_deviation import deviations, robust_z
from pipeline.settings.models import AnomalySettings
from tests.pipeline import tiny

SETTINGS = AnomalySettings()
NO_BANDS = pl.DataFrame(
    schema={"entity_type": pl.String, "entity_id": pl.String, "score_band": pl.String}
)


def test_each_group_is_measured_by_its_own_median() -> None:
    """What is usual among the large is nothing odd, however far from the small."""
    random, size = np.random.default_rng(3), np.repeat([0, 1], 500)
    values = random.normal(100.0 * size, 1.0)[:, None]
    by_size = robust_z(values.copy(), (size,), SETTINGS)
    together = robust_z(values.copy(), (np.zeros(1000, dtype=np.int64),), SETTINGS)
    assert abs(np.median(by_size[size == 1])) < 0.1
    assert np.abs(by_size).max() < 5.0
    assert abs(np.median(together[size == 1])) > 0.5


def test_units_are_standard_deviations_up_to_where_they_are_cut() -> None:
    """Robust units are those of a normal distribution; beyond `most_z` nothing is more unusual."""
    values = np.random.default_rng(4).normal(5.0, 2.0, size=(2000, 1))
    values[:2, 0] = 5.0 + 2.0 * 8.0, 60.0
    z = robust_z(values, (np.zeros(2000, dtype=np.int64),), SETTINGS)
    assert 7.5 < z[0, 0] < 8.5
    assert z[1, 0] == SETTINGS.most_z


def test_the_unknown_and_the_constant_deviate_by_nothing() -> None:
    """No division by a spread of zero, and no reason made of a gap."""
    values = np.full((50, 2), 3.0)
    values[::2, 1] = np.nan
    assert (robust_z(values, (np.zeros(50, dtype=np.int64),), SETTINGS) == 0.0).all()


def test_families_about_others_are_left_out_and_the_judged_are_not_free() -> None:
    """Of the tiny marketplace's buyers every feature counts, and nobody with a verdict is free."""
    con = tiny.build()
    own = replace(SETTINGS, families_left_out=())
    everybody = deviations(con, "buyer", tiny.AS_OF, NO_BANDS, own)
    assert everybody.z.shape == (tiny.SIZES["buyer"], len(everybody.features))
    assert everybody.free.sum() == tiny.SIZES["buyer"] - sum(tiny.LABELLED["buyer"])
    assert everybody.ids.is_sorted()
