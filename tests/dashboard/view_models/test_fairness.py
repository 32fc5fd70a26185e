"""What differs beyond chance is named: a planted unfair market, and nothing where all are fair."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from dashboard.view_models.fairness import RULE, VERDICTS, fairness_rows

SEEDS = (1, 2, 3, 101, 102)
"""The last two were not looked at while the page was written."""
MARKETS = ("GB", "ID", "SG", "US")


def verdicts(seed: int, *, is_biased: bool, count: int = 900) -> pl.DataFrame:
    """Bad verdicts of which one in seven is wrong; biased, a rule in ID is wrong in half of its."""
    rng = np.random.default_rng(seed)
    market = rng.choice(MARKETS, count)
    is_rule = (market == "ID") & (rng.random(count) < 0.5) & is_biased
    seller = rng.random(count) < 0.5
    wrong = rng.random(count) < np.where(is_rule, 0.5, 1 / 7)
    appealed = rng.random(count) < 0.8
    orders = np.where(is_rule, rng.integers(0, 28, count), rng.integers(0, 400, count))
    return pl.DataFrame(
        {
            "market": market,
            "decided_by": np.where(is_rule, RULE, "people"),
            "known_day": [date(2026, 5, 1)] * count,
            "seller_age_days": [
                int(v) if s else None
                for v, s in zip(rng.integers(0, 900, count), seller, strict=True)
            ],
            "seller_orders": [int(v) if s else None for v, s in zip(orders, seller, strict=True)],
            "is_overturned": wrong & appealed,
            "is_found_good": wrong,
        },
        schema=pl.Schema(VERDICTS),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_planted_rule_is_found(seed: int) -> None:
    """The market, the rule and the small sellers; by people alone no market stands out."""
    rows, _ = fairness_rows(verdicts(seed, is_biased=True))
    worse = {(row.dimension, row.band) for row in rows if row.is_worse}
    assert {("market", "ID"), ("decided_by", RULE), ("size", "under 1 order a day")} <= worse
    assert not {one for one in worse if one[0] in {"people_market", "age"}}


def test_where_all_are_fair_hardly_anything_is_named() -> None:
    """Of twenty fair worlds of 15 bands one may have a band that is named."""
    named = [
        row
        for seed in range(20)
        for row in fairness_rows(verdicts(seed, is_biased=False))[0]
        if row.direction
    ]
    assert len(named) <= 2


def test_bands_of_few_are_left_out_and_counted() -> None:
    """Nine verdicts of a market are no share, and a market without a name is no band."""
    few = verdicts(1, is_biased=False).with_columns(
        market=pl.when(pl.int_range(pl.len()) < 9).then(pl.lit("MY")).otherwise("market")
    )
    rows, left_out = fairness_rows(few)
    assert "MY" not in {row.band for row in rows}
    assert left_out == 2


def test_the_sentence_says_both_shares() -> None:
    """Of the band and of the rest, as the rows hold them."""
    frame = verdicts(3, is_biased=True)
    row = next(
        one for one in fairness_rows(frame)[0] if (one.dimension, one.band) == ("market", "ID")
    )
    inside = frame.filter(market="ID")["is_overturned"].to_list()
    outside = frame.filter(pl.col("market") != "ID")["is_overturned"].to_list()
    own, rest = (f"{100 * sum(one) / len(one):.0f}%" for one in (inside, outside))
    assert (
        f"of {len(inside)} bad verdicts {own} overturned on appeal (the rest {rest})"
        in row.sentence
    )
