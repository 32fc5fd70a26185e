"""What is remembered of the blocks that have passed: little, so that memory stays bounded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sample_data.actors.world import NEVER, World
from sample_data.kit.randomness import Ints
from sample_data.period import audience
from sample_data.period.complaints import SCAM_CALL
from sample_data.reviewing import truth

if TYPE_CHECKING:
    from sample_data.export.emit import Chapter

ENTITY_TYPES = ("merchant", "creator", "product", "buyer")
REMEMBERED = ("session", "creator", "start", "slot_fee_minor", "usd_per_unit")


@dataclass
class Diary:
    """First activity of every entity, planted orders and what sessions left behind."""

    world: World
    begun: dict[str, Ints] = field(default_factory=dict)
    planted: list[pl.DataFrame] = field(default_factory=list)
    sessions: list[pl.DataFrame] = field(default_factory=list)
    follows: list[pl.DataFrame] = field(default_factory=list)
    called: list[pl.DataFrame] = field(default_factory=list)

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
            self.begun[entity_type] = np.full(size, NEVER, dtype=np.int64)

    def note(self, chapter: "Chapter", leaks: Sequence[int]) -> None:
        """Take down one block; blocks come in time order. `leaks` are rings whose victims count."""
        placed, sessions = chapter.placed, chapter.sessions
        for entity_type in ENTITY_TYPES:
            self._begin(entity_type, placed[entity_type].to_numpy(), placed["at"].to_numpy())
        self._begin("creator", sessions["creator"].to_numpy(), sessions["start"].to_numpy())
        self.planted.append(truth.kept(placed, chapter.asked))
        self.sessions.append(sessions.select(REMEMBERED))
        self.follows.append(audience.gained(sessions, self.world))
        calls = (pl.col("topic") == SCAM_CALL) & pl.col("ring").is_in(leaks)
        told = chapter.complaints.filter(calls)
        self.called.append(told.select("ring", "event_at", entity="buyer"))

    def _begin(self, entity_type: str, entity: Ints, at: Ints) -> None:
        first, known = self.begun[entity_type], entity >= 0
        rows = pl.DataFrame({"entity": entity[known], "at": at[known]})
        rows = rows.group_by("entity").agg(pl.col("at").min())
        who, when = rows["entity"].to_numpy(), rows["at"].to_numpy()
        earlier = (first[who] == NEVER) | (when < first[who])
        first[who[earlier]] = when[earlier]
