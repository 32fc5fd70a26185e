"""What an announced change did: planted steps are named, chance and others' changes are not."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from pipeline.noticing.event_studies import EVENT_STUDIES, Announced, event_studies
from pipeline.settings.noticing import NoticingSettings

FIRST = date(2026, 6, 1)
MARKETS = ("GB", "ID", "SG", "US")
ORDERS, DAYS = 100, 90
SETTINGS = NoticingSettings()


def _day(n: int) -> date:
    return FIRST + timedelta(days=n)


def _rule(market: str, day: int, name: str = "pol_1") -> Announced:
    return Announced(name, "policy", "A rule", market, _day(day))


def _rates(rate: dict[str, list[float]], seed: int | None = None) -> pl.DataFrame:
    """Days of orders; of each market so many refunds as its rate says, by chance with a seed."""
    rng = np.random.default_rng(seed)
    rows = [
        (market, _day(n), float(own), float(ORDERS))
        for market, rates in rate.items()
        for n, p in enumerate(rates)
        for own in [ORDERS * p if seed is None else rng.binomial(ORDERS, p)]
    ]
    return pl.DataFrame(rows, schema=["market", "day", "numerator", "denominator"], orient="row")


def _step(day: int, before: float, after: float) -> list[float]:
    return [before] * day + [after] * (DAYS - day)


def test_a_step_of_its_market_is_its_effect() -> None:
    """By hand: the others went from 10 to 12 %, so 10 % was to become 12 %; it became 18 %."""
    daily = _rates({m: _step(45, 0.10, 0.18 if m == "ID" else 0.12) for m in MARKETS})
    row = event_studies([_rule("ID", 45)], {"refund_rate": daily}, SETTINGS).row(0, named=True)
    assert row["is_effect"]
    assert (row["before"], row["after"]) == (pytest.approx(0.10), pytest.approx(0.18))
    assert row["expected"] == pytest.approx(0.12)
    assert (row["n_before"], row["n_after"]) == (28 * ORDERS, 28 * ORDERS)
    assert (row["since"], row["until"]) == (_day(17), _day(72))
    assert row["low"] < row["expected"] < row["high"] < row["after"]


def test_what_every_market_did_is_nobodys_effect() -> None:
    """A strike of the season is not the rule's doing."""
    daily = _rates({market: _step(45, 0.10, 0.18) for market in MARKETS}, seed=1)
    rows = event_studies([_rule("ID", 45)], {"refund_rate": daily}, SETTINGS)
    assert not rows["is_effect"].any()


def test_one_market_on_strike_does_not_decide() -> None:
    """Of three others the middle one is what was to be expected."""
    rate = {market: _step(45, 0.10, 0.30 if market == "GB" else 0.10) for market in MARKETS}
    rows = event_studies([_rule("ID", 45)], {"refund_rate": _rates(rate, seed=2)}, SETTINGS)
    assert not rows["is_effect"].any()


def test_chance_makes_few_effects() -> None:
    """Forty quiet marketplaces of ten rates: a share of 5 % of them names one."""
    named = 0
    for seed in range(40):
        quiet = {m: [0.1] * DAYS for m in MARKETS}
        daily = {f"rate_{n}": _rates(quiet, seed=100 * seed + n) for n in range(10)}
        named += int(event_studies([_rule("ID", 45)], daily, SETTINGS)["is_effect"].sum())
    assert named <= 2


def test_of_two_changes_the_one_that_fits_has_it() -> None:
    """A step of day 45 is not also the doing of a rule of day 52."""
    rate = {m: _step(45, 0.10, 0.25 if m == "ID" else 0.10) for m in MARKETS}
    rules = [_rule("ID", 52, "pol_late"), _rule("ID", 45, "pol_right")]
    rows = event_studies(rules, {"refund_rate": _rates(rate, seed=3)}, SETTINGS)
    effects = dict(rows.select("event_id", "is_effect").iter_rows())
    assert effects == {"pol_right": True}


@pytest.mark.parametrize("day", [7, DAYS - 7])
def test_too_few_days_on_one_side_say_nothing(day: int) -> None:
    """Two weeks are asked for."""
    daily = _rates({market: [0.1] * DAYS for market in MARKETS})
    rows = event_studies([_rule("ID", day)], {"refund_rate": daily}, SETTINGS)
    assert rows.is_empty()
    assert rows.schema == pl.Schema(EVENT_STUDIES)


def test_one_market_alone_has_nothing_to_be_compared_with() -> None:
    """Nor a market beside one other: it has nothing to part from."""
    for markets in (("ID",), ("ID", "GB")):
        daily = _rates({market: _step(45, 0.1, 0.3) for market in markets})
        assert event_studies([_rule("ID", 45)], {"refund_rate": daily}, SETTINGS).is_empty()


def test_a_rate_of_nothing_and_no_events_are_borne() -> None:
    """No refund at all, no order at all, no change at all."""
    nothing = _rates({market: [0.0] * DAYS for market in MARKETS})
    none = nothing.with_columns(denominator=pl.lit(0.0))
    for daily in (nothing, none, nothing.clear()):
        assert event_studies([_rule("ID", 45)], {"refund_rate": daily}, SETTINGS).is_empty()
    assert event_studies([], {"refund_rate": nothing}, SETTINGS).is_empty()
