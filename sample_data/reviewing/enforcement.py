"""A rule that was unfair to one market, and the appeals that put some of it right.

The rule marks small newcomers of a market as bad on sight, most of them honest. Two
weeks later it is withdrawn, and who was closed may say so: an appeal's verdict is
about the same behaviour, is known later, and therefore counts instead.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from sample_data.actors.world import World
from sample_data.kit import timeline
from sample_data.kit.markets import MARKETS
from sample_data.kit.randomness import Floats, Ints, Rng, log_normal, whole
from sample_data.kit.settings import DAY, WorldSettings
from sample_data.reviewing import discovery

RULE_MARKET = 3  # ID: its wallet users pay within seconds, which the rule mistakes for a script
# What the rule takes everybody for whom it hits.
ACCUSED: Final = {"merchant": "T10_FRAUD_MERCHANT", "buyer": "T3_INCENTIVE_ABUSE"}
RULE_TITLE = "Automatic closure of small newcomers"
WITHDRAWN_TITLE = "Automatic closure of small newcomers withdrawn"


@dataclass(frozen=True)
class RulePolicy:
    """Whom the rule hits; shares are assumptions."""

    merchants: float = 0.08  # of the market's active shops
    accounts: float = 0.035  # of the market's active buyers
    pool: int = 3  # times as many newcomers as it hits
    young_days: float = 2.0  # it looks again this long after the first activity
    machine_minutes: float = 5.0  # a rule decides at once


@dataclass(frozen=True)
class AppealPolicy:
    """Who appeals, and when; shares are assumptions."""

    wronged: float = 0.70  # of wrongly closed ones
    guilty: float = 0.06  # of rightly closed ones, who try
    wave_days: float = 1.5  # length of the wave against the rule
    wait_days: float = 9.0  # median until somebody closed by people appeals
    wait_sigma: float = 0.5


RULE, APPEALS = RulePolicy(), AppealPolicy()


def rule_span(settings: WorldSettings) -> tuple[int, int]:
    """First and last instant of the unfair rule."""
    return settings.day_s(timeline.BIASED_RULE_DAY), settings.day_s(timeline.APPEALS_WAVE_DAY)


def _newcomers(rng: Rng, entity: Ints, registered_at: Ints, weight: Floats, share: float) -> Ints:
    """A draw from the youngest of the smaller half of `entity` (positions)."""
    count = max(3, round(share * len(entity)))
    small = entity[weight[entity] <= np.median(weight[entity])] if len(entity) else entity
    youngest = small[np.argsort(-registered_at[small], kind="stable")][: RULE.pool * count]
    return np.sort(rng.choice(youngest, size=min(count, len(youngest)), replace=False))


def rule_cases(world: World, rng: Rng, first_seen: dict[str, Ints]) -> pl.DataFrame:
    """Shops and accounts of one market that the rule closed: cases with source `rule`."""
    start, end = rule_span(world.settings)
    merchants, accounts = world.merchants, world.buyers
    hit = (
        ("merchant", merchants.market, merchants.registered_at, merchants.weight, RULE.merchants),
        ("buyer", accounts.market, accounts.registered_at, accounts.weight, RULE.accounts),
    )
    parts = []
    for entity_type, market, registered_at, weight, share in hit:
        first = first_seen[entity_type]
        there = (market == RULE_MARKET) & (first >= 0) & (first < end - 3 * DAY)
        entity = _newcomers(rng, np.flatnonzero(there), registered_at, weight, share)
        earliest = np.maximum(start, first[entity] + whole(np.array([RULE.young_days * DAY])))
        observed_at = earliest + whole(rng.random(len(entity)) * (end - earliest))
        decided_at = observed_at + whole(rng.random(len(entity)) * RULE.machine_minutes * 60.0)
        clocks = discovery.Clocks(
            observed_at, observed_at, decided_at, discovery.reach(rng, decided_at)
        )
        parts.append(discovery.cases(entity_type, entity, "rule", clocks))
    return pl.concat(parts)


def _appeal_instants(settings: WorldSettings, rng: Rng, closures: pl.DataFrame) -> Ints:
    """When each appeal comes in: against the rule all at once, else one by one."""
    wave = settings.day_s(timeline.APPEALS_WAVE_DAY)
    known_at, by_rule = closures["known_at"].to_numpy(), (closures["source"] == "rule").to_numpy()
    together = wave + whole(rng.random(closures.height) * APPEALS.wave_days * DAY)
    days = log_normal(rng, APPEALS.wait_days, APPEALS.wait_sigma, closures.height)
    appeal_at: Ints = np.maximum(
        np.where(by_rule, together, known_at + whole(days * DAY)), known_at
    )
    return appeal_at


def appeal_cases(settings: WorldSettings, rng: Rng, labels: pl.DataFrame) -> pl.DataFrame:
    """Cases of appeals against the bad verdicts in `labels`, which is by when they were known.

    Keeps `entity_type`, `entity`, `event`, `is_bad` and `typology` of what is appealed.
    """
    closures = labels.filter(pl.col("label") == "bad")
    closures = closures.unique(("entity_type", "entity"), keep="last", maintain_order=True)
    willing = np.where(closures["is_bad"].to_numpy(), APPEALS.guilty, APPEALS.wronged)
    rows = closures.filter(pl.Series(rng.random(closures.height) < willing))
    observed_at = _appeal_instants(settings, rng, rows)
    decided_at = discovery.decide(rng, observed_at)
    return rows.select("entity_type", "entity", "event_at", "is_bad", "typology").with_columns(
        source=pl.lit("appeal"),
        observed_at=pl.Series(observed_at),
        decided_at=pl.Series(decided_at),
        known_at=pl.Series(discovery.reach(rng, decided_at)),
    )


def market_code() -> str:
    """The market the rule is unfair to."""
    return MARKETS[RULE_MARKET].code
