"""Who belongs to which ring, in what part, and by an id that the next build keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.lasting_ids import Naming, with_ids
from pipeline.tables import query, store

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from pipeline.settings.rings import RingSettings

TABLE = "rings.members"
ROLES = {
    "buyer": "worker",
    "creator": "creator",
    "live_session": "room",
    "merchant": "shop",
    "product": "listing",
}
"""Part that a member plays by its entity type, unless it is a victim or the organiser."""
_VICTIM = "select distinct entity_type, typology, 'victim' as role from scores.packs"


def write(
    con: duckdb.DuckDBPyConnection,
    on_progress: Callable[[str, int], None],
    settings: RingSettings,
    previous: pl.DataFrame | None = None,
) -> None:
    """Make `rings.members`, one row per member: ring, role, what put it in, how it is tied.

    `previous` is group_id, entity_type, entity_id of the last build's members. Raises
    StageError when a table of `queries/rings` is missing.
    """
    roster = query(con, "select * from rings.roster")
    suspects = query(con, "select entity_type, entity_id, typology from rings.suspects")
    victims = query(con, f"{_VICTIM} where subject_is = 'victim'")
    organisers = query(con, "select node, 'organiser' as part from rings.organisers")
    ties = query(con, "select src, dst, thing_id, weight from rings.ties")
    naming = Naming("rng_", settings.least_actors, settings.min_overlap)
    named = with_ids(roster.select("node", "cluster"), previous, naming)
    members = (
        named.rename({"group_id": "ring_id"})
        .join(roster.select("node", "joined_by"), on="node")
        .join(suspects, on=["entity_type", "entity_id"], how="left")
        .join(victims, on=["entity_type", "typology"], how="left")
        .join(organisers, on="node", how="left")
        .join(tied_within(named, ties), on="node", how="left")
        .with_columns(
            pl.coalesce("role", "part", pl.col("entity_type").replace_strict(ROLES)).alias("role"),
            pl.col("partner_count").fill_null(0),
            pl.col("tie_weight").fill_null(0.0),
        )
    )
    columns = ("ring_id", "entity_type", "entity_id", "role", "joined_by", "typology")
    table = members.select(
        # Where there is no ring nothing says that its id is text.
        *(pl.col(name).cast(pl.String) for name in columns),
        pl.col("partner_count").cast(pl.Int64),
        pl.col("tie_weight").cast(pl.Float64),
    ).sort(columns[:3])
    on_progress(TABLE, store(con, TABLE, table))


def tied_within(named: pl.DataFrame, ties: pl.DataFrame) -> pl.DataFrame:
    """`node, partner_count, tie_weight`: members of its own ring it is tied to, how strongly."""
    ring = named.select("node", "group_id")
    inside = (
        ties.join(ring, left_on="src", right_on="node")
        .join(ring, left_on="dst", right_on="node", suffix="_dst")
        .filter(pl.col("group_id") == pl.col("group_id_dst"))
    )
    ends = pl.concat(
        [
            inside.select("weight", node=end, partner=other)
            for end, other in (("src", "dst"), ("dst", "src"))
        ]
    )
    counted = ends.sort("node", "partner", "weight").group_by("node", maintain_order=True)
    return counted.agg(
        partner_count=pl.col("partner").n_unique().cast(pl.Int64),
        tie_weight=pl.col("weight").sum(),
    )
