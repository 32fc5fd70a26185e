"""What every part of the casebook has: the database, who may write about whom, and what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.casebook.engine import reading
from dashboard.casebook.held_back import check_readable
from dashboard.casebook.rules import check_subjects
from queries.free_text import without_names

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import TypeAlias

    from sqlalchemy import Engine

    from dashboard.access import Viewer

    MarketLookup: TypeAlias = Callable[[Collection[str]], Mapping[str, str] | None]
    NameLookup: TypeAlias = Callable[[str, Collection[str]], list[str]]


class BookPart:
    """A part of the casebook.

    `market_lookup` are the markets of subjects by key, asked before every write about some,
    `name_lookup` the names of buyers of some markets (empty = all) that a text holds; without them
    there are no data to look in.
    """

    def __init__(
        self,
        engine: Engine,
        market_lookup: MarketLookup | None = None,
        name_lookup: NameLookup | None = None,
    ) -> None:
        self._engine = engine
        self._market_lookup = market_lookup
        self._name_lookup = name_lookup

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

    def _nameless(self, text: str, viewer: Viewer) -> str:
        """What somebody writes as it is kept: without names of buyers in the viewer's markets.

        Of others not even that they exist may be told.
        """
        if self._name_lookup is None or not text.strip():
            return text
        return without_names(text, self._name_lookup(text, viewer.markets))
