"""Planted causes are named, their shares add up, and nothing is named where nothing happened."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest

from pipeline.attribution.root_causes import CAUSES, SENTENCES, Reason, RootCauses, root_causes
from pipeline.attribution.search import SearchSettings

DIMENSIONS = ("category", "channel", "market", "tier")
VALUES = {
    "category": ("beauty", "food", "home", "toys"),
    "channel": ("live", "shop_tab", "video"),
    "market": ("ID", "PH", "SG", "TH", "VN"),
    "tier": ("large", "new", "small"),
}


def market(seed: int, orders: float = 60.0) -> pl.DataFrame:
    """Leaves with the mean count of orders of each."""
    random = np.random.default_rng(seed)
    leaves = pl.DataFrame(list(product(*VALUES.values())), schema=list(VALUES), orient="row")
    return leaves.with_columns(mean=random.gamma(2.0, orders / 2.0, leaves.height))


def counts(seed: int, *effects: tuple[pl.Expr, float]) -> pl.DataFrame:
    """Poisson counts before, and after with each effect on the slice it names."""
    random, leaves = np.random.default_rng(seed), market(seed)
    after = leaves["mean"]
    for where, factor in effects:
        after = leaves.select(
            pl.when(where).then(pl.Series("after", after) * factor).otherwise(pl.Series(after))
        ).to_series()
    return leaves.select(
        *DIMENSIONS,
        numerator_before=pl.Series(random.poisson(leaves["mean"])),
        numerator_after=pl.Series(random.poisson(after)),
    )


def rates(seed: int, where: pl.Expr | None, rate: float) -> pl.DataFrame:
    """Refunds of orders: 2 of 100, but `rate` in the slice in the period after."""
    random, leaves = np.random.default_rng(seed), market(seed, orders=400.0)
    hit = pl.lit(value=False) if where is None else where
    chance = leaves.select(pl.when(hit).then(rate).otherwise(0.02).alias("rate"))["rate"]
    sizes = [random.poisson(leaves["mean"]) for _ in range(2)]
    return leaves.select(
        *DIMENSIONS,
        numerator_before=pl.Series(random.binomial(sizes[0], 0.02)),
        numerator_after=pl.Series(random.binomial(sizes[1], chance)),
        denominator_before=pl.Series(sizes[0]),
        denominator_after=pl.Series(sizes[1]),
    )


def named(answer: RootCauses) -> set[str]:
    """The elements."""
    return set(answer.causes["elements"])


IN_TH_LIVE = (pl.col("market") == "TH") & (pl.col("channel") == "live")
FOOD = pl.col("category") == "food"


@pytest.mark.parametrize("seed", range(5))
def test_several_causes_of_counts_are_named_at_once(seed: int) -> None:
    """One of two dimensions that doubled, one of one dimension that fell by half."""
    answer = root_causes(counts(seed, (FOOD, 0.5), (IN_TH_LIVE & ~FOOD, 2.0)), DIMENSIONS)
    assert named(answer) == {"category=food", "channel=live&market=TH"}
    signs = dict(answer.causes.select("elements", "contribution").iter_rows())
    assert signs["category=food"] < 0.0 < signs["channel=live&market=TH"]


def test_a_cause_of_a_ratio_is_named() -> None:
    """Four of a hundred more refunds in one slice of two dimensions, in nine of ten draws."""
    answers = [root_causes(rates(seed, IN_TH_LIVE, 0.06), DIMENSIONS) for seed in range(10, 20)]
    right = [answer for answer in answers if named(answer) == {"channel=live&market=TH"}]
    assert len(right) >= 9
    for cause in (answer.causes.row(0, named=True) for answer in right):
        assert (cause["channel"], cause["market"], cause["category"]) == ("live", "TH", None)
        assert abs(cause["change"] - 0.04) < cause["margin"] + 0.005
        assert cause["share_of_change"] > 0.5


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_named_where_nothing_happened(seed: int) -> None:
    """Counts and rates that vary as chance has it."""
    for leaves in (counts(seed), rates(seed, None, 0.0)):
        answer = root_causes(leaves, DIMENSIONS)
        assert named(answer) == set()
        assert answer.reason is Reason.NO_SLICE
        assert answer.causes.columns == [*CAUSES, *DIMENSIONS]


def test_what_moves_everything_is_no_slice() -> None:
    """All twice as much; and a slice that went further is still told from the rest."""
    leaves = counts(3, (pl.lit(value=True), 2.0))
    assert root_causes(leaves, DIMENSIONS).reason is Reason.EVERYWHERE
    leaves = counts(3, (pl.lit(value=True), 2.0), (IN_TH_LIVE, 3.0))
    assert named(root_causes(leaves, DIMENSIONS)) == {"channel=live&market=TH"}


def test_a_mix_that_moves_is_no_cause() -> None:
    """The whole's rate falls because one market with a high rate sold less; no rate moved."""
    leaves = rates(4, None, 0.0).with_columns(
        *(
            pl.when(pl.col("market") == "TH").then(pl.col(name) * 5).otherwise(pl.col(name))
            for name in ("numerator_before", "numerator_after")
        )
    )
    for name in ("numerator_after", "denominator_after"):
        shrunk = (pl.col(name) * 0.3).round().cast(pl.Int64)
        chosen = pl.when(pl.col("market") == "TH").then(shrunk).otherwise(pl.col(name))
        leaves = leaves.with_columns(chosen)
    answer = root_causes(leaves, DIMENSIONS)
    assert named(answer) == set()
    assert (answer.rest.whole.change or 0.0) < -2 * (answer.rest.whole.margin or 0.0)


def test_causes_and_the_rest_sum_to_the_change() -> None:
    """Whatever overlaps is counted once."""
    for leaves in (rates(1, IN_TH_LIVE, 0.06), counts(1, (FOOD, 0.5), (IN_TH_LIVE, 2.0))):
        answer = root_causes(leaves, DIMENSIONS)
        rest = answer.rest.slices.filter(pl.col("rank") == 0)["contribution"].sum()
        total = answer.causes["contribution"].sum() + rest
        assert total == pytest.approx(answer.rest.whole.change, rel=1e-9)


def test_a_sum_before_is_scaled_to_the_days_after() -> None:
    """Four weeks before, one after: a quarter is no fall."""
    leaves = counts(6).with_columns(pl.col("numerator_before") * 4)
    assert root_causes(leaves, DIMENSIONS).reason is Reason.EVERYWHERE
    assert root_causes(leaves, DIMENSIONS, days=(28, 7)).reason is Reason.NO_SLICE


def test_a_missing_value_is_never_a_cause() -> None:
    """It stands for every value."""
    where = pl.col("market") == "TH"
    leaves = rates(7, where, 0.08).with_columns(
        tier=pl.when(where).then(None).otherwise(pl.col("tier"))
    )
    assert named(root_causes(leaves, DIMENSIONS)) == {"market=TH"}


def test_rows_of_one_combination_are_summed() -> None:
    """Days need no grouping beforehand."""
    leaves = rates(8, IN_TH_LIVE, 0.06)
    halves = [
        leaves.with_columns(pl.col("^.*_(before|after)$") // 2),
        leaves.with_columns(pl.col("^.*_(before|after)$") - pl.col("^.*_(before|after)$") // 2),
    ]
    once, twice = root_causes(leaves, DIMENSIONS), root_causes(pl.concat(halves), DIMENSIONS)
    assert once.causes.equals(twice.causes)


@pytest.mark.parametrize(
    ("leaves", "reason"),
    [
        (rates(1, None, 0.0).clear(), Reason.EMPTY),
        (counts(1).with_columns(pl.col("^numerator.*$") * 0), Reason.EMPTY),
        (counts(1).with_columns(numerator_after=pl.col("numerator_before")), Reason.NO_CHANGE),
        (counts(1).head(1), Reason.NO_SLICE),
        (rates(1, None, 0.0).with_columns(denominator_after=pl.lit(0)), Reason.EMPTY),
    ],
)
def test_no_cause_has_its_reason(leaves: pl.DataFrame, reason: Reason) -> None:
    """None raises, and each has a sentence."""
    answer = root_causes(leaves, DIMENSIONS)
    assert answer.reason is reason
    assert SENTENCES[reason].endswith(".")


def test_negative_and_giant_values_are_searched() -> None:
    """Reversals below zero, and one shop that is nearly all of it."""
    leaves = counts(2, (IN_TH_LIVE, 3.0))
    giant = pl.when(FOOD).then(pl.col("^numerator.*$") * 1_000).otherwise(pl.col("^numerator.*$"))
    assert root_causes(leaves.with_columns(giant), DIMENSIONS).rest.whole.change is not None
    negative = leaves.with_columns(numerator_after=-pl.col("numerator_after"))
    assert root_causes(negative, DIMENSIONS).rest.whole.change is not None


def test_no_dimension_is_no_slice() -> None:
    """There is nothing to search."""
    assert root_causes(counts(1), ()).reason is Reason.NO_SLICE


def test_a_sparse_space_is_searched_as_a_dense_one() -> None:
    """Sums by key or rolled up from one array are the same sums."""
    leaves = rates(5, IN_TH_LIVE, 0.08)
    wide = leaves.with_columns(shop=pl.format("s{}", pl.int_range(pl.len())))
    settings = SearchSettings(most_dimensions=2)
    assert named(root_causes(wide, (*DIMENSIONS, "shop"), settings)) == named(
        root_causes(leaves, DIMENSIONS, settings)
    )


def test_what_is_explained_stays_explained_when_the_rest_moved_alike() -> None:
    """A slice of three times as much is found before the whole's half as much again."""
    leaves = counts(9, (pl.lit(value=True), 1.15), (IN_TH_LIVE, 5.0), (FOOD & IN_TH_LIVE, 0.5))
    answer = root_causes(leaves, DIMENSIONS)
    elements = answer.causes["elements"].to_list()
    assert len(elements) == len(set(elements))
    assert answer.causes["leaves"].min() > 0
