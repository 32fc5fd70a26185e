"""The figures a manager opens with: each metric now, its change with its noise, its last weeks.

A metric whose days take time is compared over the last days that are complete, and its tile says
up to when; a number still coming in is never held against one that is not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from dashboard import text
from dashboard.view_models.measures import TIMES, difference, is_rate, level, moved, tone
from dashboard.view_models.metrics import Period
from pipeline.attribution.decomposition import additive, ratio

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.attribution.change import Whole
    from queries.registry import Kpi

WEEKS = 8
"""What the line of a tile shows, unless the days compared reach further back."""
_SUMS = ("numerator", "denominator", "n")


@dataclass(frozen=True)
class Compared:
    """The days of now and of before, of equal length unless they were chosen otherwise."""

    now: Period
    before: Period

    @classmethod
    def of(cls, now: Period, before: Period | None = None) -> Compared:
        """`now` against `before`, or against the equal span right before it."""
        return cls(now, before or now.before)

    def up_to(self, day: date) -> Compared:
        """The same lengths, moved back so that no day is later than `day`."""
        late = max((self.now.until - day).days, 0)
        return Compared(_earlier(self.now, late), _earlier(self.before, late)) if late else self

    @property
    def days(self) -> tuple[int, int]:
        """Lengths of before and of now."""
        return self.before.length, self.now.length


def _earlier(period: Period, days: int) -> Period:
    shift = timedelta(days=days)
    return Period(period.since - shift, period.until - shift)


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


def figure_of(kpi: Kpi, days: pl.DataFrame, compared: Compared, complete_until: date) -> Figure:
    """A metric of `days` (day, numerator, denominator, n), complete up to `complete_until`."""
    own = compared.up_to(complete_until)
    whole, n = _whole(kpi, days, own)
    is_timed = kpi.unit in TIMES
    return Figure(
        kpi=kpi,
        compared=own,
        value=whole.after,
        before=whole.before,
        change=whole.change,
        margin=None if is_timed else whole.margin,
        n=n,
        is_late=own != compared,
    )


def _whole(kpi: Kpi, days: pl.DataFrame, compared: Compared) -> tuple[Whole, int]:
    before, now = (_sums(kpi, days, span) for span in (compared.before, compared.now))
    frame = pl.DataFrame(
        {
            **{f"{name}_before": [before[name]] for name in _SUMS},
            **{f"{name}_after": [now[name]] for name in _SUMS},
        }
    )
    lengths = None if kpi.window == "stock" else compared.days
    if kpi.is_additive:
        counts = [] if kpi.unit == "usd" else ["n_before", "n_after"]
        return additive(frame.drop(counts), lengths).whole, int(now["n"])
    return ratio(frame, days=lengths).whole, int(now["n"])


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
) -> tuple[Tile, ...]:
    """A tile for each figure; `series` and `complete_until` are by the metric's code."""
    by_code = {one.kpi.code: one for one in figures}
    return tuple(
        replace(
            _lined(
                _tile(one, _broken_guards(one, by_code)),
                one,
                series[one.kpi.code],
                complete_until[one.kpi.code],
            ),
            is_selected=one.kpi.code == selected,
        )
        for one in figures
    )


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


def _note(one: Figure, broken: Sequence[Figure]) -> str:
    if broken:
        guard = broken[0]
        return f"but {guard.kpi.label} {moved(guard.before, guard.value, guard.kpi.unit)}"
    said = []
    if one.margin is not None and one.change is not None:
        size = difference(one.margin, one.kpi.unit).lstrip("+")
        said.append(f"± {size}" if is_rate(one.kpi.unit) or one.kpi.unit == "usd" else "")
    if one.is_late:
        said.append(f"to {one.compared.now.until:%-d %b}")
    said.append(f"n {text.count(one.n)}")
    return " · ".join(part for part in said if part)


def _lined(tile: Tile, one: Figure, days: pl.DataFrame, complete_until: date) -> Tile:
    """The tile with its line: a value a day over the last weeks or all days compared."""
    last = days["day"].max()
    if not isinstance(last, date):
        return tile
    first = min(last - timedelta(days=7 * WEEKS - 1), one.compared.before.since)
    every = pl.DataFrame({"day": pl.date_range(first, last, "1d", eager=True)})
    rows = every.join(days, on="day", how="left").sort("day")
    values = rows.select(_value(one.kpi))["value"].to_list()
    window = [(day - first).days for day in (one.compared.now.since, one.compared.now.until)]
    return replace(
        tile,
        series=tuple(values),
        young=min(max((complete_until - first).days + 1, 0), len(values)),
        window=(window[0], window[1]),
    )


def _value(kpi: Kpi) -> pl.Expr:
    top, below = pl.col("numerator"), pl.col("denominator")
    value = top if kpi.is_additive else pl.when(below != 0.0).then(top / below)
    return value.cast(pl.Float64).alias("value")
