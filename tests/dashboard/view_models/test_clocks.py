"""Whose days are shown is said, and so is who told no time zone."""

from __future__ import annotations

from datetime import date

import polars as pl

from dashboard.view_models.clocks import Clocks

DAYS = ("first_whole_day", "last_whole_day", "last_mature_day")


def clocks(*rows: tuple[str, str, bool]) -> Clocks:
    """Clocks of some markets; the second ends a day later than the first, and so on."""
    frame = pl.DataFrame(rows, schema=["market", "time_zone", "is_default"], orient="row")
    days = [[date(2026, 6, day + i) for i in range(len(rows))] for day in (1, 20, 10)]
    return Clocks.of(frame.with_columns(map(pl.Series, DAYS, days)))


def test_one_clock_is_named_on_the_axis() -> None:
    """A single market, or several of one zone."""
    assert clocks(("SG", "Asia/Singapore", False)).axis == "Day in Asia/Singapore"
    assert clocks(("A", "UTC", True), ("B", "UTC", True)).axis == "Day in UTC"


def test_several_clocks_are_listed_and_the_days_hold_in_all() -> None:
    """The first and last days are those that are whole in every market."""
    both = clocks(("ID", "Asia/Jakarta", False), ("US", "America/Chicago", False))
    assert both.axis == "Local day of each market"
    assert both.sentence == (
        "Days are local days: ID Asia/Jakarta, US America/Chicago. "
        "The last day that is over everywhere is 2026-06-20."
    )
    assert (both.first_whole_day, both.last_mature_day) == (date(2026, 6, 2), date(2026, 6, 10))


def test_a_market_without_a_zone_says_so() -> None:
    """UTC is the default, never a secret."""
    both = clocks(("BR", "UTC", True), ("ID", "Asia/Jakarta", False))
    assert "BR told no time zone: its days are UTC." in both.sentence
    assert "BR UTC" not in both.sentence
