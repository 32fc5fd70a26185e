"""Who gets the money, and when: settlements to shops, commissions to creators.

An amount is what was owed at its due date: a shop gets what the buyer paid, less what
went back to the buyer by then, less the commission; a creator gets the rate on the
items, less the refunded share. A refund after that date is partly taken back from the
shop and seldom from the creator, which is the gap T4 uses; the marketplace bears the rest.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from sample_data.actors.world import NEVER, World
from sample_data.kit.blocks import Block
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance, log_normal, stream, whole
from sample_data.kit.settings import DAY, HOUR

COMMISSION_AFTER_DAYS = 15  # after delivery (docs/domain.md §2.2)
MERCHANT_CLAWBACK, CREATOR_CLAWBACK = 0.62, 0.12  # of refunds after the payout that are taken back
CLAWBACK_DAYS = 3.0  # median, from the later of refund and payout
USED: Final = {
    "merchant": "merchant",
    "creator": "creator",
    "paid": "paid",
    "items": "items",
    "rate": "commission_rate",
}


def commission_minor(items: Ints, rate: Floats, paid: Ints, refunded_minor: Ints) -> Ints:
    """Commission on the share of the order that was not refunded, rounded down."""
    kept_share = 1.0 - refunded_minor / np.maximum(paid, 1)
    return whole(np.floor(items * rate * kept_share + 1e-6))


def _payout_instants(eligible: Ints, lag: Floats, end_s: int) -> Ints:
    paid_out = whole(eligible + lag * HOUR)
    return np.where(paid_out < end_s, paid_out, NEVER)


def _refund_of_row(orders: pl.DataFrame, refunds: pl.DataFrame, row: Ints) -> tuple[Ints, Ints]:
    """Refund instant (NEVER = none) and minor units of each order row."""
    at = np.full(orders.height, NEVER, dtype=np.int64)
    amount = np.zeros(orders.height, dtype=np.int64)
    done = refunds.filter(pl.col("refunded_at") != NEVER)
    at[done["row"].to_numpy()] = done["refunded_at"].to_numpy()
    amount[done["row"].to_numpy()] = done["amount_minor"].to_numpy()
    return at[row], amount[row]


def _clawback(
    rng: Rng, is_clawed_back: Bools, since: Ints, amount: Ints, end_s: int
) -> dict[str, Ints]:
    """When and how much is taken back, of rows `is_clawed_back` back some days after `since`."""
    at = whole(since + log_normal(rng, CLAWBACK_DAYS, 0.7, len(since)) * DAY)
    done = is_clawed_back & (amount > 0) & (at < end_s)
    return {
        "clawed_back_at": np.where(done, at, NEVER),
        "clawed_back_minor": np.where(done, amount, 0),
    }


@dataclass(frozen=True)
class Sales:
    """Delivered orders of a block and what went back of each; money in minor units."""

    row: Ints
    merchant: Ints
    creator: Ints
    paid: Ints
    items: Ints
    rate: Floats
    delivered_at: Ints
    back_at: Ints  # NEVER = no refund
    back: Ints

    @property
    def due(self) -> Ints:
        """When the creator's commission falls due."""
        return self.delivered_at + COMMISSION_AFTER_DAYS * DAY

    @cached_property
    def commission(self) -> Ints:
        """Commission as it stood at its due date."""
        back = np.where((self.back_at != NEVER) & (self.back_at < self.due), self.back, 0)
        return commission_minor(self.items, self.rate, self.paid, back)

    @cached_property
    def overpaid(self) -> Ints:
        """The part of that commission which a later refund makes undue."""
        return self.commission - commission_minor(self.items, self.rate, self.paid, self.back)


def _sales(orders: pl.DataFrame, parcels: pl.DataFrame, refunds: pl.DataFrame) -> Sales:
    done = parcels.select("row", "delivered_at").filter(pl.col("delivered_at") != NEVER)
    row = done["row"].to_numpy()
    columns = {name: orders[column].to_numpy()[row] for name, column in USED.items()}
    back_at, back = _refund_of_row(orders, refunds, row)
    delivered_at = done["delivered_at"].to_numpy()
    return Sales(row=row, delivered_at=delivered_at, back_at=back_at, back=back, **columns)


def _settle(world: World, rng: Rng, sales: Sales) -> pl.DataFrame:
    """The shops' part; a shop that was closed is neither paid nor able to give back."""
    end_s, count = world.settings.end_s, len(sales.row)
    eligible = sales.delivered_at + world.merchants.settle_days[sales.merchant] * DAY
    closed_at = world.merchants.closed_at[sales.merchant]
    late = (sales.back_at != NEVER) & (sales.back_at >= eligible)
    back = np.where(late, 0, sales.back)
    amount = np.maximum(sales.paid - back - sales.commission, 0)
    settled_at = _payout_instants(eligible, 1.0 + 16.0 * rng.random(count), end_s)
    settled_at = np.where((closed_at != NEVER) & (settled_at >= closed_at), NEVER, settled_at)
    is_clawed_back = (
        late & (settled_at != NEVER) & (closed_at == NEVER) & chance(rng, MERCHANT_CLAWBACK, count)
    )
    own = np.minimum(amount, sales.back - sales.overpaid)
    return pl.DataFrame(
        {
            "row": sales.row,
            "eligible_at": eligible,
            "settled_at": settled_at,
            "amount_minor": amount,
            **_clawback(rng, is_clawed_back, np.maximum(sales.back_at, settled_at), own, end_s),
        }
    )


def _reward(world: World, rng: Rng, sales: Sales) -> pl.DataFrame:
    """The creators' part, of orders that carry a commission."""
    end_s, count, commission, due = (
        world.settings.end_s,
        len(sales.row),
        sales.commission,
        sales.due,
    )
    paid_at = _payout_instants(due, 0.5 + 8.0 * rng.random(count), end_s)
    paid_at = np.where(commission > 0, paid_at, NEVER)
    late = (sales.back_at != NEVER) & (sales.back_at >= due)
    is_clawed_back = late & (paid_at != NEVER) & chance(rng, CREATOR_CLAWBACK, count)
    since = np.maximum(sales.back_at, paid_at)
    return pl.DataFrame(
        {
            "row": sales.row,
            "creator": sales.creator,
            "eligible_at": due,
            "paid_at": paid_at,
            "amount_minor": commission,
            **_clawback(rng, is_clawed_back, since, sales.overpaid, end_s),
        }
    ).filter(pl.Series(sales.rate > 0.0))


def pay(
    world: World,
    block: Block,
    orders: pl.DataFrame,
    parcels: pl.DataFrame,
    refunds: pl.DataFrame,
) -> dict[str, pl.DataFrame]:
    """`settlements` and `commissions` of delivered orders, with `row` (position of the order).

    `eligible_at` is the date fixed at delivery and may lie ahead; the payout is then NEVER.
    """
    rng = stream(world.settings.seed, block.name("payouts"))
    sales = _sales(orders, parcels, refunds)
    return {"settlements": _settle(world, rng, sales), "commissions": _reward(world, rng, sales)}
