"""Root causes of cases whose cause is known, beside the best published figures.

`python -m benchmarks.attribution [FOLDER]` reads every `*.parquet` with a `*_labels.csv` there;
without an argument the public cases in `../shared/data/attribution`. Scored as the papers do:
a cause counts when the very combination of attributes is named, F1 over all causes of all cases;
of the cases with one ratio, how often the first name is right and how many causes are among the
first three and five. Simulated cases are of seeds that nothing was tuned on.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from benchmarks.attribution_cases import KINDS, of_file, simulated
from benchmarks.measuring import show
from pipeline.attribution.root_causes import root_causes
from pipeline.attribution.search import SearchSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.attribution_cases import Case

PUBLIC = Path(__file__).parents[2] / "shared" / "data" / "attribution"
BASELINES = {
    "b0": "RiskLoc .961, .275",
    "s": "RiskLoc .594, 3.8",
    "l": "RiskLoc .711, .95",
    "rs": "RobustSpot .601 / .832 / .888, .27",
    "shops": "wise-pizza .316, 6.0",
}
"""By the beginning of a set's name: F1 (or top-1, recall at 3 and 5) and CPU seconds a case."""
SEEDS = {"S": range(9_000, 9_040), "L": range(9_000, 9_020), "shops": range(9_000, 9_100)}
QUIET = range(9_000, 9_040)
"""Seeds of shops to which nothing happens."""
LARGE = (8, 12, 4, 5, 6, 5, 4, 12)
"""Values of the eight dimensions of a cube of ten million orders."""
LARGE_ORDERS = 10_000_000


@dataclass
class Score:
    """What was named of what was true."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    cases: int = 0
    cpu_seconds: float = 0.0
    is_ratio: bool = False
    among: dict[int, int] = field(default_factory=lambda: {1: 0, 3: 0, 5: 0})

    @property
    def f1(self) -> float:
        """Over all causes of all cases."""
        named = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / named if named else 1.0

    @property
    def recall_at(self) -> str:
        """Share of cases whose first name is right, of causes among the first three and five."""
        causes = max(self.right + self.missed, 1)
        shares = self.among[1] / max(self.cases, 1), self.among[3] / causes, self.among[5] / causes
        return " / ".join(f"{share:.3f}" for share in shares)

    def add(self, case: Case) -> None:
        """Search one case; only the search is timed."""
        settings = SearchSettings(most_dimensions=len(case.dimensions))
        self.is_ratio = "denominator_after" in case.leaves.columns
        if self.is_ratio:
            settings = SearchSettings()
        start = time.process_time()
        answer = root_causes(case.leaves, case.dimensions, settings)
        self.cpu_seconds += time.process_time() - start
        named = answer.causes.sort("rank")["elements"].to_list()
        ordered = list(dict.fromkeys([*named[:1], *answer.runners_up["elements"]]))
        hits = len(case.causes & set(named))
        self.right += hits
        self.wrong += len(named) - hits
        self.missed += len(case.causes) - hits
        self.cases += 1
        for first in self.among:
            self.among[first] += len(case.causes & set(ordered[:first]))


def score(cases: Iterable[Case]) -> Score:
    """Of all of them."""
    total = Score()
    for case in cases:
        total.add(case)
    return total


def run(_folder: Path, source: Path = PUBLIC) -> None:
    """Public cases if they are there, our own, quiet ones, and the search over a large cube."""
    rows = []
    files = sorted(path for path in source.glob("*.parquet") if _labels(path).exists())
    if not files:
        print(f"No cases at {source}; put *.parquet with *_labels.csv there. Skipped.")
    rows += [_row(path.stem, score(of_file(path))) for path in files]
    for name, seeds in SEEDS.items():
        cases = (simulated(KINDS[name], seed) for seed in seeds)
        rows.append(_row(f"{name.lower()} simulated", score(cases)))
    columns = ("set", "cases", "F1", "false", "top 1 / recall 3 / 5", "CPU s a case", "best public")
    note = f"Shops to which nothing happened: {_quiet()} false causes in {len(QUIET)} cases. "
    show("Root causes", columns, rows, note + _large())


def _row(name: str, total: Score) -> tuple[object, ...]:
    seconds = total.cpu_seconds / max(total.cases, 1)
    known = BASELINES.get(name.split("_", maxsplit=1)[0].split(maxsplit=1)[0], "")
    ranks = total.recall_at if total.is_ratio else ""
    return (name, total.cases, f"{total.f1:.3f}", total.wrong, ranks, f"{seconds:.4f}", known)


def _quiet() -> int:
    kind = replace(KINDS["shops"], causes=(0, 0))
    return score(simulated(kind, seed) for seed in QUIET).wrong


def _large() -> str:
    """The search over the cells of ten million orders, of which one slice went bad."""
    rng = np.random.default_rng(1)
    codes = [
        rng.choice(size, LARGE_ORDERS, p=rng.dirichlet(np.full(size, 2.0))).astype(np.int16)
        for size in LARGE
    ]
    is_after = rng.integers(0, 2, LARGE_ORDERS) == 0
    hit = is_after & (codes[0] == 2) & (codes[2] == 1)  # noqa: PLR2004, any slice will do
    is_bad = rng.random(LARGE_ORDERS) < np.where(hit, 0.05, 0.02)
    orders = pl.DataFrame({f"d{at}": column for at, column in enumerate(codes)})
    sums = [
        one.filter(side).sum().alias(f"{name}_{period}")
        for period, side in (("before", ~pl.col("is_after")), ("after", pl.col("is_after")))
        for name, one in (("numerator", pl.col("is_bad")), ("denominator", pl.lit(1)))
    ]
    cells = (
        orders.with_columns(is_after=is_after, is_bad=is_bad).group_by(orders.columns).agg(sums)
    ).with_columns(pl.col(orders.columns).cast(pl.String))
    start = time.process_time()
    named = root_causes(cells, orders.columns).causes["elements"].to_list()
    seconds = time.process_time() - start
    return f"{cells.height:,} leaves of {LARGE_ORDERS:,} orders: {named} in {seconds:.2f} CPU s."


def _labels(path: Path) -> Path:
    return path.with_name(f"{path.stem}_labels.csv")


if __name__ == "__main__":
    run(Path(), Path(sys.argv[1]) if len(sys.argv) > 1 else PUBLIC)
