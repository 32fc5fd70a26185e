"""Every metric as a row, each under the one that it explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from dashboard.view_models.kpi_tiles import line_of
from dashboard.view_models.measures import level, moved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from dashboard.view_models.kpi_tiles import Figure

_INDENT = "\N{NO-BREAK SPACE}" * 4


@dataclass(frozen=True)
class KpiTable:
    """Display columns, and the metric of each row."""

    rows: pl.DataFrame
    codes: tuple[str, ...]


def kpi_table(
    figures: Mapping[str, Figure],
    series: Mapping[str, pl.DataFrame],
    complete_until: Mapping[str, date],
) -> KpiTable:
    """The metrics of `figures` in the order of their tree, an indent a step down."""
    ordered = list(_ordered(figures, None, 0))
    rows = [
        {
            "label": f"{_INDENT * depth}{one.kpi.label}",
            "open": "Show",
            "value": level(one.value, one.kpi.unit),
            "change": moved(one.before, one.value, one.kpi.unit),
            "line": [
                value
                for value in line_of(one, series[code], complete_until[code])
                if value is not None
            ],
            "owner": one.kpi.owner,
            "definition": one.kpi.definition,
        }
        for code, one, depth in ordered
    ]
    return KpiTable(pl.DataFrame(rows), tuple(code for code, _, _ in ordered))


def _ordered(
    figures: Mapping[str, Figure], parent: str | None, depth: int
) -> Iterator[tuple[str, Figure, int]]:
    """Depth first; a metric whose parent is not there stands at the top."""
    for code, one in figures.items():
        own = one.kpi.parent if one.kpi.parent in figures else None
        if own == parent:
            yield code, one, depth
            yield from _ordered(figures, code, depth + 1)
