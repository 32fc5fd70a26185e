"""One stop of the tour as values: a story, the subject it found, and its honest twin.

A newcomer reads about a fraud beside a real case of it, so every sentence is filled
with what the built database measured, and one whose figure is unknown is left out.
"""

from __future__ import annotations

import math
import string
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

import polars as pl

from dashboard import text, theme
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.tours import LookAlike, Story

PARAMETER = "tour"
"""Travels along in the address when a stop is left, so that there is a way back."""
REMEDY = "Build the sample marketplace, which has all five: ringfence demo"
NOBODY = "Nobody in this database does what this story tells, so there is nobody to show."
CANDIDATES = 300
"""Among how many of the clearest cases an open alert is looked for: several rings of them."""


class Ask(Protocol):
    """Rows of a query by name: the app's cache or a plain connection."""

    def __call__(self, name: str, **params: Any) -> pl.DataFrame:
        """Rows of the query `name`."""


_FEW = 0.1
"""Below this share a digit after the point says something."""
CLOSING_HINT = "Serve the app for these links to work: ringfence serve"


@dataclass(frozen=True)
class Seen:
    """One thing to notice: the sentence, and where it shows (`params` of Investigate)."""

    sentence: str
    tab: str
    params: dict[str, str]


@dataclass(frozen=True)
class Subject:
    """Whom a stop is about. `name` is as typed: hostile until escaped."""

    name: str
    entity_key: str
    entity_id: str
    kind: str
    market: str
    band: str | None
    score_text: str
    standing: str
    """Why it is here: when its alert opened, or when it was cleared."""
    params: dict[str, str]
    """The query string of Investigate that opens it."""


@dataclass(frozen=True)
class Twin:
    """An honest look-alike and the sentence that clears it; no subject: none was found."""

    title: str
    sentence: str
    subject: Subject | None


@dataclass(frozen=True)
class Stop:
    """One stop. Without a `subject` the `problem` says so and the `remedy` what to do."""

    number: int
    total: int
    name: str
    title: str
    happened: str
    who: str
    when: str
    planted: str
    typology_title: str
    subject: Subject | None
    exposure: str
    community: str
    notices: tuple[Seen, ...]
    clears: tuple[str, ...]
    twin: Twin
    problem: str
    remedy: str

    @property
    def progress(self) -> str:
        """Where in the tour this is."""
        return f"Stop {self.number} of {self.total}"


def stop(ask: Ask, stories: Sequence[Story], number: int, markets: Sequence[str]) -> Stop:
    """The stop `number` (from 1), with what `ask` finds in `markets` (empty = every)."""
    story = stories[number - 1]
    days = ask("pages/tour/days", first_day=story.first_day, last_day=story.last_day)
    span = days.row(0, named=True)
    candidates = ask(story.figures, limit=CANDIDATES)
    rows = ask(
        "pages/tour/subject",
        entity_type=story.entity_type,
        entity_ids=_ordered(candidates, span),
        typology=story.typology,
        markets=list(markets),
    )
    found = {**rows.row(0, named=True), **_figures(candidates, rows)} if len(rows) else None
    twin = _twin(ask, story.look_alike, number, markets)
    return _stop(story, (number, len(stories)), found, _filled(story.planted, span), twin)


def _ordered(candidates: pl.DataFrame, span: dict[str, Any]) -> list[str]:
    """Ids of the clearest cases, those active in the story's days before the others."""
    starts, ends = pl.lit(span["starts_on"], pl.Date), pl.lit(span["ends_on"], pl.Date)
    active = (pl.col("from_day") <= ends) & (pl.col("to_day") >= starts)
    ordered = candidates.sort(active, descending=True, nulls_last=True, maintain_order=True)
    return ordered["entity_id"].to_list()


def _figures(candidates: pl.DataFrame, chosen: pl.DataFrame) -> dict[str, Any]:
    return candidates.row(by_predicate=pl.col("entity_id") == chosen["entity_id"][0], named=True)


def lines(view: Stop, base: str) -> tuple[str, ...]:
    """The stop as plain lines of text for a terminal; `base` is the address of the app."""
    head = f"{view.number}. {view.name}: {view.title}"
    here = f"   {'tour':<12}{base}/tour?stop={view.number}"
    if view.subject is None:
        return (head, here, f"   {'nobody':<12}{view.problem} {view.remedy}", "")
    found = (("subject", view.subject), ("look-alike", view.twin.subject))
    told = [line for label, one in found if one for line in _linked(label, one, base)]
    return (head, f"   {'where, when':<12}{view.subject.market}, {view.when}", here, *told, "")


def _linked(label: str, subject: Subject, base: str) -> tuple[str, str]:
    link = f"{base}/investigate?{urlencode(subject.params, safe=':')}"
    who = f"{subject.name} ({subject.kind.lower()}, {subject.standing})"
    return f"   {label:<12}{who}", f"   {'':<12}{link}"


def _stop(
    story: Story, place: tuple[int, int], found: dict[str, Any] | None, planted: str, twin: Twin
) -> Stop:
    number, total = place
    title = words.typology_title(story.typology)
    figures = found or {}
    members, held = figures.get("community_members"), figures.get("exposure_usd")
    return Stop(
        number=number,
        total=total,
        name=story.name,
        title=story.title,
        happened=story.happened,
        who=story.who,
        when=_span(figures.get("from_day"), figures.get("to_day")),
        planted=planted,
        typology_title=title,
        subject=_subject(figures, story.tab, number, _opened(figures)) if found else None,
        exposure=f"{text.money(held)} at risk" if held is not None else "",
        community=f"one of {members:,} in a community" if members else "",
        notices=_notices(story, figures, number) if found else (),
        clears=story.clears,
        twin=twin,
        problem="" if found else NOBODY,
        remedy="" if found else REMEDY,
    )


def _twin(ask: Ask, alike: LookAlike, number: int, markets: Sequence[str]) -> Twin:
    day = {"day": alike.day} if alike.day else {}
    candidates = ask(alike.query, limit=alike.candidates, **day)
    rows = ask(
        "pages/tour/peaceful",
        entity_type=alike.entity_type,
        entity_ids=candidates["entity_id"].to_list(),
        markets=list(markets),
    )
    if rows.is_empty():
        return Twin(alike.title, "This database has none that scores low and looks like it.", None)
    found = rows.row(0, named=True)
    figures = _figures(candidates, rows)
    cleared = found["cleared_on"]
    standing = f"cleared {cleared:%Y-%m-%d}" if cleared else "scores low; nobody has judged it"
    subject = _subject(found, alike.tab, number, standing)
    return Twin(alike.title, _filled(alike.text, figures), subject)


def _subject(found: dict[str, Any], tab: str, number: int, standing: str) -> Subject:
    kind = str(found["entity_type"])
    key = f"{kind}:{found['entity_id']}"
    return Subject(
        name=text.plain(found["name"]),
        entity_key=key,
        entity_id=str(found["entity_id"]),
        kind=theme.ENTITY_LABELS.get(kind, kind),
        market=str(found["market"] or text.MISSING),
        band=found["score_band"],
        score_text="not scored" if found["score"] is None else f"{found['score']:.3f}",
        standing=standing,
        params=_params(key, tab, number),
    )


def _params(entity_key: str, tab: str, number: int, feature: str = "") -> dict[str, str]:
    params = {"entity": entity_key, "tab": tab, "feature": feature, PARAMETER: str(number)}
    return {name: value for name, value in params.items() if value}


def _notices(story: Story, figures: dict[str, Any], number: int) -> tuple[Seen, ...]:
    key = f"{figures['entity_type']}:{figures['entity_id']}"
    told = ((notice, _filled(notice.text, figures)) for notice in story.notices)
    return tuple(
        Seen(sentence, notice.tab, _params(key, notice.tab, number, notice.feature))
        for notice, sentence in told
        if sentence
    )


def _opened(figures: dict[str, Any]) -> str:
    opened = figures.get("opened_on")
    return f"alert opened {opened:%Y-%m-%d}" if opened else "not in the queue today"


def _span(first: date | None, last: date | None) -> str:
    if not first or not last:
        return text.MISSING
    return f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"


def placeholders(sentence: str) -> list[str]:
    """The {words} of a sentence, in order."""
    return [name for _, name, _, _ in string.Formatter().parse(sentence) if name]


def _filled(sentence: str, figures: dict[str, Any]) -> str:
    """The sentence with its figures; empty when one of them is unknown."""
    shown = {name: _shown(name, figures.get(name)) for name in placeholders(sentence)}
    return "" if text.MISSING in shown.values() else sentence.format_map(shown)


def _shown(name: str, value: object) -> str:
    """A figure by the unit in which its column's name ends."""
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if not isinstance(value, int | float) or math.isnan(value):
        return text.MISSING
    unit = name.rpartition("_")[2]
    if unit in ("share", "variation"):
        return text.percent(value, digits=0 if value >= _FEW else 1)
    if unit == "usd":
        return text.money(value)
    if unit in ("seconds", "hours", "days"):
        return text.duration(value, unit)
    return text.count(value)
