"""Which typology packs the pages speak of: those the served database was built with."""

from __future__ import annotations

from functools import lru_cache

from dashboard import places
from dashboard.errors import DatabaseOutdated, TableMissing
from dashboard.store import data_version, read
from dashboard.view_models import words
from queries import QueryError
from queries.packs import Pack, from_json


def serve_packs() -> None:
    """Let words be those of the build; scored tables without packs get the house's own."""
    words.serve(_packs_of(data_version()))


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
