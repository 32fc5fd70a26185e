"""A metric's sums over two periods, as attribution takes them.

Noise of a sum of events is that of their number; of money it is reckoned from how many orders
made it. A stock is held against a stock, whatever the lengths of the periods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.attribution.decomposition import additive, ratio

if TYPE_CHECKING:
    import polars as pl

    from dashboard.view_models.periods import Compared
    from pipeline.attribution.change import Change
    from queries.registry import Kpi

_RATIO = ("denominator_before", "denominator_after")
_COUNTS = ("n_before", "n_after")


def attributable(kpi: Kpi, rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with numerator, denominator and n of both periods, less what is not the metric's."""
    if not kpi.is_additive:
        return rows
    return rows.drop(_RATIO if kpi.is_of_money else (*_RATIO, *_COUNTS))


def lengths_of(kpi: Kpi, compared: Compared) -> tuple[int, int] | None:
    """Days of before and of now, to which a sum is scaled; None of a stock."""
    return None if kpi.window == "stock" else compared.days


def change_of(kpi: Kpi, rows: pl.DataFrame, compared: Compared) -> Change:
    """What each row, named by its other columns, added to the change of the metric."""
    sums, days = attributable(kpi, rows), lengths_of(kpi, compared)
    return additive(sums, days) if kpi.is_additive else ratio(sums, days=days)
