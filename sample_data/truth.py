"""What really happened: every planted entity, its ring, its time and its loss.

Written apart from the raw tables; the pipeline and the app never open it. The
loss is stated per entity, so entities of one ring must not be added up.
"""

import polars as pl

from sample_data.commerce import NEVER
from sample_data.stories import Set

# What one order loses, in minor units, by the ring's `loss_kind`.
LOSS = {
    "items": pl.col("items") * 0.12,  # assumption: displaced sales and ranking, of order value
    "voucher": pl.col("taken"),
    "commission": (pl.col("items") * pl.col("commission_rate")).round(0),
    "refund": pl.col("refunded_minor"),
}
KEYS = {"merchant": "merchant", "creator": "creator", "product": "product", "buyer": "buyer"}


def _ring_orders(planted: Set, orders: pl.DataFrame, refunds: pl.DataFrame) -> pl.DataFrame:
    """Planted orders with their loss in USD."""
    back = (
        refunds.filter(pl.col("refunded_at") != NEVER)
        .group_by("row")
        .agg(refunded_minor=pl.col("amount_minor").sum())
    )
    rows = (
        orders.with_row_index("row")
        .with_columns(pl.col("row").cast(pl.Int64))
        .filter(pl.col("ring") >= 0)
    )
    rows = rows.join(back, on="row", how="left", maintain_order="left").with_columns(
        pl.col("refunded_minor").fill_null(0)
    )
    kinds = pl.DataFrame(
        {"ring": range(len(planted.rings)), "loss_kind": [r.loss_kind for r in planted.rings]}
    )
    rows = rows.join(kinds, on="ring", how="left", maintain_order="left")
    loss = pl.lit(0.0)
    for kind, minor in LOSS.items():
        loss = pl.when(pl.col("loss_kind") == kind).then(minor.cast(pl.Float64)).otherwise(loss)
    micros = loss * 10_000.0 * pl.col("usd_per_unit")  # whole millionths add up in any order
    return rows.with_columns(loss_micros=micros.round(0).cast(pl.Int64))


def _measured(rows: pl.DataFrame) -> pl.DataFrame:
    """First and last order and the loss of each entity in each ring."""
    found = [
        rows.group_by("ring", entity=pl.col(column))
        .agg(
            first=pl.col("at").min(),
            last=pl.col("at").max(),
            loss_micros=pl.col("loss_micros").sum(),
        )
        .with_columns(entity_type=pl.lit(entity_type))
        for entity_type, column in KEYS.items()
    ]
    return pl.concat(found)


def _slot_fees(told: pl.DataFrame, planted: pl.DataFrame) -> pl.DataFrame:
    """Slot fees of the sessions inside each viewer-inflation window."""
    paid = planted.filter(pl.col("loss_kind") == "slot_fee").join(
        told, left_on="entity", right_on="creator"
    )
    inside = pl.col("start").is_between(pl.col("since"), pl.col("until") + 5 * 86_400)
    fee = (pl.col("slot_fee_minor") * 10_000.0 * pl.col("usd_per_unit")).round(0).cast(pl.Int64)
    return paid.filter(inside).group_by("ring", "entity").agg(fee_micros=fee.sum())


def gather(
    planted: Set, orders: pl.DataFrame, refunds: pl.DataFrame, told: pl.DataFrame
) -> pl.DataFrame:
    """One row per planted entity and ring: positions, instants in seconds, loss in USD."""
    members = pl.DataFrame([vars(member) for member in planted.members])
    rings = pl.DataFrame([vars(ring) for ring in planted.rings]).with_row_index("ring")
    rings = rings.with_columns(pl.col("ring").cast(pl.Int64))
    rows = members.join(rings, on="ring", how="left", maintain_order="left")
    measured = _measured(_ring_orders(planted, orders, refunds))
    rows = rows.join(
        measured, on=("ring", "entity_type", "entity"), how="left", maintain_order="left"
    )
    rows = rows.join(
        _slot_fees(told, rows), on=("ring", "entity"), how="left", maintain_order="left"
    )
    hidden, lost = pl.col("is_hard_negative"), pl.coalesce("fee_micros", "loss_micros", pl.lit(0))
    return rows.with_columns(
        started=pl.coalesce("first", "since"),
        ended=pl.coalesce("last", "until"),
        loss_usd=pl.when(hidden).then(0.0).otherwise((lost / 1e6).round(2)),
    ).sort("ring", "entity_type", "entity")


def bad(truth: pl.DataFrame) -> pl.DataFrame:
    """Earliest planted fraud of each entity: `entity_type`, `entity`, `typology`, `started`."""
    wrong = truth.filter(~pl.col("is_hard_negative")).sort(
        "started", "ring", "entity_type", "entity"
    )
    return wrong.unique(("entity_type", "entity"), keep="first", maintain_order=True)
