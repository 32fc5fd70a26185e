"""What a metric did over the days compared, in a sentence."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from dashboard import text
from dashboard.view_models.measures import TIMES, difference, is_rate, level, moved
from queries.registry import LEAST_N

if TYPE_CHECKING:
    from datetime import date

    from dashboard.view_models.kpi_tiles import Figure
    from dashboard.view_models.periods import Period
    from queries.registry import Kpi


def sentence_of(one: Figure) -> str:
    """The level, what it was, the change with its noise, and what it is of."""
    kpi = one.kpi
    now, before = one.compared.now, one.compared.before
    if one.value is None:
        return f"{kpi.label}: nothing from {_span(now)}."
    said = f"{kpi.label}: {level(one.value, kpi.unit)} from {_span(now)}"
    if one.before is None:
        return f"{said}; there is nothing before to compare with."
    against = f", against {level(one.before, kpi.unit)} {_before(now, before)}"
    scaled = " for as many days" if kpi.is_additive and now.length != before.length else ""
    return f"{said}{against}{scaled} ({_change(one)}). n = {text.count(one.n)}."


def beside_sentence(one: Figure, sides: tuple[str, str]) -> str:
    """Two slices over the same days: the level of each, the difference with its noise."""
    kpi, span = one.kpi, _span(one.compared.now)
    levels = [
        f"{level(value, kpi.unit)} in {side}"
        for value, side in zip((one.value, one.before), sides, strict=True)
    ]
    said = f"{kpi.label} from {span}: {levels[0]}, {levels[1]}"
    if one.value is None or one.before is None:
        return f"{said}; there is nothing to compare."
    return f"{said} ({_change(one)}). n = {text.count(one.n)} in {sides[0]}."


def _change(one: Figure) -> str:
    unit, change = one.kpi.unit, one.change or 0.0
    if one.margin is not None and abs(change) <= one.margin:
        return f"{difference(change, unit, one.margin)}, within chance"
    if is_rate(unit) or unit in TIMES:
        return difference(change, unit, one.margin)
    return f"{moved(one.before, one.value, unit)}, {difference(change, unit, one.margin)}"


def _span(period: Period) -> str:
    return f"{period.since:%-d %b} to {period.until:%-d %b}"


def _before(now: Period, before: Period) -> str:
    if before.until == now.since - timedelta(days=1) and before.length == now.length:
        return f"in the {text.plural(before.length, 'day')} before"
    return f"from {_span(before)}"


def young_note(one: Figure, complete_until: date) -> str:
    """That later days are still coming in, where the metric takes time."""
    if not one.kpi.maturity_days:
        return ""
    later = f"Days after {complete_until:%-d %b} are still coming in"
    moved_back = "; the days compared were moved back to complete ones" if one.is_late else ""
    return f"{later}: {one.kpi.label} is complete {one.kpi.maturity_days} days on{moved_back}."


def few_note(kpi: Kpi, days: pl.DataFrame) -> str:
    """On how many days too few were counted to draw a rate; empty where on none."""
    if kpi.is_additive:
        return ""
    few = days.filter(pl.col("value").is_null() & (pl.col("n") < LEAST_N)).height
    counted = f"fewer than {LEAST_N} were counted"
    return f"On {text.plural(few, 'day')} {counted}: no rate is drawn." if few else ""
