"""A path of bars from one level to another: each starts where the one below it ends.

Families in points of the score and features in log-odds are drawn by the same
picture, so its shape lives here once: every step is shown or folded into one
bar of the rest, and the last bar ends exactly where it must.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SCHEMA = {
    "key": pl.String,
    "label": pl.String,
    "value": pl.String,
    "contribution": pl.Float64,
    "start": pl.Float64,
    "end": pl.Float64,
    "kind": pl.String,
    "low": pl.Float64,
    "high": pl.Float64,
    "place": pl.Int64,
    "tie": pl.Int64,
}
"""`kind` is base, up, down or total; `key` is empty where a click has nothing to open. `place`
is the rank of a step that is certainly stronger than the next, null otherwise; steps with the
same `tie` are not told apart by models of other verdicts."""


@dataclass(frozen=True)
class Step:
    """One contribution. `low` and `high` are what other models made of it; None = not asked."""

    key: str
    label: str
    contribution: float
    value: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Rank:
    """Where a step stands by strength, as far as models of other verdicts agree."""

    place: int | None
    """None where it is not told apart from another."""
    tie: int
    """Steps with the same number are not told apart; 0 = no other model was asked."""


UNRANKED = Rank(None, 0)


@dataclass(frozen=True)
class Ends:
    """The names of both ends of a path and the level it begins at."""

    first: str
    last: str
    base: float


def no_bars() -> pl.DataFrame:
    """A path without a step."""
    return pl.DataFrame(schema=SCHEMA)


def path(
    steps: Sequence[Step], ends: Ends, ranks: Mapping[str, Rank] | None = None
) -> pl.DataFrame:
    """Bars from `ends.base` up, the last of `steps` first, so that the first is on top.

    `ranks` gives the rank of each step's key, as `ranked` returns them.
    """
    rows: list[tuple[object, ...]] = [_end(ends.first, ends.base, "base")]
    level = ends.base
    for step in reversed(steps):
        end = level + step.contribution
        kind = "up" if step.contribution >= 0 else "down"
        span = (step.contribution, level, end, kind, step.low, step.high)
        rank = (ranks or {}).get(step.key, UNRANKED)
        rows.append((step.key, step.label, step.value, *span, rank.place, rank.tie))
        level = end
    rows.append(_end(ends.last, level, "total"))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _end(label: str, level: float, kind: str) -> tuple[object, ...]:
    return ("", label, "", level, 0.0 if kind == "total" else level, level, kind, *(None,) * 3, 0)


def ranked(steps: Iterable[Step]) -> dict[str, Rank]:
    """The rank of each step by key.

    Steps are compared by how far they move the score, whichever way. Two whose ranges
    overlap are tied, and so is whatever overlaps with either. A step without a range has
    no place: nobody asked another model.
    """
    spans = sorted(((*_reach(step), step.key) for step in steps if step.low is not None),
                   key=lambda span: (-span[1], -span[0], span[2]))  # fmt: skip
    ties: list[list[str]] = []
    floor = float("inf")
    for low, high, key in spans:
        if ties and high >= floor:
            ties[-1].append(key)
            floor = min(floor, low)
        else:
            ties.append([key])
            floor = low
    return _places(ties)


def _places(ties: list[list[str]]) -> dict[str, Rank]:
    ranks: dict[str, Rank] = {}
    before = 0
    for number, keys in enumerate(ties, start=1):
        place = before + 1 if len(keys) == 1 else None
        ranks |= {key: Rank(place, number) for key in keys}
        before += len(keys)
    return ranks


def _reach(step: Step) -> tuple[float, float]:
    """Least and greatest distance from zero that some model gave the step."""
    own = step.contribution
    low = min(own, own if step.low is None else step.low)
    high = max(own, own if step.high is None else step.high)
    sizes = (abs(low), abs(high))
    return (0.0 if low < 0.0 < high else min(sizes), max(sizes))
