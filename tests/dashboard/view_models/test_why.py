"""Contributions add up, whatever is folded into the rest."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.view_models.why import WhyView


def contributions(values: list[float], **columns: object) -> pl.DataFrame:
    """One contribution per value, strongest first, base -1."""
    rows = [
        {
            "feature": f"feature_{i}",
            "base_margin": -1.0,
            "value": 2.0,
            "contribution": value,
            "peer_median": 1.0,
            "peer_low": 0.5,
            "peer_high": 1.5,
            "peer_group": "MY / beauty",
            "peer_count": 40,
            **columns,
        }
        for i, value in enumerate(sorted(values, key=abs, reverse=True))
    ]
    return pl.DataFrame(rows)


@given(st.lists(st.floats(-3, 3, allow_nan=False), min_size=1, max_size=40))
def test_the_bars_lead_from_the_base_to_the_margin(values: list[float]) -> None:
    """Each bar starts where the one below ends; the last is base + sum."""
    view = WhyView.of(contributions(values), "merchant")
    steps = view.bars.slice(1, len(view.bars) - 2)
    assert view.margin == pytest.approx(-1.0 + sum(values), abs=1e-9)
    assert view.bars["end"][-1] == pytest.approx(view.margin, abs=1e-9)
    assert steps["start"].to_list() == pytest.approx([-1.0, *steps["end"].to_list()[:-1]])


def test_what_is_not_shown_is_one_bar() -> None:
    """Twelve features are ten bars and a rest of two."""
    view = WhyView.of(contributions([float(i) for i in range(1, 13)]), "merchant")
    assert (view.other_count, view.other_sum) == (2, 3.0)
    assert view.bars["label"][1] == "2 other features"


def test_reasons_are_split_by_sign() -> None:
    """What raises and what lowers stand apart, each strongest first."""
    view = WhyView.of(contributions([1.0, -2.0, 0.5]), "merchant")
    assert [reason.contribution for reason in view.reasons_for] == [1.0, 0.5]
    assert [reason.contribution for reason in view.reasons_against] == [-2.0]


def test_nothing_explained_is_an_empty_view() -> None:
    """No rows, no bars, no reasons."""
    assert WhyView.of(contributions([1.0]).head(0), "merchant").bars.is_empty()


def test_a_value_without_history_says_so() -> None:
    """A null value is not a zero."""
    rows = contributions([1.0]).with_columns(pl.lit(None, pl.Float64).alias("value"))
    assert "too little history" in WhyView.of(rows, "merchant").reasons[0].sentence


def test_a_documented_feature_speaks_its_catalogue_sentence() -> None:
    """The words come from the catalogue, the value in its unit."""
    rows = contributions([1.0]).with_columns(pl.lit("refund_rate_30d").alias("feature"))
    reason = WhyView.of(rows, "merchant").reasons[0]
    assert reason.has_evidence
    assert "200.0%" in reason.sentence


@pytest.mark.parametrize("group", ["all markets / toys, under 30 days old", "all merchants"])
def test_a_wider_group_stands_in_for_one_that_is_too_small(group: str) -> None:
    """The caption says whom the numbers are compared with, and why not with its own kind."""
    view = WhyView.of(contributions([1.0], peer_group=group, peer_count=500), "merchant")
    told = f"Peers: {group}, 500 entities; its own group is too small to compare with"
    assert view.peer_text == told


def test_the_group_is_named_with_its_age() -> None:
    """Category, market and age of the peers stand in the caption."""
    group = "MY / toys, under 30 days old"
    view = WhyView.of(contributions([1.0], peer_group=group, peer_count=31), "merchant")
    assert view.peer_text == f"Peers: 31 entities in {group}"
