"""Contributions add up, whatever is folded into the rest."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.view_models.why import SENTENCES, WhyView, unexplained


def contributions(features: dict[str, float], **columns: object) -> pl.DataFrame:
    """One row per feature, as they are given: strongest first; the base is -1."""
    rows = [
        {"feature": name, "base_margin": -1.0, "value": 2.0, "contribution": push,
         "low": push - 0.1, "high": push + 0.1, "peer_median": 1.0,
         "peer_group": "MY", "peer_count": 3, **columns}
        for name, push in features.items()
    ]  # fmt: skip
    return pl.DataFrame(rows)


def numbered(values: list[float], **columns: object) -> pl.DataFrame:
    """One contribution per value, strongest first, of features without other models."""
    ordered = sorted(values, key=abs, reverse=True)
    named = {f"feature_{i}": value for i, value in enumerate(ordered)}
    return contributions(named, **{"low": None, "high": None, **columns})


def test_a_family_alone_still_ends_at_the_margin() -> None:
    """What is filtered away is one bar, so the sum stays exact."""
    rows = contributions({"refund_rate_30d": 1.0, "gmv_usd_1d": 0.5, "orders_1d": -0.2})
    view = WhyView.of(rows, "merchant", family="refunds")
    assert [reason.feature for reason in view.reasons_for] == ["refund_rate_30d"]
    assert view.bars["label"][1] == "2 other features"
    assert view.reasons_against == ()
    assert view.bars["end"][-1] == pytest.approx(0.3)


def test_a_weak_argument_against_is_heard_among_strong_ones_for() -> None:
    """Each side has as many sentences, whichever is stronger."""
    rows = contributions({f"for_{i}": 3.0 - i / 10 for i in range(12)} | {"against": -0.01})
    view = WhyView.of(rows, "merchant")
    assert len(view.reasons_for) == SENTENCES
    assert [reason.feature for reason in view.reasons_against] == ["against"]


def test_a_lift_is_told_with_its_count_and_interval() -> None:
    """Model-free, under the feature it is about."""
    lift = {"feature": "orders_1d", "threshold": 4.0, "side": "high", "entities": 1312,
            "sample": "random", "lift": 9.04, "lift_low": 7.1, "lift_high": 11.4}  # fmt: skip
    rows = contributions({"orders_1d": 1.0})
    reason = WhyView.of(rows, "merchant", lifts=pl.DataFrame([lift])).reasons_for[0]
    assert reason.lift == (
        "Merchants with “Orders, 1 day: 4 or more” are confirmed 9.0 times as often as all "
        "(n = 1,312 random checks, 7.1–11)"
    )


def test_a_lift_never_stands_under_what_lowers_the_score() -> None:
    """It would argue against the side it is on."""
    lift = {"feature": "orders_1d", "threshold": 4.0, "side": "high", "entities": 90,
            "sample": "judged", "lift": 2.0, "lift_low": 1.06, "lift_high": 2.7}  # fmt: skip
    counted = pl.DataFrame([lift])
    rows = contributions({"orders_1d": 1.0})
    (raised,) = WhyView.of(rows, "merchant", lifts=counted).reasons_for
    rows = contributions({"orders_1d": -1.0})
    (lowered,) = WhyView.of(rows, "merchant", lifts=counted).reasons_against
    assert "2.0 times as often as all (n = 90 verdicts, 1.1–2.7)" in raised.lift
    assert not lowered.lift


@given(st.lists(st.floats(-3, 3, allow_nan=False), min_size=1, max_size=40))
def test_the_bars_lead_from_the_base_to_the_margin(values: list[float]) -> None:
    """Each bar starts where the one below ends; the last is base + sum."""
    view = WhyView.of(numbered(values), "merchant")
    steps = view.bars.slice(1, len(view.bars) - 2)
    assert view.bars["end"][-1] == pytest.approx(-1.0 + sum(values), abs=1e-9)
    assert view.feature_count == len(values)
    assert steps["start"].to_list() == pytest.approx([-1.0, *steps["end"].to_list()[:-1]])


def test_what_is_not_shown_is_one_bar() -> None:
    """Twelve features are ten bars and a rest of two."""
    view = WhyView.of(numbered([float(i) for i in range(1, 13)]), "merchant")
    assert view.bars["contribution"][1] == 3.0
    assert view.bars["label"][1] == "2 other features"


def test_reasons_are_split_by_sign() -> None:
    """What raises and what lowers stand apart, each strongest first."""
    view = WhyView.of(numbered([1.0, -2.0, 0.5]), "merchant")
    assert [reason.contribution for reason in view.reasons_for] == [1.0, 0.5]
    assert [reason.contribution for reason in view.reasons_against] == [-2.0]


def test_nothing_explained_is_an_empty_view() -> None:
    """No rows, no bars, no reasons."""
    assert WhyView.of(numbered([1.0]).head(0), "merchant").bars.is_empty()


def test_a_value_without_history_says_so() -> None:
    """A null value is not a zero."""
    rows = numbered([1.0]).with_columns(pl.lit(None, pl.Float64).alias("value"))
    assert "too little history" in WhyView.of(rows, "merchant").reasons_for[0].sentence
    theirs = WhyView.of(rows, "merchant", is_handed_over=True)
    assert theirs.reasons_for[0].sentence == "Feature 0: no value was handed over"


def test_a_documented_feature_speaks_its_catalogue_sentence() -> None:
    """The words come from the catalogue, the value in its unit."""
    rows = numbered([1.0]).with_columns(pl.lit("refund_rate_30d").alias("feature"))
    reason = WhyView.of(rows, "merchant").reasons_for[0]
    assert reason.has_evidence
    assert "200.0 refund requests per 100 orders" in reason.sentence


@pytest.mark.parametrize("group", ["all markets / toys, under 30 days old", "all merchants"])
def test_a_wider_group_stands_in_for_one_that_is_too_small(group: str) -> None:
    """The caption says whom the numbers are compared with, and why not with its own kind."""
    view = WhyView.of(numbered([1.0], peer_group=group, peer_count=500), "merchant")
    caption = f"Peers: {group}, 500 entities; its own group is too small to compare with"
    assert view.peer_text == caption


def test_the_group_is_named_with_its_age() -> None:
    """Category, market and age of the peers stand in the caption."""
    group = "MY / toys, under 30 days old"
    view = WhyView.of(numbered([1.0], peer_group=group, peer_count=31), "merchant")
    assert view.peer_text == f"Peers: 31 entities in {group}"


@pytest.mark.parametrize(
    ("model", "has_contributions", "title"),
    [
        (None, False, "There is no score to explain."),
        ((None, None), False, "There is no score to explain."),
        (("m1", "later period"), True, "This entity was not explained."),
        (("m1", "handed over"), False, "Not explained: no contributions of this kind were given."),
        (("m1", "handed over"), True, "Not explained: the contributions file has no row of it."),
    ],
)
def test_what_is_not_explained_says_why(
    model: tuple[str | None, str | None] | None, has_contributions: bool, title: str
) -> None:
    """The true reason, not one of another case."""
    row = (
        None if model is None else dict(zip(("model_version", "calibrated_on"), model, strict=True))
    )
    assert unexplained(row, has_contributions=has_contributions)[0] == title
