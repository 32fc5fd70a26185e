"""One stop of the tour as values: a story, the subject it found, and its honest twin.

A newcomer reads about a fraud beside a real case of it, so every sentence is filled
with what the built database measured, and one whose figure is unknown is left out.
"""

from __future__ import annotations

import math
import string
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import polars as pl

from dashboard import text, theme
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from queries.tours import LookAlike, Story

    Reader = Callable[..., pl.DataFrame]
    """Rows of a query by name and parameters: the app's cache or a plain connection."""

PARAMETER = "tour"
"""Travels along in the address when a stop is left, so that there is a way back."""
REMEDY = "Build the sample marketplace, which has all five: ringfence demo"
NOBODY = "Nobody in this database does what this story tells, so there is nobody to show."
CANDIDATES = 300
"""Among how many of the clearest cases an open alert is looked for: several rings of them."""


_FEW = 0.1
"""Below this share a digit after the point says something."""
CLOSING_HINT = "Serve the app for these links to work: ringfence serve"


@dataclass(frozen=True)
class Notice:
    """One thing to notice: the sentence, and where it shows (`params` of Investigate)."""

    sentence: str
    tab: str
    params: dict[str, str]


@dataclass(frozen=True)
class Subject:
    """Whom a stop is about. `name` is as typed: hostile until escaped."""

    name: str
    entity_id: str
    label: str
    """What kind of entity it is, in words."""
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
    notices: tuple[Notice, ...]
    clears: tuple[str, ...]
    twin: Twin
    problem: str
    remedy: str


def stop(
    read: Reader,
    stories: Sequence[Story],
    number: int,
    markets: Sequence[str],
    held: Collection[str] = (),
) -> Stop:
    """The stop `number` (from 1), about whom `read` finds in `markets` (empty = every).

    About nobody of `held`, by key: whose standing the reader is to judge first.
    """
    story = stories[number - 1]
    days = read("pages/tour/days", first_day=story.first_day, last_day=story.last_day)
    span = days.row(0, named=True)
    figures = _subject_figures(_without(read, held), story, span, markets)
    twin = _twin(_without(read, held), story.look_alike, number, markets)
    members, held_usd = figures.get("community_members"), figures.get("exposure_usd")
    return Stop(
        number=number,
        total=len(stories),
        name=story.name,
        title=story.title,
        happened=story.happened,
        who=story.who,
        when=_span(figures.get("from_day"), figures.get("to_day")),
        planted=_filled(story.planted, span),
        typology_title=words.typology_title(story.typology),
        subject=_subject(figures, story.tab, number, _opened(figures)) if figures else None,
        exposure=f"{text.money(held_usd)} at risk" if held_usd is not None else "",
        community=f"one of {members:,} in a community" if members else "",
        notices=_notices(story, figures, number) if figures else (),
        clears=story.clears,
        twin=twin,
        problem="" if figures else NOBODY,
        remedy="" if figures else REMEDY,
    )


def _without(read: Reader, held: Collection[str]) -> Reader:
    """`read` whose rows of subjects leave out those of `held`; ids differ from type to type."""
    ids = [key.partition(":")[2] for key in held]

    def shown(name: str, **params: Any) -> pl.DataFrame:
        rows = read(name, **params)
        return rows.filter(~pl.col("entity_id").is_in(ids)) if "entity_id" in rows.columns else rows

    return shown


def _subject_figures(
    read: Reader, story: Story, span: dict[str, Any], markets: Sequence[str]
) -> dict[str, Any]:
    """Who the story is about and what was measured of it; empty where nobody does it."""
    candidates = read(story.figures, limit=CANDIDATES)
    rows = read(
        "pages/tour/subject",
        entity_type=story.entity_type,
        entity_ids=_ordered(candidates, span),
        typology=story.typology,
        markets=list(markets),
    )
    return {**rows.row(0, named=True), **_figures(candidates, rows)} if len(rows) else {}


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
    people = (("subject", view.subject), ("look-alike", view.twin.subject))
    links = [line for label, one in people if one for line in _linked(label, one, base)]
    return (head, f"   {'where, when':<12}{view.subject.market}, {view.when}", here, *links, "")


def _linked(label: str, subject: Subject, base: str) -> tuple[str, str]:
    link = f"{base}/investigate?{urlencode(subject.params, safe=':')}"
    who = f"{subject.name} ({subject.label.lower()}, {subject.standing})"
    return f"   {label:<12}{who}", f"   {'':<12}{link}"


def _twin(read: Reader, alike: LookAlike, number: int, markets: Sequence[str]) -> Twin:
    day = {"day": alike.day} if alike.day else {}
    candidates = read(alike.query, limit=alike.candidates, **day)
    rows = read(
        "pages/tour/clean_candidate",
        entity_type=alike.entity_type,
        entity_ids=candidates["entity_id"].to_list(),
        markets=list(markets),
    )
    if rows.is_empty():
        return Twin(alike.title, "This database has none that scores low and looks like it.", None)
    entity = rows.row(0, named=True)
    cleared = entity["cleared_on"]
    standing = f"cleared {cleared:%Y-%m-%d}" if cleared else "scores low; nobody has judged it"
    subject = _subject(entity, alike.tab, number, standing)
    return Twin(alike.title, _filled(alike.text, _figures(candidates, rows)), subject)


def _subject(entity: dict[str, Any], tab: str, number: int, standing: str) -> Subject:
    entity_type = str(entity["entity_type"])
    key = f"{entity_type}:{entity['entity_id']}"
    return Subject(
        name=text.plain(entity["name"]),
        entity_id=str(entity["entity_id"]),
        label=theme.entity_label(entity_type),
        market=str(entity["market"] or text.MISSING),
        band=entity["score_band"],
        score_text="not scored" if entity["score"] is None else f"{entity['score']:.3f}",
        standing=standing,
        params=_params(key, tab, number),
    )


def _params(entity_key: str, tab: str, number: int, feature: str = "") -> dict[str, str]:
    params = {"entity": entity_key, "tab": tab, "feature": feature, PARAMETER: str(number)}
    return {name: value for name, value in params.items() if value}


def _notices(story: Story, figures: dict[str, Any], number: int) -> tuple[Notice, ...]:
    key = f"{figures['entity_type']}:{figures['entity_id']}"
    return tuple(
        Notice(sentence, notice.tab, _params(key, notice.tab, number, notice.feature))
        for notice in story.notices
        if (sentence := _filled(notice.text, figures))
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
    texts = {name: _in_words(name, figures.get(name)) for name in placeholders(sentence)}
    return "" if text.MISSING in texts.values() else sentence.format_map(texts)


def _in_words(name: str, value: object) -> str:
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
