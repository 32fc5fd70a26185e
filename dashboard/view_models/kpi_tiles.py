"""The figures a manager opens with: each metric now, its change with its noise, its last weeks.

A metric whose days take time is compared over the last days that are complete, and its tile says
up to when; a number still coming in is never held against one that is not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from dashboard import text
from dashboard.view_models.kpi_change import change_of
from dashboard.view_models.measures import TIMES, difference, level, moved, tone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboard.view_models.periods import Compared, Period
    from pipeline.attribution.change import Whole
    from queries.registry import Kpi

WEEKS = 8
"""What the line of a tile shows, unless the days compared reach further back."""
_SUMS = ("numerator", "denominator", "n")


@dataclass(frozen=True)
class Figure:
    """A metric over the days compared. Values are in the metric's own terms."""

    kpi: Kpi
    compared: Compared
    """After moving back to complete days."""
    value: float | None
    before: float | None
    change: float | None
    margin: float | None
    n: int
    is_late: bool
    """Whether the days were moved back because the last ones are still coming in."""

    @property
    def tone(self) -> str:
        """Good, bad, or none: within its noise."""
        return tone(self.change, self.margin, self.kpi.good)


@dataclass(frozen=True)
class Tile:
    """One figure in words, with its line: `series` a value a day, None where there is none."""

    code: str
    label: str
    value: str
    change: str
    tone: str
    note: str
    is_warning: bool
    definition: str
    alt: str
    series: tuple[float | None, ...] = ()
    young: int = 0
    """The first day of `series` that is still coming in; its length where none is."""
    window: tuple[int, int] = (0, -1)
    """First and last day of `series` that is compared as now."""
    is_selected: bool = False


def figure_of(
    kpi: Kpi,
    days: pl.DataFrame,
    compared: Compared,
    complete_until: date,
    other: pl.DataFrame | None = None,
) -> Figure:
    """A metric of `days` (day, numerator, denominator, n), complete up to `complete_until`.

    With `other`, the days of another slice, it is held against that instead of the days before.
    """
    own = compared.up_to(complete_until)
    if other is not None:
        own = replace(own, before=own.now)
    whole, n = _whole(kpi, (days if other is None else other, days), own)
    # A mean of times or a ratio of two kinds of events has no noise that we could say.
    has_noise = kpi.unit not in TIMES and (kpi.is_additive or kpi.unit != "count")
    return Figure(
        kpi=kpi,
        compared=own,
        value=whole.after,
        before=whole.before,
        change=whole.change,
        margin=whole.margin if has_noise else None,
        n=n,
        is_late=own != compared,
    )


def _whole(
    kpi: Kpi, days: tuple[pl.DataFrame, pl.DataFrame], compared: Compared
) -> tuple[Whole, int]:
    before, now = (
        _sums(kpi, one, span)
        for one, span in zip(days, (compared.before, compared.now), strict=True)
    )
    frame = pl.DataFrame(
        {
            "slice": ["all"],
            **{f"{name}_before": [before[name]] for name in _SUMS},
            **{f"{name}_after": [now[name]] for name in _SUMS},
        }
    )
    return change_of(kpi, frame, compared).whole, int(now["n"])


def _sums(kpi: Kpi, days: pl.DataFrame, span: Period) -> dict[str, float]:
    """Sums over a span; of what there is at the end of a day, the last one's."""
    rows = days.filter(pl.col("day").is_between(span.since, span.until))
    if kpi.window == "stock":
        rows = rows.filter(pl.col("day") == rows["day"].max())
    return {name: float(rows[name].sum() or 0.0) for name in _SUMS}


def tiles(
    figures: Sequence[Figure],
    series: Mapping[str, pl.DataFrame],
    complete_until: Mapping[str, date],
    selected: str,
    *,
    guards: Mapping[str, Figure],
) -> tuple[Tile, ...]:
    """A tile for each figure; the mappings are by the metric's code."""
    made = []
    for one in figures:
        code = one.kpi.code
        tile = _tile(one, _broken_guards(one, guards))
        lined = _lined(tile, one, series[code], complete_until[code])
        made.append(replace(lined, is_selected=code == selected))
    return tuple(made)


def _broken_guards(one: Figure, by_code: Mapping[str, Figure]) -> list[Figure]:
    """The guard-rails of a metric that got worse while it did not."""
    if one.tone == "bad":
        return []
    guards = (by_code[code] for code in one.kpi.guard_rail if code in by_code)
    return [guard for guard in guards if guard.tone == "bad"]


def _tile(one: Figure, broken: Sequence[Figure]) -> Tile:
    kpi = one.kpi
    value = level(one.value, kpi.unit)
    change = moved(one.before, one.value, kpi.unit)
    return Tile(
        code=kpi.code,
        label=kpi.label,
        value=value,
        change=change,
        tone=one.tone,
        note=_note(one, broken),
        is_warning=bool(broken),
        definition=f"{kpi.definition} Owner: {kpi.owner}.",
        alt=f"{kpi.label}: {value}, {change} against before. {_note(one, broken)}",
    )


def noise_of(one: Figure) -> str:
    """The half-width of the change's interval; of a count it is left out, its share says more."""
    if one.margin is None or one.change is None or one.kpi.unit == "count":
        return ""
    return f"± {difference(one.margin, one.kpi.unit).lstrip('+')}"


def _note(one: Figure, broken: Sequence[Figure]) -> str:
    if broken:
        guard = broken[0]
        return f"but {guard.kpi.label} {moved(guard.before, guard.value, guard.kpi.unit)}"
    said = [noise_of(one)]
    if one.is_late:
        said.append(f"to {one.compared.now.until:%-d %b}")
    said.append(f"n {text.count(one.n)}")
    return " · ".join(part for part in said if part)


def line_of(one: Figure, days: pl.DataFrame, complete_until: date) -> tuple[float | None, ...]:
    """A value a day over the last weeks, or over all days compared; of complete days only."""
    shown = days.filter(pl.col("day") <= complete_until)
    return tuple(_every_day(one, shown)["value"].to_list()) if shown.height else ()


def _every_day(one: Figure, days: pl.DataFrame) -> pl.DataFrame:
    last = max(days["day"].to_list())
    first = min(last - timedelta(days=7 * WEEKS - 1), one.compared.before.since)
    every = pl.DataFrame({"day": pl.date_range(first, last, "1d", eager=True)})
    return every.join(days, on="day", how="left").sort("day").select("day", "value")


def _lined(tile: Tile, one: Figure, days: pl.DataFrame, complete_until: date) -> Tile:
    """The tile with its line and which of its days are compared or still coming in."""
    if days.is_empty():
        return tile
    every = _every_day(one, days)
    first = every["day"][0]
    window = [(day - first).days for day in (one.compared.now.since, one.compared.now.until)]
    return replace(
        tile,
        series=tuple(every["value"].to_list()),
        young=min(max((complete_until - first).days + 1, 0), every.height),
        window=(window[0], window[1]),
    )
