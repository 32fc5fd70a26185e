"""One run of the generator, in the order in which a marketplace comes to life."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sample_data import (
    aftersales,
    audience,
    calendar,
    commerce,
    demand,
    facts,
    fulfilment,
    hostile,
    labels,
    payouts,
    population,
    promotions,
    stage,
    stories,
    tables,
    truth,
    write,
)
from sample_data.settings import WorldSettings

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class GeneratedWorld:
    """A world on disk."""

    path: Path  # folder of the raw tables
    truth_path: Path  # the planted truth, for tests and demonstrations only
    settings: WorldSettings
    row_counts: dict[str, int]  # by table


def _told(settings: WorldSettings, report: Progress) -> Iterator[tuple[str, pl.DataFrame]]:
    """Every table of the world with its name."""
    actors = population.build(settings)
    offers, programme = promotions.plan(actors), stage.plan(actors)
    report("actors", len(actors.buyers))
    planted = stories.plant_all(actors, programme, offers)
    programme.close(settings.end_s)
    report("stories", len(planted.rings))
    wanted = pl.concat(planted.orders)
    honest = demand.organic(actors, programme, offers, max(0, settings.orders - wanted.height))
    placed = commerce.place(actors, offers, pl.concat((honest, wanted)))
    report("demand", placed.height)
    parcels = fulfilment.ship(actors, placed)
    asked = aftersales.refund(actors, placed, parcels)
    owed = payouts.pay(actors, placed, parcels, asked)
    told = audience.sessions(actors, programme, placed)
    happened = truth.gather(planted, placed, asked, told)
    bad = truth.bad(happened)
    hostile.rename(actors, bad)
    known = labels.write_down(actors, happened, bad, labels.first_activity(actors, placed, told))
    ids = tables.assign(actors, programme, offers)
    order_id = facts.order_ids(placed)
    yield "merchants", tables.merchants(actors, ids)
    yield "creators", tables.creators(actors, ids)
    yield "products", tables.products(actors, ids)
    yield "buyers", tables.buyers(actors, ids)
    yield "campaigns", tables.campaigns(offers, ids)
    yield "vouchers", tables.vouchers(offers, ids)
    yield "live_sessions", facts.live_sessions(actors, told, ids)
    yield "videos", facts.videos(actors, programme, ids)
    yield "video_days", facts.video_days(audience.video_days(actors, programme, placed), ids)
    followers = audience.creator_days(actors, told, planted.follower_steps)
    yield "creator_days", facts.creator_days(followers, ids)
    yield "orders", facts.orders(placed, ids)
    yield "shipments", facts.shipments(parcels, order_id)
    yield "refunds", facts.refunds(asked, placed, order_id)
    yield "reviews", facts.reviews(aftersales.review(actors, placed, parcels), order_id)
    yield "settlements", facts.settlements(owed["settlements"], placed, order_id)
    yield "commissions", facts.commissions(owed["commissions"], placed, ids)
    yield "labels", facts.labels(known, ids)
    yield "calendar", facts.calendar(calendar.events(actors, programme, offers))
    yield "truth", facts.truth(happened, ids)


def generate(
    out: Path, settings: WorldSettings, on_progress: Progress | None = None
) -> GeneratedWorld:
    """Write the sample marketplace to `out` and its truth to `out/truth/truth.parquet`.

    `on_progress(name, rows)` is called after each step and table. The folder appears
    whole or not at all; raises `NotASampleWorld` when `out` holds something else.
    """
    report = on_progress or (lambda _name, _rows: None)
    out = Path(out).absolute()
    write.check_target(out)
    beside, counts = write.scratch(out), {}
    for table, rows in _told(settings, report):
        write.save(beside, table, rows)
        counts[table] = rows.height
        report(table, rows.height)
    write.publish(beside, out, settings, counts)
    return GeneratedWorld(out, out / write.TRUTH_FOLDER / "truth.parquet", settings, counts)
