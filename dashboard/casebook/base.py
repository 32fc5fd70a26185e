"""What every part of the casebook has: the database, and who may write about whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.casebook.engine import reading
from dashboard.casebook.held_back import check_readable
from dashboard.casebook.rules import check_subjects

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import TypeAlias

    from sqlalchemy import Engine

    from dashboard.access import Viewer

    MarketLookup: TypeAlias = Callable[[Collection[str]], Mapping[str, str] | None]


class BookPart:
    """A part of the casebook.

    `market_lookup` are the markets of subjects by key, asked before every write about some;
    without it there are no data to look in.
    """

    def __init__(self, engine: Engine, market_lookup: MarketLookup | None = None) -> None:
        self._engine = engine
        self._market_lookup = market_lookup

    def _market_of(self, key: str) -> str | None:
        """The market of a subject; None where nobody knows it."""
        markets = self._market_lookup([key]) if self._market_lookup else None
        return (markets or {}).get(key)

    def _check(self, keys: Collection[str], viewer: Viewer) -> None:
        """Raise where one of `keys` is outside of the viewer's markets, or held back from them."""
        if self._market_lookup is not None:
            check_subjects(keys, self._market_lookup(keys), viewer)
        with reading(self._engine) as con:
            check_readable(con, keys, viewer)
