"""Which events could have moved a metric, and how far each did.

An event is taken as a cause only where it could be one: it begins when the movement does, in
its market, on a metric that its kind can move, and the movement lasts if the event does. What
one shop did is no event's doing. How far an event moved a metric is a difference in differences:
how its markets moved beyond those that it did not touch, over orders in which no ring has a
part, so that an attack on the same day is not laid at its door; rings' orders are then taken to
have met it as others did. An event of every market has nothing to be compared with: of it counts
what all markets have in common, where each moved.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.attribution.levels import summed
from pipeline.attribution.noise import Z

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from pipeline.attribution.levels import Level, MarketLevel, Subject

EARLY, LATE = timedelta(days=1), timedelta(days=1)
"""A movement begins at its event, give or take a local day."""
VOLUME = frozenset({"orders", "gmv_usd", "sign_ups", "voucher_claims", "price_drops"})
TRAFFIC = VOLUME | {
    *("young_account_rate", "new_buyer_voucher_rate", "voucher_cost_share", "commission_rate"),
    *("follower_steps", "new_links", "fast_payment_rate"),
}
SERVICE = frozenset(
    {
        *("late_dispatch_rate", "seller_cancellation_rate", "not_received_rate"),
        *("refund_rate", "low_rating_rate", "chargeback_rate"),
    }
)
MOVES: Mapping[str, frozenset[str] | None] = {
    "policy": None,
    "release": None,
    "campaign": TRAFFIC,
    "holiday": TRAFFIC | SERVICE,
    "viral": TRAFFIC | SERVICE,
    "carrier": SERVICE | VOLUME,
}
"""Metrics that a kind of event can move; None = any. An outage of the label feed moves nothing
but what is known: its days are incomplete."""
RAISING = frozenset({"campaign", "viral"})
"""Kinds that bring orders."""
LASTING = frozenset({"policy", "release"})
"""Kinds that begin something; the others are over when they end."""
LEAST_LASTING_DAYS = 4
"""What is over sooner did not begin with them."""
REACHING_BACK = LASTING | {"carrier"}
"""Kinds that meet orders on their way, so that cohorts placed before them move too."""
MOST_REACH = 7
"""Days from an order to what such an event can still change: it has mostly arrived by then."""
BROAD = 0.5
"""An event touches many shops: where one has more than this of a day, it is that shop's doing."""
OF_ONE = frozenset({"viral"})
"""Kinds that are one shop's or one host's."""


class Effect(NamedTuple):
    """What an event moved, in the numerator's unit."""

    event_id: str
    kind: str
    title: str
    excess: float
    variance: float


def effects(
    subject: Subject, by_market: Mapping[str, MarketLevel], events: pl.DataFrame
) -> list[Effect]:
    """One for every market touched: two events of one market moved the same orders.

    Of several that could have, the nearest to the movement's first day is taken.
    """
    known = [event for event in events.iter_rows(named=True) if _could(subject, event)]
    known.sort(key=lambda event: (abs(_day(event["starts_at"]) - subject.first_day), event["kind"]))
    touched = {event["market"] for event in known}
    untouched = [level.clean for market, level in by_market.items() if market not in touched]
    scope = {
        market: level for market, level in by_market.items() if subject.market in {None, market}
    }
    made: dict[str | None, Effect] = {}
    for event in known:
        market = event["market"]
        here = [level for name, level in scope.items() if market in {None, name}]
        if market in made or not here or not _is_broad(event["kind"], here):
            continue
        pace = _common(by_market) if market is None else summed(untouched).pace
        if pace is not None:
            others = None if market is None else summed(untouched)
            names = (event["event_id"], event["kind"], event["title"])
            effect = Effect(*names, *_effect(here, pace, others))
            if not (_raises(subject, effect.kind) and effect.excess < 0.0):
                made[market] = effect
    return list(made.values())


def _raises(subject: Subject, kind: str) -> bool:
    """Whether a kind of event can only add to the metric: nobody sells less for an offer."""
    return kind in RAISING and subject.metric in VOLUME


def _effect(here: list[MarketLevel], pace: float, others: Level | None) -> tuple[float, float]:
    """(excess, variance); `pace` is the untouched markets', or what all have in common."""
    clean, ring = summed([one.clean for one in here]), summed([one.ring for one in here])
    expected = clean.expected
    # Of an event of all markets the common pace is the effect, of another what goes beyond it.
    factor = pace - 1.0 if others is None else clean.pace - pace
    of_ring = factor * ring.expected
    met = min(max(of_ring, min(0.0, ring.excess)), max(0.0, ring.excess))
    excess = factor * expected + met
    of_pace = (expected * pace) ** 2 / max(others.actual, 1.0) if others is not None else 0.0
    return excess, clean.variance + of_pace


def _common(by_market: Mapping[str, MarketLevel]) -> float | None:
    """The middle market's pace, if each moved the same way beyond chance; else None.

    With no untouched market to compare with, a drift of some is no sign of it.
    """
    cleans = [one.clean for one in by_market.values() if one.clean.expected > 0.0]
    sigmas = np.array([one.excess / np.sqrt(one.variance) for one in cleans])
    if sigmas.size < 2 or max(sigmas.min(), -sigmas.max()) < Z:  # noqa: PLR2004, one has no other
        return None
    return float(np.median([one.pace for one in cleans]))


def _is_broad(kind: str, here: list[MarketLevel]) -> bool:
    clean = summed([one.clean for one in here])
    return kind in OF_ONE or clean.largest <= BROAD * clean.actual


def _could(subject: Subject, event: Mapping[str, object]) -> bool:
    """Whether an event began when the movement did, in its market, and can move its metric."""
    kind = str(event["kind"])
    if kind not in MOVES:
        return False
    metrics = MOVES[kind]
    if metrics is not None and subject.metric not in metrics:
        return False
    if subject.market is not None and event["market"] not in {None, subject.market}:
        return False
    starts, ends = _day(event["starts_at"]), _day(event["ends_at"])
    reach = min(subject.cohort_days, MOST_REACH) if kind in REACHING_BACK else 0
    begins = starts - EARLY - timedelta(days=reach) <= subject.first_day <= starts + LATE
    if kind in LASTING:
        return begins and subject.days >= LEAST_LASTING_DAYS
    return begins and subject.last_day <= ends + LATE


def _day(moment: object) -> date:
    return moment.date() if isinstance(moment, datetime) else date.max
