"""What the platform can be asked to do, how long and how far: data, read from `measures.toml`.

How severe an action is decides who has to look at it, and whether it is a hold decides that it
ends: so both stand in one file that a lawyer can read, beside the source of each number.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from queries.vocabulary import ACTIONS, ALWAYS_OFFERED

_FILE = Path(__file__).parents[1] / "measures.toml"
SEVERITIES = ("light", "medium", "severe", "severest")
"""From mild to severe."""
EVIDENCE = ("none", "one", "all")
"""How much of the playbook's mandatory evidence an action needs."""


@dataclass(frozen=True)
class Measure:
    """One action as the platform carries it out."""

    action: str
    severity: str
    evidence: str
    scopes: tuple[str, ...]
    reversal: str
    """What the action that ends it early is called."""
    source: str
    is_interim: bool = False
    at_once_hours: int | None = None
    """A hold that begins with its proposal lapses after so long; None = it waits for approval."""
    days: int | None = None
    """How long it lasts unless somebody says otherwise; None = until it is ended."""
    most_days: int | None = None

    @property
    def at_once(self) -> timedelta | None:
        """How long it holds unapproved."""
        return timedelta(hours=self.at_once_hours) if self.at_once_hours else None

    @property
    def is_severest(self) -> bool:
        """Whether it is approved with a note, and never decided over a filter."""
        return self.severity == SEVERITIES[-1]

    def lasts(self, days: int | None = None) -> timedelta | None:
        """How long it lasts where somebody asked for `days`; None = until it is ended."""
        chosen = self.days if days is None else days
        return timedelta(days=chosen) if chosen else None


@cache
def measures() -> dict[str, Measure]:
    """Every action that asks something of the platform, by its code.

    Raises ValueError where the file leaves one out, or a hold without an end.
    """
    content = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    made = {
        action: Measure(action, **{**fields, "scopes": tuple(fields["scopes"])})
        for action, fields in content.items()
    }
    if set(made) != set(ACTIONS) - set(ALWAYS_OFFERED):
        odd = ", ".join(sorted(set(made) ^ (set(ACTIONS) - set(ALWAYS_OFFERED))))
        raise ValueError(f"{_FILE.name} and queries.vocabulary do not list the same: {odd}")
    for one in made.values():
        _check(one)
    return made


def _check(one: Measure) -> None:
    if one.severity not in SEVERITIES or one.evidence not in EVIDENCE or not one.scopes:
        raise ValueError(f"{_FILE.name}: {one.action} has no such severity, evidence or scope")
    is_ended = one.days is not None and one.most_days is not None
    if (one.is_interim and not is_ended) or (one.days or 0) > (one.most_days or 0):
        raise ValueError(f"{_FILE.name}: {one.action} has no end, or one beyond its longest")
    if one.at_once_hours is not None and not one.is_interim:
        raise ValueError(f"{_FILE.name}: {one.action} is no hold, so it cannot begin at once")
