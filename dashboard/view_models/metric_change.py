"""A change of a metric as a path from one level to the other, slice by slice, and as a grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import text
from dashboard.view_models import bars
from dashboard.view_models.measures import difference, is_rate, level, scale_of
from pipeline.attribution.change import SENTENCES, State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import polars as pl

    from pipeline.attribution.change import Change

MOST_BARS = 9
"""Slices with a bar of their own; the others share one."""
LEAST_EVENTS = 30
"""Fewer than this in either period say nothing of a slice."""
REST = "rest"
_PARADOX = (
    "The slices that moved all moved the other way: the mix of what is sold made this change, "
    "not what happened inside any slice (Simpson's paradox)."
)

_PARADOX_BESIDE = (
    "Within each slice it is the other way round: the mix of what is sold makes this difference "
    "(Simpson's paradox)."
)


@dataclass(frozen=True)
class ChangeView:
    """What each slice added to a change. `path` is that of `bars.path`, in steps of `scale`."""

    sentence: str
    notes: tuple[str, ...]
    path: pl.DataFrame
    title: str
    digits: int
    keys: tuple[str, ...]
    """What each bar opens, from the lowest up; empty where there is nothing to open."""

    @classmethod
    def of(
        cls,
        change: Change,
        unit: str,
        *,
        names: str,
        label: Callable[[str], str],
        sides: tuple[str, str] | None = None,
    ) -> ChangeView:
        """The view of a decomposition by the column `names`, whose values `label` puts in words.

        `sides` are this slice and the other one, where slices and not periods are compared.
        """
        whole = change.whole
        notes = _notes(change, sides)
        if whole.before is None or whole.after is None or whole.change is None:
            return cls("", notes, bars.no_bars(), "", 0, ())
        scale = scale_of(unit, abs(whole.change))
        rows = change.slices.filter(change.slices["contribution"].fill_null(0.0) != 0.0)
        steps = [
            bars.Step(
                key=str(row[names] or ""),
                label=f"{label(str(row[names] or ''))}{_few(row)}",
                contribution=row["contribution"] * scale.factor,
                low=(row["contribution"] - row["contribution_margin"]) * scale.factor,
                high=(row["contribution"] + row["contribution_margin"]) * scale.factor,
            )
            for row in rows.head(MOST_BARS).iter_rows(named=True)
        ]
        rest = rows.slice(MOST_BARS)
        if rest.height:
            total = float(rest["contribution"].sum()) * scale.factor
            steps.append(bars.Step(REST, text.plural(rest.height, "other"), total))
        last, first = sides or ("Now", "Before")
        ends = bars.Ends(first, last, whole.before * scale.factor)
        keys = tuple("" if step.key == REST else step.key for step in reversed(steps))
        return cls(
            sentence=_sentence(change, unit),
            notes=notes,
            path=bars.path(steps, ends),
            title=scale.title,
            digits=scale.digits,
            keys=keys,
        )


def _few(row: Mapping[str, object]) -> str:
    counts = [row["n_before"], row["n_after"]]
    least = min((int(n) for n in counts if isinstance(n, int | float)), default=0)
    return f", n < {LEAST_EVENTS}" if least < LEAST_EVENTS else ""


def _sentence(change: Change, unit: str) -> str:
    """The change with its noise, and of a ratio how much is rate and how much is mix."""
    whole = change.whole
    if whole.change is None:
        return ""
    said = f"{difference(whole.change, unit, whole.margin)}"
    said += f" ({level(whole.before, unit)} → {level(whole.after, unit)})"
    if not is_rate(unit):
        return f"{said}."
    parts = (
        ("the rates themselves", change.rate),
        ("the mix of slices", change.mix),
        ("both at once", change.interaction),
    )
    return f"{said}: {text.joined([f'{name} {difference(part, unit)}' for name, part in parts])}."


def _notes(change: Change, sides: tuple[str, str] | None) -> tuple[str, ...]:
    sentences = SENTENCES if sides is None else _beside(sides)
    notes = [sentences[state] for state in change.states if sentences.get(state)]
    return (
        *notes,
        *([_PARADOX if sides is None else _PARADOX_BESIDE] if change.is_paradox else []),
    )


def _beside(sides: tuple[str, str]) -> dict[State, str]:
    """What keeps a difference of two slices from being read as it stands."""
    own, other = sides
    return {
        State.EMPTY: "Nothing was recorded in either.",
        State.UNDEFINED: "One of them has nothing to divide by, so there is no rate to compare.",
        State.NEW: f"There is nothing in {other}.",
        State.VANISHED: f"There is nothing in {own}.",
        State.NO_CHANGE: "They do not differ.",
        State.WITHIN_NOISE: "The difference is no larger than chance makes it.",
        State.GIANT: SENTENCES[State.GIANT],
    }


@dataclass(frozen=True)
class GridView:
    """Two dimensions of a change: `grid[row][column]`, None where there are too few to say."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    grid: tuple[tuple[float | None, ...], ...]
    words: tuple[tuple[tuple[str, str], ...], ...]
    suppressed: int

    @classmethod
    def of(
        cls,
        change: Change,
        unit: str,
        dimensions: tuple[str, str],
        label: Callable[[str], str],
    ) -> GridView:
        """The view of a decomposition by two dimensions; cells with few events are left out."""
        cells = {
            (str(row[dimensions[0]] or ""), str(row[dimensions[1]] or "")): row
            for row in change.slices.iter_rows(named=True)
        }
        rows, columns = (_largest(cells, side) for side in (0, 1))
        told = {key: row for key, row in cells.items() if not _few(row)}
        grid = [[_share(told.get((row, column))) for column in columns] for row in rows]
        words = [
            [
                _cell(cells.get((row, column)), unit, (label(row), label(column)))
                for column in columns
            ]
            for row in rows
        ]
        return cls(
            tuple(map(label, rows)),
            tuple(map(label, columns)),
            tuple(map(tuple, grid)),
            tuple(map(tuple, words)),
            len(cells) - len(told),
        )


def _largest(cells: dict[tuple[str, str], dict[str, float]], side: int) -> list[str]:
    """The values of one dimension, the one that added most first."""
    sizes: dict[str, float] = {}
    for key, row in cells.items():
        sizes[key[side]] = sizes.get(key[side], 0.0) + abs(row["contribution"] or 0.0)
    return sorted(sizes, key=lambda value: (-sizes[value], value))


def _share(row: dict[str, float] | None) -> float | None:
    return None if row is None else row["contribution"]


def _cell(row: dict[str, float] | None, unit: str, names: Sequence[str]) -> tuple[str, str]:
    """A cell's number, and what pointing at it says."""
    where = " · ".join(names)
    if row is None:
        return ("", f"{where}: nothing")
    if _few(row):
        return (f"n < {LEAST_EVENTS}", f"{where}: fewer than {LEAST_EVENTS}, too few to say")
    added = difference(row["contribution"] or 0.0, unit, row["contribution_margin"])
    own = f"{level(row['before'], unit)} → {level(row['after'], unit)}"
    short = difference(row["contribution"] or 0.0, unit)
    count = f"n = {int(row['n_after'] or 0):,}"
    return (short, f"{where}: added {added}; its own {own}, {count}")
