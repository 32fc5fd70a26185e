"""What a story plants with: the world it may recruit from and what has been handed in so far.

A story is a module of `typologies/` or `hard_negatives/` with `NAME` and `plant(plan)`; it
recruits through `plan.world` and hands in orders, sessions and its truth through the plan.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sample_data.actors.programme import Programme
from sample_data.actors.promotions import Promotions
from sample_data.actors.world import NEVER, World
from sample_data.kit import timeline
from sample_data.kit.evasion_kinds import Evasion
from sample_data.kit.markets import MARKETS, per_market
from sample_data.kit.plan import PlannedStories
from sample_data.kit.plan_records import (
    KEPT,
    RECENT_DAYS,
    Decline,
    FollowerStep,
    Leak,
    Membership,
    Plot,
    Relist,
    Ring,
    SignIn,
    StaffAccess,
)
from sample_data.kit.randomness import Floats, Ints, Rng, pick_weighted, stream
from sample_data.kit.row_log import Log
from sample_data.kit.settings import DAY, WorldSettings
from sample_data.period.order_requests import DEFAULTS


@dataclass
class Plan:
    """Where a story plays, and what all stories have planned until now."""

    world: World
    programme: Programme
    promotions: Promotions
    stories: PlannedStories = field(default_factory=PlannedStories)
    orders: Log = field(default_factory=lambda: Log(DEFAULTS))
    relisted: set[int] = field(default_factory=set)  # listings that a story changes
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
        self.stories.rings.append(ring)
        return len(self.stories.rings) - 1

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
        group = Membership(entity_type, np.asarray(entities, dtype=np.int64), since, until, role)
        exists_since = self.world.exists_since(entity_type, group.entities)
        different = self.stories.admit(ring, group, exists_since, self.settings.end_s)
        story = self.stories.rings[ring]
        if not story.is_hard_negative:
            self._admitted[entity_type, story.typology] += len(different)

    def admitted(self, entity_type: str, typology: str | None = None) -> int:
        """Entities of a type that bad rings (of one typology) hold so far."""
        return sum(
            count
            for (other, name), count in self._admitted.items()
            if other == entity_type and typology in (None, name)
        )

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
        self.stories.relists.append(
            Relist(int(product), int(at), price_factor, category, image, int(until))
        )

    def follow(self, step: FollowerStep) -> None:
        """Followers that come at once."""
        self.stories.follower_steps.append(step)

    def sign_in(self, ring: int, events: SignIn) -> None:
        """Logins and credential changes of accounts."""
        self.stories.sign_ins.add(ring=ring, **vars(events))

    def access(self, ring: int, looks: StaffAccess) -> None:
        """Rows of the staff access log."""
        self.stories.accesses.add(ring=ring, **vars(looks))

    def leak(self, leak: Leak) -> None:
        """Order data that leaves a warehouse."""
        self.stories.leaks.append(leak)

    def decline(self, ring: int, attempts: Decline) -> None:
        """Declined payment attempts that never became an order."""
        self.stories.declines.add(ring=ring, **vars(attempts))

    def count(self, at_default_size: float, least: int = 1) -> int:
        """A number of rings or actors, scaled to the size of the world."""
        return max(least, round(at_default_size * self.settings.scale))

    def starts(self, rng: Rng, count: int, earliest: float, latest_before_end: float) -> Ints:
        """Start instants of `count` rings: every second one recent, the others early.

        Early rings start between day `earliest` and 50 days before the present, so that what
        reviewers find out about them is known in time to train on. Where days are held back,
        the recent ones are two of three, and go on starting until the end of them.
        """
        today, days = self.settings.present_day, self.settings.days
        early = rng.uniform(earliest, max(earliest + 1.0, today - 50.0), count)
        recent = rng.uniform(today - RECENT_DAYS + 1.0, days - latest_before_end, count)
        turns = 3 if self.settings.held_back else 2
        day = np.where(np.arange(count) % turns == 0, early, recent)
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
