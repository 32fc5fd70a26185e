"""One run of the generator, in the order in which a marketplace comes to life.

Actors, offers and stories are made once; then the period passes block by block.
A block is a pure function of what was made, so the next ones are worked out while
one is written, and how many are in flight changes no byte.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from sample_data import story_list
from sample_data.actors import listings, population, promotions
from sample_data.actors import programme as programmes
from sample_data.actors.programme import Programme
from sample_data.actors.world import World
from sample_data.export import delivery, emit, folder, tables
from sample_data.export.run_state import BlockEvents, PlantedOrders, Prepared
from sample_data.export.running_totals import RunningTotals
from sample_data.kit.blocks import Block, blocks
from sample_data.kit.errors import BadSettings
from sample_data.kit.plan import PlannedStories
from sample_data.kit.settings import WorldSettings
from sample_data.period import (
    aftersales,
    audience,
    auth,
    commerce,
    complaints,
    demand,
    disputes,
    engagement,
    fulfilment,
    live_comments,
    payments,
    payouts,
    staff,
)

Progress = Callable[[str, int], None]
IN_FLIGHT = 2  # blocks worked out ahead of the one being written: two cores, bounded memory


@dataclass(frozen=True)
class GeneratedWorld:
    """A world on disk."""

    path: Path  # folder of the raw tables
    truth_path: Path  # the planted truth, for tests and demonstrations only
    settings: WorldSettings
    row_counts: dict[str, int]  # by table


def _by_block(orders: pl.DataFrame, programme: Programme) -> PlantedOrders:
    """Order intents of all stories, sorted so that a block finds its own."""
    session, at = orders["session"].to_numpy(), orders["at"].to_numpy()
    start = programme.sessions["start"].to_numpy()
    anchor = np.where(session >= 0, start[np.maximum(session, 0)], at)
    order = np.argsort(anchor, kind="stable")
    return PlantedOrders(orders[order], anchor[order])


def _wind_down(world: World, stories: PlannedStories, planted: PlantedOrders) -> None:
    """Let what no story touches come to its ordinary end."""
    sold = np.unique(planted.orders["product"].to_numpy())
    selling = np.unique(world.products.merchant[sold])
    typologies = sorted({ring.typology for ring in stories.rings})
    merchants, products = (
        stories.entities_of(entity_type, typologies) for entity_type in ("merchant", "product")
    )
    population.wind_down(world, np.union1d(selling, merchants), np.union1d(sold, products))


def prepare(settings: WorldSettings, report: Progress) -> Prepared:
    """Make the actors, their offers and programme, and plant every story."""
    world = population.build(settings)
    offers, programme = promotions.build(world), programmes.build(world)
    report("actors", len(world.buyers))
    plan = story_list.plant_all(world, programme, offers)
    programme.close(settings.end_s)
    planted = _by_block(plan.orders.rows(), programme)
    _wind_down(world, plan.stories, planted)
    report("stories", len(plan.stories.rings))
    return Prepared(
        world=world,
        promotions=offers,
        programme=programme,
        stories=plan.stories,
        planted_orders=planted,
        demand=demand.build(world, offers, max(0, settings.orders - planted.orders.height)),
        versions=listings.versions(world, plan.stories.relists),
        ids=tables.assign(world, programme, offers),
    )


def live_through(prepared: Prepared, block: Block) -> BlockEvents:
    """All that happens in one block; draws from the block's own streams, changes nothing."""
    world, stories, programme = prepared.world, prepared.stories, prepared.programme
    honest = demand.organic(prepared.demand, world, programme, prepared.promotions, block)
    intents = pl.concat((honest, prepared.planted_orders.within(block)))
    orders = commerce.place(world, prepared.promotions, prepared.versions, block, intents)
    parcels = fulfilment.ship(world, block, orders)
    refunds = aftersales.refund(world, block, orders, parcels)
    payout = payouts.pay(world, block, orders, parcels, refunds)
    sessions = audience.sessions(world, programme, block, orders)
    minutes = engagement.minutes(world, programme, block, sessions, orders)
    live = live_comments.LiveSessions(programme, sessions, minutes)
    return BlockEvents(
        block=block,
        orders=orders,
        parcels=parcels,
        refunds=refunds,
        reviews=aftersales.review(world, block, orders, parcels),
        settlements=payout["settlements"],
        commissions=payout["commissions"],
        disputes=disputes.open_disputes(world, block, orders, parcels, refunds),
        complaints=complaints.complain(world, stories, block, orders, parcels),
        declines=payments.decline(world, stories, block, orders),
        sign_ins=auth.sign_in(world, stories, block, orders),
        accesses=staff.look(world, stories, block, orders),
        sessions=sessions,
        minutes=minutes,
        comments=live_comments.comments(world, block, live, orders),
        video_days=audience.video_days(world, programme, block, orders),
    )


def block_events(prepared: Prepared, in_flight: int) -> Iterator[BlockEvents]:
    """The blocks of the period in time order, `in_flight` of them worked out ahead."""
    ahead: deque[Future[BlockEvents]] = deque()
    with ThreadPoolExecutor(max(1, in_flight), "block") as workers:
        for block in blocks(prepared.world.settings):
            ahead.append(workers.submit(live_through, prepared, block))
            if len(ahead) > in_flight:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def generate(
    out: Path,
    settings: WorldSettings,
    on_progress: Progress | None = None,
    in_flight: int = IN_FLIGHT,
) -> GeneratedWorld:
    """Write the sample marketplace to `out` and its truth to `out/truth/`.

    `on_progress(name, rows)` is called after each step, block and table; a block reports as
    "orders" with the orders written so far. The folder appears whole or not at all; raises
    `NotASampleWorld` when `out` holds something else.
    """
    report = on_progress or (lambda _name, _rows: None)
    out = Path(out).absolute()
    folder.check_target(out)
    with folder.scratch(out) as beside:
        counts = _written(beside, prepare(settings, report), report, in_flight)
        if settings.held_back:
            whole, end = folder.set_apart(beside), settings.day_after(settings.present_day)
            counts |= delivery.deliver(whole, beside, end)
        folder.publish(beside, out, settings, counts, settings.present_day)
    return GeneratedWorld(out, out / folder.TRUTH_FOLDER / "truth.parquet", settings, counts)


def _written(beside: Path, prepared: Prepared, report: Progress, in_flight: int) -> dict[str, int]:
    """Let the period pass and write all of it; rows by table."""
    totals, numbers = RunningTotals(prepared.world), tables.Numbers()
    with folder.Shelf(beside) as shelf:
        for events in block_events(prepared, in_flight):
            totals.note(events, [leak.ring for leak in prepared.stories.leaks])
            for table, rows in emit.tables_of(events, prepared.ids, numbers):
                shelf.add(table, rows)
            report("orders", shelf.counts["orders"])
        for table, rows in emit.closing(prepared, totals):
            shelf.add(table, rows)
            report(table, shelf.counts[table])
    return dict(shelf.counts)


def advance(out: Path, days: int) -> int:
    """Deliver `days` more of the world in `out`; returns how many are delivered then.

    The folder is replaced whole or not at all. Raises `NotASampleWorld` when `out` holds no
    world of this release, `BadSettings` when fewer days than that are held back.
    """
    out = Path(out).absolute()
    settings, delivered = folder.read(out)
    if not 1 <= days <= settings.days - delivered:
        raise BadSettings(_beyond(out, days, settings.days - delivered))
    with folder.scratch(out) as beside:
        folder.link(out, beside)
        end = settings.day_after(delivered + days)
        counts = delivery.deliver(beside / folder.WHOLE_FOLDER, beside, end)
        folder.publish(beside, out, settings, counts, delivered + days)
    return delivered + days


def _beyond(out: Path, days: int, left: int) -> str:
    if left:
        return (
            f"{days} days were asked for; {left} days of {out} are held back. Ask for 1 to {left}."
        )
    return (
        f"No day of {out} is left to deliver. Begin again: ringfence demo, "
        "or ringfence generate --ahead DAYS."
    )
