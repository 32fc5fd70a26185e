"""Who opened order details: warehouse and order-app staff, each with habits of their own.

Every person has a shift, days off, a usual number of orders per look and a usual
order app, so that a leak shows against the person's own baseline and not against
a threshold; overtime, weekend shifts and month-end exports are honest and common.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from sample_data.actors.population import ERP_APPS
from sample_data.actors.world import World
from sample_data.kit.blocks import Block
from sample_data.kit.hashed_traits import trait
from sample_data.kit.markets import per_market
from sample_data.kit.plan import PlannedStories
from sample_data.kit.randomness import Bools, Floats, Ints, Rng, chance, stream
from sample_data.kit.settings import DAY, HOUR

VIEW, EXPORT = "view", "export"
ERP_STAFF: Final = 5  # support people per order app
SUPPORT_STAFF = ERP_APPS * ERP_STAFF
FEWEST_STAFF, MOST_STAFF = 2, 10  # of one warehouse
LOOKS_PER_ORDER = 0.12  # rows of the log per order
SUPPORT_SHARE = 0.15  # of looks that support staff of an order app take
OVERTIME_SHARE = 0.04  # of looks outside the shift
EXPORT_SHARE = 0.03  # of looks that are exports: picking lists, month-end accounts
EXPORT_FACTOR = (2.0, 9.0)  # orders of an export against a usual look
SHIFT_HOURS = 9
SHIFT_START = np.array([8, 9, 14, 22])  # local hour
SHIFT_SHARE = np.array([0.34, 0.28, 0.24, 0.14])
WEEKEND_SHARE = 0.35  # of people who work weekends and rest on other days
LOOK_MEDIAN = 9.0  # orders per look of the median person
SATURDAY = 5  # Monday is 0


@dataclass(frozen=True)
class Roster:
    """All staff: the people of the order apps first, then room for each warehouse's.

    A person is a number and the habits follow from it, so that a story may move shops
    between warehouses without making anybody somebody else.
    """

    seed: int
    size: Ints  # people of each warehouse
    market: Ints  # of each warehouse

    def of_warehouse(self, warehouse: Ints) -> Ints:
        """The first person of each warehouse; the others follow."""
        return SUPPORT_STAFF + warehouse * MOST_STAFF

    def of_app(self, erp: Ints) -> Ints:
        """The first support person of each order app; ERP_STAFF in all."""
        return erp * ERP_STAFF

    def habit(self, staff: Ints) -> Floats:
        """Usual orders per look."""
        spread = sum(trait(staff, self._salt(number)) for number in range(4)) - 2.0
        usual: Floats = LOOK_MEDIAN * np.exp(0.55 * np.sqrt(3.0) * spread)
        return usual

    def shift(self, staff: Ints) -> Ints:
        """Local hour at which the shift starts."""
        turn = np.searchsorted(np.cumsum(SHIFT_SHARE), trait(staff, self._salt(4)))
        return SHIFT_START[np.minimum(turn, len(SHIFT_START) - 1)].astype(np.int64)

    def rest(self, staff: Ints) -> Ints:
        """First of two days off in a row, Monday = 0."""
        weekday = (trait(staff, self._salt(6)) * (SATURDAY - 1)).astype(np.int64)
        return np.where(trait(staff, self._salt(5)) < WEEKEND_SHARE, weekday, SATURDAY)

    def offset(self, staff: Ints) -> Ints:
        """Seconds the local clock is ahead of UTC."""
        house = np.maximum((staff - SUPPORT_STAFF) // MOST_STAFF, 0)
        market = np.where(staff < SUPPORT_STAFF, staff // ERP_STAFF % 4, self.market[house])
        return per_market("utc_offset_hours")[market].astype(np.int64) * HOUR

    def _salt(self, number: int) -> int:
        return 7_100 + 10 * self.seed + number


def roster(world: World) -> Roster:
    """The staff of the world; more people where more is sold."""
    merchants = world.merchants
    houses = int(merchants.warehouse.max()) + 1
    sold = np.bincount(merchants.warehouse, weights=merchants.weight, minlength=houses)
    people = np.clip(np.rint(1.0 + np.log2(1.0 + sold)), FEWEST_STAFF, MOST_STAFF)
    market = np.zeros(houses, dtype=np.int64)
    market[merchants.warehouse] = merchants.market
    return Roster(world.settings.seed, people.astype(np.int64), market)


def _day_of_shift(people: Roster, staff: Ints, at: Ints) -> tuple[Ints, Ints]:
    """Local day on which the shift around an instant began, and seconds since it began."""
    since = at + people.offset(staff) - people.shift(staff) * HOUR
    return since // DAY, since % DAY


def _rests(people: Roster, staff: Ints, day: Ints) -> Bools:
    """Whether a local day (days since 1970, a Thursday) is one of the person's two off."""
    resting: Bools = (day + 3 - people.rest(staff)) % 7 < 2
    return resting


def on_shift(people: Roster, staff: Ints, at: Ints) -> Bools:
    """Whether each person works at that instant."""
    day, since = _day_of_shift(people, staff, at)
    working: Bools = (since < SHIFT_HOURS * HOUR) & ~_rests(people, staff, day)
    return working


def _when(rng: Rng, people: Roster, staff: Ints, order_at: Ints) -> Ints:
    """A moment of the person's next shift after the order; overtime runs past its end."""
    count = len(staff)
    day = _day_of_shift(people, staff, order_at)[0] + 1
    for _ in range(2):  # two days off in a row
        day = day + _rests(people, staff, day)
    spent = rng.random(count) * SHIFT_HOURS
    late = SHIFT_HOURS + 5.0 * rng.random(count) ** 2
    hours = people.shift(staff) + np.where(chance(rng, OVERTIME_SHARE, count), late, spent)
    return (day * DAY + hours * HOUR - people.offset(staff)).astype(np.int64)


def _usual(world: World, people: Roster, block: Block, orders: pl.DataFrame) -> pl.DataFrame:
    """The looks that the orders of a block bring about."""
    rng = stream(world.settings.seed, block.name("staff looks"))
    count = int(rng.poisson(LOOKS_PER_ORDER * orders.height)) if orders.height else 0
    row = rng.integers(0, max(1, orders.height), count)
    merchant = orders["merchant"].to_numpy()[row]
    house, app = world.merchants.warehouse[merchant], world.merchants.erp[merchant]
    nth = (people.size[house] * rng.random(count)).astype(np.int64)
    person = people.of_warehouse(house) + nth
    helper = people.of_app(app) + rng.integers(0, ERP_STAFF, count)
    support = chance(rng, SUPPORT_SHARE, count)
    staff = np.where(support, helper, person)
    export = chance(rng, EXPORT_SHARE, count)
    factor = np.where(export, rng.uniform(*EXPORT_FACTOR, count), 1.0)
    order_count = people.habit(staff) * factor * np.exp(rng.normal(0.0, 0.5, count))
    return pl.DataFrame(
        {
            "staff": staff,
            "at": _when(rng, people, staff, orders["at"].to_numpy()[row]),
            "action": pl.Series((VIEW, EXPORT)).gather(export.astype(np.int64)),
            "warehouse": np.where(support, -1, house),
            "erp": app,
            "orders": np.maximum(np.rint(order_count), 1.0).astype(np.int64),
        }
    )


def look(world: World, stories: PlannedStories, block: Block, orders: pl.DataFrame) -> pl.DataFrame:
    """The access log of a block by time: positions, `at`, `action`, `orders`, `is_working`."""
    people = roster(world)
    usual = _usual(world, people, block, orders)
    rows = pl.concat((usual, stories.accesses.within(block).select(usual.columns)))
    rows = rows.filter(pl.col("at").is_between(world.settings.start_s, world.settings.end_s - 1))
    rows = rows.sort("at", maintain_order=True)
    working = on_shift(people, rows["staff"].to_numpy(), rows["at"].to_numpy())
    return rows.with_columns(is_working=pl.Series(working))
