"""What is settled about personal data: for how long it is shown, why, and what is unusual.

The figures stand in `dashboard/privacy.toml`, so that whoever answers for them changes no code.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_FILE = Path(__file__).parent.parent / "privacy.toml"


@dataclass(frozen=True)
class RevealRules:
    """For how many minutes something is shown, and what a reason has to be."""

    minutes: int
    shortest_reason: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Purposes:
    """Why somebody opens a subject."""

    alert: str
    own_case: str
    group: str
    choices: tuple[str, ...]
    not_said: str


@dataclass(frozen=True)
class Office:
    """Working hours; days as of ISO, Monday 1."""

    first_hour: int
    end_hour: int
    days: tuple[int, ...]
    time_zone: str


@dataclass(frozen=True)
class Unusual:
    """From where on a look at the log is worth it; each as in the file."""

    least_an_hour: int
    least_a_day: int
    far_from_own: float
    far_from_peers: float
    least_days: int
    least_off_hours: int
    usual_share: float


@dataclass(frozen=True)
class PrivacyRules:
    """The whole file."""

    reveal: RevealRules
    purposes: Purposes
    office: Office
    unusual: Unusual


@cache
def privacy_rules() -> PrivacyRules:
    """The figures as they stand in the file."""
    content = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    office = content["office"]
    return PrivacyRules(
        RevealRules(**{**content["reveal"], "reasons": tuple(content["reveal"]["reasons"])}),
        Purposes(**{**content["purposes"], "choices": tuple(content["purposes"]["choices"])}),
        Office(office["from"], office["until"], tuple(office["days"]), office["time_zone"]),
        Unusual(**content["unusual"]),
    )


@dataclass(frozen=True)
class Access:
    """What somebody looked at, searched for, took out or had shown; `detail` says how.

    `act` is one of `ACTS`; `subject` is a key, the id of a group, or empty.
    """

    act: str
    page: str
    subject: str = ""
    purpose: str = ""
    detail: str = ""
    row_count: int | None = None


ACTS = ("view", "search", "export", "reveal")


@dataclass(frozen=True)
class Reveal:
    """Personal data of the class `field` that one person sees about `subject` until a time, UTC."""

    reveal_id: str
    subject: str
    field: str
    reason: str
    actor: str
    revealed_at: datetime
    expires_at: datetime
