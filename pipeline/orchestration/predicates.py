"""Whose predicate it was when a step that asks all of them at once cannot be run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from pipeline.errors import PackError, StageError
from pipeline.tables import query

if TYPE_CHECKING:
    from collections.abc import Iterable

    from queries.pack_models import Pack, Signal


def refusal(
    con: duckdb.DuckDBPyConnection,
    pairs: Iterable[tuple[Pack, Signal]],
    rows: str,
    error: Exception,
) -> Exception:
    """Which predicate cannot be run over `rows`; the error itself where each of them can.

    Each is asked of every row: one may only fail on a value, such as a text that is no number.
    """
    for pack, signal in pairs:
        try:
            query(con, f"select count(*) filter (where ({signal.predicate})) as n from {rows}")
        except (duckdb.Error, StageError) as own_error:
            reason = str(own_error).partition("\n")[0]
            return PackError(
                f"Signal {signal.code} of pack {pack.code} cannot be run: {reason}",
                "A predicate is a true-or-false expression over columns of "
                f"features.{signal.entity_type}.",
                f"Mend the predicate in its pack, or delete the pack: {signal.predicate}",
            )
    return error
