"""What a story is: a module that recruits actors and hands in what they intend to do.

`typologies/` and `hard_negatives/` are listed, not registered: a new module with
`NAME` and `plant(set_)` is a new story and no other file changes.
"""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType

import numpy as np
import polars as pl

from sample_data import hard_negatives, typologies
from sample_data.actors.listings import KEPT, Relist
from sample_data.actors.programme import Stage
from sample_data.actors.promotions import Promotions
from sample_data.actors.world import NEVER, World
from sample_data.kit import timeline
from sample_data.kit.markets import MARKETS, per_market
from sample_data.kit.plan_records import (
    ACCESS,
    DECLINE,
    MEMBER,
    RECENT_DAYS,
    ROLES,
    SIGN_IN,
    Leak,
    Plot,
    Ring,
)
from sample_data.kit.randomness import Floats, Ints, Rng, pick_weighted, stream
from sample_data.kit.row_log import Log
from sample_data.kit.settings import DAY, WorldSettings
from sample_data.period.audience import FollowerStep
from sample_data.period.order_requests import DEFAULTS
from sample_data.planting.evasion import Evasion


@dataclass
class Set:
    """Where a story plays: the world it may recruit from and what has been planted so far."""

    world: World
    stage: Stage
    promotions: Promotions
    rings: list[Ring] = field(default_factory=list)
    members: Log = field(default_factory=lambda: Log(MEMBER))
    orders: Log = field(default_factory=lambda: Log(DEFAULTS))
    follower_steps: list[FollowerStep] = field(default_factory=list)
    relists: list[Relist] = field(default_factory=list)
    relisted: set[int] = field(default_factory=set)
    leaks: list[Leak] = field(default_factory=list)
    sign_ins: Log = field(default_factory=lambda: Log(SIGN_IN))
    accesses: Log = field(default_factory=lambda: Log(ACCESS))
    declines: Log = field(default_factory=lambda: Log(DECLINE))
    _admitted: Counter[tuple[str, str]] = field(default_factory=Counter)

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

    def admit(
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
        what = {"entity_type": entity_type, "ring": ring, "role": role}
        begun = np.maximum(since, self._known_since(entity_type, known))
        ended = np.maximum(min(until, self.settings.end_s - 1), begun)
        self.members.add(**what, entity=known, since=begun, until=ended)
        if not self.rings[ring].is_hard_negative:
            self._admitted[entity_type, self.rings[ring].typology] += len(known)

    def _known_since(self, entity_type: str, entities: Ints) -> Ints:
        """When each entity came into being: nothing about it can have begun before."""
        world = self.world
        begun = {
            "merchant": world.merchants.registered,
            "creator": world.creators.registered,
            "product": world.products.listed,
            "buyer": world.buyers.registered,
        }
        nothing = np.zeros(len(entities), dtype=np.int64)
        return begun[entity_type][entities] if entity_type in begun else nothing

    def admitted(self, entity_type: str, typology: str | None = None) -> int:
        """Entities of a type that bad rings (of one typology) hold so far."""
        return sum(
            count
            for (kind, name), count in self._admitted.items()
            if kind == entity_type and typology in (None, name)
        )

    def held(self, entity_type: str, typologies: Sequence[str]) -> Ints:
        """Different entities of a type in the rings of some typologies, honest ones too."""
        rings = [number for number, ring in enumerate(self.rings) if ring.typology in typologies]
        rows = self.members.rows()
        mine = rows.filter((pl.col("entity_type") == entity_type) & pl.col("ring").is_in(rings))
        return np.unique(mine["entity"].to_numpy())

    def order(self, ring: int, **request: Ints | Floats | float) -> None:
        """Hand in order intents of a ring."""
        self.orders.add(ring=ring, **request)

    def relist(
        self,
        product: int,
        at: int,
        price_factor: float = 1.0,
        category: int = KEPT,
        image: int = KEPT,
        until: int = NEVER,
    ) -> None:
        """Change a listing at `at`, back at `until`; orders are priced by the version open then."""
        self.relisted.add(int(product))
        self.relists.append(
            Relist(int(product), int(at), price_factor, category, image, int(until))
        )

    def sign_in(  # noqa: PLR0913, PLR0917 - an event is exactly these
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
        who = {"ring": ring, "account_type": account_type, "account": account}
        self.sign_ins.add(**who, at=at, kind=kind, device=device, ip=ip)

    def access(  # noqa: PLR0913, PLR0917 - an access is exactly these
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
        where = {"warehouse": warehouse, "erp": erp, "orders": orders}
        self.accesses.add(ring=ring, staff=staff, at=at, action=action, **where)

    def leak(self, leak: Leak) -> None:
        """Order data that leaves a warehouse."""
        self.leaks.append(leak)

    def decline(  # noqa: PLR0913, PLR0917 - an attempt is exactly these
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
        means = {"payment": payment, "device": device, "ip": ip, "bin": bin}
        self.declines.add(ring=ring, at=at, buyer=buyer, amount_usd=amount_usd, **means)

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

    def rings_for(
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
