"""A small marketplace by day, market and category, with what a test does to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipeline.noticing.movements import movements
from pipeline.noticing.panel import KEY, About, Panel, panel
from pipeline.noticing.scan import scan
from pipeline.noticing.season import season
from pipeline.settings.noticing import NoticingSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from pipeline.noticing.movements import Movement
    from pipeline.noticing.season import PlannedEvent

FIRST = date(2026, 6, 1)
DAYS = 84
MARKETS, CATEGORIES = ("GB", "ID", "US"), ("Food", "Home", "Toys")
SETTINGS = NoticingSettings()


@dataclass
class Marketplace:
    """Orders, and how many of them went wrong: arrays (day, market, category)."""

    orders: NDArray[np.int64]
    bad: NDArray[np.int64]

    @classmethod
    def of(cls, seed: int, mean: float = 40.0, share: float = 0.1) -> Marketplace:
        """A quiet one: Poisson orders with a rhythm of the week."""
        random = np.random.default_rng(seed)
        weekend = np.array([1.3 if day(n).weekday() > 4 else 0.9 for n in range(DAYS)])
        shape = (DAYS, len(MARKETS), len(CATEGORIES))
        orders = random.poisson(mean * weekend[:, None, None] * np.ones(shape))
        return cls(orders, random.binomial(orders, share))

    def counts(self) -> Panel:
        """The number of orders as a metric."""
        return self._panel(About("orders", is_ratio=False, good="up"), self.orders, None)

    def rates(self, maturity_days: int = 0) -> Panel:
        """The share that went wrong as a metric."""
        about = About("bad_rate", is_ratio=True, good="down", maturity_days=maturity_days)
        return self._panel(about, self.bad, self.orders, DAYS - maturity_days)

    def _panel(
        self,
        about: About,
        top: NDArray[np.int64],
        bottom: NDArray[np.int64] | None,
        usable_days: int = DAYS,
    ) -> Panel:
        days = [day(n) for n in range(DAYS)]
        usable = pl.DataFrame(
            [(market, one) for market in MARKETS for one in days[:usable_days]],
            schema={"market": pl.String, "day": pl.Date},
            orient="row",
        )
        return panel(about, self.rows(top, bottom), days, usable)

    def rows(self, top: NDArray[np.int64], bottom: NDArray[np.int64] | None) -> pl.DataFrame:
        """Every grouping by day, as a file of kpis has it."""
        schema = {"day": pl.Date, **dict.fromkeys(KEY, pl.String)}
        schema |= dict.fromkeys(("numerator", "denominator", "n"), pl.Float64)
        every = slice(None)
        rows = []
        for m, c in product([None, *range(len(MARKETS))], [None, *range(len(CATEGORIES))]):
            at = (every if m is None else [m], every if c is None else [c])
            pairs = [("category", CATEGORIES[c])] if c is not None else []
            pairs += [("market", MARKETS[m])] if m is not None else []
            key = [part for pair in pairs for part in pair] + [None] * (4 - 2 * len(pairs))
            for n in range(DAYS):
                value, of, seen = (
                    None if one is None else float(one[n][at[0]][:, at[1]].sum())
                    for one in (top, bottom, self.orders)
                )
                rows.append((day(n), *key, value, of, seen))
        return pl.DataFrame(rows, schema=schema, orient="row")


def day(number: int) -> date:
    """A day of the marketplace by its number, from 0."""
    return FIRST + timedelta(days=number)


def noticed(
    own: Panel, planned: Iterable[PlannedEvent] = (), settings: NoticingSettings = SETTINGS
) -> list[Movement]:
    """What is named of one metric."""
    return movements(scan(own, season(own, planned), settings), settings)
