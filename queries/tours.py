"""The tour's stories as values: what `pages/tour/stories.toml` says.

A story is words, the name of the query that measures its subject and the tab to
read; the subject itself is looked up in whatever was built. So the tour holds no
id and goes on working when the data are made again.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from queries import ROOT
from queries.toml_models import EntityType, FileModel, Tables, Text, TomlList, read_toml, validate

STORIES = ROOT / "pages" / "tour" / "stories.toml"

_Day = Annotated[int, Field(ge=0, description="a day, counted from the first of the data")]


class Notice(FileModel):
    """One thing to see: a sentence with {columns} to fill in, and where it shows."""

    text: Text
    tab: Text
    feature: Text = ""
    """The feature whose rows to open on that tab, if one."""


class LookAlike(FileModel):
    """The honest twin of a story: how to find one, and the sentence that clears it."""

    title: Text
    query: Text
    """Candidates, most alike first; one that nobody found bad is chosen."""
    text: Text
    entity_type: EntityType
    tab: Text
    day: _Day = 0
    """Prefer one of this day of the data, if the query takes a day."""
    candidates: Annotated[int, Field(gt=0, description="a count above 0")] = 100
    """Among how many of the most alike a cleared one is preferred."""


class Story(FileModel):
    """One stop of the tour."""

    typology: Text
    name: Text
    title: Text
    happened: Text
    planted: Text
    """When the sample marketplace plays it, with {starts_on} and {ends_on}."""
    who: Text
    entity_type: EntityType
    first_day: _Day
    last_day: _Day
    figures: Text
    """The query that finds and measures subjects; {words} of notices are its columns."""
    tab: Text
    notices: Annotated[tuple[Notice, ...], Tables]
    clears: Annotated[tuple[Text, ...], TomlList, Field(description="a list of texts")]
    look_alike: Annotated[LookAlike, Field(description="a table")]


class Closing(FileModel):
    """The note that ends the tour."""

    title: Text
    text: Text


class Tour(FileModel):
    """The stories in order, and what to say after the last."""

    stories: Annotated[tuple[Story, ...], Tables]
    closing: Annotated[Closing, Field(description="a table")]


@cache
def tour() -> Tour:
    """The tour; raises FileRefused with file, key and remedy where the file is broken."""
    return validate(Tour, read_toml(STORIES, str(STORIES)), str(STORIES))
