"""What the pages speak of: the packs and the currency that the served database was built with."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from duckdb import CatalogException

from dashboard import places
from dashboard.currency import DOLLARS, Currency, show_in
from dashboard.errors import DatabaseOutdated, TableMissing
from dashboard.store import data_version, read
from dashboard.view_models import words
from queries import QueryError
from queries.packs import Pack, from_json

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl


def serve_build() -> None:
    """Let words and amounts be those of the build that this session looks at.

    Scored tables without packs get the house's own; without a currency they speak of dollars.
    """
    words.serve(_packs_of(data_version()))
    show_in(currency_of(read))


def currency_of(read_of: Callable[[str], pl.DataFrame]) -> Currency:
    """What a build shows amounts in, by what reads it."""
    try:
        rows = read_of("pages/data/currency")
    except (TableMissing, CatalogException):
        return DOLLARS
    return Currency(**rows.row(0, named=True)) if len(rows) else DOLLARS


@lru_cache(maxsize=2)
def _packs_of(version: str) -> dict[str, Pack] | None:
    del version  # the cache key: another file, other packs
    try:
        texts = read("pages/packs/texts")["body"]
    except TableMissing:
        return None
    try:
        return from_json(texts)
    except (QueryError, ValueError) as error:
        message = f"The database holds a typology pack that cannot be read. {error}"
        raise DatabaseOutdated(message, places.REBUILD_REMEDY) from error
