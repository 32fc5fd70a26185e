"""Figures on the tiles: complete days only, noise beside the change, guard-rails that warn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from dashboard.view_models.kpi_table import kpi_table
from dashboard.view_models.kpi_tiles import figure_of, tiles
from dashboard.view_models.metric_series import few_note, sentence_of, young_note
from dashboard.view_models.periods import Compared, Period
from queries.registry import kpis

FIRST = date(2026, 4, 1)
LAST = date(2026, 4, 28)
REFUNDS, GMV, ORDERS = (kpis()[code] for code in ("refund_rate", "gmv_usd", "orders"))
WEEK = Compared.of(Period(date(2026, 4, 22), LAST))


def days(before: float, after: float, denominator: float | None = 100.0) -> pl.DataFrame:
    """Four weeks, the last of which differs."""
    rows = [
        {
            "day": FIRST + timedelta(days=i),
            "numerator": after if i >= 21 else before,
            "denominator": denominator,
            "n": 100,
        }
        for i in range(28)
    ]
    frame = pl.DataFrame(rows, schema_overrides={"denominator": pl.Float64})
    below = pl.col("denominator").fill_null(1.0)
    return frame.with_columns(value=pl.col("numerator") / below)


def test_a_figure_is_a_ratio_of_sums() -> None:
    """Seven days of 8 of 100 against seven of 5."""
    one = figure_of(REFUNDS, days(5.0, 8.0), WEEK, LAST)
    assert (one.before, one.value) == (pytest.approx(0.05), pytest.approx(0.08))
    assert one.n == 700
    assert one.tone == "bad"
    assert "+3.00 ±" in sentence_of(one)


def test_days_still_coming_in_are_compared_with_nothing() -> None:
    """Both weeks move back by as much as the last days lack."""
    one = figure_of(REFUNDS, days(5.0, 8.0), WEEK, LAST - timedelta(days=7))
    assert one.compared.now == Period(date(2026, 4, 15), date(2026, 4, 21))
    assert one.is_late
    assert one.change == pytest.approx(0.0)
    assert "moved back" in young_note(one, LAST - timedelta(days=7))


def test_a_sum_is_held_against_as_many_days() -> None:
    """A week against three weeks of as much a day did not fall by two thirds."""
    compared = Compared(WEEK.now, Period(FIRST, date(2026, 4, 21)))
    one = figure_of(ORDERS, days(10.0, 10.0, None), compared, LAST)
    assert (one.before, one.value) == (70.0, 70.0)
    assert one.tone == "none"


def test_a_stock_is_that_of_the_last_day() -> None:
    """What waits on Monday and on Tuesday is not twice as much."""
    stock = replace(ORDERS, window="stock")
    one = figure_of(stock, days(10.0, 12.0, None), WEEK, LAST)
    assert (one.before, one.value) == (10.0, 12.0)


def test_a_tile_says_that_a_guard_rail_broke() -> None:
    """GMV grew, and so did the refunds it must not cost."""
    rows = {"gmv_usd": days(1000.0, 1500.0, None), "refund_rate": days(5.0, 9.0)}
    figures = {code: figure_of(kpis()[code], frame, WEEK, LAST) for code, frame in rows.items()}
    complete = dict.fromkeys(rows, LAST)
    (tile,) = tiles([figures["gmv_usd"]], rows, complete, "gmv_usd", guards=figures)
    assert tile.is_warning
    assert "Refund" in tile.note
    assert tile.is_selected
    alone = tiles([figures["gmv_usd"]], rows, complete, "", guards={})
    assert not alone[0].is_warning


def test_a_line_knows_its_days() -> None:
    """Which of them are compared, and from which on they are still coming in."""
    rows = {"refund_rate": days(5.0, 8.0)}
    until = LAST - timedelta(days=7)
    one = figure_of(REFUNDS, rows["refund_rate"], WEEK, until)
    (tile,) = tiles([one], rows, {"refund_rate": until}, "", guards={})
    assert len(tile.series) - tile.young == 7
    assert tile.window[1] - tile.window[0] == 6
    assert tile.window[1] == tile.young - 1


def test_days_of_few_are_said_to_be() -> None:
    """A hole in a line is explained; a sum has none."""
    frame = days(5.0, 8.0).with_columns(
        n=pl.Series([29] * 3 + [100] * 25), value=pl.Series([None] * 3 + [0.05] * 25)
    )
    assert few_note(REFUNDS, frame) == "On 3 days fewer than 30 were counted: no rate is drawn."
    assert few_note(REFUNDS, days(5.0, 8.0)) == ""
    assert few_note(GMV, frame) == ""


def test_every_metric_stands_under_the_one_it_explains() -> None:
    """Depth first, indented, each once."""
    frames = {code: days(5.0, 5.0) for code in kpis()}
    figures = {code: figure_of(kpis()[code], frames[code], WEEK, LAST) for code in kpis()}
    table = kpi_table(figures, frames, dict.fromkeys(kpis(), LAST))
    assert sorted(table.codes) == sorted(kpis())
    places = {code: place for place, code in enumerate(table.codes)}
    for code, kpi in kpis().items():
        if kpi.parent is not None:
            assert places[kpi.parent] < places[code]
