"""Texts that hold the name of a buyer: one row for each name of each distinct text.

Pages hide them: docs/decisions/0144-names-in-free-text.md. Looking for every buyer's name in every
text takes seconds of a large marketplace, so it is done once a build and not by whoever opens the
file. What is shown of a text is decided there, behind the key of the masks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import queries
from queries.personal_data import NAMED_TEXTS, names_in_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

COLUMNS = {"body": "varchar", "part": "varchar"}
"""Columns of the table, one row per (body, part). `part` is the whole name of a buyer, or a part of
the name of whoever wrote `body`, in the letters of the account; it may stand inside other words."""
_WRITERS = ("facts.refund_facts", "facts.review_facts")
"""Where the buyers of refunds and reviews stand beside their words; others are in staging."""
_READ = f"""
select table_schema || '.' || table_name, list(column_name order by ordinal_position)
from information_schema.columns
where table_catalog = current_database()
    and (
        table_schema = 'staging'
        or table_schema || '.' || table_name in {(*_WRITERS, "graph.entities")}
    )
group by 1
"""


def write(con: duckdb.DuckDBPyConnection, on_progress: Callable[[str, int], None]) -> None:
    """Make `content.named_texts`; empty where nobody has a name or nothing was written."""
    tables = dict(con.execute(_READ).fetchall())
    names = names_in_texts(tables) or "select null::varchar as body, null::varchar as part limit 0"
    con.execute(f"create or replace table {NAMED_TEXTS} as {names}")
    on_progress(NAMED_TEXTS, queries.row_count(con, NAMED_TEXTS))
