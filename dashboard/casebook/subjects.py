"""What the served data say before a write: markets of subjects, and names that a text holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

import queries
from dashboard import places

if TYPE_CHECKING:
    from collections.abc import Collection


def markets_of(keys: Collection[str]) -> dict[str, str] | None:
    """The market of each subject of the served database, by `type:id`; strangers are left out.

    None where there is no database to look in: what cannot be looked up refuses nothing.
    """
    path = places.database_path()
    if not path.exists():
        return None
    try:
        with queries.connect(path) as con:
            rows = queries.run(con, "casebook/markets", keys=sorted(keys))
    except duckdb.CatalogException:
        return None
    return dict(rows.select("entity_key", "market").iter_rows())


def names_in(text: str, markets: Collection[str]) -> list[str]:
    """Whole names of buyers of the served database, of `markets` (empty = all), in a text.

    None of what is no database, or one without buyers.
    """
    path = places.database_path()
    if not path.exists():
        return []
    try:
        with queries.connect(path) as con:
            rows = queries.run(con, "casebook/buyer_names", text=text, markets=sorted(markets))
    except duckdb.CatalogException:
        return []
    return list(rows["name"])
