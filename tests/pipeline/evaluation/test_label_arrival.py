"""A curve of arrival is that of all labels, though of young behaviour only the quick ones show."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from pipeline.evaluation.label_arrival import arrival, arrivals

DAY = date(2026, 5, 1)


def test_old_behaviour_alone_gives_the_plain_shares() -> None:
    """Where everything has had its time, a share is a count."""
    delay = np.array([0, 2, 2, 5])
    curve = arrival(delay, np.full(4, 90), least=1)
    assert curve["age_days"].to_list() == [0, 1, 2, 3, 4, 5]
    assert curve["share"].to_list() == pytest.approx([0.25, 0.25, 0.75, 0.75, 0.75, 1.0])
    assert set(curve["labels"]) == {4}


def test_a_behaviour_younger_than_an_age_does_not_count_at_it() -> None:
    """By hand: of two labels that could show three days one took them, so half came before."""
    delay, reach = np.array([1, 3, 1, 1]), np.array([9, 9, 1, 2])
    curve = arrival(delay, reach, least=1)
    assert curve["share"].to_list() == pytest.approx([0.0, 0.5, 0.5, 1.0])
    assert curve["old_enough"].to_list() == [4, 4, 3, 2]


def test_the_curve_ends_where_too_few_could_show_more() -> None:
    """What took longer is left out of the whole, not called missing."""
    delay, reach = np.array([1, 1, 2, 40]), np.array([50, 50, 50, 50])
    curve = arrival(delay, reach, least=3)
    assert curve["age_days"].max() == 40
    short = arrival(delay, np.array([50, 50, 30, 50]), least=4)
    assert short["age_days"].max() is None or short["age_days"].max() < 40
    assert arrival(delay[:0], reach[:0], least=1).is_empty()


def test_it_finds_the_delay_that_young_labels_hide() -> None:
    """Exponential delays of twenty days, behaviour spread over sixty: the median is 13.9."""
    random = np.random.default_rng(4)
    began = random.uniform(0.0, 60.0, 20_000)
    delay, reach = random.exponential(20.0, began.size), began
    seen = delay < reach
    whole = (delay[seen].astype(int), reach[seen].astype(int))
    curve = arrival(*whole, least=50)
    inside = 1.0 - np.exp(-60.0 / 20.0)
    true = (1.0 - np.exp(-(curve["age_days"].to_numpy() + 1) / 20.0)) / inside
    assert np.abs(curve["share"].to_numpy() - true).max() < 0.03
    naive = np.median(delay[seen])
    assert naive < 0.8 * 20.0 * np.log(2.0)


def labels(*rows: tuple[str, str, str, int, int]) -> pl.DataFrame:
    """Bad labels of a source: entity, scheme, source, days ago begun, days ago known."""
    noon = datetime.combine(DAY, datetime.min.time()) + timedelta(hours=12)
    return pl.DataFrame(
        [
            ("buyer", who, "bad", scheme, source, noon - timedelta(days=begun),
             noon - timedelta(days=known))
            for who, scheme, source, begun, known in rows
        ],
        schema=["entity_type", "entity_id", "label", "typology", "source", "event_at", "known_at"],
        orient="row",
    )  # fmt: skip


def test_only_the_first_word_of_a_scheme_counts() -> None:
    """Not what repeats it, what the lot drew, what a rule closed, or what began before labels."""
    rows = labels(
        ("a", "T1", "review", 20, 15),
        ("a", "T1", "appeal", 20, 2),
        ("b", "T1", "exploration", 20, 3),
        ("c", "T1", "rule", 20, 19),
        ("d", "T1", "review", 90, 8),
        ("e", "T2", "complaint", 18, 17),
        ("f", "T9", "review", 60, 60),
    )
    curves = arrivals(rows, DAY, least=1)
    assert curves.group_by("typology").len().sort("typology").rows() == [
        ("T1", 6),
        ("T2", 2),
        ("T9", 1),
    ]
    assert curves.filter(pl.col("typology") == "T1")["share"].to_list() == [0.0] * 5 + [1.0]
