"""Texts as SQL writes them, for statements that take no parameter there: paths, types of files."""

from __future__ import annotations


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
