"""What is written of each block, and what is written once at the end."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from sample_data.actors.world import World
from sample_data.export import (
    access,
    aftersales,
    hostile_names,
    known_events,
    live,
    orders,
    risk,
    tables,
)
from sample_data.export import truth as truth_tables
from sample_data.export.run_state import BlockEvents, Prepared
from sample_data.export.running_totals import RunningTotals
from sample_data.kit.plan import PlannedStories
from sample_data.kit.plan_records import Membership
from sample_data.period import audience
from sample_data.reviewing import labels, truth

Table = tuple[str, pl.DataFrame]


def tables_of(events: BlockEvents, ids: tables.Ids, numbers: tables.Numbers) -> Iterator[Table]:
    """The event tables of one block, with running ids."""
    block_orders = orders.with_order_ids(events.orders, numbers)
    yield "orders", orders.orders(block_orders, ids)
    yield "shipments", orders.shipments(events.parcels, block_orders, ids, numbers)
    yield "refunds", orders.refunds(events.refunds, block_orders, ids, numbers)
    yield "reviews", orders.reviews(events.reviews, block_orders, ids, numbers)
    yield "settlements", orders.settlements(events.settlements, block_orders, ids, numbers)
    yield "commissions", orders.commissions(events.commissions, block_orders, ids, numbers)
    yield "disputes", aftersales.disputes(events.disputes, block_orders, ids, numbers)
    yield "complaints", aftersales.complaints(events.complaints, block_orders, ids, numbers)
    yield "declined_payments", aftersales.declines(events.declines, block_orders, ids, numbers)
    yield "auth_events", access.auth_events(events.sign_ins, ids, numbers)
    yield "staff_access", access.staff_access(events.accesses, numbers)
    yield "live_sessions", live.live_sessions(events.sessions, ids)
    yield "engagement_minutes", live.engagement_minutes(events.minutes, ids)
    yield "live_comments", live.live_comments(events.comments, ids, numbers)
    yield "video_days", live.video_days(events.video_days, ids)


def closing(prepared: Prepared, totals: RunningTotals) -> Iterator[Table]:
    """The tables written once, when the whole period is known."""
    world, ids, stories = prepared.world, prepared.ids, prepared.stories
    settings, offers = world.settings, prepared.promotions
    _admit_victims(stories, world, pl.concat(totals.leak_calls))
    ledger = truth.Ledger(stories, pl.concat(totals.planted_orders), pl.concat(totals.sessions))
    members = truth.by_entity(ledger)
    bad = truth.bad(members)
    renames = hostile_names.renames(world, bad)
    yield "markets", tables.markets()
    yield "merchants", tables.merchants(world, ids, renames)
    yield "creators", tables.creators(world, ids, renames)
    yield "products", tables.products(world, ids, renames)
    yield "listing_versions", access.listing_versions(world, prepared.versions, ids)
    for piece in tables.buyers(world, ids, renames):
        yield "buyers", piece
    yield "campaigns", tables.campaigns(offers, ids)
    yield "vouchers", tables.vouchers(offers, ids)
    yield "videos", live.videos(world, prepared.programme, ids)
    for days in audience.creator_days(world, totals.follows, stories.follower_steps):
        yield "creator_days", live.creator_days(days, ids)
    yield "labels", risk.labels(labels.write_down(world, members, bad, totals.first_seen), ids)
    events = known_events.events(world, prepared.programme, offers)
    yield "calendar", risk.calendar(events)
    yield "carrier_incidents", risk.carrier_incidents(settings)
    yield "policy_changes", risk.policy_changes(settings)
    yield "model_releases", risk.model_releases(settings)
    yield "truth", truth_tables.truth(members, ids)
    yield "stories", truth_tables.stories(truth.by_ring(ledger, members))


def _admit_victims(stories: PlannedStories, world: World, calls: pl.DataFrame) -> None:
    """Buyers whose order data was sold and who were called: wronged, not bad."""
    for rows in calls.partition_by("ring", maintain_order=True):
        at, who = rows["event_at"].to_numpy(), rows["entity"].to_numpy().astype(np.int64)
        group = Membership("buyer", who, int(at.min()), int(at.max()), "victim")
        since = world.exists_since("buyer", who)
        stories.admit(int(rows["ring"][0]), group, since, world.settings.end_s)
