"""The URL as state: query parameters in, frozen values out.

A link must survive reload, sharing and the back button, so what is selected
lives in the address. Everything read from it is allow-listed; what does not fit
becomes a sentence in `problems`, never an exception and never a query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from dashboard.view_models.queue_filters import KINDS, LANES
from queries.contract import LONGEST_ID, NO_ID_CHARACTER
from queries.vocabulary import ENTITY_TYPES, SCORE_BANDS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

LOST = "lost"
"""Parameter in which the queue hears which page there was none of."""
MATCH = "match"
"""Parameter of a case that is all that the filters of the queue list."""
PAGE_SIZES = (12, 25, 50, 100)
QUEUE_SORTS = {
    "priority": "Most saved a minute",
    "probability": "Surest first",
    "exposure": "Most money at risk",
    "age": "Longest waiting",
}
INVESTIGATE_TABS = {
    "facts": "Facts",
    "why": "Why",
    "compare": "Compare",
    "drift": "Drift",
    "community": "Community",
    "timeline": "Timeline",
    "orders": "Orders",
    "details": "Details",
    "content": "Content",
    "appeal": "Appeal",
}
_IDENTIFIER = rf"(?!.*{NO_ID_CHARACTER}).{{1,{LONGEST_ID}}}"
_ENTITY = re.compile(rf"({'|'.join(ENTITY_TYPES)}):({_IDENTIFIER})", re.DOTALL)
_ANYBODY = re.compile(rf"((?:{'|'.join(ENTITY_TYPES)}):)?{_IDENTIFIER}", re.DOTALL)
_COMMUNITY = re.compile(r"com_[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")
_RING = re.compile(r"rng_[0-9a-f]{10}")
_CASE = re.compile(rf"(rng|hnd)_[0-9a-f]{{10}}|({'|'.join(ENTITY_TYPES)}):{_IDENTIFIER}", re.DOTALL)
_CODE = re.compile(r"[A-Za-z0-9_]{1,40}")
_DAY = re.compile(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]")
_MARKET = re.compile(rf"(?!.*{NO_ID_CHARACTER}).{{1,80}}", re.DOTALL)
_PERSON = re.compile(rf"(?!.*{NO_ID_CHARACTER}).{{1,120}}", re.DOTALL)
_LONGEST_NUMBER = 9  # digits; longer ones are no page of ours


@dataclass(frozen=True)
class EntityRef:
    """One entity by type and id; `key` is its node key in the graph.

    The type ends at the first colon. An id is whatever the raw tables hold: it reaches a query
    as a parameter and a page escaped, so nothing in it needs to be refused here.
    """

    entity_type: str
    entity_id: str

    @property
    def key(self) -> str:
        """`merchant:mer_000001`."""
        return f"{self.entity_type}:{self.entity_id}"

    @classmethod
    def parse(cls, text: str | None) -> EntityRef | None:
        """The entity a key names, or None when the text is not a key."""
        match = _ENTITY.fullmatch(text or "")
        return cls(match[1], match[2]) if match else None


@dataclass(frozen=True)
class QueueFilters:
    """What the queue shows. Empty text = no filter; `page` counts from 1."""

    entity_type: str = ""
    typology: str = ""
    market: str = ""
    band: str = ""
    search: str = ""
    sort: str = "priority"
    page: int = 1
    size: int = PAGE_SIZES[0]
    lane: str = ""
    """One lane only; empty = the proven ones, by score or by signals."""
    state: str = ""
    assignee: str = ""
    days: int = 0
    """Only what waits at least so many days."""
    usd: int = 0
    """Only what costs at least so much, money and harm."""
    problems: tuple[str, ...] = field(default=(), compare=False)

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * self.size

    @classmethod
    def parse(cls, params: Mapping[str, Any]) -> QueueFilters:
        """Filters of a query string; a value that does not fit is dropped and named."""
        reader = _Reader(params)
        return cls(
            reader.one_of("entity_type", KINDS),
            reader.matching("typology", _CODE),
            reader.matching("market", _MARKET),
            reader.one_of("band", SCORE_BANDS),
            reader.text("search"),
            reader.one_of("sort", QUEUE_SORTS, default="priority"),
            reader.number("page", low=1, high=100_000, default=1),
            reader.number("size", low=1, high=max(PAGE_SIZES), default=PAGE_SIZES[0]),
            reader.one_of("lane", LANES),
            reader.matching("state", _CODE),
            reader.matching("assignee", _PERSON),
            reader.number("days", low=0, high=10_000, default=0),
            reader.number("usd", low=0, high=10**9 - 1, default=0),
            tuple(reader.problems),
        )


@dataclass(frozen=True)
class InvestigateState:
    """Which entity is open, on which tab, with the evidence of which feature.

    `family` narrows the features; the entity is compared with `against` (a key, or the id of
    another of its type), or with itself on the day `since`.
    """

    entity: EntityRef | None = None
    tab: str = "facts"
    feature: str = ""
    family: str = ""
    against: str = ""
    since: date | None = None
    problems: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def parse(cls, params: Mapping[str, Any]) -> InvestigateState:
        """The selection of a query string; `entity` is None when absent or malformed."""
        reader = _Reader(params)
        return cls(
            reader.entity("entity"),
            reader.one_of("tab", INVESTIGATE_TABS, default=_tab(params)),
            reader.matching("feature", _CODE),
            reader.matching("family", _CODE),
            reader.matching("against", _ANYBODY),
            reader.day("since"),
            tuple(reader.problems),
        )


def _tab(params: Mapping[str, Any]) -> str:
    """The tab of an address that names none: where what it opens stands, else the first."""
    return "why" if any(params.get(name) for name in ("feature", "signal", "family")) else "facts"


@dataclass(frozen=True)
class CommunityState:
    """Which community is open."""

    community: str = ""
    problems: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def parse(cls, params: Mapping[str, Any]) -> CommunityState:
        """The selection of a query string; empty when absent or malformed."""
        reader = _Reader(params)
        return cls(reader.matching("community", _COMMUNITY), tuple(reader.problems))


@dataclass(frozen=True)
class RingState:
    """Which ring is open."""

    ring: str = ""
    problems: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def parse(cls, params: Mapping[str, Any]) -> RingState:
        """The selection of a query string; empty when absent or malformed."""
        reader = _Reader(params)
        return cls(reader.matching("ring", _RING), tuple(reader.problems))


@dataclass(frozen=True)
class CaseAddress:
    """Which case is open: the id of a ring, of a case made by hand or a subject's key; or keys.

    `is_match` = all that the filters of the queue list, which stand in the same address.
    """

    case_id: str = ""
    keys: tuple[str, ...] = ()
    is_match: bool = False
    problems: tuple[str, ...] = field(default=(), compare=False)

    @property
    def slot(self) -> str:
        """What the widgets of this case are named after."""
        if self.is_match:
            return MATCH
        return self.case_id or f"keys.{abs(hash(self.keys))}"

    @classmethod
    def parse(cls, params: Mapping[str, Any]) -> CaseAddress:
        """The selection of a query string; empty when absent or malformed."""
        reader = _Reader(params)
        case_id = reader.matching("id", _CASE)
        is_match = reader.one_of(MATCH, ("all",)) == "all"
        return cls(case_id, reader.entities("keys"), is_match, tuple(reader.problems))


def _unescaped(part: str) -> str:
    """One value of a list in the address as it was before it was joined."""
    return part.replace("%2C", ",").replace("%25", "%")


class _Reader:
    """Reads allow-listed values out of a query string and collects what did not fit."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self._params = params
        self.problems: list[str] = []

    def _raw(self, name: str) -> str:
        value = self._params.get(name) or ""
        return str(value[-1] if isinstance(value, list) else value)

    def _refuse(self, name: str, expected: str) -> None:
        value = self._raw(name)[:40]
        self.problems.append(f"The link's {name} {value!r} is not {expected}; it was ignored.")

    def text(self, name: str, *, longest: int = LONGEST_ID) -> str:
        return self._raw(name).strip()[:longest]

    def one_of(self, name: str, allowed: Collection[str], *, default: str = "") -> str:
        raw = self._raw(name)
        if not raw or raw in allowed:
            return raw or default
        self._refuse(name, "one of " + ", ".join(allowed))
        return default

    def matching(self, name: str, pattern: re.Pattern[str], *, default: str = "") -> str:
        raw = self._raw(name)
        if not raw or pattern.fullmatch(raw):
            return raw or default
        self._refuse(name, "of the expected form")
        return default

    def number(self, name: str, *, low: int, high: int, default: int) -> int:
        raw = self._raw(name)
        if not raw:
            return default
        if (
            raw.isascii()
            and raw.isdigit()
            and len(raw) <= _LONGEST_NUMBER
            and low <= int(raw) <= high
        ):
            return int(raw)
        self._refuse(name, f"a whole number from {low} to {high}")
        return default

    def day(self, name: str) -> date | None:
        raw = self._raw(name)
        try:
            if _DAY.fullmatch(raw):
                return date.fromisoformat(raw)
        except ValueError:
            pass  # the 31st of February has the form of a day
        if raw:
            self._refuse(name, "a day such as 2026-05-01")
        return None

    def entities(self, name: str) -> tuple[str, ...]:
        """Keys of a list between commas, in the form of `listed`."""
        parts = [part for part in self._raw(name).split(",") if part]
        keys = [EntityRef.parse(_unescaped(part)) for part in parts]
        if any(key is None for key in keys):
            self._refuse(name, "a list of entity keys")
        return tuple(key.key for key in keys if key)

    def entity(self, name: str) -> EntityRef | None:
        raw = self._raw(name)
        entity = EntityRef.parse(raw)
        if raw and entity is None:
            self._refuse(name, "an entity key such as merchant:mer_000001")
        return entity
