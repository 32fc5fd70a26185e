"""What a story is: a module that recruits actors and hands in what they intend to do.

`typologies/` and `hard_negatives/` are listed, not registered: a new module with
`NAME` and `plant(set_)` is a new story and no other file changes.
"""

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType

import numpy as np
import polars as pl

from sample_data import hard_negatives, timeline, typologies
from sample_data.audience import FollowerStep
from sample_data.evasion import Evasion
from sample_data.intents import intents
from sample_data.listings import KEPT, Relist
from sample_data.markets import MARKETS, per_market
from sample_data.promotions import Promotions
from sample_data.randomness import Floats, Ints, Rng, pick_weighted, stream
from sample_data.settings import DAY, WorldSettings
from sample_data.stage import Stage
from sample_data.world import NEVER, World

RECENT_DAYS = 30  # a ring that starts later than this before the end counts as recent
ROLES = ("actor", "victim", "compromised")


@dataclass(frozen=True)
class Loss:
    """Who pays for each order of a ring: `share` of the amount that `kind` measures."""

    bearer: str  # platform, merchant, buyer, creator, cardholder, rival
    kind: str  # see `truth.AMOUNTS`
    share: float = 1.0


@dataclass(frozen=True)
class Ring:
    """One planted story: entities that act together, or one that looks as if it did."""

    typology: str
    variant: str
    losses: tuple[Loss, ...] = ()
    facts: tuple[str, ...] = ()  # what an analyst should find; no ids
    clears_because: str = ""

    @property
    def is_hard_negative(self) -> bool:
        """Whether the story only looks bad."""
        return self.typology.startswith("HN_")


@dataclass(frozen=True)
class Plot:
    """When, where and how one ring of a typology acts."""

    number: int
    variant: Evasion
    start: int
    market: int


@dataclass(frozen=True)
class Leak:
    """Order data sold out of a warehouse's ERP: its buyers are called by strangers."""

    ring: int
    warehouse: int
    erp: int
    start: int
    end: int
    victim_share: float
    delay_hours: tuple[float, float]


@dataclass
class Set:
    """Where a story plays: the world it may recruit from and what has been planted so far."""

    world: World
    stage: Stage
    promotions: Promotions
    rings: list[Ring] = field(default_factory=list)
    members: list[pl.DataFrame] = field(default_factory=list)
    orders: list[pl.DataFrame] = field(default_factory=list)
    follower_steps: list[FollowerStep] = field(default_factory=list)
    relists: list[Relist] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)
    sign_ins: list[pl.DataFrame] = field(default_factory=list)
    accesses: list[pl.DataFrame] = field(default_factory=list)
    declines: list[pl.DataFrame] = field(default_factory=list)

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

    def admit(  # noqa: PLR0913 - a member is exactly these
        self,
        ring: int,
        entity_type: str,
        entities: Ints,
        since: int,
        until: int,
        role: str = "actor",
    ) -> None:
        """Write entities into the truth of a ring; raises ValueError for an unknown role."""
        if role not in ROLES:
            raise ValueError(f"role {role!r} is unknown; use one of {ROLES}")
        known = np.unique(np.asarray(entities, dtype=np.int64))
        rows = {"entity_type": entity_type, "entity": known, "ring": ring, "role": role}
        span = {"since": since, "until": min(until, self.settings.end_s - 1)}
        self.members.append(_told(rows | span))

    def admitted(self, entity_type: str, typology: str | None = None) -> int:
        """Entities of a type that bad rings (of one typology) hold so far, for planting look-alikes."""
        total = 0
        for rows in self.members:
            ring = self.rings[rows["ring"][0]] if rows.height else None
            if ring is None or ring.is_hard_negative or rows["entity_type"][0] != entity_type:
                continue
            total += rows.height if typology in (None, ring.typology) else 0
        return total

    def order(self, ring: int, **request: Ints | Floats | float) -> None:
        """Hand in order intents of a ring."""
        self.orders.append(intents(ring=ring, **request))

    def relist(  # noqa: PLR0913 - a listing version is exactly these
        self,
        product: int,
        at: int,
        price_factor: float = 1.0,
        category: int = KEPT,
        image: int = KEPT,
        until: int = NEVER,
    ) -> None:
        """Change a listing at `at`, back at `until`; orders are priced by the version open then."""
        self.relists.append(Relist(int(product), int(at), price_factor, category, image, int(until)))

    def sign_in(  # noqa: PLR0913 - an event is exactly these
        self,
        ring: int,
        account_type: str,
        account: Ints | int,
        at: Ints | int,
        kind: str,
        device: Ints | int,
        ip: Ints | int,
    ) -> None:
        """Logins and credential changes of accounts (positions of `account_type`)."""
        rows = {"ring": ring, "account_type": account_type, "account": account, "at": at}
        self.sign_ins.append(_told(rows | {"kind": kind, "device": device, "ip": ip}))

    def access(  # noqa: PLR0913 - an access is exactly these
        self,
        ring: int,
        staff: Ints | int,
        at: Ints | int,
        action: str,
        warehouse: Ints | int,
        erp: Ints | int,
        orders: Ints | int,
    ) -> None:
        """Rows of the staff access log."""
        rows = {"ring": ring, "staff": staff, "at": at, "action": action}
        self.accesses.append(_told(rows | {"warehouse": warehouse, "erp": erp, "orders": orders}))

    def leak(self, leak: Leak) -> None:
        """Order data that leaves a warehouse."""
        self.leaks.append(leak)

    def decline(  # noqa: PLR0913 - an attempt is exactly these
        self,
        ring: int,
        at: Ints | int,
        buyer: Ints | int,
        payment: Ints | int,
        device: Ints | int,
        ip: Ints | int,
        amount_usd: Floats | float,
        bin: Ints | int,  # noqa: A002 - the field's own word
    ) -> None:
        """Declined payment attempts that never became an order."""
        rows = {"ring": ring, "at": at, "buyer": buyer, "payment": payment, "device": device}
        self.declines.append(_told(rows | {"ip": ip, "amount_usd": amount_usd, "bin": bin}))

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
        return (self.settings.start_s + day * DAY).astype(np.int64)

    def rings_for(  # noqa: PLR0913 - the shape of a typology's presence
        self,
        rng: Rng,
        name: str,
        variants: Sequence[Evasion],
        at_default: float,
        least: int = 2,
        span: tuple[float, float] = (6.0, 6.0),
    ) -> list[Plot]:
        """The rings of a typology: scaled count, every second one recent, variants in turn.

        `span` is the earliest day and the latest day before the end a ring may start. The
        first ring plays on the day the timeline plants, if it names the typology. Each
        variant is met both early and recently.
        """
        count = self.count(at_default, least)
        starts = self.starts(rng, count, *span)
        if name in timeline.HEADLINES:
            starts[0] = self.settings.day_s(timeline.HEADLINES[name])
        market = pick_weighted(rng, per_market("share"), count)
        offset = int(rng.integers(0, len(variants)))
        return [
            Plot(number, variants[(number // 2 + offset) % len(variants)], start, where)
            for number, (start, where) in enumerate(
                zip(starts.tolist(), market.tolist(), strict=True)
            )
        ]


def _told(columns: dict[str, object]) -> pl.DataFrame:
    """A frame whose scalars are repeated to the length of its arrays."""
    count = max(len(np.atleast_1d(np.asarray(values))) for values in columns.values())
    arrays = {name: np.atleast_1d(np.asarray(values)) for name, values in columns.items()}
    if any(len(values) == 0 for values in arrays.values()):
        count = 0
    return pl.DataFrame(
        {
            name: pl.Series(np.broadcast_to(values[:1] if count == 0 else values, (count,)))
            if len(values) <= 1
            else pl.Series(values)
            for name, values in arrays.items()
        }
    ).head(count)


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
