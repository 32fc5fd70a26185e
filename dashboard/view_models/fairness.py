"""Whom wrong verdicts hit: those that were put right later, by what their subject is.

Two measures of the same bad verdicts: those that an appeal overturned, and those that any later
word contradicts, a random check or a second look included. A band is named where it differs from
the rest of its kind by more than chance, at one rate of false discoveries over all that is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from dashboard import text
from dashboard.view_models.shares import Share, chance, share
from pipeline.evaluation.false_discovery import false_discovery_rates

if TYPE_CHECKING:
    from collections.abc import Mapping

FALSE_DISCOVERIES = 0.05
"""Of the bands that are named so many may be so by chance."""
MEASURES = {"is_overturned": "overturned on appeal", "is_found_good": "found good later"}
DIMENSIONS = {
    "market": "Market",
    "people_market": "Market, by people",
    "age": "Seller's age",
    "size": "Seller's size",
    "decided_by": "Decided by",
}
_AGES = ((30, "under 30 days"), (90, "30 to 89 days"), (365, "90 days to a year"))
_OLDEST = "over a year"
_SIZES = ((28, "under 1 order a day"), (140, "1 to 5 orders a day"))
_LARGEST = "over 5 orders a day"
RULE = "a rule"
VERDICTS: Mapping[str, type[pl.DataType]] = {
    "market": pl.String,
    "decided_by": pl.String,
    "known_day": pl.Date,
    "seller_age_days": pl.Int64,
    "seller_orders": pl.Int64,
    "is_overturned": pl.Boolean,
    "is_found_good": pl.Boolean,
}
"""One bad verdict a row."""


@dataclass(frozen=True)
class FairnessRow:
    """One band of one dimension, and what differs beyond chance from the rest of it."""

    dimension: str
    band: str
    shares: Mapping[str, Share]
    rest: Mapping[str, Share]
    q: Mapping[str, float]

    @property
    def direction(self) -> str:
        """`more` or `fewer` wrong verdicts than the rest, beyond chance; empty = neither."""
        beyond = [name for name in MEASURES if self.q[name] <= FALSE_DISCOVERIES]
        if not beyond:
            return ""
        own, rest = self.shares[beyond[0]], self.rest[beyond[0]]
        return "more" if (own.value or 0.0) > (rest.value or 0.0) else "fewer"

    @property
    def is_worse(self) -> bool:
        """Whether more of its verdicts were wrong than of the rest, beyond chance."""
        return self.direction == "more"

    @property
    def sentence(self) -> str:
        """How it differs, said aloud."""
        said = ", ".join(
            f"{text.percent(self.shares[name].value, digits=0)} {words} "
            f"(the rest {text.percent(self.rest[name].value, digits=0)})"
            for name, words in MEASURES.items()
        )
        whole = self.shares["is_overturned"].whole
        return f"{DIMENSIONS[self.dimension]}, {self.band}: of {whole:,} bad verdicts {said}."


def fairness_rows(verdicts: pl.DataFrame) -> tuple[list[FairnessRow], int]:
    """Rows of the bands with enough verdicts, by dimension; how many bands have too few.

    `verdicts` has the columns of `VERDICTS`.
    """
    banded = _banded(verdicts)
    cells = [
        (dimension, band, _shares(inside), _shares(outside))
        for dimension in DIMENSIONS
        for band, inside, outside in _bands(banded, dimension)
    ]
    asked = [one for one in cells if _is_shown(one[2])]
    p = [
        chance(own[name], rest[name]) if _is_shown(rest) else float("nan")
        for _, _, own, rest in asked
        for name in MEASURES
    ]
    q = iter(false_discovery_rates(np.array(p, dtype=np.float64)).tolist())
    rows = [FairnessRow(*cell, {name: next(q) for name in MEASURES}) for cell in asked]
    return rows, len(cells) - len(asked)


def _is_shown(shares: Mapping[str, Share]) -> bool:
    return all(one.is_shown for one in shares.values())


def _bands(banded: pl.DataFrame, dimension: str) -> list[tuple[str, pl.DataFrame, pl.DataFrame]]:
    known = banded.filter(pl.col(dimension).is_not_null())
    order = [name for _, name in (*_AGES, *_SIZES)]
    names = known[dimension].unique().to_list()
    ranked = sorted(names, key=lambda one: (order.index(one) if one in order else len(order), one))
    return [
        (one, known.filter(pl.col(dimension) == one), known.filter(pl.col(dimension) != one))
        for one in ranked
    ]


def _shares(rows: pl.DataFrame) -> dict[str, Share]:
    return {name: share(int(rows[name].sum()), rows.height) for name in MEASURES}


def _banded(verdicts: pl.DataFrame) -> pl.DataFrame:
    return verdicts.with_columns(
        people_market=pl.when(pl.col("decided_by") != RULE).then("market"),
        age=_band("seller_age_days", _AGES, _OLDEST),
        size=_band("seller_orders", _SIZES, _LARGEST),
    )


def _band(column: str, ends: tuple[tuple[int, str], ...], last: str) -> pl.Expr:
    bands = pl.lit(last)
    for end, name in reversed(ends):
        bands = pl.when(pl.col(column) < end).then(pl.lit(name)).otherwise(bands)
    return pl.when(pl.col(column).is_not_null()).then(bands)
