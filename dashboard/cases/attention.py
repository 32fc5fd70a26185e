"""How long somebody looked at a subject, and at what, before they decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dashboard.cases.keyed import Keyed

if TYPE_CHECKING:
    from datetime import date, datetime

IDLE_SECONDS = 180.0
"""A longer gap between two clicks counts as this: whoever reads clicks sooner (assumption)."""
DECIDE, ANSWER = "decide", "answer"
"""What the time was spent for: a decision, or an answer to somebody's proposal."""


@dataclass(frozen=True)
class Spent:
    """What a decision or an answer to a proposal took.

    `panels` are the tabs that were opened, in their order; `first_verdict` the one that was given
    before the score was shown, None where nothing was hidden.
    """

    seconds: float
    panels: tuple[str, ...] = ()
    first_verdict: str | None = None

    def shared(self, count: int) -> Spent:
        """What one of `count` decisions that were taken at once took."""
        return replace(self, seconds=self.seconds / count)


@dataclass(frozen=True)
class Attention:
    """What one session spent on one subject so far; `last_at` in seconds of the process."""

    last_at: float
    seconds: float = 0.0
    panels: tuple[str, ...] = ()

    def seen(self, at: float, panel: str) -> Attention:
        """After something was drawn at `at`, of which `panel` is open (empty = none)."""
        gap = min(max(at - self.last_at, 0.0), IDLE_SECONDS)
        is_new = bool(panel) and panel not in self.panels
        panels = (*self.panels, panel) if is_new else self.panels
        return Attention(at, self.seconds + gap, panels)


@dataclass(frozen=True)
class DecisionTime(Keyed):
    """A row of what decisions took.

    `actor` is empty where the reader may not know who it was; `person` only tells people apart,
    by another number at each reading.
    """

    spent: Spent
    actor: str
    person: int
    at: datetime
    entity_type: str
    entity_id: str
    typology: str
    band: str
    verdict: str
    data_day: date | None


@dataclass(frozen=True)
class Approval:
    """An answer to a proposal. `spent` None = nobody opened what was proposed to answer it."""

    approver: str
    entity_key: str
    is_approved: bool
    at: datetime
    words: int
    """Of the proposal's note and reasons: what has to be read at least."""
    spent: Spent | None
