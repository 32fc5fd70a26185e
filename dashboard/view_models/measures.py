"""Levels and changes of a metric as a person reads them, each in its own unit.

A rate moves in points (pp or bps), anything else by a share of what it was: the two are never
written alike. A change is written with its noise where that is not nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import text
from dashboard.currency import shown

RATES = {"rate": (100.0, 2, "pp"), "bps": (10_000.0, 1, "bps")}
"""Units that are a share in 0..1: what one is multiplied by, its decimals, and the points."""
TIMES = ("days", "hours")
_STEPS = ((1e9, "B"), (1e6, "M"), (1e3, "K"))
_WHOLE_FROM = 100.0


@dataclass(frozen=True)
class Scale:
    """How numbers of a unit stand on an axis of changes: `title`, factor, decimals."""

    title: str
    factor: float
    digits: int


def is_rate(unit: str) -> bool:
    """Whether a metric of this unit moves in points."""
    return unit in RATES


def level(value: float | None, unit: str) -> str:
    """A value of a metric: `178 bps`, `3.4%`, `$598K`, `1,204`, `2.1 days`."""
    if value is None:
        return text.MISSING
    if unit == "bps":
        points = value * 10_000.0
        return f"{points:,.0f} bps" if abs(points) >= _WHOLE_FROM else f"{points:z.1f} bps"
    forms = {"rate": "percent", "usd": "money"}
    return text.value(value, forms.get(unit, unit))


def moved(before: float | None, after: float | None, unit: str) -> str:
    """The change: points of a rate, time in its own unit, anything else by a share."""
    if before is None or after is None:
        return text.MISSING
    if unit in RATES or unit in TIMES:
        return difference(after - before, unit)
    if before == 0.0:
        return "none before" if after else "0%"
    return f"{text.signed((after / before - 1.0) * 100.0, 1)}%"


def difference(change: float, unit: str, margin: float | None = None) -> str:
    """An absolute change with its noise: `+29 ± 6 bps`, `+$11.3K ± $2K`, `+0.42 ± 0.10 pp`."""
    scale = scale_of(unit, abs(change))
    size = text.signed(change * scale.factor, scale.digits)
    if margin is not None:
        size += f" ± {margin * scale.factor:,.{scale.digits}f}"
    if unit == "usd":
        return _money(change, margin)
    return f"{size} {scale.title}" if scale.title else size


def _money(change: float, margin: float | None) -> str:
    size = text.money(change)
    signed = size if change < 0 else f"+{size}"
    return signed if margin is None else f"{signed} ± {text.money(margin)}"


def scale_of(unit: str, largest: float) -> Scale:
    """The scale in which changes up to `largest` (in the unit's own terms) are read best."""
    if unit in RATES:
        factor, digits, points = RATES[unit]
        return Scale(points, factor, digits)
    if unit == "usd":
        currency = shown()
        step, suffix = _step(largest * currency.per_usd)
        return Scale(f"{currency.unit}{suffix}", currency.per_usd / step, 1 if suffix else 0)
    if unit in TIMES:
        return Scale(unit, 1.0, 1)
    step, suffix = _step(largest)
    return Scale(suffix, 1.0 / step, 1 if suffix else 0)


def _step(largest: float) -> tuple[float, str]:
    return next(((size, name) for size, name in _STEPS if largest >= 10.0 * size), (1.0, ""))


def tone(change: float | None, margin: float | None, good: str) -> str:
    """`good`, `bad`, or `none`: within its noise, or of a metric without a good direction."""
    if change is None or good == "none" or abs(change) <= (margin or 0.0):
        return "none"
    return "good" if (change > 0) == (good == "up") else "bad"
