"""How severe a case is, and by when its next step is due: the numbers are data, in `sla.toml`.

Two clocks run. Before anybody opened a case there is but the data's own day, on which its alert
opened; from then on the wall's. A case that waits for an answer or for another team has the day
that was agreed with them, and its own clock stands still meanwhile.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.cases.states import CaseState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_FILE = Path(__file__).parents[1] / "sla.toml"
WAITING = frozenset({CaseState.PENDING_INFO, CaseState.HANDED_OVER})
"""States in which somebody outside has the next step, until a day of their own."""
AT_WORK = frozenset(
    {
        *(CaseState.NEW, CaseState.TRIAGED, CaseState.ASSIGNED, CaseState.INVESTIGATING),
        *(CaseState.RETURNED, CaseState.REOPENED),
    }
)
"""States in which an analyst has it."""
_TO_ANSWER = frozenset({CaseState.PROPOSED, CaseState.APPROVED})


@dataclass(frozen=True)
class Severity:
    """How soon cases of a severity are due: days of the data, hours of the wall's clock."""

    code: str
    label: str
    first_touch_days: int
    decide_hours: int
    approve_hours: int
    why: str


@dataclass(frozen=True)
class Moment:
    """When a case came into a state, UTC."""

    at: datetime
    state: CaseState


@cache
def severities() -> dict[str, Severity]:
    """Every severity by code, the most severe first."""
    content = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {code: Severity(code, **one) for code, one in content["severity"].items()}


@cache
def _by_band() -> dict[str, str]:
    return dict(tomllib.loads(_FILE.read_text(encoding="utf-8"))["bands"])


@cache
def raised() -> dict[str, str]:
    """Why a typology is one step more severe than its band, by code."""
    return dict(tomllib.loads(_FILE.read_text(encoding="utf-8"))["raised"])


def severity_of(typology: str | None, band: str | None) -> Severity:
    """How severe an alert is, by its score band and its scheme."""
    codes, bands = list(severities()), _by_band()
    place = codes.index(bands.get(band or "none", bands["none"]))
    return severities()[codes[max(place - 1, 0) if typology in raised() else place]]


def first_touch_day(severity: Severity, opened_on: date) -> date:
    """The day of the data by which somebody takes an alert."""
    return opened_on + timedelta(days=severity.first_touch_days)


def due_at(moments: Sequence[Moment], severity: Severity) -> datetime | None:
    """When the next step of a case is due by the wall's clock, UTC; None = by no clock of ours.

    `moments` are its states from its opening on, oldest first, the last of them today's. While it
    waited for somebody outside its clock stood still; it begins anew when the case is reopened or
    sent back.
    """
    last = moments[-1]
    if last.state in _TO_ANSWER:
        return last.at + timedelta(hours=severity.approve_hours)
    if last.state not in AT_WORK:
        return None
    own = moments[_start(moments) :]
    waited = sum((b.at - a.at for a, b in pairwise(own) if a.state in WAITING), timedelta())
    return own[0].at + timedelta(hours=severity.decide_hours) + waited


def _start(moments: Sequence[Moment]) -> int:
    """The place of the moment at which the clock that runs now began."""
    return max(
        (
            place
            for place in range(1, len(moments))
            if moments[place].state in AT_WORK and moments[place - 1].state not in AT_WORK | WAITING
        ),
        default=0,
    )
