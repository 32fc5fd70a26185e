"""T12 information leak: somebody in a warehouse sells fresh orders, and strangers call the buyers.

The person opens or exports many times what they usually do, mostly outside the shift,
and no order changes because of it; a day later buyers of that warehouse and order app
are called by false customer service.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from sample_data.actors.population import ERP_APPS
from sample_data.kit.evasion_kinds import CELLS, MIXED, NAIVE, ROTATED, SLOW
from sample_data.kit.plan_records import Leak, Loss, Plot, Ring, StaffAccess
from sample_data.kit.randomness import Ints, Rng, chance, log_uniform
from sample_data.kit.settings import DAY
from sample_data.period import staff
from sample_data.planting.account_tools import clock_of
from sample_data.planting.plan import Plan
from sample_data.planting.ring_tools import all_variants
from sample_data.planting.shop_tools import daily_orders, span_of

Taken: TypeAlias = set[tuple[int, int]]  # warehouse and order app of earlier leaks

NAME = "T12_INFO_LEAK"
VARIANTS = (NAIVE, SLOW, ROTATED, MIXED, CELLS)  # nobody writes reviews


@dataclass(frozen=True)
class Parameters:
    """Figures of docs/domain.md §T12; "assumption" where it gives none."""

    leaks: float = 2.0  # §T12: 1-3 incidents a quarter
    days: tuple[float, float] = (7.0, 13.0)  # assumption
    per_day: tuple[int, int] = (1, 3)  # assumption: looks a night
    factor: tuple[float, float] = (20.0, 75.0)  # §T12: 10-100x own baseline
    quiet_factor: tuple[float, float] = (13.0, 24.0)  # §T12: lower end of 10-100x
    export_share: float = 0.6  # assumption: the rest are detail views
    on_shift: float = 0.05  # §T12: off-hours
    mixed_on_shift: float = 0.55  # assumption: hidden in the working day
    helpers: tuple[int, int] = (2, 3)  # assumption: people whose log-ins a cell or rotation uses
    victims: float = 34.0  # assumption: buyers called per leak
    most: float = 0.55  # assumption: of the orders in the window
    delay_hours: tuple[float, float] = (3.0, 44.0)  # §T12: called in about a day


PARAMETERS = Parameters()


def _place(plan: Plan, rng: Rng, market: int, earlier: Taken) -> tuple[int, int, float]:
    """A shared warehouse and order app with much to steal; its orders a day, too."""
    merchants, daily = plan.world.merchants, daily_orders(plan.world)
    here = np.flatnonzero(merchants.market == market)
    pair = merchants.warehouse[here] * ERP_APPS + merchants.erp[here]
    codes, place, merchant_count = np.unique(pair, return_inverse=True, return_counts=True)
    sold = np.bincount(place, weights=daily[here]) * (merchant_count >= 2)
    free = [
        place_row
        for place_row in np.argsort(-sold).tolist()
        if divmod(int(codes[place_row]), ERP_APPS) not in earlier
    ]
    row = int(rng.choice(free[:2]))
    warehouse, erp = divmod(int(codes[row]), ERP_APPS)
    earlier.add((warehouse, erp))
    return warehouse, erp, float(sold[row])


def _people(rng: Rng, roster: staff.Roster, warehouse: int, plot: Plot) -> Ints:
    """Who looks: one person, or a few whose log-ins are used in turn."""
    alone = plot.variant.cell is None and plot.variant.rotation == 0.0
    low, high = PARAMETERS.helpers
    count = 1 if alone else int(rng.integers(low, high + 1))
    there = int(roster.of_warehouse(np.array([warehouse]))[0]) + np.arange(roster.size[warehouse])
    return np.sort(rng.permutation(there)[:count]).astype(np.int64)


def _moments(
    rng: Rng, roster: staff.Roster, people: Ints, span: tuple[int, int], plot: Plot
) -> tuple[Ints, Ints]:
    """Who looks when: mostly at hours at which that person does not work."""
    low, high = PARAMETERS.per_day
    nights = max(4, int((span[1] - span[0]) / DAY / plot.variant.stretch**0.5))
    count = int(rng.integers(low, high + 1, nights).sum()) * max(1, len(people) - 1)
    tries = 12 * count
    who = people[rng.integers(0, len(people), tries)]
    at = rng.integers(span[0], span[1], tries)
    share = PARAMETERS.mixed_on_shift if plot.variant.real_share else PARAMETERS.on_shift
    working = staff.on_shift(roster, who, at)
    may_be_on_shift = np.arange(tries) % 100 < 100 * share
    rows = np.concatenate(
        (
            np.flatnonzero(working & may_be_on_shift)[: round(share * count)],
            np.flatnonzero(~working)[: count - round(share * count)],
        )
    )
    rows = rows[np.argsort(at[rows], kind="stable")]
    return who[rows], at[rows]


def _leak(plan: Plan, rng: Rng, plot: Plot, roster: staff.Roster, earlier: Taken) -> None:
    """One leak: the looks, and the calls that follow."""
    limits, quiet = PARAMETERS, plot.variant.stretch > 1.0
    warehouse, erp, daily = _place(plan, rng, plot.market, earlier)
    length = float(rng.uniform(*limits.days)) * min(plot.variant.stretch, 2.5)
    span = (plot.start, min(plot.start + int(length * DAY), plan.settings.end_s - DAY))
    people = _people(rng, roster, warehouse, plot)
    who, at = _moments(rng, roster, people, span, plot)
    factor = log_uniform(rng, limits.quiet_factor if quiet else limits.factor, len(at))
    order_counts = np.rint(roster.habit(who) * factor).astype(np.int64)
    orders_in_window = daily * (span[1] - span[0]) / DAY
    victim_share = float(np.clip(limits.victims / max(orders_in_window, 1.0), 0.02, limits.most))
    is_mixed = plot.variant.real_share is not None
    hours_fact = (
        "half of it in the working day" if is_mixed else "nearly all of it outside the shift"
    )
    facts = (
        (
            f"{len(people)} {'person' if len(people) == 1 else 'people'} at one warehouse opened "
            f"{int(order_counts.sum())} orders in {len(at)} looks, {span_of(*span)}, "
            f"tens of times the usual, the first at {clock_of(int(at[0]))}"
        ),
        f"{hours_fact}, and no order changed afterwards",
        (
            "buyers of that warehouse and one order app were called by false customer service "
            "about a day after ordering"
        ),
    )
    ring = plan.plant(Ring(NAME, plot.variant.name, (Loss("buyer", "paid"),), facts))
    export = chance(rng, limits.export_share, len(at))
    for action, rows in (("export", export), ("view", ~export)):
        looks = StaffAccess(who[rows], at[rows], action, warehouse, erp, order_counts[rows])
        plan.access(ring, looks)
    plan.leak(Leak(ring, warehouse, erp, int(at[0]), span[1], victim_share, limits.delay_hours))
    plan.admit(ring, "staff", people, span[0], span[1])
    plan.admit(ring, "warehouse", np.array([warehouse]), span[0], span[1], role="victim")


def plant(plan: Plan) -> None:
    """Plant the leaks, each at another warehouse or order app."""
    rng, roster = plan.stream(NAME), staff.roster(plan.world)
    earlier: Taken = set()
    plots = plan.rings_for(rng, NAME, VARIANTS, PARAMETERS.leaks, least=2, span=(10.0, 16.0))
    for plot in all_variants(plots, VARIANTS):
        _leak(plan, rng, plot, roster, earlier)
