"""Short tables beside each other and cards below, as one part of a page.

Streamlit's own table is a canvas with a program of half a megabyte, and each of its links and
captions a part that the browser mounts by itself. A few rows of text need neither: this is what a
case opens with, hundreds of times a day (docs/decisions/0132-the-next-case.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.components.links import addresses_of, go
from dashboard.components.packaged import packaged
from dashboard.text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboard.view_models.related import RelatedGroup

_HTML = '<div class="rf-board"></div>\n'
_HERE = Path(__file__).parent
_SUBJECT_PAGE = "investigate"


@dataclass(frozen=True)
class Column:
    """A column of cells as text; a click on its name sorts by `values`, else by the text.

    `keys` are the subjects that the cells lead to, as `type:id`, empty = nowhere. `width` is in
    pixels, 0 = what is left.
    """

    label: str
    cells: Sequence[str]
    values: Sequence[Any] = ()
    keys: Sequence[str] = ()
    width: int = 0
    is_number: bool = False
    tip: str = ""


@dataclass(frozen=True)
class Table:
    """A table with the line above it; `alt` is read aloud, `most_rows` are seen at once."""

    title: str
    more: str
    caption: str
    columns: Sequence[Column]
    alt: str
    most_rows: int = 9
    note: str = ""


@dataclass(frozen=True)
class Cards:
    """Subjects in groups, below a line."""

    title: str
    groups: Sequence[RelatedGroup] = ()


_NO_CARDS = Cards("")


def board(tables: Sequence[Table], cards: Cards = _NO_CARDS, *, key: str) -> None:
    """Draw tables and cards; a name leads to its subject, in a new tab too."""
    data = payload(tables, cards)

    def opened() -> None:
        chosen = getattr(st.session_state.get(key), "open", None)
        if chosen in data["addresses"]:
            go(_SUBJECT_PAGE, {"entity": str(chosen)})

    mount = packaged("board", _HERE, html=_HTML, css="board.css", js="board.js")
    mount(key=key, data=data, on_open_change=opened)


def payload(tables: Sequence[Table], cards: Cards) -> dict[str, Any]:
    """What travels to the browser: words are visible text, never markup."""
    keys = {one for table in tables for column in table.columns for one in column.keys if one}
    keys |= {one.key for group in cards.groups for one in group.subjects}
    return {
        "tables": [_table(one) for one in tables],
        "title": visible(cards.title),
        "cards": [_card(one) for one in cards.groups],
        "addresses": addresses_of(_SUBJECT_PAGE, "entity", sorted(keys)),
    }


def _table(table: Table) -> dict[str, Any]:
    words = {name: visible(getattr(table, name)) for name in ("title", "more", "alt")}
    long = {name: visible(getattr(table, name)) for name in ("caption", "note")}
    columns = [_column(one) for one in table.columns]
    return {**words, **long, "columns": columns, "mostRows": table.most_rows}


def _column(column: Column) -> dict[str, Any]:
    return {
        "label": visible(column.label),
        "cells": [visible(one) for one in column.cells],
        "values": list(column.values),
        "keys": list(column.keys),
        "width": column.width,
        "isNumber": column.is_number,
        "tip": visible(column.tip),
    }


def _card(group: RelatedGroup) -> dict[str, Any]:
    subjects = [
        {
            "key": one.key,
            "name": visible(one.name),
            "said": visible(one.said),
            "band": one.band,
            "tone": one.tone,
        }
        for one in group.subjects
    ]
    return {"title": visible(group.title), "others": group.others, "subjects": subjects}
