"""The tour's stories as values: what `pages/tour/stories.toml` says.

A story is words, the name of the query that measures its subject and the tab to
read; the subject itself is looked up in whatever was built. So the tour holds no
id and goes on working when the data are made again.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, TypeVar

from queries import ROOT, QueryError
from queries.vocabulary import ENTITY_TYPES

STORIES = ROOT / "pages" / "tour" / "stories.toml"
_Part = TypeVar("_Part")


@dataclass(frozen=True)
class Notice:
    """One thing to see: a sentence with {columns} to fill in, and where it shows."""

    text: str
    tab: str
    feature: str = ""
    """The feature whose rows to open on that tab, if one."""


@dataclass(frozen=True)
class LookAlike:
    """The honest twin of a story: how to find one, and the sentence that clears it."""

    title: str
    query: str
    """Candidates, most alike first; one that nobody found bad is chosen."""
    text: str
    entity_type: str
    tab: str
    day: int = 0
    """Prefer one of this day of the data, if the query takes a day."""
    candidates: int = 100
    """Among how many of the most alike a cleared one is preferred."""


@dataclass(frozen=True)
class Story:
    """One stop of the tour."""

    typology: str
    name: str
    title: str
    happened: str
    planted: str
    """When the sample marketplace plays it, with {starts_on} and {ends_on}."""
    who: str
    entity_type: str
    first_day: int
    last_day: int
    figures: str
    """The query that finds and measures subjects; {words} of notices are its columns."""
    tab: str
    notices: tuple[Notice, ...]
    clears: tuple[str, ...]
    look_alike: LookAlike


@dataclass(frozen=True)
class Closing:
    """The note that ends the tour."""

    title: str
    text: str


@dataclass(frozen=True)
class Tour:
    """The stories in order, and what to say after the last."""

    stories: tuple[Story, ...]
    closing: Closing


@cache
def tour() -> Tour:
    """The tour; raises QueryError with file, story and remedy where the file is broken."""
    try:
        entry = tomllib.loads(STORIES.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise QueryError(f"{STORIES} is not TOML: {error}. Mend the file.") from error
    stories = tuple(_story(story) for story in entry.get("stories", []))
    return Tour(stories, _part(Closing, entry.get("closing", {})))


def _story(entry: dict[str, Any]) -> Story:
    notices = tuple(_part(Notice, notice) for notice in entry.get("notices", []))
    parts = {"notices": notices, "clears": tuple(entry.get("clears", []))}
    look_alike = _part(LookAlike, entry.get("look_alike", {}))
    return _part(Story, {**entry, **parts, "look_alike": look_alike})


def _part(kind: type[_Part], entry: dict[str, Any]) -> _Part:
    title = entry.get("title") or entry.get("text") or "a part without a title"
    try:
        made = kind(**entry)
    except TypeError as error:
        known = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        raise QueryError(
            f"{STORIES}: {title!r}: {error}. A {kind.__name__} has {known}. Mend the file."
        ) from error
    if entry.get("entity_type", ENTITY_TYPES[0]) not in ENTITY_TYPES:
        raise QueryError(
            f"{STORIES}: {title!r} is about {entry['entity_type']!r}, expected one of "
            f"{ENTITY_TYPES}. Mend the file."
        )
    return made
