"""What a story is: a module that recruits actors and hands in what they intend to do.

`typologies/` and `hard_negatives/` are listed, not registered: a new module with
`NAME` and `plant(set_)` is a new story and no other file changes.
"""

import importlib
import pkgutil
from dataclasses import dataclass, field
from types import ModuleType

import numpy as np
import polars as pl

from sample_data import hard_negatives, typologies
from sample_data.audience import FollowerStep
from sample_data.intents import intents
from sample_data.markets import MARKETS
from sample_data.promotions import Promotions
from sample_data.randomness import Floats, Ints, Rng, stream
from sample_data.settings import WorldSettings
from sample_data.stage import Stage
from sample_data.world import World

RECENT_DAYS = 30  # a ring that starts later than this before the end counts as recent


@dataclass(frozen=True)
class Member:
    """One entity of a story, for the truth table."""

    entity_type: str
    entity: int  # position
    ring: int
    since: int  # planned start, used when the entity has no order of its own
    until: int


@dataclass(frozen=True)
class Ring:
    """One planted story: entities that act together, or one that looks as if it did."""

    typology: str
    variant: str
    loss_bearer: str
    is_hard_negative: bool
    clears_because: str
    loss_kind: str  # column of the orders that measures the loss, see `truth`


@dataclass
class Set:
    """Where a story plays: the world it may recruit from and what has been planted so far."""

    world: World
    stage: Stage
    promotions: Promotions
    rings: list[Ring] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    orders: list[pl.DataFrame] = field(default_factory=list)
    follower_steps: list[FollowerStep] = field(default_factory=list)

    @property
    def settings(self) -> WorldSettings:
        """Settings of the world."""
        return self.world.settings

    def stream(self, name: str) -> Rng:
        """The random stream of a story."""
        return stream(self.settings.seed, f"story {name}")

    def usd_per_unit(self, market: int) -> float:
        """Frozen rate of a market's money."""
        return MARKETS[market].usd_per_unit

    def plant(self, ring: Ring) -> int:
        """Add a ring and return its number."""
        self.rings.append(ring)
        return len(self.rings) - 1

    def admit(self, ring: int, entity_type: str, entities: Ints, since: int, until: int) -> None:
        """Write entities into the truth of a ring."""
        until = min(until, self.settings.end_s - 1)
        self.members += [
            Member(entity_type, int(e), ring, since, until) for e in np.unique(entities)
        ]

    def order(self, ring: int, **request: Ints | Floats | float) -> None:
        """Hand in order intents of a ring."""
        self.orders.append(intents(ring=ring, **request))

    def count(self, at_default_size: float, least: int = 1) -> int:
        """A number of rings or actors, scaled to the size of the world."""
        return max(least, round(at_default_size * self.settings.scale))

    def starts(self, rng: Rng, count: int, earliest: float, latest_before_end: float) -> Ints:
        """Start instants of `count` rings: every second one recent, the others early.

        Early rings start between day `earliest` and 50 days before the end, so that what
        reviewers find out about them is known in time to train on.
        """
        days = self.settings.days
        early = rng.uniform(earliest, max(earliest + 1.0, days - 50.0), count)
        recent = rng.uniform(days - RECENT_DAYS + 1.0, days - latest_before_end, count)
        day = np.where(np.arange(count) % 2 == 0, early, recent)
        return (self.settings.start_s + day * 86_400).astype(np.int64)


def modules() -> list[ModuleType]:
    """Every story module, hard negatives after typologies, each by name."""
    found: list[ModuleType] = []
    for package in (typologies, hard_negatives):
        names = sorted(info.name for info in pkgutil.iter_modules(package.__path__))
        found += [importlib.import_module(f"{package.__name__}.{name}") for name in names]
    return found


def plant_all(world: World, stage: Stage, promotions: Promotions) -> Set:
    """Plant every story into the world."""
    planted = Set(world, stage, promotions)
    for module in modules():
        module.plant(planted)
    return planted
