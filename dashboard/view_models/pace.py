"""What decisions take, measured: by typology and band, by week, and which panels were opened.

A middle of fewer than ten is not shown, so that no figure is one person's by accident.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from dashboard import text, theme
from dashboard.view_models import words
from dashboard.view_models.shares import Middle, Share, middle, share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from dashboard.cases.attention import DecisionTime

LEAST_PEOPLE = 3
"""Of fewer people no figure is shown to whoever reads without names (assumption)."""


@dataclass(frozen=True)
class PaceRow:
    """The time of some decisions, in seconds; `assumed_minutes` what the queue reckons with."""

    name: str
    seconds: Middle
    people: int
    assumed_minutes: float | None = None

    @property
    def said(self) -> str:
        """The middle with its interval, in minutes."""
        low, high = (f"{end / 60:.1f}" for end in (self.seconds.low, self.seconds.high))
        return f"{self.seconds.value / 60:.1f} ({low} to {high})"


def by_typology(times: Sequence[DecisionTime]) -> list[PaceRow]:
    """By typology and band of the alert that was answered, beside what its pack assumes."""
    groups: dict[tuple[str, str], list[DecisionTime]] = defaultdict(list)
    for one in times:
        groups[one.typology, one.band].append(one)
    packs = words.known_packs()
    return [
        PaceRow(
            _name(typology, band),
            *_measured(groups[typology, band]),
            packs[typology].review_minutes if typology in packs else None,
        )
        for typology, band in sorted(groups)
    ]


def _name(typology: str, band: str) -> str:
    title = words.typology_title(typology) if typology else "No typology"
    return f"{title}, {theme.BAND_LABELS.get(band, band).lower()}" if band else f"{title}, no alert"


def by_week(times: Sequence[DecisionTime]) -> list[PaceRow]:
    """By the week that decisions were taken in, the last first."""
    groups = _grouped(times, lambda one: _monday(one.at.date()))
    return [
        PaceRow(f"{week:%-d %b %Y}", *_measured(groups[week]))
        for week in sorted(groups, reverse=True)
    ]


def by_person(times: Sequence[DecisionTime]) -> list[PaceRow]:
    """By person, most decisions first; nobody of those whose name is not to be read."""
    groups = _grouped([one for one in times if one.actor], lambda one: one.actor)
    rows = [PaceRow(name, *_measured(made)) for name, made in groups.items()]
    return sorted(rows, key=lambda row: (-row.seconds.whole, row.name))


@dataclass(frozen=True)
class PanelRow:
    """How often a panel was opened before deciding."""

    panel: str
    opened: Share


def panels_used(times: Sequence[DecisionTime]) -> list[PanelRow]:
    """Each panel, the most opened first."""
    counts = Counter(panel for one in times for panel in one.spent.panels)
    return [
        PanelRow(words.sentence_case(panel), share(count, len(times)))
        for panel, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def shown(rows: Iterable[PaceRow], least_people: int = 1) -> tuple[list[PaceRow], int]:
    """Those with enough decisions, of enough people; how many decisions the others hold."""
    every = list(rows)
    kept = [row for row in every if row.seconds.is_shown and row.people >= least_people]
    return kept, sum(row.seconds.whole for row in every) - sum(row.seconds.whole for row in kept)


def period_of(times: Sequence[DecisionTime]) -> str:
    """How many decisions these are, and from when."""
    if not times:
        return "No decision was timed yet."
    days = sorted(one.at.date() for one in times)
    return f"{text.plural(len(times), 'decision')}, {days[0]} to {days[-1]}"


def _measured(times: Sequence[DecisionTime]) -> tuple[Middle, int]:
    """What they took, and of how many people."""
    return middle([one.spent.seconds for one in times]), len({one.person for one in times})


_Key = TypeVar("_Key")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _grouped(
    times: Sequence[DecisionTime], key: Callable[[DecisionTime], _Key]
) -> dict[_Key, list[DecisionTime]]:
    groups: dict[_Key, list[DecisionTime]] = defaultdict(list)
    for one in times:
        groups[key(one)].append(one)
    return groups
