"""What buyers report to customer service, honest trouble and calls by strangers alike.

A complaint has two clocks: when it happened to the buyer and when the buyer told us.
Scam calls reach a few buyers of every shop; where order data leaks they reach many
buyers of one warehouse and one app within days.
"""

from typing import Final

import numpy as np
import polars as pl

from sample_data.actors.world import NEVER, World
from sample_data.kit.blocks import Block
from sample_data.kit.plan import PlannedStories
from sample_data.kit.plan_records import Leak
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance, log_normal, stream, whole
from sample_data.kit.settings import DAY, HOUR
from sample_data.language import names
from sample_data.period.fulfilment import LATE_DAYS, parcels_with
from sample_data.period.order_requests import NONE, usual

TOPICS: Final = (
    "not_received",
    "not_as_described",
    "counterfeit",
    "scam_call",
    "harassment",
    "unauthorised",
    "quality",
    "other",
)
NOT_RECEIVED, NOT_AS_DESCRIBED, COUNTERFEIT, SCAM_CALL = range(4)
GOODS = (NOT_AS_DESCRIBED, COUNTERFEIT, TOPICS.index("quality"))  # nobody judges what never came
LOST_RATE, LATE_RATE = 0.45, 0.10  # of lost parcels, and of those long under way
# Of delivered orders at a shop of average quality, by topic (assumption; about 2 % with the above).
RATES = np.array([0.0008, 0.0032, 0.0007, 0.0004, 0.0004, 0.0002, 0.0060, 0.0030])
BY_QUALITY = np.array([1.0, 1.0, 0.6, 0.0, 0.0, 0.0, 1.0, 0.3])  # how far the shop's flaw counts
BRAND_FACTOR = 2.0  # branded goods and doubts about their origin
SOLD_FACTOR = np.array([0.8, 0.8, 2.2, 0.8, 0.8, 0.6, 0.7, 2.6, 0.6, 0.5])  # calls, by category
AFTER_DAYS = (2.5, 0.9)  # delivery to trouble; parcels that never came take MISSED_DAYS
MISSED_DAYS = (7.0, 14.0)  # dispatch to the complaint about a missing parcel
CALL_DAYS = (6.0, 1.2)  # payment to a stranger's call, where nothing leaked
TOLD_HOURS = (7.0, 1.1)  # trouble to report
# call to report: many find out days later (docs/domain.md §T12: 1-14 d)
CALL_TOLD_DAYS = (1.6, 0.9)
CALLED_NAMELESS = 0.06  # of calls after a leak: the caller knew the order
NAMELESS = np.array([0.02, 0.02, 0.02, 0.30, 0.10, 0.25, 0.02, 0.45])  # about no order, by topic
USED: Final = (
    "buyer",
    "merchant",
    "market",
    "category",
    "product",
    "ring",
    "at",
    "paid_at",
    "complaint_chance",
    "complaint_days",
    "complaint_topic",
)


def _rates(world: World, orders: pl.DataFrame) -> Floats:
    """Cumulative chance per parcel of each topic, (topics, parcels)."""
    flaw = world.merchants.flaw[orders["merchant"].to_numpy()] - 1.0
    shipped_at, delivered_at = orders["shipped_at"].to_numpy(), orders["delivered_at"].to_numpy()
    came, is_lost = delivered_at != NEVER, orders["is_lost"].to_numpy()
    rates = RATES[:, None] * (1.0 + BY_QUALITY[:, None] * flaw) * came
    late = came & (delivered_at - shipped_at > LATE_DAYS * DAY)
    rates[NOT_RECEIVED] += LOST_RATE * is_lost + LATE_RATE * late
    is_branded = world.products.brand[orders["product"].to_numpy()] >= 0
    rates[COUNTERFEIT] *= np.where(is_branded, BRAND_FACTOR, 0.3)
    rates[SCAM_CALL] = RATES[SCAM_CALL] * SOLD_FACTOR[orders["category"].to_numpy()]
    return np.cumsum(rates, axis=0)


def _complaints_of_parcels(world: World, rng: Rng, orders: pl.DataFrame) -> pl.DataFrame:
    """Parcels that somebody complains about, with the topic of each."""
    story_chance, draw = orders["complaint_chance"].to_numpy(), rng.random(orders.height)
    rates = _rates(world, orders)
    row = np.flatnonzero(draw < usual(story_chance, rates[-1]))
    usual_topic = np.minimum((draw[row] >= rates[:, row]).sum(axis=0), len(TOPICS) - 1)
    usual_topic = np.where(np.isnan(story_chance[row]), usual_topic, len(TOPICS) - 1)
    topic = whole(usual(orders["complaint_topic"].to_numpy()[row], usual_topic.astype(np.float64)))
    missing = (orders["delivered_at"].to_numpy()[row] == NEVER) & np.isin(topic, GOODS)
    return orders[row].with_columns(topic=pl.Series(np.where(missing, NOT_RECEIVED, topic)))


def _event_instants(rng: Rng, rows: pl.DataFrame) -> Ints:
    """When it happened: after delivery, after a long wait, or when the stranger called."""
    count, topic = rows.height, rows["topic"].to_numpy()
    delivered_at, shipped_at = rows["delivered_at"].to_numpy(), rows["shipped_at"].to_numpy()
    story_days = rows["complaint_days"].to_numpy()
    came = delivered_at != NEVER
    since = np.where(came, delivered_at, shipped_at)
    days = np.where(came, log_normal(rng, *AFTER_DAYS, count), rng.uniform(*MISSED_DAYS, count))
    at = since + np.maximum(usual(story_days, days), 0.0) * DAY
    wait_end = shipped_at + rng.uniform(*MISSED_DAYS, count) * DAY
    missing = (topic == NOT_RECEIVED) & came & np.isnan(story_days) & (wait_end < delivered_at)
    call_at = rows["paid_at"].to_numpy() + log_normal(rng, *CALL_DAYS, count) * DAY
    at = np.where(missing, wait_end, at)
    return whole(np.where((topic == SCAM_CALL) & np.isnan(story_days), call_at, at))


def _report_instants(rng: Rng, at: Ints, topic: Ints) -> Ints:
    """When we heard of it."""
    days = np.where(
        topic == SCAM_CALL,
        log_normal(rng, *CALL_TOLD_DAYS, len(at)),
        log_normal(rng, *TOLD_HOURS, len(at)) / 24.0,
    )
    return whole(at + np.minimum(days, 14.0) * DAY)


def is_exposed(world: World, leak: Leak, orders: pl.DataFrame) -> Bools:
    """Honest orders whose data went through a leak while it was open."""
    merchant, at = orders["merchant"].to_numpy(), orders["at"].to_numpy()
    through = (world.merchants.warehouse[merchant] == leak.warehouse) & (
        world.merchants.erp[merchant] == leak.erp
    )
    in_time = (at >= leak.start) & (at < leak.end) & (orders["paid_at"].to_numpy() != NEVER)
    honest: Bools = through & in_time & (orders["ring"].to_numpy() == NONE)
    return honest


def _victims(world: World, rng: Rng, leak: Leak, orders: pl.DataFrame) -> pl.DataFrame:
    """Calls to the buyers of a leak, one for each buyer."""
    open_now = np.flatnonzero(is_exposed(world, leak, orders))
    hit = np.sort(open_now[chance(rng, leak.victim_share, open_now.size)])
    _, first = np.unique(orders["buyer"].to_numpy()[hit], return_index=True)
    row = hit[np.sort(first)]
    lo, hi = leak.delay_hours
    hours = np.exp(rng.uniform(np.log(max(lo, 0.1)), np.log(max(hi, 0.2)), len(row)))
    return pl.DataFrame(
        {
            "row": row.astype(np.int64),
            "topic": np.full(len(row), SCAM_CALL, dtype=np.int64),
            "event_at": whole(orders["paid_at"].to_numpy()[row] + hours * HOUR),
            "ring": np.full(len(row), leak.ring, dtype=np.int64),
            "nameless": np.full(len(row), CALLED_NAMELESS),
        }
    )


def _with_texts(rng: Rng, orders: pl.DataFrame, rows: pl.DataFrame, end_s: int) -> pl.DataFrame:
    """Complaints with who tells it, when, in which words, and whether an order is named."""
    observed_at = _report_instants(rng, rows["event_at"].to_numpy(), rows["topic"].to_numpy())
    rows = rows.with_columns(observed_at=pl.Series(observed_at)).filter(
        pl.Series(observed_at < end_s)
    )
    topic, named_orders = rows["topic"].to_numpy(), orders.select(USED[:3])[rows["row"].to_numpy()]
    return rows.with_columns(
        buyer=named_orders["buyer"],
        merchant=named_orders["merchant"],
        names_order=pl.Series(~chance(rng, rows["nameless"].to_numpy(), len(topic))),
        body=names.complaints(rng, topic, named_orders["market"].to_numpy()),
    )


def complain(
    world: World,
    stories: PlannedStories,
    block: Block,
    orders: pl.DataFrame,
    parcels: pl.DataFrame,
) -> pl.DataFrame:
    """Complaints known before the end of the data, with `row` (position of the order).

    `topic` is a position in TOPICS; `ring` is the leak that brought a call about, else that
    of the order; `names_order` tells whether the buyer said which order it is about.
    """
    rng, end_s = stream(world.settings.seed, block.name("complaints")), world.settings.end_s
    rows = _complaints_of_parcels(world, rng, parcels_with(USED, orders, parcels))
    nameless = NAMELESS[rows["topic"].to_numpy()]
    rows = rows.with_columns(
        event_at=pl.Series(_event_instants(rng, rows)), nameless=pl.Series(nameless)
    )
    parts = [rows.select("row", "topic", "event_at", "ring", "nameless")]
    open_orders = (
        orders.select("buyer", "merchant", "at", "paid_at", "ring") if stories.leaks else None
    )
    for number, leak in enumerate(stories.leaks):
        if open_orders is not None and leak.start < block.end_s and leak.end > block.start_s - DAY:
            calls = stream(world.settings.seed, block.name(f"leak {number}"))
            parts.append(_victims(world, calls, leak, open_orders))
    return _with_texts(rng, orders, pl.concat(parts), end_s)
