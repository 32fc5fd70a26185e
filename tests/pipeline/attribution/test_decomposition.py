"""Parts that sum to the change, signs that flip, and a state for whatever has none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.attribution.change import SENTENCES, SLICES, State
from pipeline.attribution.decomposition import Change, additive, grouped, ratio
from pipeline.attribution.noise import Noise

PARTS = ("rate", "mix", "interaction", "contribution")
_number = st.integers(-1_000, 100_000)
_money = st.floats(-1e6, 1e6, allow_nan=False, width=32)


def of_ratio(*rows: tuple[float, float, float, float]) -> pl.DataFrame:
    """Slices s0, s1, ... of (numerator, denominator) before and after."""
    names = ("numerator_before", "denominator_before", "numerator_after", "denominator_after")
    slices = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64), orient="row")
    return slices.with_columns(market=pl.format("s{}", pl.int_range(pl.len())))


def of_sum(*rows: tuple[float, float]) -> pl.DataFrame:
    """Slices s0, s1, ... of a value before and after."""
    names = ("numerator_before", "numerator_after")
    slices = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64), orient="row")
    return slices.with_columns(market=pl.format("s{}", pl.int_range(pl.len())))


def swapped(slices: pl.DataFrame) -> pl.DataFrame:
    """The same with its periods exchanged."""
    names = [name for name in slices.columns if name.endswith(("_before", "_after"))]
    other = {
        name: name.replace("_before", "_x").replace("_after", "_before").replace("_x", "_after")
        for name in names
    }
    return slices.rename(other)


def by_slice(change: Change) -> dict[str, dict[str, float | None]]:
    """Rows of the slices by name."""
    return {row["market"]: row for row in change.slices.to_dicts()}


@given(st.lists(st.tuples(_number, _number, _number, _number), max_size=8))
@settings(max_examples=150, deadline=None)
def test_parts_of_a_ratio_sum_to_its_change(rows: list[tuple[int, int, int, int]]) -> None:
    """Whatever the counts are, negative or zero; and undefined is a state."""
    change = ratio(of_ratio(*rows))
    below = [sum(row[1] for row in rows), sum(row[3] for row in rows)]
    if 0 in below:
        assert change.whole.change is None
        assert State.UNDEFINED in change.states
        return
    truth = sum(row[2] for row in rows) / below[1] - sum(row[0] for row in rows) / below[0]
    scale = max(
        1.0, *(abs(value or 0.0) for row in change.slices.iter_rows() for value in row[1:-1])
    )
    assert change.whole.change == pytest.approx(truth, abs=1e-9 * scale)
    assert change.rate + change.mix + change.interaction == pytest.approx(truth, abs=1e-9 * scale)
    assert change.slices["contribution"].sum() == pytest.approx(truth, abs=1e-9 * scale)


@given(st.lists(st.tuples(_money, _money), max_size=8), st.integers(1, 60), st.integers(1, 60))
@settings(max_examples=100, deadline=None)
def test_parts_of_a_sum_add_up(rows: list[tuple[float, float]], first: int, last: int) -> None:
    """With the period before scaled to the length of the one after."""
    change = additive(of_sum(*rows), days=(first, last))
    truth = sum(row[1] for row in rows) - sum(row[0] for row in rows) * last / first
    scale = max(1.0, sum(abs(row[1]) + abs(row[0]) * last / first for row in rows))
    assert change.whole.change == pytest.approx(truth, abs=1e-9 * scale)
    assert change.slices["contribution"].sum() == pytest.approx(truth, abs=1e-9 * scale)


@given(st.lists(st.tuples(_number, _number, _number, _number), min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_swapping_the_periods_flips_every_sign(rows: list[tuple[int, int, int, int]]) -> None:
    """Of the whole and of each part of each slice."""
    slices = of_ratio(*rows)
    there, back = ratio(slices), ratio(swapped(slices))
    if there.whole.change is None:
        assert back.whole.change is None
        return
    assert back.whole.change == pytest.approx(-there.whole.change, rel=1e-9, abs=1e-9)
    mirror = by_slice(back)
    for name, row in by_slice(there).items():
        for part in PARTS:
            assert mirror[name][part] == pytest.approx(-(row[part] or 0.0), rel=1e-9, abs=1e-9)
    sums = of_sum(*((row[0], row[2]) for row in rows))
    assert additive(swapped(sums)).whole.change == pytest.approx(
        -(additive(sums).whole.change or 0.0)
    )


def test_each_part_says_what_it_is_called() -> None:
    """A pure move of the rate, a pure move of the mix, and both in one slice."""
    rate_only = ratio(of_ratio((10, 1_000, 30, 1_000), (10, 1_000, 10, 1_000)))
    assert rate_only.rate == pytest.approx(0.01)
    assert rate_only.mix == rate_only.interaction == 0.0
    mix_only = ratio(of_ratio((100, 1_000, 300, 3_000), (10, 1_000, 10, 1_000)))
    assert mix_only.mix == pytest.approx(mix_only.whole.change)
    assert mix_only.rate == mix_only.interaction == 0.0
    both = ratio(of_ratio((100, 1_000, 600, 3_000), (10, 1_000, 10, 1_000)))
    assert min(both.rate, both.mix, both.interaction) > 0.0


def test_a_slice_of_one_period_is_mix() -> None:
    """There is no rate to compare it with."""
    rows = by_slice(ratio(of_ratio((10, 1_000, 10, 1_000), (0, 0, 80, 500), (5, 500, 0, 0))))
    assert [rows[name]["state"] for name in ("s1", "s2")] == [State.NEW, State.VANISHED]
    for name in ("s1", "s2"):
        assert rows[name]["change"] is None
        assert rows[name]["rate"] == rows[name]["interaction"] == 0.0
    assert (rows["s1"]["mix"] or 0.0) > 0.04


def test_a_numerator_without_a_denominator_is_counted() -> None:
    """Refunds of a channel that sold nothing still moved the whole."""
    change = ratio(of_ratio((10, 1_000, 10, 1_000), (0, 0, 5, 0)))
    assert by_slice(change)["s1"]["contribution"] == pytest.approx(0.005)
    assert by_slice(change)["s1"]["state"] == State.NEW


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (additive(of_sum()), State.EMPTY),
        (ratio(of_ratio()), State.EMPTY),
        (additive(of_sum((0, 0))), State.EMPTY),
        (additive(of_sum((7, 7), (90, 90))), State.NO_CHANGE),
        (ratio(of_ratio((7, 70, 7, 70), (90, 900, 90, 900))), State.NO_CHANGE),
        (ratio(of_ratio((7, 0, 7, 70))), State.UNDEFINED),
        (ratio(of_ratio((0, 0, 7, 70))), State.UNDEFINED),
        (additive(of_sum((0, 500))), State.NEW),
        (additive(of_sum((500, 0), (20, 0))), State.VANISHED),
        (additive(of_sum((100, 108))), State.WITHIN_NOISE),
        (ratio(of_ratio((10, 100, 12, 100))), State.WITHIN_NOISE),
        (additive(of_sum((9_000, 12_000), (50, 50))), State.GIANT),
        (additive(of_sum((100, 300)), days=(1, 1)), State.ONE_DAY),
        (ratio(of_ratio((100, 1_000, 300, 1_000)), days=(28, 1)), State.ONE_DAY),
    ],
)
def test_what_cannot_be_taken_plainly_has_a_sentence(change: Change, state: State) -> None:
    """None of these raises."""
    assert state in change.states
    assert SENTENCES[state].endswith(".")
    assert change.slices.columns == ["market", *SLICES]


def test_negative_values_are_values() -> None:
    """Reversals of a day may exceed its sales."""
    change = additive(of_sum((-500.0, -100.0), (200.0, 100.0)))
    assert change.whole.change == pytest.approx(300.0)
    assert change.states == ()


def test_simpsons_paradox_is_said() -> None:
    """Both markets got better, the whole got worse: volume went to the worse market."""
    rows = ((100, 9_000, 8, 1_000), (200, 1_000, 1_500, 9_000))
    change = ratio(of_ratio(*rows))
    assert (change.whole.change or 0.0) > 0.0
    assert all((row["change"] or 0.0) < 0.0 for row in by_slice(change).values())
    assert change.is_paradox
    assert change.mix > (change.whole.change or 0.0)
    agreed = ratio(of_ratio((100, 9_000, 300, 9_000), (200, 1_000, 300, 1_000)))
    assert not agreed.is_paradox


@pytest.mark.parametrize("noise", Noise)
def test_the_interval_of_a_rate_holds_the_truth(noise: Noise) -> None:
    """In about 95 of 100 periods drawn with the same rates, for the whole and each slice."""
    random = np.random.default_rng(5)
    rate, size = np.array([0.02, 0.10, 0.004]), np.array([3_000, 800, 400])
    draw = random.binomial if noise is Noise.BINOMIAL else lambda n, p: random.poisson(n * p)
    held: list[bool] = []
    whole: list[bool] = []
    for _ in range(200):
        first, last = draw(size, rate), draw(size, rate)
        change = ratio(of_ratio(*zip(first, size, last, size, strict=True)), noise)
        held += [abs(row["change"]) <= row["margin"] for row in change.slices.to_dicts()]
        whole.append(abs(change.whole.change or 0.0) <= (change.whole.margin or 0.0))
    assert 0.92 < np.mean(whole) < 0.98
    assert 0.93 < np.mean(held) < 0.995


def test_the_noise_of_counts_and_of_money() -> None:
    """A count varies by its root; money by how many orders it is the sum of."""
    counts = additive(of_sum((400, 900)))
    assert counts.whole.margin == pytest.approx(1.96 * np.sqrt(1_300), rel=1e-3)
    money = of_sum((40_000.0, 90_000.0)).with_columns(n_before=pl.lit(4.0), n_after=pl.lit(9.0))
    few = additive(money)
    many = additive(money.with_columns(pl.col("n_before", "n_after") * 100))
    assert (few.whole.margin or 0.0) == pytest.approx(10 * (many.whole.margin or 0.0))
    assert State.WITHIN_NOISE in few.states
    assert State.WITHIN_NOISE not in many.states


def test_a_rate_of_money_is_as_sure_as_its_orders() -> None:
    """A share of GMV is no share of that many cents."""
    slices = of_ratio((100_000.0, 1e6, 140_000.0, 1e6))
    by_cents = ratio(slices)
    by_orders = ratio(slices.with_columns(n_before=pl.lit(100.0), n_after=pl.lit(100.0)))
    assert by_cents.states == ()
    assert by_orders.states == (State.WITHIN_NOISE,)


def test_leaves_are_grouped_by_any_columns() -> None:
    """Sums of the leaves, a missing dimension being a slice of its own."""
    leaves = pl.concat([of_ratio((1, 10, 2, 10)), of_ratio((3, 10, 4, 20))]).with_columns(
        creator=pl.Series(["new", None])
    )
    groups = grouped(leaves, ["creator"])
    assert groups["numerator_after"].to_list() == [2.0, 4.0]
    assert ratio(groups).whole == replace(ratio(grouped(leaves, ["market"])).whole)
