"""The tables of the truth: by entity and by ring, with the ids the raw tables use."""

import polars as pl

from sample_data.export.tables import Ids, entities, moment, public_ids


def _null_if_empty(names_: tuple[str, ...]) -> list[pl.Expr]:
    """Texts with null for nothing to say."""
    return [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in names_]


def truth(rows: pl.DataFrame, ids: Ids) -> pl.DataFrame:
    """The truth by entity."""
    table = pl.DataFrame(
        {
            "entity_type": rows["entity_type"],
            "entity_id": entities(rows, ids),
            "typology": rows["typology"],
            "variant": rows["variant"],
            "ring_id": public_ids("rng", rows["ring"] + 1, 5),
            "role": rows["role"],
            "started_at": moment(rows["started"]),
            "ended_at": moment(rows["ended"]),
            "loss_usd": rows["loss_usd"],
            "loss_bearer": rows["loss_bearer"],
            "is_hard_negative": rows["is_hard_negative"],
            "clears_because": rows["clears_because"],
        }
    )
    texts = _null_if_empty(("loss_bearer", "clears_because"))
    return table.with_columns(texts).sort("ring_id", "entity_type", "entity_id")


def stories(rows: pl.DataFrame) -> pl.DataFrame:
    """The truth by ring: its span, losses by bearer and the facts an analyst should find."""
    columns = [name for name in rows.columns if name not in ("ring", "started", "ended")]
    table = rows.select(
        pl.Series("ring_id", public_ids("rng", rows["ring"] + 1, 5)),
        pl.Series("started_at", moment(rows["started"])),
        pl.Series("ended_at", moment(rows["ended"])),
        *columns,
    )
    return table.with_columns(_null_if_empty(("clears_because",)))
