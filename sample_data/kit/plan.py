"""What the stories hand in beside orders: the period writes it out, the truth is told from it.

Orders are not here: once every story is planted they are sorted into blocks, and only
the blocks hold them. This module knows no marketplace, so that the period and the truth
can read a plan without the tools that made it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from sample_data.kit.plan_records import (
    ACCESS,
    DECLINE,
    MEMBER,
    ROLES,
    SIGN_IN,
    FollowerStep,
    Leak,
    Membership,
    Relist,
    Ring,
)
from sample_data.kit.randomness import Ints
from sample_data.kit.row_log import Log


@dataclass
class PlannedStories:
    """Rings with their members, and what they do beside ordering."""

    rings: list[Ring] = field(default_factory=list)
    members: Log = field(default_factory=lambda: Log(MEMBER))
    follower_steps: list[FollowerStep] = field(default_factory=list)
    relists: list[Relist] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)
    sign_ins: Log = field(default_factory=lambda: Log(SIGN_IN))
    accesses: Log = field(default_factory=lambda: Log(ACCESS))
    declines: Log = field(default_factory=lambda: Log(DECLINE))

    def admit(self, ring: int, group: Membership, exists_since: Ints, end_s: int) -> Ints:
        """Write a group into the truth of a ring; returns its different entities.

        `exists_since` says from when on there is each entity of `group.entities`: nothing
        about it can have begun before. Raises ValueError for an unknown role.
        """
        if group.role not in ROLES:
            raise ValueError(f"role {group.role!r} is unknown; use one of {ROLES}")
        entity, first = np.unique(group.entities, return_index=True)
        begin = np.maximum(group.since, exists_since[first])
        end = np.maximum(min(group.until, end_s - 1), begin)
        columns = {"entity_type": group.entity_type, "ring": ring, "role": group.role}
        self.members.add(**columns, entity=entity, since=begin, until=end)
        return entity

    def entities_of(self, entity_type: str, typologies: Sequence[str]) -> Ints:
        """Different entities of a type in the rings of some typologies, honest ones too."""
        rings = [number for number, ring in enumerate(self.rings) if ring.typology in typologies]
        rows = self.members.rows()
        mine = rows.filter((pl.col("entity_type") == entity_type) & pl.col("ring").is_in(rings))
        return np.unique(mine["entity"].to_numpy())
