"""What is remembered of the blocks that have passed: little, so that memory stays bounded."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from sample_data.actors.world import NEVER, World
from sample_data.export.run_state import BlockEvents
from sample_data.kit.randomness import Ints
from sample_data.period import audience
from sample_data.period.complaints import SCAM_CALL
from sample_data.reviewing import truth

ENTITY_TYPES = ("merchant", "creator", "product", "buyer")
REMEMBERED = ("session", "creator", "start", "slot_fee_minor", "usd_per_unit")


@dataclass
class RunningTotals:
    """First activity of every entity, planted orders and what sessions left behind."""

    world: World
    first_seen: dict[str, Ints] = field(default_factory=dict)
    planted_orders: list[pl.DataFrame] = field(default_factory=list)
    sessions: list[pl.DataFrame] = field(default_factory=list)
    follows: list[pl.DataFrame] = field(default_factory=list)
    leak_calls: list[pl.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Nobody has done anything yet."""
        world = self.world
        sizes = (
            len(world.merchants.market),
            len(world.creators.market),
            len(world.products.merchant),
            len(world.buyers),
        )
        for entity_type, size in zip(ENTITY_TYPES, sizes, strict=True):
            self.first_seen[entity_type] = np.full(size, NEVER, dtype=np.int64)

    def note(self, events: BlockEvents, leaks: Sequence[int]) -> None:
        """Take down one block; blocks come in time order. `leaks` are rings whose victims count."""
        orders, sessions = events.orders, events.sessions
        for entity_type in ENTITY_TYPES:
            self._see(entity_type, orders[entity_type].to_numpy(), orders["at"].to_numpy())
        self._see("creator", sessions["creator"].to_numpy(), sessions["start"].to_numpy())
        self.planted_orders.append(truth.of_stories(orders, events.refunds))
        self.sessions.append(sessions.select(REMEMBERED))
        self.follows.append(audience.new_followers(sessions, self.world))
        is_leak = (pl.col("topic") == SCAM_CALL) & pl.col("ring").is_in(leaks)
        calls = events.complaints.filter(is_leak)
        self.leak_calls.append(calls.select("ring", "event_at", entity="buyer"))

    def _see(self, entity_type: str, entity: Ints, at: Ints) -> None:
        first, is_entity = self.first_seen[entity_type], entity >= 0
        rows = pl.DataFrame({"entity": entity[is_entity], "at": at[is_entity]})
        rows = rows.group_by("entity").agg(pl.col("at").min())
        who, when = rows["entity"].to_numpy(), rows["at"].to_numpy()
        earlier = (first[who] == NEVER) | (when < first[who])
        first[who[earlier]] = when[earlier]
