"""How well changes are found in series that people have marked: F1 and covering.

Of the Turing Change Point Dataset (van den Burg and Williams 2020) those with one value a time,
scored as there: a change within five steps of one that anybody marked is right, recall is the
mean over the people; covering is how well the stretches overlap.

    python -m benchmarks.change_points [FOLDER]

Without an argument `../shared/data/change_points`; says so and skips where there is none.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.measuring import measured, show
from pipeline.noticing.change_points import change_points

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

PUBLIC = Path(__file__).parents[2] / "shared" / "data" / "change_points"
_MARGIN = 5
"""Steps by which a change may be off."""


def run(_: Path) -> None:
    """The same among all benchmarks."""
    main(PUBLIC)


def main(folder: Path) -> None:
    """F1 and covering of the method, and of naming nothing."""
    if not (folder / "annotations.json").is_file():
        print(f"No marked series in {folder}: skipped.")
        return
    rows = []
    for name, method in (("ours", _ours), ("no change at all", _none)):
        with measured() as cost:
            scores = [score(one, method) for one in series(folder)]
        f1, covering = np.mean(scores, axis=0)
        rows.append((name, len(scores), f"{f1:.3f}", f"{covering:.3f}", cost.cpu_seconds))
    columns = ("method", "series", "F1", "covering", "CPU s")
    show("Change points", columns, rows, "Marked by five people each.")


def series(folder: Path) -> list[tuple[NDArray[np.float64], int, list[list[int]]]]:
    """Values, steps and everybody's marks of each series of one value a step."""
    marks = json.loads((folder / "annotations.json").read_text(encoding="utf-8"))
    read = []
    for file in sorted((folder / "datasets").glob("*.json")):
        one = json.loads(file.read_text(encoding="utf-8"))
        if one["n_dim"] == 1:
            values = np.array(one["series"][0]["raw"], dtype=np.float64)
            read.append((values, one["n_obs"], list(marks[one["name"]].values())))
    return read


def score(
    one: tuple[NDArray[np.float64], int, list[list[int]]],
    method: Callable[[NDArray[np.float64]], list[int]],
) -> tuple[float, float]:
    """F1 and covering of one series; what is missing in it is left out."""
    values, size, marks = one
    known = np.flatnonzero(~np.isnan(values))
    named = [int(known[place]) for place in method(values[known])]
    return f1(marks, named), covering(marks, named, size)


def f1(marks: Sequence[Sequence[int]], named: Sequence[int]) -> float:
    """Of all marks the precision, of each person's the recall; the start counts as one."""
    found = {0, *named}
    everything = {0}.union(*map(set, marks))
    precision = _matched(everything, found) / len(found)
    recall = np.mean([_matched({0, *own}, found) / len({0, *own}) for own in marks])
    return float(2.0 * precision * recall / (precision + recall))


def _matched(marks: set[int], found: set[int]) -> int:
    left, right = set(found), 0
    for mark in sorted(marks):
        near = min(left, key=lambda one: (abs(one - mark), one), default=None)
        if near is not None and abs(near - mark) <= _MARGIN:
            left.remove(near)
            right += 1
    return right


def covering(marks: Sequence[Sequence[int]], named: Sequence[int], size: int) -> float:
    """Mean over the people: each stretch by the best Jaccard index, weighed by its length."""
    found = _stretches(named, size)
    return float(
        np.mean(
            [
                sum(
                    len(own) * max(len(own & one) / len(own | one) for one in found)
                    for own in _stretches(mine, size)
                )
                / size
                for mine in marks
            ]
        )
    )


def _stretches(changes: Sequence[int], size: int) -> list[set[int]]:
    inside = sorted({one for one in changes if 0 < one < size})
    return [set(range(a, b)) for a, b in pairwise([0, *inside, size])]


def _ours(values: NDArray[np.float64]) -> list[int]:
    return [one.position for one in change_points(values)]


def _none(_: NDArray[np.float64]) -> list[int]:
    return []


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else PUBLIC)
