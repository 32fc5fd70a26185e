"""What the truth says of rings: who was planted together, in what part, and who is mostly guilty.

A role is right when the truth bears it out: the organiser is one of those whom the planted ring
pays, a shop or creator of it; a victim is one, or its account was used; whoever else acts, acted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

import queries
from benchmarks.measuring import show
from benchmarks.quality import guilty

if TYPE_CHECKING:
    from pathlib import Path

NODE = pl.concat_str("entity_type", pl.lit(":"), "entity_id")
OVERLAP = 0.5
"""Jaccard index from which two groups are the same ring; part from which most are guilty."""
SELLERS = ("merchant", "creator")


def planted_members(raw: Path) -> pl.DataFrame:
    """`ring_id, typology, variant, node, size` of everybody in a planted ring."""
    truth = guilty(pl.read_parquet(raw / "truth" / "truth.parquet"))
    members = truth.filter(pl.col("ring_id").is_not_null()).with_columns(node=NODE)
    return (
        members.select("ring_id", "typology", "variant", "node")
        .unique()
        .with_columns(size=pl.len().over("ring_id"))
    )


def confidence(raw: Path, database: Path) -> pl.DataFrame:
    """`confidence, is_right` of each ring: most members are guilty, or their accounts used."""
    bad = planted_members(raw).select("node").unique().with_columns(is_bad=pl.lit(1.0))
    sql = (
        "select confidence, ring_id, entity_type, entity_id "
        "from rings.members join rings.rings using (ring_id)"
    )
    with queries.connect(database) as con:
        members = con.sql(sql).pl().with_columns(node=NODE).join(bad, on="node", how="left")
    share = pl.col("is_bad").fill_null(0.0).mean()
    rings = members.group_by("ring_id", "confidence").agg(is_right=share >= OVERLAP)
    return rings.select("confidence", "is_right")


def roles(raw: Path, database: Path) -> pl.DataFrame:
    """`ring_id, role, is_right, is_sole` of members; `ring_id` is the planted ring of most.

    `is_sole`: no other shop or creator of that planted ring is paid by it.
    """
    truth = pl.read_parquet(raw / "truth" / "truth.parquet").with_columns(node=NODE)
    planted = truth.filter(~pl.col("is_hard_negative")).unique(["node", "ring_id"])
    with queries.connect(database) as con:
        sql = "select ring_id as group_id, role, entity_type, entity_id from rings.members"
        members = con.sql(sql).pl().with_columns(node=NODE)
    both = members.join(planted.select("node", "ring_id", part="role"), on="node", how="left")
    main = (
        both.drop_nulls("ring_id")
        .group_by("group_id", "ring_id")
        .len()
        .sort("len", "ring_id", descending=[True, False])
        .group_by("group_id", maintain_order=True)
        .agg(main=pl.col("ring_id").first())
    )
    paid = planted.filter(pl.col("entity_type").is_in(SELLERS) & (pl.col("role") == "actor"))
    sellers = paid.group_by(main="ring_id").agg(sellers=pl.len())
    named = both.join(main, on="group_id", how="left").join(sellers, on="main", how="left")
    acted = (pl.col("part") == "actor").fill_null(value=False)
    in_main = acted & (pl.col("ring_id") == pl.col("main"))
    rights = {
        "organiser": in_main & (pl.col("entity_type").is_in(SELLERS) | pl.col("sellers").is_null()),
        "victim": pl.col("part").is_in(["victim", "compromised"]),
    }
    right = pl.when(pl.lit(False)).then(acted)
    for role, is_right in rights.items():
        right = right.when(pl.col("role") == role).then(is_right)
    judged_roles = named.with_columns(
        is_right=right.otherwise(acted).fill_null(value=False),
        is_sole=pl.col("sellers").fill_null(1) == 1,
    )
    by_member = judged_roles.group_by("node").agg(
        pl.col("main", "role", "is_sole").first(), pl.col("is_right").max()
    )
    return by_member.rename({"main": "ring_id"})


def show_confidence(rings: pl.DataFrame) -> None:
    """How many rings of each tenth of confidence are right."""
    tenth = (pl.col("confidence") * 20).floor() / 20
    counted = rings.group_by(tenth.alias("from")).agg(
        pl.len(), pl.col("confidence").mean(), right=pl.col("is_right").mean()
    )
    rows = [
        (f"{start:.2f}", count, f"{said:.3f}", f"{right:.3f}")
        for start, count, said, right in counted.sort("from").iter_rows()
    ]
    show("Confidence", ("from", "rings", "said", "right"), rows, "")


def show_roles(parts: pl.DataFrame) -> None:
    """How often each role is right, by seed and in all."""
    every = pl.concat(
        [parts.with_columns(seed=pl.lit(None, pl.Int32)), parts], how="diagonal_relaxed"
    )
    counted = every.group_by("role", "seed").agg(
        pl.len(), right=pl.col("is_right").sum(), sole=pl.col("is_sole").sum()
    )
    rows = [
        (role, "all" if seed is None else seed, count, right, f"{right / count:.2f}", sole)
        for role, seed, count, right, sole in counted.sort("role", "seed").iter_rows()
    ]
    columns = ("role", "seed", "members", "right", "share", "in rings that pay one")
    show("Roles", columns, rows, "")
