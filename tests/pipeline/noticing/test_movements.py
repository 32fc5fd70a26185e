"""What moved is named once, in the slice that moved, from the day on which it did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from pipeline.noticing.movements import movements
from pipeline.noticing.panel import About, panel, stacked
from pipeline.noticing.scan import scan
from pipeline.noticing.season import PlannedEvent, season
from tests.pipeline.noticing.marketplace import (
    DAYS,
    MARKETS,
    SETTINGS,
    Marketplace,
    day,
    noticed,
)

GB_TOYS = (("category", "Toys"), ("market", "GB"))
GB = (("market", "GB"),)


@pytest.mark.parametrize("seed", range(5))
def test_of_a_quiet_marketplace_nothing_is_named(seed: int) -> None:
    """Neither of counts nor of rates, though some 20,000 comparisons are made."""
    quiet = Marketplace.of(seed)
    assert noticed(quiet.counts()) + noticed(quiet.rates()) == []


def test_a_rise_is_named_in_its_own_slice_and_nowhere_else() -> None:
    """Neither the market, the category nor the whole, which it moves, nor a neighbour."""
    place = Marketplace.of(11)
    place.bad[40:50, 0, 2] += place.orders[40:50, 0, 2] // 2
    only = noticed(place.rates())
    assert [one.slice for one in only] == [GB_TOYS]
    assert (only[0].kind, only[0].direction) == ("shift", "bad")
    assert abs(only[0].first_day - day(40)) <= timedelta(days=1)
    assert abs(only[0].last_day - day(49)) <= timedelta(days=1)
    assert day(40) <= only[0].noticed_on <= day(42)
    assert only[0].low < only[0].expected < only[0].high < only[0].actual


def test_what_moves_a_whole_market_is_named_there() -> None:
    """Not once for each of its categories."""
    place = Marketplace.of(12)
    place.bad[45:60, 0] += place.orders[45:60, 0] // 3
    assert [one.slice for one in noticed(place.rates())] == [GB]


def test_what_moves_everything_is_named_as_the_whole() -> None:
    """A slice that moves as all others do says nothing."""
    place = Marketplace.of(13)
    place.orders[60] *= 3
    only = noticed(place.counts())
    assert [(one.slice, one.kind) for one in only] == [((), "spike")]
    assert (only[0].first_day, only[0].last_day) == (day(60), day(60))
    assert only[0].direction == "good"


def test_two_that_move_at_once_are_both_named() -> None:
    """One does not hide the other."""
    place = Marketplace.of(14)
    place.bad[40:47, 0, 2] += place.orders[40:47, 0, 2] // 2
    place.bad[40:47, 1, 0] += place.orders[40:47, 1, 0] // 2
    named = {one.slice for one in noticed(place.rates())}
    assert named == {GB_TOYS, (("category", "Food"), ("market", "ID"))}


def test_the_end_of_an_attack_is_no_movement() -> None:
    """Its days did not become what is usual."""
    place = Marketplace.of(15)
    place.orders[40:54, 0, 2] += 100
    assert [one.direction for one in noticed(place.counts())] == ["good"]


def test_what_stays_is_named_once() -> None:
    """After four weeks it is the level, and its going on nothing new."""
    place = Marketplace.of(16)
    place.bad[30:, 0] += place.orders[30:, 0] // 3
    assert [one.slice for one in noticed(place.rates())] == [GB]


def test_the_evening_it_shows_includes_the_maturity() -> None:
    """And nothing is said of days that are not mature."""
    place = Marketplace.of(17)
    place.bad[40:50, 0, 2] += place.orders[40:50, 0, 2] // 2
    place.bad[DAYS - 5 :] = 0
    only = noticed(place.rates(maturity_days=10))
    assert [one.slice for one in only] == [GB_TOYS]
    assert day(50) <= only[0].noticed_on <= day(52)


def test_a_campaign_that_comes_again_surprises_nobody() -> None:
    """The calendar says what such days usually bring; without it they would be named."""
    place = Marketplace.of(18)
    sales = [
        PlannedEvent(f"Payday sale {n + 1}", None, day(start), day(start + 2))
        for n, start in enumerate((24, 44, 64))
    ]
    for start in (24, 44, 64):
        place.orders[start : start + 3] = np.round(place.orders[start : start + 3] * 1.8)
    assert noticed(place.counts())
    assert noticed(place.counts(), sales) == []


def test_a_small_difference_is_sure_but_does_not_matter() -> None:
    """Fifteen in a hundred more of very many."""
    place = Marketplace.of(19, mean=2_000.0)
    place.orders[40:54] = np.round(place.orders[40:54] * 1.15)
    assert noticed(place.counts()) == []


def test_money_is_not_named_where_it_follows_orders() -> None:
    """It is made of them; where it moves alone, it is."""
    place = Marketplace.of(21)
    place.orders[50] *= 3
    orders, money = place.counts(), place.counts()
    follows = replace(money.about[0], metric="gmv_usd", follows=("orders",))
    money = replace(money, about=(follows,), numerator=30.0 * money.numerator)
    both = stacked([orders, money])
    factors = np.concatenate([season(one, []) for one in (orders, money)])
    named = movements(scan(both, factors, SETTINGS), SETTINGS)
    assert {one.metric for one in named} == {"orders"}
    assert [one.metric for one in noticed(money)] == ["gmv_usd"]


def test_a_step_of_one_market_does_not_hide_itself() -> None:
    """It lasts a third of the period, and is no wider scatter of that market."""
    place = Marketplace.of(22)
    place.bad[54:, 1] += place.orders[54:, 1] // 4
    only = noticed(place.rates())
    assert [one.slice for one in only] == [(("market", "ID"),)]
    assert only[0].first_day <= only[0].noticed_on <= only[0].first_day + timedelta(days=3)


def test_a_marketplace_of_one_day_or_no_orders_is_no_error() -> None:
    """There is nothing to compare with."""
    place = Marketplace.of(20, mean=0.0)
    assert place.orders.shape[1] == len(MARKETS)
    assert noticed(place.counts()) + noticed(place.rates()) == []


def test_a_ratio_to_nothing_is_no_movement() -> None:
    """Payments declined for each dispute, where hardly any order is disputed: no rate to say."""
    place = Marketplace.of(14)
    declined = place.orders.copy()
    declined[40:50] *= 5
    disputes = np.zeros_like(declined)
    disputes[10::20, 0, 0] = 1
    days = [day(n) for n in range(DAYS)]
    usable = pl.DataFrame({"market": market, "day": days} for market in MARKETS).explode("day")
    about = About("declined_payment_ratio", is_ratio=True, good="up")
    for denominator, is_named in ((disputes, False), (place.orders * 20, True)):
        rows = place.rows(declined, denominator).with_columns(n="numerator")
        own = noticed(panel(about, rows, days, usable))
        assert bool(own) == is_named
        assert all(one.actual < 10.0 for one in own)
