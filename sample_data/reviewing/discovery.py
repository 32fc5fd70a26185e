"""How cases come to somebody's desk: by lot, by suspicion, by the outside world, by routine.

Each source sees another slice of the truth at another time. Only the lot is
uniform; everything else was looked at because it already looked like something.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance, log_normal, whole
from sample_data.kit.settings import DAY, HOUR, WorldSettings

SOURCES: Final = ("review", "complaint", "chargeback", "carrier")
BY_PEOPLE: Final = ("exploration", "review", "complaint", "appeal")  # an analyst decides
FIRST_DAY = 6  # nothing was looked at before
DELAY_SIGMA = 0.55  # assumption: spread of the log delay
LEAST_DELAY_DAYS = 0.2
DECISION_HOURS, DECISION_SIGMA = 9.0, 0.8  # assumption: from the first look to the verdict
FEED_HOURS = (0.5, 4.0)  # assumption: from the verdict to the label store
NOTICED = (0.45, 0.95)  # assumption: share of the delay before anybody takes note


@dataclass(frozen=True)
class Discovery:
    """How one typology comes to light; shares are assumptions, in the order of `SOURCES`."""

    # from the start of the behaviour to a known label; docs/domain.md §3.3 or §3.1
    median_days: float
    shares: tuple[float, float, float, float]


# By the code in front of a typology's name.
DISCOVERIES: Final = {
    "T1": Discovery(15.0, (0.70, 0.05, 0.0, 0.25)),  # carriers audit weights
    "T2": Discovery(1.0, (0.80, 0.20, 0.0, 0.0)),
    "T3": Discovery(5.0, (0.90, 0.10, 0.0, 0.0)),
    "T4": Discovery(28.0, (0.45, 0.55, 0.0, 0.0)),  # the merchant adds up returns
    "T5": Discovery(12.0, (0.20, 0.40, 0.0, 0.40)),
    "T6": Discovery(45.0, (0.60, 0.40, 0.0, 0.0)),
    "T7": Discovery(55.0, (0.15, 0.05, 0.80, 0.0)),
    "T8": Discovery(3.0, (0.20, 0.60, 0.20, 0.0)),  # the owner reports it
    "T9": Discovery(14.0, (0.65, 0.35, 0.0, 0.0)),
    "T10": Discovery(16.0, (0.50, 0.50, 0.0, 0.0)),  # §3.1: 7-30 days
    "T11": Discovery(4.0, (0.60, 0.40, 0.0, 0.0)),  # §3.1: 0-7 days
    "T12": Discovery(6.0, (0.25, 0.75, 0.0, 0.0)),  # §3.1: 1-14 days
    "T13": Discovery(4.0, (0.40, 0.60, 0.0, 0.0)),  # §3.1: 1-10 days
    "T14": Discovery(6.0, (0.50, 0.50, 0.0, 0.0)),  # §3.1: same day to 20 days
}
OTHERWISE: Final = Discovery(18.0, (0.70, 0.30, 0.0, 0.0))  # chains, and what is new
# Who a bank or a carrier can name at all.
NAMEABLE: Final = {"chargeback": ("buyer", "merchant"), "carrier": ("merchant", "product")}


@dataclass(frozen=True)
class Clocks:
    """When behaviour began, was noticed, was decided on and was in the label store; seconds."""

    event_at: Ints
    observed_at: Ints
    decided_at: Ints
    known_at: Ints


def cases(entity_type: str, entity: Ints, source: str, clocks: Clocks) -> pl.DataFrame:
    """Cases of one type and source."""
    return pl.DataFrame(
        {
            "entity_type": pl.repeat(entity_type, len(entity), dtype=pl.Utf8, eager=True),
            "entity": entity.astype(np.int64),
            "source": pl.repeat(source, len(entity), dtype=pl.Utf8, eager=True),
            **{name: instants.astype(np.int64) for name, instants in vars(clocks).items()},
        }
    )


def reach(rng: Rng, decided_at: Ints) -> Ints:
    """When verdicts given at `decided_at` reach the label store."""
    return decided_at + whole(rng.uniform(*FEED_HOURS, len(decided_at)) * HOUR)


def decide(rng: Rng, observed_at: Ints) -> Ints:
    """When cases taken up at `observed_at` get their verdict."""
    hours = log_normal(rng, DECISION_HOURS, DECISION_SIGMA, len(observed_at))
    return observed_at + whole(hours * HOUR)


def exploration_cases(
    settings: WorldSettings, rng: Rng, entity_type: str, first_seen: Ints, share: float
) -> pl.DataFrame:
    """A uniform sample of active entities, each looked at in a random moment of its life.

    `first_seen` is the first activity of each position (-1 = never active).
    """
    active = np.flatnonzero(first_seen >= 0)
    entity = np.sort(rng.choice(active, size=round(share * len(active)), replace=False))
    first = np.maximum(settings.day_s(FIRST_DAY), first_seen[entity] + DAY)
    looked_at = first + whole(rng.random(len(entity)) * (settings.end_s - first))
    in_time = first < settings.end_s
    entity, looked_at = entity[in_time], looked_at[in_time]
    decided_at = decide(rng, looked_at)
    clocks = Clocks(looked_at, looked_at, decided_at, reach(rng, decided_at))
    return cases(entity_type, entity, "exploration", clocks)


def _sources(rng: Rng, entity_type: Ints | pl.Series, code: list[str]) -> pl.Series:
    """Which source brings each case to light."""
    rows = [DISCOVERIES.get(each, OTHERWISE).shares for each in code]
    shares: Floats = np.array(rows, dtype=np.float64).reshape(-1, len(SOURCES))
    entity_types = pl.Series(entity_type)
    for source, able in NAMEABLE.items():
        shares[:, SOURCES.index(source)] *= entity_types.is_in(list(able)).to_numpy()
    cumulative = np.cumsum(shares, axis=1)
    draw = rng.random(len(code)) * cumulative[:, -1]
    return pl.Series(SOURCES).gather((draw[:, None] >= cumulative).sum(axis=1))


def discovery_cases(rng: Rng, bad: pl.DataFrame) -> pl.DataFrame:
    """A case for every row of `bad`, after its typology's delay.

    `bad` has `entity_type`, `entity`, `typology` and `started`; the result has its order.
    """
    code = bad["typology"].str.split("_").list.first().to_list()
    median = np.array([DISCOVERIES.get(each, OTHERWISE).median_days for each in code], dtype=float)
    days = np.maximum(log_normal(rng, median, DELAY_SIGMA, bad.height), LEAST_DELAY_DAYS)
    started_at, delay = bad["started"].to_numpy(), whole(days * DAY)
    feed = np.minimum(rng.uniform(*FEED_HOURS, bad.height) * HOUR, 0.1 * delay)
    time_to_verdict = delay - whole(feed)
    observed_at = started_at + whole(rng.uniform(*NOTICED, bad.height) * time_to_verdict)
    return bad.select("entity_type", "entity").with_columns(
        source=_sources(rng, bad["entity_type"], code),
        event_at=pl.Series(started_at),
        observed_at=pl.Series(observed_at),
        decided_at=pl.Series(started_at + time_to_verdict),
        known_at=pl.Series(started_at + delay),
    )


def look_alike_cases(
    settings: WorldSettings, rng: Rng, alike: pl.DataFrame, share: float
) -> pl.DataFrame:
    """Cases about honest look-alikes that caught an eye while they looked like something.

    `alike` has `entity_type`, `entity`, `started` and `ended`.
    """
    rows = alike.filter(pl.Series(chance(rng, share, alike.height)))
    since, until = rows["started"].to_numpy(), rows["ended"].to_numpy()
    first = np.maximum(since, settings.day_s(FIRST_DAY))
    observed_at = first + whole(rng.random(rows.height) * np.maximum(until - first, HOUR))
    decided_at = decide(rng, observed_at)
    return rows.select("entity_type", "entity").with_columns(
        source=pl.lit("review"),
        event_at=pl.Series(since),
        observed_at=pl.Series(observed_at),
        decided_at=pl.Series(decided_at),
        known_at=pl.Series(reach(rng, decided_at)),
    )


def routine_cases(
    settings: WorldSettings, rng: Rng, entity_type: str, first_seen: Ints, free: Bools, count: int
) -> pl.DataFrame:
    """Routine reviews of `count` ordinary entities among those `free` (a flag per position)."""
    late = settings.end_s - 3 * DAY  # what is taken up later has no verdict yet
    able = np.flatnonzero(free & (first_seen >= 0) & (first_seen < late - DAY))
    entity = np.sort(rng.choice(able, size=min(max(count, 0), len(able)), replace=False))
    first = np.maximum(first_seen[entity] + DAY, settings.day_s(FIRST_DAY))
    looked_at = first + whole(rng.random(len(entity)) * (late - first))
    decided_at = decide(rng, looked_at)
    clocks = Clocks(looked_at, looked_at, decided_at, reach(rng, decided_at))
    return cases(entity_type, entity, "review", clocks)
