"""Payments contested at the bank: stolen cards, parcels that never came, and second thoughts.

The bank's code reaches us within a day or a week, the verdict only after one to three
months, so that the newest disputes are undecided. Nobody gets the same money twice: a
dispute is about what was not refunded by then.
"""

from typing import Final

import numpy as np
import polars as pl

from sample_data.actors.world import NEVER, World
from sample_data.kit.blocks import Block
from sample_data.kit.hashed_traits import trait
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance, log_normal, stream, whole
from sample_data.kit.settings import DAY, HOUR
from sample_data.period.fulfilment import LATE_DAYS
from sample_data.period.order_requests import usual

KINDS: Final = ("fraud", "not_received", "not_as_described", "duplicate")
FRAUD, NOT_RECEIVED, NOT_AS_DESCRIBED, DUPLICATE = range(4)
# of paid orders: cards stolen elsewhere, one by one (docs/domain.md §T7: 0.08 %)
STOLEN_RATE = 0.0012
FRIENDLY_SHARE, FRIENDLY_RATE = 0.02, 0.035  # buyers who deny what they bought, and how often
LOST_RATE, LATE_RATE = 0.07, 0.014  # of lost parcels, and of those longer than LATE_DAYS under way
UNLIKE_RATE = 0.0015  # not as described, at a shop of average quality
DUPLICATE_RATE = 0.0003
CALL_DAYS = (17.0, 0.55)  # payment to the cardholder's call: a statement later
CODE_HOURS, SLOW_SHARE, SLOW_DAYS = (9.0, 0.6), 0.25, (3.0, 7.0)  # §T7
VERDICT_DAYS = (52.0, 0.36)  # §T7: 30-90 days, some 120
LOSES = np.array([0.78, 0.55, 0.5, 0.6])  # share the marketplace loses, by kind
PROOF_FACTOR = 0.5  # of that, where the delivery is located at the address


def _fate(orders: pl.DataFrame, parcels: pl.DataFrame) -> dict[str, Ints]:
    """Per order: dispatch and delivery (NEVER = not), and whether it is lost or proven."""
    row = parcels["row"].to_numpy()
    fate: dict[str, Ints] = {}
    for name in ("shipped_at", "delivered_at"):
        fate[name] = np.full(orders.height, NEVER, dtype=np.int64)
    for name in ("is_lost", "matches"):
        fate[name] = np.zeros(orders.height, dtype=np.int64)
    for name, values in fate.items():
        values[row] = parcels[name].to_numpy()
    return fate


def _rates(world: World, orders: pl.DataFrame, fate: dict[str, Ints]) -> Floats:
    """Cumulative chance per order of each kind, (kinds, orders)."""
    friendly = trait(orders["buyer"].to_numpy(), 41) < FRIENDLY_SHARE
    flaw = world.merchants.flaw[orders["merchant"].to_numpy()]
    came = fate["delivered_at"] != NEVER
    late = came & (fate["delivered_at"] - fate["shipped_at"] > LATE_DAYS * DAY)
    rates = [
        STOLEN_RATE + np.where(friendly, 0.5 * FRIENDLY_RATE, 0.0),
        LOST_RATE * fate["is_lost"] + LATE_RATE * late + np.where(friendly & came, 0.017, 0.0),
        UNLIKE_RATE * flaw * came,
        np.full(orders.height, DUPLICATE_RATE),
    ]
    return np.cumsum(np.stack(rates), axis=0)


def _contests(
    world: World, rng: Rng, orders: pl.DataFrame, fate: dict[str, Ints]
) -> tuple[Ints, Ints]:
    """Orders that are contested, and the kind of each."""
    count, story_chance = orders.height, orders["dispute_chance"].to_numpy()
    rates, draw = _rates(world, orders, fate), rng.random(count)
    paid = (orders["paid_at"].to_numpy() != NEVER) & (orders["paid"].to_numpy() > 0)
    paid &= orders["cancelled_at"].to_numpy() == NEVER
    row = np.flatnonzero(paid & (draw < usual(story_chance, rates[-1])))
    usual_kind = np.minimum((draw[row] >= rates[:, row]).sum(axis=0), FRAUD + 3)
    usual_kind = np.where(np.isnan(story_chance[row]), usual_kind, FRAUD)
    kind = usual(orders["dispute_kind"].to_numpy()[row], usual_kind.astype(np.float64))
    return row, whole(kind)


def _call_instants(
    rng: Rng, orders: pl.DataFrame, fate: dict[str, Ints], row: Ints, kind: Ints
) -> Ints:
    """When the cardholder calls the bank: never before there is a reason to."""
    days = usual(orders["dispute_days"].to_numpy()[row], log_normal(rng, *CALL_DAYS, len(row)))
    at = orders["paid_at"].to_numpy()[row] + np.maximum(days, 0.02) * DAY
    shipped_at, delivered_at = fate["shipped_at"][row], fate["delivered_at"][row]
    looked_at = delivered_at + (0.1 + 3.0 * rng.random(len(row))) * DAY
    wait_end = shipped_at + (5.0 + 6.0 * rng.random(len(row))) * DAY
    at = np.where(
        (kind == NOT_AS_DESCRIBED) & (delivered_at != NEVER), np.maximum(at, looked_at), at
    )
    is_missed = (kind == NOT_RECEIVED) & (shipped_at != NEVER)
    return whole(np.where(is_missed, np.maximum(at, wait_end), at))


def _refund_of_row(refunds: pl.DataFrame, row: Ints) -> tuple[Ints, Ints]:
    """When the buyer's refund was paid (NEVER = none), and its minor units, per contested order."""
    done = refunds.filter(pl.col("refunded_at") != NEVER)
    frame = pl.DataFrame({"row": row}).join(
        done.select("row", "refunded_at", "amount_minor"),
        on="row",
        how="left",
        maintain_order="left",
    )
    amount = frame["amount_minor"].fill_null(0)
    return frame["refunded_at"].fill_null(NEVER).to_numpy(), amount.to_numpy()


def _is_lost(rng: Rng, fate: dict[str, Ints], row: Ints, kind: Ints) -> Bools:
    """Cases the marketplace will lose: fewer where it can prove the delivery."""
    has_proof = (fate["delivered_at"][row] != NEVER) & (fate["matches"][row] > 0)
    share = LOSES[kind] * np.where((kind == NOT_RECEIVED) & has_proof, PROOF_FACTOR, 1.0)
    return rng.random(len(row)) < share


def open_disputes(
    world: World,
    block: Block,
    orders: pl.DataFrame,
    parcels: pl.DataFrame,
    refunds: pl.DataFrame,
) -> pl.DataFrame:
    """Disputes with `row` (position of the order), known before the end of the data.

    `kind` is a position in KINDS; `is_lost` is meant once `decided_at` is not NEVER.
    """
    rng, end_s = stream(world.settings.seed, block.name("disputes")), world.settings.end_s
    fate = _fate(orders, parcels)
    row, kind = _contests(world, rng, orders, fate)
    count, called_at = len(row), _call_instants(rng, orders, fate, row, kind)
    hours = log_normal(rng, *CODE_HOURS, count)
    slow = chance(rng, SLOW_SHARE, count)
    hours = np.where(slow, rng.uniform(*SLOW_DAYS, count) * 24.0, np.minimum(hours, 24.0))
    heard = whole(called_at + hours * HOUR)
    back_at, back = _refund_of_row(refunds, row)
    before, paid = (back_at != NEVER) & (back_at < called_at), orders["paid"].to_numpy()[row]
    amount = paid - np.where(before, back, 0)
    meanwhile = (back_at != NEVER) & ~before  # the refund settles the case
    verdict = whole(heard + log_normal(rng, *VERDICT_DAYS, count) * DAY)
    decided_at = np.where(meanwhile, np.maximum(back_at, heard) + DAY, verdict)
    is_lost = _is_lost(rng, fate, row, kind) & ~meanwhile
    possible = (kind != NOT_AS_DESCRIBED) | (fate["delivered_at"][row] != NEVER)
    return pl.DataFrame(
        {
            "row": row.astype(np.int64),
            "event_at": called_at,
            "observed_at": heard,
            "decided_at": np.where(decided_at < end_s, decided_at, NEVER),
            "kind": kind,
            "is_lost": is_lost,
            "amount_minor": amount,
        }
    ).filter(pl.Series(possible & (heard < end_s) & (amount > 0)))
