"""How much of each planted ring one ring of the build holds, beside what communities hold.

A planted ring of at least `LEAST` members counts as held when one ring overlaps with it by
a Jaccard index of at least `OVERLAP`; a ring of the build is right when it so overlaps with
any planted one. Victims of the plot are no members, unless it is their account that was used.

    python -m benchmarks.rings [SEED ...]
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl

import queries
from benchmarks.measuring import show
from benchmarks.quality import guilty
from benchmarks.seeds import ORDERS, TUNED, UNTUNED
from pipeline.build import Order, build
from sample_data import WorldSettings, generate

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST = 5
"""Members of a planted ring that is to be held whole."""
SHOWN = 4
"""Members of a group of the build from which it is judged."""
OVERLAP = 0.5
"""Jaccard index from which two groups are the same ring."""
FIRST = 50
"""Rings that a team sees first."""
NODE = pl.concat_str("entity_type", pl.lit(":"), "entity_id")
GROUPS = {
    "rings": "select ring_id as group_id, entity_type, entity_id from rings.members",
    "communities": "select community_id, entity_type, entity_id from communities.members",
}
FIRST_MEMBERS = """
select m.ring_id as group_id, m.entity_type, m.entity_id
from rings.members as m join rings.rings as r using (ring_id)
where r.place <= $first
"""


@dataclass(frozen=True)
class Match:
    """The groups of one kind beside the planted rings of one world."""

    planted: pl.DataFrame
    """ring_id, typology, variant, size; jaccard, captured and purity of the best group."""
    groups: pl.DataFrame
    """group_id, size, jaccard of the best planted ring, is_right."""

    @property
    def recall(self) -> float:
        """Share of planted rings held."""
        return float((self.planted["jaccard"] >= OVERLAP).mean() or 0.0)

    @property
    def precision(self) -> float:
        """Share of groups that are right."""
        return float(self.groups["is_right"].mean() or 0.0)

    @property
    def f1(self) -> float:
        """Harmonic mean of both, 0 when nothing is held."""
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0


def planted_members(raw: Path) -> pl.DataFrame:
    """`ring_id, typology, variant, node, size` of everybody in a planted ring."""
    truth = guilty(pl.read_parquet(raw / "truth" / "truth.parquet"))
    members = truth.filter(pl.col("ring_id").is_not_null()).with_columns(node=NODE)
    return (
        members.select("ring_id", "typology", "variant", "node")
        .unique()
        .with_columns(size=pl.len().over("ring_id"))
    )


def match(planted: pl.DataFrame, grouped: pl.DataFrame) -> Match:
    """Hold groups (group_id, node) against planted rings (see `planted_members`)."""
    sized = grouped.with_columns(group_size=pl.len().over("group_id"))
    overlap = (
        planted.join(sized, on="node")
        .group_by("ring_id", "group_id", "size", "group_size")
        .agg(both=pl.len())
        .with_columns(
            jaccard=pl.col("both") / (pl.col("size") + pl.col("group_size") - pl.col("both")),
            captured=pl.col("both") / pl.col("size"),
            purity=pl.col("both") / pl.col("group_size"),
        )
    )
    best = pl.col("jaccard", "captured", "purity").sort_by("jaccard").last()
    rings = planted.filter(pl.col("size") >= LEAST).unique("ring_id").drop("node")
    held = rings.join(overlap.group_by("ring_id").agg(best), on="ring_id", how="left")
    right = overlap.group_by("group_id").agg(pl.col("jaccard").max())
    judged = (
        sized.filter(pl.col("group_size") >= SHOWN)
        .group_by("group_id", size="group_size")
        .agg()
        .join(right, on="group_id", how="left")
        .with_columns(is_right=pl.col("jaccard").fill_null(0.0) >= OVERLAP)
    )
    return Match(held.with_columns(pl.col("jaccard", "captured", "purity").fill_null(0.0)), judged)


def judged(raw: Path, database: Path) -> dict[str, Match]:
    """Rings and communities of a build, each held against the truth of its raw tables."""
    planted = planted_members(raw)
    with queries.connect(database) as con:
        read = {
            kind: con.sql(sql).pl().select(group_id=pl.first(), node=NODE)
            for kind, sql in GROUPS.items()
        }
    return {kind: match(planted, groups) for kind, groups in read.items()}


def first_rings(raw: Path, database: Path) -> tuple[int, int]:
    """How many of the first `FIRST` rings are mostly guilty members, and how many there are."""
    bad = planted_members(raw).select("node").unique().with_columns(is_bad=pl.lit(1.0))
    with queries.connect(database) as con:
        rows = con.sql(FIRST_MEMBERS, params={"first": FIRST}).pl()
    members = rows.with_columns(node=NODE)
    share = members.join(bad, on="node", how="left").with_columns(pl.col("is_bad").fill_null(0.0))
    rings = share.group_by("group_id").agg(pl.col("is_bad").mean())
    return int((rings["is_bad"] >= OVERLAP).sum()), rings.height


def main(seeds: Sequence[int] = (*TUNED, *UNTUNED)) -> None:
    """Print recall and precision per seed, and recall per typology and variant."""
    rows, held = [], []
    with TemporaryDirectory(prefix="ringfence-rings-") as folder:
        for seed in seeds:
            raw, out = Path(folder) / f"raw-{seed}", Path(folder) / f"build-{seed}"
            generate(raw, WorldSettings(orders=ORDERS, seed=seed))
            database = build(Order(raw, out)).database
            for kind, one in judged(raw, database).items():
                figures = (one.recall, one.precision, one.f1)
                shares = (one.planted["captured"].mean(), one.planted["purity"].mean())
                guilty_first, shown = first_rings(raw, database)
                first = f"{guilty_first} of {shown}" if kind == "rings" else ""
                numbers = (f"{figure:.2f}" for figure in (*figures, *shares))
                rows.append((seed, kind, one.groups.height, *numbers, first))
                held.append(one.planted.with_columns(kind=pl.lit(kind), seed=seed))
    columns = ("seed", "groups of", "groups", "recall", "precision", "F1", "captured", "purity")
    show(
        f"Planted rings of {LEAST} members and more",
        (*columns, f"guilty among first {FIRST}"),
        rows,
        f"Never tuned on: {UNTUNED}.",
    )
    show_variants(pl.concat(held))


def show_variants(held: pl.DataFrame) -> None:
    """Planted rings held, by typology and variant."""
    is_held = (pl.col("jaccard") >= OVERLAP).sum()
    counted = held.group_by("typology", "variant", "kind").agg(is_held.alias("held"), pl.len())
    table = counted.pivot("kind", index=["typology", "variant", "len"], values="held")
    rows = table.sort("typology", "variant").select(
        "typology", "variant", "len", "rings", "communities"
    )
    columns = ("typology", "variant", "planted", "held by a ring", "by a community")
    show("By story", columns, rows.rows(), "")


def run(_: Path) -> None:
    """The same among all benchmarks."""
    main()


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or (*TUNED, *UNTUNED))
