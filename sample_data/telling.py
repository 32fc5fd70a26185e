"""What is written of each block, and what is written once at the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from sample_data import (
    audience,
    calendar,
    facts,
    facts_access,
    facts_aftersales,
    facts_live,
    facts_risk,
    facts_truth,
    hostile,
    labels,
    tables,
    truth,
)
from sample_data.blocks import Block
from sample_data.diary import Diary
from sample_data.stories import Set

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
    placed = facts.numbered_orders(chapter.placed, numbers)
    yield "orders", facts.orders(placed, ids)
    yield "shipments", facts.shipments(chapter.parcels, placed, ids, numbers)
    yield "refunds", facts.refunds(chapter.asked, placed, ids, numbers)
    yield "reviews", facts.reviews(chapter.reviews, placed, ids, numbers)
    yield "settlements", facts.settlements(chapter.settlements, placed, ids, numbers)
    yield "commissions", facts.commissions(chapter.commissions, placed, ids, numbers)
    yield "disputes", facts_aftersales.disputes(chapter.disputes, placed, ids, numbers)
    yield "complaints", facts_aftersales.complaints(chapter.complaints, placed, ids, numbers)
    yield "declined_payments", facts_aftersales.declined(chapter.declined, placed, ids, numbers)
    yield "auth_events", facts_access.auth_events(chapter.sign_ins, placed, ids, numbers)
    yield "staff_access", facts_access.staff_access(chapter.accesses, placed, ids, numbers)
    yield "live_sessions", facts_live.live_sessions(chapter.sessions, ids)
    yield "engagement_minutes", facts_live.engagement_minutes(chapter.minutes, ids)
    yield "live_comments", facts_live.live_comments(chapter.comments, ids, numbers)
    yield "video_days", facts_live.video_days(chapter.video_days, ids)


def closing(made: "Prepared", diary: Diary) -> Iterator[Table]:
    """The tables written once, when the whole period is known."""
    world, ids, plan, settings = made.world, made.ids, made.plan, made.world.settings
    planted, sessions = pl.concat(diary.planted), pl.concat(diary.sessions)
    _admit_victims(plan, pl.concat(diary.called))
    happened = truth.gather(plan, planted, sessions)
    bad = truth.bad(happened)
    renames = hostile.renames(world, bad)
    yield "merchants", tables.merchants(world, ids, renames)
    yield "creators", tables.creators(world, ids, renames)
    yield "products", tables.products(world, ids, renames)
    yield "listing_versions", facts_access.listing_versions(world, made.versions, ids)
    for piece in tables.buyers(world, ids, renames):
        yield "buyers", piece
    yield "campaigns", tables.campaigns(made.offers, ids)
    yield "vouchers", tables.vouchers(made.offers, ids)
    yield "videos", facts_live.videos(world, made.programme, ids)
    for days in audience.creator_days(world, diary.follows, plan.follower_steps):
        yield "creator_days", facts_live.creator_days(days, ids)
    yield "labels", facts_risk.labels(labels.write_down(world, happened, bad, diary.begun), ids)
    events = calendar.events(world, made.programme, made.offers)
    yield "calendar", facts_risk.calendar(events)
    yield "carrier_incidents", facts_risk.carrier_incidents(settings)
    yield "policy_changes", facts_risk.policy_changes(settings)
    yield "model_releases", facts_risk.model_releases(settings)
    yield "truth", facts_truth.truth(happened, ids)
    yield "stories", facts_truth.stories(truth.stories(plan, planted, happened, sessions))


def _admit_victims(plan: Set, called: pl.DataFrame) -> None:
    """Buyers whose order data was sold and who were called: wronged, not bad."""
    for rows in called.partition_by("ring", maintain_order=True):
        at, who = rows["event_at"].to_numpy(), rows["entity"].to_numpy()
        plan.admit(int(rows["ring"][0]), "buyer", who, int(at.min()), int(at.max()), "victim")
