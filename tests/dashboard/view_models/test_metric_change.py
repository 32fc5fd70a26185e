"""A change by slice: the path ends where the metric does, and few orders are not told apart."""

from __future__ import annotations

import polars as pl
import pytest

from dashboard.view_models.metric_change import LEAST_EVENTS, MOST_BARS, REST, ChangeView, GridView
from pipeline.attribution.decomposition import additive, ratio


def rows(count: int) -> pl.DataFrame:
    """A rate that rises in the first of `count` markets."""
    return pl.DataFrame(
        {
            "market": [f"M{i}" for i in range(count)],
            "numerator_before": [10.0] * count,
            "denominator_before": [1000.0] * count,
            "numerator_after": [90.0, *[10.0] * (count - 1)],
            "denominator_after": [1000.0] * count,
        }
    )


def test_the_path_leads_from_before_to_now() -> None:
    """Every bar counted, those that share one too: 1.0 % to 1.73 % over eleven markets."""
    view = ChangeView.of(ratio(rows(12)), "bps", names="market", label=str.lower)
    ends = view.path.filter(pl.col("kind").is_in(["base", "total"]))["end"].to_list()
    assert ends == pytest.approx([100.0, 10_000.0 * (90 + 11 * 10) / 12_000])
    assert view.path["label"].to_list()[-2] == "m0"
    assert view.title == "bps"
    assert view.path.height <= MOST_BARS + 3


def test_a_bar_opens_its_slice_and_the_rest_opens_none() -> None:
    """Keys go with the bars from the lowest up."""
    many = rows(14).with_columns(pl.Series("numerator_after", [90.0, *range(11, 24)]).cast(float))
    view = ChangeView.of(ratio(many), "rate", names="market", label=str)
    assert len(view.keys) == MOST_BARS + 1
    assert view.keys[0] == ""
    assert view.keys[-1] == "M0"
    assert REST not in view.keys


def test_a_sum_is_said_without_rate_and_mix() -> None:
    """Parts of a rate mean nothing of a sum."""
    sums = rows(2).select("market", "numerator_before", "numerator_after")
    view = ChangeView.of(additive(sums), "count", names="market", label=str)
    assert "mix" not in view.sentence
    assert view.sentence.startswith("+80 ")


def test_nothing_to_divide_by_is_a_sentence() -> None:
    """No path, no exception."""
    empty = rows(2).with_columns(denominator_before=pl.lit(0.0))
    view = ChangeView.of(ratio(empty), "rate", names="market", label=str)
    assert view.path.is_empty()
    assert any("divide" in note for note in view.notes)


def test_a_cell_of_few_is_not_told() -> None:
    """It is left blank, said to be, and counted."""
    few = rows(2).with_columns(
        channel=pl.Series(["live", "video"]),
        denominator_before=pl.Series([1000.0, LEAST_EVENTS - 1.0]),
        numerator_before=pl.Series([10.0, 2.0]),
    )
    view = GridView.of(ratio(few), "bps", ("market", "channel"), str)
    cells = {
        (row, column): (view.grid[i][j], view.words[i][j][0])
        for i, row in enumerate(view.rows)
        for j, column in enumerate(view.columns)
    }
    assert cells["M1", "video"] == (None, f"n < {LEAST_EVENTS}")
    assert cells["M0", "live"][0] is not None
    assert cells["M0", "video"] == (None, "")
    assert view.suppressed == 1
