"""Lift sentences: recomputable counts, intervals that keep their promise, the sharpest one said."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipeline.explaining.lifts import lift, lifts, sharpest
from pipeline.settings.build import ExplanationSettings
from queries.catalogue import Feature, features

SETTINGS = ExplanationSettings()
KNOWN = features("merchant")
NAME, FREE = "shared_device_rate", "free"


def feature(name: str, direction: str) -> Feature:
    """A documented feature under another name."""
    return next(iter(KNOWN.values())).model_copy(update={"name": name, "direction": direction})


@pytest.fixture(scope="module")
def judged() -> pl.DataFrame:
    """Two thousand judged entities, half drawn by lot; devices tell, `free` does not."""
    random = np.random.default_rng(3)
    devices = random.poisson(1.0, 2000).astype(float)
    bad = random.random(2000) < np.where(devices >= 3, 0.5, 0.04)
    unknown = random.random(2000) < 0.1
    return pl.DataFrame(
        {
            NAME: pl.Series(np.where(unknown, np.nan, devices)).fill_nan(None),
            FREE: random.normal(size=2000),
            "outcome": np.where(bad, "confirmed", "cleared"),
            "source": np.where(np.arange(2000) % 2, "exploration", "review"),
        }
    )


@pytest.fixture(scope="module")
def rows(judged: pl.DataFrame) -> pl.DataFrame:
    """Their lifts."""
    catalogue = {NAME: feature(NAME, "high"), FREE: feature(FREE, "none")}
    return lifts(judged, catalogue, SETTINGS)


def test_counts_come_back_from_the_rows(judged: pl.DataFrame, rows: pl.DataFrame) -> None:
    """Entities beyond, confirmed among them, rate, base and their ratio."""
    assert rows.height > 8
    for row in rows.iter_rows(named=True):
        sample = judged.filter(pl.col(row["feature"]).is_not_null())
        if row["sample"] == "random":
            sample = sample.filter(pl.col("source") == "exploration")
        value, at = pl.col(row["feature"]), row["threshold"]
        beyond = sample.filter(value >= at if row["side"] == "high" else value <= at)
        bad = beyond.filter(pl.col("outcome") == "confirmed").height
        base = sample.filter(pl.col("outcome") == "confirmed").height / sample.height
        assert (row["entities"], row["confirmed"]) == (beyond.height, bad)
        assert row["lift"] == pytest.approx(bad / beyond.height / base)
        assert row["lift_low"] <= row["lift"] <= row["lift_high"]
        assert beyond.height >= SETTINGS.lift_entities


def test_a_feature_is_looked_at_from_its_suspicious_end(rows: pl.DataFrame) -> None:
    """High where high is suspicious, both where neither is."""
    sides = rows.select("feature", "side").unique().sort("feature", "side").rows()
    assert sides == [(FREE, "high"), (FREE, "low"), (NAME, "high")]


def test_intervals_hold_as_often_as_they_say() -> None:
    """Of a thousand samples, about 95 in 100 intervals hold the true lift."""
    random, hits = np.random.default_rng(5), 0
    true = 0.4 / (0.1 * 0.4 + 0.9 * 0.05)
    for _ in range(1000):
        beyond = random.random(600) < 0.1
        bad = random.random(600) < np.where(beyond, 0.4, 0.05)
        row = lift(bad, beyond)
        hits += row["lift_low"] <= true <= row["lift_high"]
    assert 930 <= hits <= 975


def test_nobody_confirmed_is_a_lift_of_nought_with_an_interval() -> None:
    """No division by zero, and no claim of certainty."""
    beyond = np.arange(100) < 30
    none = lift(np.zeros(100, dtype=bool), beyond)
    assert (none["lift"], none["lift_low"]) == (0.0, 0.0)
    some = lift(np.arange(100) > 80, beyond)
    assert some["lift"] == 0.0 < some["lift_high"]


def test_the_sharpest_threshold_is_said(rows: pl.DataFrame) -> None:
    """Only thresholds that the value passes and whose interval lies above 1; one per feature."""
    sentences = sharpest(rows, {NAME: 4.0, FREE: 0.0})
    assert sentences["feature"].to_list() == [NAME]
    row = sentences.row(0, named=True)
    assert row["threshold"] == 3.0
    assert row["sample"] == "random"
    rivals = rows.filter(
        (pl.col("feature") == NAME) & (pl.col("threshold") <= 4.0) & (pl.col("sample") == "random")
    )
    assert row["lift_low"] == rivals["lift_low"].max()


def test_a_value_short_of_every_threshold_says_nothing(rows: pl.DataFrame) -> None:
    """Nor does an unknown one."""
    assert sharpest(rows, {NAME: 0.0, FREE: 0.0}).is_empty()
    assert sharpest(rows, {NAME: None}).is_empty()


def test_all_verdicts_speak_where_random_checks_are_too_few(
    judged: pl.DataFrame, rows: pl.DataFrame
) -> None:
    """With a handful of random checks the larger sample is quoted, under its name."""
    few = pl.concat(
        [
            judged.filter(pl.col("source") == "review"),
            judged.filter(pl.col("source") == "exploration").head(25),
        ]
    )
    sentences = sharpest(lifts(few, {NAME: feature(NAME, "high")}, SETTINGS), {NAME: 4.0})
    assert sentences["sample"].to_list() == ["judged"]
    assert sentences.columns == rows.columns


def test_an_interval_that_reads_as_from_one_says_nothing(rows: pl.DataFrame) -> None:
    """From 1.04 a page would print 1.0: no more often than all."""
    every = rows.with_columns(pl.lit(1.04).alias("lift_low"))
    assert sharpest(every, {NAME: 4.0}).is_empty()
    barely = rows.with_columns(pl.lit(1.05).alias("lift_low"))
    assert sharpest(barely, {NAME: 4.0})["feature"].to_list() == [NAME]
