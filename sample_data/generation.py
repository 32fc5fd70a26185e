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

from sample_data.actors import listings, population, promotions
from sample_data.actors import programme as programmes
from sample_data.actors.programme import Stage
from sample_data.actors.promotions import Promotions
from sample_data.actors.world import World
from sample_data.export import emit, folder, tables
from sample_data.export.running_totals import Diary
from sample_data.kit.blocks import Block, blocks
from sample_data.kit.randomness import Ints
from sample_data.kit.row_log import Log
from sample_data.kit.settings import WorldSettings
from sample_data.period import (
    aftersales,
    audience,
    auth,
    channels,
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
from sample_data.period.order_requests import DEFAULTS
from sample_data.planting import plan as stories
from sample_data.planting.plan import Set

Progress = Callable[[str, int], None]
IN_FLIGHT = 2  # blocks worked out ahead of the one being written: two cores, bounded memory


@dataclass(frozen=True)
class GeneratedWorld:
    """A world on disk."""

    path: Path  # folder of the raw tables
    truth_path: Path  # the planted truth, for tests and demonstrations only
    settings: WorldSettings
    row_counts: dict[str, int]  # by table


@dataclass(frozen=True)
class Planted:
    """Order intents of all stories by the block they belong to."""

    orders: pl.DataFrame
    anchor: Ints  # sorted: start of the session, else the instant of the order

    def within(self, block: Block) -> pl.DataFrame:
        """The intents of one block."""
        first, last = np.searchsorted(self.anchor, (block.start_s, block.end_s))
        return self.orders[int(first) : int(last)]


@dataclass(frozen=True)
class Prepared:
    """Everything that holds for the whole period; nothing in it changes any more."""

    world: World
    offers: Promotions
    programme: Stage
    plan: Set
    demand: channels.Plan
    versions: listings.Versions
    planted: Planted
    ids: tables.Ids


def _planted(plan: Set, programme: Stage) -> Planted:
    orders = plan.orders.rows()
    session, at = orders["session"].to_numpy(), orders["at"].to_numpy()
    start = programme.sessions["start"].to_numpy()
    anchor = np.where(session >= 0, start[np.maximum(session, 0)], at)
    order = np.argsort(anchor, kind="stable")
    plan.orders = Log(DEFAULTS)  # they live on in the plan of blocks
    return Planted(orders[order], anchor[order])


def _wind_down(world: World, plan: Set, planted: Planted) -> None:
    """Let what no story touches come to its ordinary end."""
    sold = np.unique(planted.orders["product"].to_numpy())
    shops = np.unique(world.products.merchant[sold])
    kinds = {
        kind: plan.held(kind, sorted({ring.typology for ring in plan.rings}))
        for kind in ("merchant", "product")
    }
    population.wind_down(
        world, np.union1d(shops, kinds["merchant"]), np.union1d(sold, kinds["product"])
    )


def prepare(settings: WorldSettings, report: Progress) -> Prepared:
    """Make the actors, their offers and programme, and plant every story."""
    world = population.build(settings)
    offers, programme = promotions.plan(world), programmes.plan(world)
    report("actors", len(world.buyers))
    plan = stories.plant_all(world, programme, offers)
    programme.close(settings.end_s)
    planted = _planted(plan, programme)
    _wind_down(world, plan, planted)
    report("stories", len(plan.rings))
    return Prepared(
        world=world,
        offers=offers,
        programme=programme,
        plan=plan,
        demand=demand.plan(world, offers, max(0, settings.orders - planted.orders.height)),
        versions=listings.versions(world, plan.relists),
        planted=planted,
        ids=tables.assign(world, programme, offers),
    )


def live_through(made: Prepared, block: Block) -> emit.Chapter:
    """All that happens in one block; draws from the block's own streams, changes nothing."""
    world, plan, programme = made.world, made.plan, made.programme
    honest = demand.organic(world, programme, made.offers, made.demand, block)
    wanted = pl.concat((honest, made.planted.within(block)))
    placed = commerce.place(world, made.offers, made.versions, block, wanted)
    parcels = fulfilment.ship(world, block, placed)
    asked = aftersales.refund(world, block, placed, parcels)
    owed = payouts.pay(world, block, placed, parcels, asked)
    told = audience.sessions(world, programme, block, placed)
    minutes = engagement.minutes(world, programme, block, told, placed)
    return emit.Chapter(
        block=block,
        placed=placed,
        parcels=parcels,
        asked=asked,
        reviews=aftersales.review(world, block, placed, parcels),
        settlements=owed["settlements"],
        commissions=owed["commissions"],
        disputes=disputes.open_disputes(world, block, placed, parcels, asked),
        complaints=complaints.complain(world, plan, block, placed, parcels),
        declined=payments.decline(world, plan, block, placed),
        sign_ins=auth.sign_in(world, plan, block, placed),
        accesses=staff.look(world, plan, block, placed),
        sessions=told,
        minutes=minutes,
        comments=live_comments.comments(world, programme, block, told, placed, minutes),
        video_days=audience.video_days(world, programme, block, placed),
    )


def chapters(made: Prepared, in_flight: int) -> Iterator[emit.Chapter]:
    """The blocks of the period in time order, `in_flight` of them worked out ahead."""
    ahead: deque[Future[emit.Chapter]] = deque()
    with ThreadPoolExecutor(max(1, in_flight), "block") as workers:
        for block in blocks(made.world.settings):
            ahead.append(workers.submit(live_through, made, block))
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
    beside = folder.scratch(out)
    made = prepare(settings, report)
    diary, numbers = Diary(made.world), tables.Numbers()
    with folder.Shelf(beside) as shelf:
        for chapter in chapters(made, in_flight):
            diary.note(chapter, [leak.ring for leak in made.plan.leaks])
            for table, rows in emit.tables_of(chapter, made, numbers):
                shelf.add(table, rows)
            report("orders", shelf.counts["orders"])
        for table, rows in emit.closing(made, diary):
            shelf.add(table, rows)
            report(table, shelf.counts[table])
    folder.publish(beside, out, settings, shelf.counts)
    return GeneratedWorld(out, out / folder.TRUTH_FOLDER / "truth.parquet", settings, shelf.counts)
