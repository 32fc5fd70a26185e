"""How much of each planted ring one ring of the build holds, beside what communities hold.

A planted ring of at least `LEAST` members counts as held when one ring overlaps with it by
a Jaccard index of at least `OVERLAP`; a ring of the build is right when it so overlaps with
any planted one. Victims of the plot are no members, unless it is their account that was used.

    python -m benchmarks.rings [SEED ...]
    python -m benchmarks.rings [RAW=BUILD ...]
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl

import queries
from benchmarks.measuring import show
from benchmarks.ring_truth import (
    NODE,
    OVERLAP,
    confidence,
    planted_members,
    roles,
    show_confidence,
    show_roles,
)
from benchmarks.seeds import ORDERS, TUNED, UNTUNED
from pipeline.build import Order, build
from sample_data import WorldSettings, generate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEAST = 5
"""Members of a planted ring that is to be held whole."""
SHOWN = 4
"""Members of a group of the build from which it is judged."""
FIRST = 50
"""Rings that a team sees first."""
GROUPS = {
    "rings": "select ring_id as group_id, entity_type, entity_id from rings.members",
    "communities": "select community_id, entity_type, entity_id from communities.members",
}
FIRST_MEMBERS = """
select m.ring_id as group_id, m.entity_type, m.entity_id
from rings.members as m join rings.rings as r using (ring_id)
where r.place <= $first
"""
CELLS = "fragmented_cells"


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


def alike_rings(raw: Path, database: Path) -> int:
    """How many of the first `FIRST` rings are mostly look-alikes: a family, a dormitory, fans."""
    truth = pl.read_parquet(raw / "truth" / "truth.parquet").with_columns(node=NODE)
    alike = truth.filter("is_hard_negative").select("node").unique()
    with queries.connect(database) as con:
        rows = con.sql(FIRST_MEMBERS, params={"first": FIRST}).pl().with_columns(node=NODE)
    is_alike = pl.col("node").is_in(alike["node"].implode()).mean()
    rings = rows.group_by("group_id").agg(share=is_alike)
    return int((rings["share"] >= OVERLAP).sum())


def main(asked: Sequence[str] = ()) -> None:
    """Print recall and precision per seed, by story, variant and seed, and how right roles are."""
    rows, held, parts, sure = [], [], [], []
    with TemporaryDirectory(prefix="ringfence-rings-") as folder:
        for seed, raw, database in _worlds(asked, Path(folder)):
            by_role = roles(raw, database)
            parts.append(by_role.with_columns(seed=pl.lit(seed)))
            sure.append(confidence(raw, database))
            right = by_role.group_by("ring_id").agg(role_precision=pl.col("is_right").mean())
            for kind, one in judged(raw, database).items():
                rows.append((seed, kind, *_figures(one, kind, raw, database)))
                with_roles = one.planted.join(right, on="ring_id", how="left")
                held.append(with_roles.with_columns(kind=pl.lit(kind), seed=pl.lit(seed)))
    columns = ("seed", "groups of", "groups", "recall", "precision", "F1", "F1 of cells")
    show(
        f"Planted rings of {LEAST} members and more",
        (*columns, "captured", "purity", f"guilty among first {FIRST}", "look-alikes"),
        rows,
        f"Never tuned on: {UNTUNED}.",
    )
    show_variants(pl.concat(held))
    show_roles(pl.concat(parts))
    show_confidence(pl.concat(sure))


def _worlds(asked: Sequence[str], folder: Path) -> Iterator[tuple[int, Path, Path]]:
    """Seed, raw tables and database of each world asked for, made now or there already."""
    for one in asked or tuple(map(str, (*TUNED, *UNTUNED))):
        raw, equals, out = one.partition("=")
        if equals:
            settings = json.loads((Path(raw) / "world.json").read_text(encoding="utf-8"))
            yield int(settings["settings"]["seed"]), Path(raw), Order(Path(raw), Path(out)).database
            continue
        made, built = folder / f"raw-{one}", folder / f"build-{one}"
        generate(made, WorldSettings(orders=ORDERS, seed=int(one)))
        yield int(one), made, build(Order(made, built)).database


def _figures(one: Match, kind: str, raw: Path, database: Path) -> tuple[object, ...]:
    """The rest of a row: how many groups, how right, how much of the planted rings they hold."""
    cells = Match(one.planted.filter(pl.col("variant") == CELLS), one.groups)
    figures = (one.recall, one.precision, one.f1, cells.f1)
    shares = (one.planted["captured"].mean(), one.planted["purity"].mean())
    first = ("", "")
    if kind == "rings":
        guilty_first, shown = first_rings(raw, database)
        first = (f"{guilty_first} of {shown}", str(alike_rings(raw, database)))
    return one.groups.height, *(f"{figure:.2f}" for figure in (*figures, *shares)), *first


def show_variants(held: pl.DataFrame) -> None:
    """Of each story, variant and seed: planted rings held, their members, purity and roles."""
    is_held = (pl.col("jaccard") >= OVERLAP).sum()
    keys = ("typology", "variant", "seed")
    by_community = held.filter(pl.col("kind") == "communities").group_by(keys).agg(other=is_held)
    counted = (
        held.filter(pl.col("kind") == "rings")
        .group_by(keys)
        .agg(pl.len(), is_held.alias("held"), pl.col("captured", "purity", "role_precision").mean())
        .join(by_community, on=keys)
        .sort(keys)
    )
    rows = [
        (*row[:5], *("–" if share is None else f"{share:.2f}" for share in row[5:8]), row[8])
        for row in counted.iter_rows()
    ]
    columns = (*keys, "planted", "held", "captured", "purity", "roles right", "by a community")
    show("By story, variant and seed", columns, rows, "")


def run(_: Path) -> None:
    """The same among all benchmarks."""
    main()


if __name__ == "__main__":
    main(sys.argv[1:])
