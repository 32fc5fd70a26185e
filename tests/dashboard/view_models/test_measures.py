"""Levels and changes in words: points of a rate are never a share, and noise stands beside."""

from __future__ import annotations

import pytest

from dashboard.currency import Currency, show_in
from dashboard.view_models.measures import difference, level, moved, scale_of, tone


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.0178, "bps", "178 bps"),
        (0.0005, "bps", "5.0 bps"),
        (0.034, "rate", "3.4%"),
        (598_000.0, "usd", "$598K"),
        (1204.0, "count", "1,204"),
        (2.1, "days", "2.1 days"),
        (None, "usd", "–"),
    ],
)
def test_a_level_reads_in_its_unit(value: float | None, unit: str, said: str) -> None:
    """As a person would say it."""
    assert level(value, unit) == said


@pytest.mark.parametrize(
    ("before", "after", "unit", "said"),
    [
        (0.050, 0.045, "rate", "\u22120.50 pp"),
        (0.0178, 0.0207, "bps", "+29.0 bps"),
        (100.0, 99.5, "count", "\u22120.5%"),
        (0.0, 3.0, "count", "none before"),
        (0.0, 0.0, "count", "0%"),
        (2.0, 3.5, "days", "+1.5 days"),
        (None, 1.0, "usd", "–"),
    ],
)
def test_a_rate_moves_in_points_and_anything_else_by_a_share(
    before: float | None, after: float, unit: str, said: str
) -> None:
    """`-0.5%` of a rate was once read as half a point."""
    assert moved(before, after, unit) == said


def test_a_change_has_its_noise() -> None:
    """In the same unit and with as many decimals."""
    assert difference(0.0029, "bps", 0.0006) == "+29.0 ± 6.0 bps"
    assert difference(-11_344.0, "usd", 2_000.0) == "\u2212$11.3K ± $2K"


def test_money_is_scaled_in_the_currency_shown() -> None:
    """An axis of yen is in yen."""
    show_in(Currency("JPY", 0, 150.0))
    try:
        scale = scale_of("usd", 1_000.0)
        assert scale.title.endswith("K")
        assert scale.factor == pytest.approx(0.15)
    finally:
        show_in(Currency())


@pytest.mark.parametrize(
    ("change", "margin", "good", "said"),
    [
        (1.0, 0.5, "up", "good"),
        (1.0, 0.5, "down", "bad"),
        (-1.0, 0.5, "up", "bad"),
        (1.0, 2.0, "down", "none"),
        (1.0, None, "none", "none"),
        (None, None, "up", "none"),
    ],
)
def test_what_is_within_chance_is_neither_good_nor_bad(
    change: float | None, margin: float | None, good: str, said: str
) -> None:
    """A colour is a claim."""
    assert tone(change, margin, good) == said
