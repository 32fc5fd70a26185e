"""Planted events are named where they could have been it, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from pipeline.attribution.causes import CAUSES, Cause, Subject, causes, incomplete_days

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST = date(2026, 8, 10)
LAST = FIRST + timedelta(days=9)
MARKETS = ("GB", "ID", "SG", "US")


def daily(rate: Callable[[str, date, bool], float], *, is_sum: bool = False) -> pl.DataFrame:
    """Orders by market and day, a tenth of them of a ring, with what `rate` says of them."""
    random = np.random.default_rng(7)
    rows = []
    for market in MARKETS:
        for number in range(-28, 10):
            day = FIRST + timedelta(days=number)
            for is_ring, orders in ((False, 180), (True, 20)):
                top = int(random.binomial(orders, min(rate(market, day, is_ring), 1.0)))
                below = None if is_sum else float(orders)
                rows.append((market, day, is_ring, float(top), below, top * 0.1))
    names = ("market", "day", "is_ring", "numerator", "denominator", "largest")
    types = (pl.String, pl.Date, pl.Boolean, *[pl.Float64] * 3)
    return pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row")


def event(kind: str, market: str | None, day: date, days: int = 1) -> dict[str, Any]:
    """One event of the calendar."""
    starts = datetime(day.year, day.month, day.day)  # noqa: DTZ001, as staged: naive UTC
    return {
        "event_id": f"evt_{kind}_{market}_{day}",
        "kind": kind,
        "title": f"{kind} in {market}",
        "market": market,
        "starts_at": starts,
        "ends_at": starts + timedelta(days=days),
    }


def calendar(*events: dict[str, Any]) -> pl.DataFrame:
    """Of these events."""
    schema = {
        **dict.fromkeys(("event_id", "kind", "title", "market"), pl.String),
        **dict.fromkeys(("starts_at", "ends_at"), pl.Datetime("us")),
    }
    return pl.DataFrame(list(events), schema=schema)


def in_id_from(first: date, lifted: float = 0.6, usual: float = 0.3) -> Callable[..., float]:
    """A rate that lifts in ID from a day on."""
    return lambda market, day, _ring: lifted if market == "ID" and day >= first else usual


def of_id(metric: str = "fast_payment_rate", first: date = FIRST, cohort: int = 0) -> Subject:
    """The movement in ID."""
    return Subject(metric, first, LAST, "ID", cohort)


def shares(frame: pl.DataFrame) -> dict[str, float]:
    """By cause."""
    assert dict(frame.schema) == CAUSES
    assert frame.is_empty() or frame["share"].sum() == pytest.approx(1.0)
    return {row["cause"]: row["share"] for row in frame.iter_rows(named=True)}


def test_a_release_that_lifts_one_market_is_named() -> None:
    """Of all that begin nearby: another market's, a later one, one of all markets."""
    events = calendar(
        event("release", "ID", FIRST),
        event("release", None, FIRST),
        event("policy", "SG", FIRST),
        event("policy", "ID", FIRST + timedelta(days=4)),
        event("carrier", "ID", FIRST, days=20),
    )
    answer = causes(of_id(), daily(in_id_from(FIRST)), events)
    assert answer["title"].to_list() == ["release in ID", None]
    assert shares(answer)["release"] > 0.9


def test_what_began_before_it_was_noticed_is_put_down_to_what_it_began_with() -> None:
    """A movement seen three days late, with another event the day before it was seen."""
    began = FIRST - timedelta(days=3)
    events = calendar(
        event("release", "ID", began), event("policy", "ID", FIRST - timedelta(days=1))
    )
    answer = causes(of_id(), daily(in_id_from(began)), events)
    assert answer["title"].to_list()[0] == "release in ID"


def test_markets_that_were_not_touched_are_the_comparison() -> None:
    """All markets rose alike: the release in one of them is not why."""
    everywhere = daily(lambda _market, day, _ring: 0.5 if day >= FIRST else 0.3)
    events = calendar(event("release", "ID", FIRST))
    assert "release" not in shares(causes(of_id(), everywhere, events))
    events = calendar(event("release", None, FIRST))
    assert shares(causes(of_id(), everywhere, events))["release"] > 0.8


def test_an_attack_on_the_day_of_a_policy_is_no_policy() -> None:
    """Only orders in which a ring has a part moved."""
    rings = daily(
        lambda market, day, ring: 0.9 if ring and market == "ID" and day >= FIRST else 0.05
    )
    found = shares(causes(of_id("refund_rate"), rings, calendar(event("policy", "ID", FIRST))))
    assert found["ring"] > 0.9
    assert "policy" not in found


def test_rings_meet_an_event_as_others_do() -> None:
    """A strike delays everybody: none of it is the rings' doing."""
    events = calendar(event("carrier", "ID", FIRST, days=10))
    strike = daily(in_id_from(FIRST, lifted=0.7, usual=0.1))
    found = shares(causes(of_id("late_dispatch_rate"), strike, events))
    assert found["carrier"] > 0.9
    assert "ring" not in found


def test_one_shop_is_no_event() -> None:
    """Where one shop has most of it, no calendar explains it."""
    shop = daily(in_id_from(FIRST)).with_columns(largest=pl.col("numerator") * 0.8)
    assert shares(causes(of_id(), shop, calendar(event("release", "ID", FIRST)))) == {
        "unexplained": 1.0
    }


@pytest.mark.parametrize(
    ("kind", "metric"),
    [("campaign", "late_dispatch_rate"), ("carrier", "fast_payment_rate"), ("outage", "orders")],
)
def test_a_kind_moves_only_what_it_can(kind: str, metric: str) -> None:
    """A campaign does not delay parcels, a strike does not make people pay fast."""
    events = calendar(event(kind, "ID", FIRST, days=12))
    assert kind not in shares(causes(of_id(metric), daily(in_id_from(FIRST)), events))


def test_a_policy_lasts_and_a_campaign_ends() -> None:
    """One day is no policy's; what goes on after a campaign is not of it."""
    one_day = Subject("refund_rate", FIRST, FIRST, "ID")
    spike = daily(lambda market, day, _: 0.6 if market == "ID" and day == FIRST else 0.2)
    assert "policy" not in shares(causes(one_day, spike, calendar(event("policy", "ID", FIRST))))
    lasting = daily(in_id_from(FIRST))
    short = calendar(event("campaign", "ID", FIRST, days=3))
    assert "campaign" not in shares(causes(of_id("young_account_rate"), lasting, short))


def test_a_cohort_moves_before_the_policy_that_meets_it() -> None:
    """Orders on their way when claims become easier were placed days before."""
    events = calendar(event("policy", "ID", FIRST + timedelta(days=4)))
    early = daily(in_id_from(FIRST, lifted=0.3, usual=0.15))
    assert shares(causes(of_id("refund_rate", cohort=21), early, events))["policy"] > 0.9
    assert "policy" not in shares(causes(of_id("refund_rate"), early, events))


def test_incomplete_days_come_first() -> None:
    """Days without verdicts are not better days."""
    gap = {FIRST + timedelta(days=number): Cause.LABEL_GAP for number in range(10)}
    fallen = daily(in_id_from(FIRST, lifted=0.02, usual=0.3))
    assert shares(causes(of_id("bad_order_rate"), fallen, calendar(), gap)) == {
        "label_gap": 1.0,
        "unexplained": 0.0,
    }


def test_a_day_waits_for_its_cohort_or_for_verdicts() -> None:
    """The first closed while none arrived, the last has not had its time."""
    subject = Subject("bad_order_rate_7d", FIRST, FIRST + timedelta(days=2), None, 7)
    gap = FIRST + timedelta(days=7)
    days = incomplete_days(subject, [FIRST + timedelta(days=1)], [gap])
    assert days == {FIRST: Cause.LABEL_GAP, FIRST + timedelta(days=2): Cause.MATURITY}


def test_a_mix_that_shifted_is_said() -> None:
    """Volume went to the slice with the higher rate; no rate moved."""
    slices = pl.DataFrame(
        {
            "channel": ["live", "video"],
            "numerator_before": [100.0, 10.0],
            "denominator_before": [200.0, 200.0],
            "numerator_after": [150.0, 5.0],
            "denominator_after": [300.0, 100.0],
        }
    )
    answer = causes(of_id(), daily(in_id_from(FIRST)), calendar(), slices={"channel": slices})
    assert answer.row(0, named=True)["cause"] == "mix"
    assert answer.row(0, named=True)["title"] == "channel"


def test_sums_are_explained_too() -> None:
    """Orders of a campaign."""
    orders = daily(in_id_from(FIRST), is_sum=True)
    events = calendar(event("campaign", "ID", FIRST, days=10))
    assert shares(causes(of_id("orders"), orders, events))["campaign"] > 0.9


def test_no_change_and_no_day_have_no_cause() -> None:
    """Empty, never an error."""
    still = daily(lambda *_: 0.3)
    assert causes(of_id(), still, calendar(event("release", "ID", FIRST))).is_empty()
    assert causes(of_id(), still.clear(), calendar()).is_empty()


def test_nobody_sells_less_for_an_offer() -> None:
    """A fall on the days of a campaign has another cause."""
    fallen = daily(in_id_from(FIRST, lifted=0.1), is_sum=True)
    events = calendar(event("campaign", "ID", FIRST, days=10))
    assert shares(causes(of_id("orders"), fallen, events)) == {"unexplained": 1.0}


def test_a_dollar_is_no_event() -> None:
    """The same orders at fifty dollars scatter as they do, whatever the unit is called."""
    random = np.random.default_rng(11)
    orders = daily(in_id_from(FIRST, lifted=0.31), is_sum=True)
    values = random.gamma(0.5, 100.0, orders.height) * orders["numerator"].to_numpy()
    money = orders.with_columns(numerator=pl.Series(values), largest=pl.Series(values * 0.1))
    subject = replace(of_id("gmv_usd"), is_money=True)
    assert causes(subject, money, calendar()).is_empty()
    assert not causes(replace(subject, is_money=False), money, calendar()).is_empty()
    lifted = money.with_columns(
        pl.when((pl.col("market") == "ID") & (pl.col("day") >= FIRST))
        .then(pl.col("numerator", "largest") * 4.0)
        .otherwise(pl.col("numerator", "largest"))
        .name.keep()
    )
    events = calendar(event("campaign", "ID", FIRST, days=10))
    assert shares(causes(subject, lifted, events))["campaign"] > 0.5
