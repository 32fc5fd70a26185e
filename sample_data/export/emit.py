"""What is written of each block, and what is written once at the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

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
from sample_data.export.running_totals import Diary
from sample_data.kit.blocks import Block
from sample_data.period import audience
from sample_data.planting.plan import Set
from sample_data.reviewing import labels, truth

if TYPE_CHECKING:
    from sample_data.generation import Prepared

Table = tuple[str, pl.DataFrame]


@dataclass(frozen=True)
class Chapter:
    """One block of the period as it happened; `row` columns are positions in `placed`."""

    block: Block
    placed: pl.DataFrame
    parcels: pl.DataFrame
    asked: pl.DataFrame
    reviews: pl.DataFrame
    settlements: pl.DataFrame
    commissions: pl.DataFrame
    disputes: pl.DataFrame
    complaints: pl.DataFrame
    declined: pl.DataFrame
    sign_ins: pl.DataFrame
    accesses: pl.DataFrame
    sessions: pl.DataFrame
    minutes: pl.DataFrame
    comments: pl.DataFrame
    video_days: pl.DataFrame


def tables_of(chapter: Chapter, made: "Prepared", numbers: tables.Numbers) -> Iterator[Table]:
    """The event tables of one block, with running ids."""
    ids = made.ids
    placed = orders.numbered_orders(chapter.placed, numbers)
    yield "orders", orders.orders(placed, ids)
    yield "shipments", orders.shipments(chapter.parcels, placed, ids, numbers)
    yield "refunds", orders.refunds(chapter.asked, placed, ids, numbers)
    yield "reviews", orders.reviews(chapter.reviews, placed, ids, numbers)
    yield "settlements", orders.settlements(chapter.settlements, placed, ids, numbers)
    yield "commissions", orders.commissions(chapter.commissions, placed, ids, numbers)
    yield "disputes", aftersales.disputes(chapter.disputes, placed, ids, numbers)
    yield "complaints", aftersales.complaints(chapter.complaints, placed, ids, numbers)
    yield "declined_payments", aftersales.declined(chapter.declined, placed, ids, numbers)
    yield "auth_events", access.auth_events(chapter.sign_ins, placed, ids, numbers)
    yield "staff_access", access.staff_access(chapter.accesses, placed, ids, numbers)
    yield "live_sessions", live.live_sessions(chapter.sessions, ids)
    yield "engagement_minutes", live.engagement_minutes(chapter.minutes, ids)
    yield "live_comments", live.live_comments(chapter.comments, ids, numbers)
    yield "video_days", live.video_days(chapter.video_days, ids)


def closing(made: "Prepared", diary: Diary) -> Iterator[Table]:
    """The tables written once, when the whole period is known."""
    world, ids, plan, settings = made.world, made.ids, made.plan, made.world.settings
    planted, sessions = pl.concat(diary.planted), pl.concat(diary.sessions)
    _admit_victims(plan, pl.concat(diary.called))
    happened = truth.gather(plan, planted, sessions)
    bad = truth.bad(happened)
    renames = hostile_names.renames(world, bad)
    yield "merchants", tables.merchants(world, ids, renames)
    yield "creators", tables.creators(world, ids, renames)
    yield "products", tables.products(world, ids, renames)
    yield "listing_versions", access.listing_versions(world, made.versions, ids)
    for piece in tables.buyers(world, ids, renames):
        yield "buyers", piece
    yield "campaigns", tables.campaigns(made.offers, ids)
    yield "vouchers", tables.vouchers(made.offers, ids)
    yield "videos", live.videos(world, made.programme, ids)
    for days in audience.creator_days(world, diary.follows, plan.follower_steps):
        yield "creator_days", live.creator_days(days, ids)
    yield "labels", risk.labels(labels.write_down(world, happened, bad, diary.begun), ids)
    events = known_events.events(world, made.programme, made.offers)
    yield "calendar", risk.calendar(events)
    yield "carrier_incidents", risk.carrier_incidents(settings)
    yield "policy_changes", risk.policy_changes(settings)
    yield "model_releases", risk.model_releases(settings)
    yield "truth", truth_tables.truth(happened, ids)
    yield "stories", truth_tables.stories(truth.stories(plan, planted, happened, sessions))


def _admit_victims(plan: Set, called: pl.DataFrame) -> None:
    """Buyers whose order data was sold and who were called: wronged, not bad."""
    for rows in called.partition_by("ring", maintain_order=True):
        at, who = rows["event_at"].to_numpy(), rows["entity"].to_numpy()
        plan.admit(int(rows["ring"][0]), "buyer", who, int(at.min()), int(at.max()), "victim")
