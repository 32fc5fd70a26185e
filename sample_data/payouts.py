"""Who gets the money, and when: settlements to shops, commissions to creators.

An amount is what is known at the end of the data. A shop gets what the buyer
paid, less what went back to the buyer before the payout, less the commission;
a creator gets the rate on the items, less the refunded share. Neither is clawed
back when a refund comes after the payout date, which is the gap T4 uses.
"""

import numpy as np
import polars as pl

from sample_data.commerce import NEVER
from sample_data.randomness import Floats, Ints, stream
from sample_data.settings import DAY, HOUR
from sample_data.world import World

COMMISSION_AFTER_DAYS = 15  # after delivery (DOMAIN 2.2)


def _refunded_before(refunds: pl.DataFrame, rows: Ints, deadline: Ints) -> Ints:
    """Minor units back to the buyer of each order row before its deadline."""
    done = refunds.filter(pl.col("refunded_at") != NEVER).select(
        "row", "refunded_at", "amount_minor"
    )
    asked = pl.DataFrame({"row": rows, "deadline": deadline})
    joined = asked.join(done, on="row", how="left", maintain_order="left")
    in_time = (joined["refunded_at"] < joined["deadline"]).fill_null(value=False).to_numpy()
    return np.where(in_time, joined["amount_minor"].fill_null(0).to_numpy(), 0).astype(np.int64)


def commission_minor(items: Ints, rate: Floats, paid: Ints, refunded: Ints) -> Ints:
    """Commission on the share of the order that was not refunded, rounded down."""
    kept = 1.0 - refunded / np.maximum(paid, 1)
    return np.floor(items * rate * kept + 1e-6).astype(np.int64)


def _paid_out(eligible: Ints, lag: Floats, end_s: int) -> Ints:
    paid_out = (eligible + lag * HOUR).astype(np.int64)
    return np.where(paid_out < end_s, paid_out, NEVER)


def pay(
    world: World, orders: pl.DataFrame, parcels: pl.DataFrame, refunds: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """`settlements` and `commissions` of delivered orders, with `row` (position of the order).

    `eligible_at` is the date fixed at delivery and may lie ahead; the payout is then NEVER.
    """
    rng, end_s = stream(world.settings.seed, "payouts"), world.settings.end_s
    done = parcels.filter(pl.col("delivered_at") != NEVER)
    rows, delivered = done["row"].to_numpy(), done["delivered_at"].to_numpy()
    sold = orders[rows]
    paid, items = sold["paid"].to_numpy(), sold["items"].to_numpy()
    due = delivered + COMMISSION_AFTER_DAYS * DAY
    early = _refunded_before(refunds, rows, due)
    commission = commission_minor(items, sold["commission_rate"].to_numpy(), paid, early)
    eligible = delivered + world.merchants.settle_days[sold["merchant"].to_numpy()] * DAY
    refunded = _refunded_before(refunds, rows, eligible)
    settlements = pl.DataFrame(
        {
            "row": rows,
            "eligible_at": eligible,
            "settled_at": _paid_out(eligible, 1.0 + 16.0 * rng.random(len(rows)), end_s),
            "amount_minor": np.maximum(paid - refunded - commission, 0),
        }
    )
    settled = pl.Series(commission > 0)
    owed = pl.DataFrame(
        {
            "row": rows,
            "creator": sold["creator"],
            "eligible_at": due,
            "paid_at": np.where(
                settled, _paid_out(due, 0.5 + 8.0 * rng.random(len(rows)), end_s), NEVER
            ),
            "amount_minor": commission,
        }
    ).filter(pl.Series(sold["commission_rate"].to_numpy() > 0.0))
    return {"settlements": settlements, "commissions": owed}
