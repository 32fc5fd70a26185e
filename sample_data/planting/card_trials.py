"""How a list of stolen cards is tried: per phone and day a run of cards, seconds apart."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sample_data.kit.plan_records import Plot
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance, log_uniform
from sample_data.kit.settings import DAY, HOUR
from sample_data.period.payments import BIN, BIN_MARKET, BIN_STEP, ISSUERS

TEST_DAYS: Final = (1.0, 3.0)  # assumption
CARDS: Final = (24.0, 110.0)  # docs/domain.md §T7: 5-200 cards per phone and day
SLOW_CARDS: Final = (5.0, 12.0)  # §T7: lower end of 5-200
PAUSE, SLOW_PAUSE = 45.0, 1_500.0  # assumption: seconds between two cards
DECLINE_SHARE: Final = (0.64, 0.93)  # §T7: 60-95 %, good 5-15 %
TICKET_USD: Final = (1.0, 30.0)  # §T7: when testing
LISTS: Final = (1, 3)  # §T7: BIN runs; issuers per ring


@dataclass(frozen=True)
class Trials:
    """Attempts of a ring, one per card."""

    member: Ints  # position in the crew
    at: Ints
    declined: Bools
    usd: Floats


def trials(rng: Rng, plot: Plot, devices: Ints) -> Trials:
    """The attempts of a crew with these phones; a slow one tries a few cards a day for weeks."""
    slow = plot.variant.stretch > 1.0
    days = max(1, round(float(rng.uniform(*TEST_DAYS)) * plot.variant.stretch))
    _, owners = np.unique(devices, return_counts=True)
    phone = np.repeat(np.arange(len(owners)), days)
    cards = log_uniform(rng, SLOW_CARDS if slow else CARDS, len(phone)).astype(np.int64)
    hour = np.where(np.arange(len(phone)) % days == 0, 0.0, rng.random(len(phone)) * 8.0)
    begins = plot.start + np.tile(np.arange(days), len(owners)) * DAY + hour * HOUR
    run = np.repeat(np.arange(len(phone)), cards)
    turn = np.arange(len(run)) - np.repeat(np.cumsum(cards) - cards, cards)
    pause = SLOW_PAUSE if slow else PAUSE
    first = np.cumsum(owners) - owners  # of each phone, in the crew sorted by phone
    place = first[phone[run]] + (owners[phone[run]] * rng.random(len(run))).astype(np.int64)
    return Trials(
        member=np.argsort(devices, kind="stable")[place],
        at=(begins[run] + (turn + rng.random(len(run))) * pause).astype(np.int64),
        declined=chance(rng, float(rng.uniform(*DECLINE_SHARE)), len(run)),
        usd=log_uniform(rng, TICKET_USD, len(run)),
    )


def issuers(rng: Rng, market: int) -> Ints:
    """First digits of the cards of a list: a few invented issuers of the market."""
    count = int(rng.integers(LISTS[0], LISTS[1] + 1))
    issuer = rng.integers(0, ISSUERS, count)
    return (BIN + market * BIN_MARKET + issuer * BIN_STEP).astype(np.int64)
