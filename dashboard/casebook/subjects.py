"""In which market each subject is: what nobody decides about lies outside theirs."""

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
