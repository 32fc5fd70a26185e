"""Changes planted into honest shops: whether they are named, on which day, how often for nothing.

The days of each honest shop are shuffled, so that nothing changes on any of them; then, from one
day on, its orders become three times as many (by chance, Poisson). Named within a day of the
planted one is right. As they stand the days of honest shops do change, which is told apart.

    python -m benchmarks.subject_changes RAW=BUILD [RAW=BUILD ...]
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

import queries
from benchmarks.measuring import show
from benchmarks.seeds import ORDERS, TUNED, UNTUNED
from pipeline.build import Order, build
from pipeline.noticing.subject_changes import sum_changes
from sample_data import WorldSettings, generate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

TIMES = 3.0
SIZES = ((0.5, 1.5), (1.5, 4.0), (4.0, 1e9))
"""Orders a day of the shops of a row."""
_MARGIN = 1
_SEED = 5
_DAYS = """
    select e.entity_id as shop, e.market, d.day, coalesce(m.orders, 0)::double as orders
    from graph.entities as e
    join metrics.local_days as d on e.market = d.market
    left join metrics.merchant_days as m on m.merchant_id = e.entity_id and m.day = d.day
    where e.entity_type = 'merchant' order by shop, d.day
"""


def run(folder: Path) -> None:
    """The same among all benchmarks, in worlds of its own."""
    with TemporaryDirectory(prefix="ringfence-changes-", dir=folder) as own:
        pairs = []
        for seed in (*TUNED, *UNTUNED):
            raw, out = Path(own) / f"{seed}", Path(own) / f"{seed}-build"
            generate(raw, WorldSettings(orders=ORDERS, seed=seed))
            pairs.append((f"{seed}", raw, build(Order(raw, out)).database))
        measure(pairs)


def main(asked: Sequence[str]) -> None:
    """Of worlds that are there."""
    pairs = [one.partition("=") for one in asked]
    measure([(raw, Path(raw), Path(built) / "ringfence.duckdb") for raw, _, built in pairs])


def measure(worlds: Sequence[tuple[str, Path, Path]]) -> None:
    """A row for each world and size of shop."""
    rows = []
    for name, raw, database in worlds:
        rng = np.random.default_rng(_SEED)
        shops = list(_shops(raw, database))
        for low, high in SIZES:
            own = [one for one in shops if low <= one[0].mean() < high]
            rows.append((name, _range(low, high), len(own), *_rates(own, rng)))
    columns = ("world", "orders a day", "shops", "within a day", "shuffled", "as they stand")
    note = (
        f"Orders times {TIMES:.0f} from a day on; 'shuffled' and 'as they stand': shops of which "
        "a change is named where none was planted."
    )
    show("Changes of one subject", columns, rows, note)


def _range(low: float, high: float) -> str:
    return f"{low:g} to {high:g}" if high < 1e6 else f"{low:g} and more"  # noqa: PLR2004


def _rates(
    shops: Sequence[tuple[FloatArray, FloatArray]], rng: np.random.Generator
) -> tuple[str, str, str]:
    hits, quiet, real = [], [], []
    for orders, season in shops:
        order = rng.permutation(orders.size)
        calm, factor = orders[order], season[order]
        quiet.append(bool(sum_changes(calm, factor)))
        real.append(bool(sum_changes(orders, season)))
        day = int(rng.integers(30, orders.size - 30))
        more = calm.copy()
        more[day:] += rng.poisson((TIMES - 1.0) * orders.mean(), orders.size - day)
        hits.append(any(abs(one.position - day) <= _MARGIN for one in sum_changes(more, factor)))
    return tuple(f"{np.mean(one):.1%}" if one else "–" for one in (hits, quiet, real))  # type: ignore[return-value]


def _shops(raw: Path, database: Path) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Orders and the market's factor a day, of every shop that the truth does not name."""
    truth = pl.read_parquet(raw / "truth" / "truth.parquet")
    with queries.connect(database) as con:
        days = con.sql(_DAYS).pl()
    market = days.group_by("market", "day").agg(pl.col("orders").sum().alias("all"))
    around = (
        pl.col("all").rolling_mean(14, center=True, min_samples=3).over("market", order_by="day")
    )
    factor = market.with_columns((pl.col("all") / around).alias("season")).drop("all")
    joined = days.join(factor, on=["market", "day"]).sort("shop", "day")
    honest = joined.filter(~pl.col("shop").is_in(truth["entity_id"].implode()))
    for own in honest.partition_by("shop", maintain_order=True):
        yield own["orders"].to_numpy(), own["season"].fill_null(1.0).to_numpy()


if __name__ == "__main__":
    main(sys.argv[1:])
