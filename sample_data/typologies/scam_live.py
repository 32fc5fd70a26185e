"""T14 scam live: staged bargains, accomplices in the comments, a cue to pay elsewhere.

The same crew speaks from the same script in room after room. Buyers get something
poorer than was shown and ask for their money back within two weeks of delivery.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from sample_data.actors.programme import evening, ordinary_sessions
from sample_data.kit.evasion_kinds import ALL, CELLS, COPIED, MIXED, NAIVE, ROTATED, SLOW
from sample_data.kit.markets import LIVE
from sample_data.kit.plan_records import Loss, Plot, Ring
from sample_data.kit.randomness import Ints, Rng, chance, log_uniform
from sample_data.kit.settings import DAY, HOUR
from sample_data.period.aftersales import NOT_AS_DESCRIBED
from sample_data.period.complaints import TOPICS
from sample_data.period.disputes import KINDS
from sample_data.planting.account_tools import middling_creators
from sample_data.planting.evasion import cells, rotate
from sample_data.planting.plan import Plan
from sample_data.planting.ring_tools import all_variants
from sample_data.planting.shop_tools import draw_popular, established_buyers, products_of, walk_in

NAME = "T14_SCAM_LIVE"
VARIANTS = ALL


@dataclass(frozen=True)
class Habit:
    """What one variant does in its rooms; all assumptions."""

    lines: tuple[float, float]  # share of the comments that accomplices speak
    cue: tuple[float, float]  # share of the comments that ask to pay elsewhere
    refund_rate: tuple[float, float]  # refund rate of the buyers of the bargain
    gap_days: tuple[int, int] = (2, 6)  # between scam sessions of one host
    honest: float = 0.0  # share of the booked sessions without any of it


@dataclass(frozen=True)
class Parameters:
    """Figures of docs/domain.md §T14; "assumption" where it gives none."""

    rings: float = 5.0  # assumption: 1-3 % of sessions (§T14 base)
    hosts: int = 2  # assumption: rooms one crew works in
    size: tuple[float, float] = (0.6, 14.0)  # assumption: weight of the creator
    sessions: tuple[int, int] = (3, 5)  # §T14: recurs across sessions
    window: tuple[float, float] = (9.0, 24.0)  # assumption: days from the ends of the period
    crew: tuple[int, int] = (7, 14)  # assumption: accomplices
    orders: tuple[float, float] = (7.0, 38.0)  # assumption: orders of the bargain per session
    early_minutes: tuple[float, float] = (6.0, 36.0)  # §T14: the first half hour decides
    refund_days: tuple[float, float] = (5.0, 15.0)  # §T14: after delivery
    surge_share: float = 0.8  # assumption: of the claims; the rest come as usual
    staged_orders: tuple[int, int] = (2, 5)  # assumption: bought by the crew, cancelled later
    marked_up: tuple[float, float] = (1.3, 1.9)  # assumption: price before the "bargain"
    markup_days: float = 2.0  # assumption
    complaint_chance: float = 0.16  # assumption
    dispute_chance: float = 0.02  # assumption
    distinct_share: tuple[float, float] = (0.35, 0.65)  # assumption: scripts repeat
    buyers_bear: float = 0.3  # assumption: of what was paid, never claimed back


PARAMETERS = Parameters()
HABITS = {
    NAIVE: Habit((0.30, 0.50), (0.05, 0.12), (0.45, 0.65)),
    SLOW: Habit((0.15, 0.30), (0.01, 0.04), (0.16, 0.28), gap_days=(6, 11)),
    CELLS: Habit((0.20, 0.35), (0.02, 0.07), (0.25, 0.40)),
    ROTATED: Habit((0.25, 0.40), (0.03, 0.08), (0.28, 0.45)),
    MIXED: Habit((0.20, 0.40), (0.02, 0.08), (0.25, 0.40), honest=0.4),
    COPIED: Habit((0.20, 0.35), (0.02, 0.06), (0.25, 0.40)),
}


@dataclass(frozen=True)
class Crew:
    """Accomplices and the group each of them belongs to."""

    account: Ints
    group: Ints

    def of(self, rng: Rng, plot: Plot, number: int) -> Ints:
        """The accomplices who come to the `number`-th session."""
        if plot.variant == CELLS:
            turn = self.account[self.group % 2 == number % 2]
            return turn if len(turn) else self.account
        if plot.variant == ROTATED:
            return rng.choice(self.account, max(4, len(self.account) // 3), replace=False)
        return self.account


def _crew(plan: Plan, rng: Rng, plot: Plot) -> Crew:
    """Accomplices: fresh accounts on a few phones, or old ones that were lent."""
    world, limits = plan.world, PARAMETERS
    count = int(rng.integers(limits.crew[0], limits.crew[1] + 1))
    if plot.variant not in (NAIVE, CELLS, ROTATED):
        fits = established_buyers(world, plot.start)
        lent = world.claim("buyer", rng, count, market=plot.market, fits=fits)
        return Crew(lent, np.zeros(len(lent), dtype=np.int64))
    count = 3 * count if plot.variant == ROTATED else count
    opened_at = plot.start - (DAY * rng.uniform(5.0, 70.0, count)).astype(np.int64)
    account = world.enlist(plot.market, opened_at)
    group = cells(rng, count, plot.variant) if plot.variant == CELLS else np.arange(count) // 4
    phones = world.new_identifiers("device", int(group.max()) + 1)[group]
    world.buyers.device[account] = rotate(rng, world, "device", phones, plot.variant)
    world.buyers.second_device[account] = world.buyers.device[account]
    return Crew(account, group)


def _book(plan: Plan, rng: Rng, plot: Plot, host: int) -> Ints:
    """The sessions of one host that belong to the scheme, by start."""
    habit, limits = HABITS[plot.variant], PARAMETERS
    count = int(rng.integers(limits.sessions[0], limits.sessions[1] + 1))
    gaps = rng.integers(habit.gap_days[0], habit.gap_days[1] + 1, count)
    day = plot.start + (np.cumsum(gaps) - gaps[0]) * DAY
    hosts = np.full(count, host)
    start = evening(rng, day, plan.world.creators.market[hosts])
    rows = ordinary_sessions(rng, plan.world, hosts, start)
    rows = rows.with_columns(end=pl.max_horizontal("end", pl.col("start") + HOUR))
    in_time = rows.filter(rows["end"] < plan.settings.end_s - HOUR)
    return plan.programme.book(in_time)


def _script(plan: Plan, rng: Rng, plot: Plot, ring: int, sessions: Ints) -> None:
    """How the scripted rooms sound."""
    habit, count = HABITS[plot.variant], len(sessions)
    line_share = rng.uniform(*habit.lines, count)
    lines = {"chant_lines" if plot.variant == COPIED else "shill_lines": line_share}
    if plot.variant not in (COPIED, SLOW):
        lines["distinct_share"] = rng.uniform(*PARAMETERS.distinct_share, count)
    plan.programme.change(
        sessions, **lines, cue_lines=rng.uniform(*habit.cue, count), sheet=float(ring)
    )


def _bargain(plan: Plan, rng: Rng, host: int, start: int, marked_up: set[int]) -> Ints:
    """The one or two goods of a session: marked up before, "cut" to their price in the room."""
    merchants = plan.world.creators.merchants[host]
    before = start - int((PARAMETERS.markup_days + 1.0) * DAY)
    shelves = [
        products_of(plan.world, int(merchant), before)
        for merchant in rng.permutation(merchants)[:3]
    ]
    goods = next((rows for rows in shelves if len(rows)), np.empty(0, dtype=np.int64))
    bargains = np.unique(draw_popular(rng, goods, 2)) if len(goods) else goods
    for product in bargains.tolist():
        if product not in marked_up:
            marked_up.add(product)
            at = start - int(PARAMETERS.markup_days * DAY)
            factor = float(rng.uniform(*PARAMETERS.marked_up))
            plan.relist(product, at, price_factor=factor, until=start)
    return bargains


@dataclass(frozen=True)
class Sale:
    """One scam session on sale."""

    ring: int
    host: int
    session: int
    start: int
    goods: Ints
    crew: Ints


def _sell(plan: Plan, rng: Rng, plot: Plot, sale: Sale) -> None:
    """What honest buyers order because of what they saw."""
    limits, habit = PARAMETERS, HABITS[plot.variant]
    count = int(log_uniform(rng, limits.orders, 1)[0])
    at = sale.start + (60 * rng.uniform(*limits.early_minutes, count)).astype(np.int64)
    buyer = walk_in(plan, rng, int(plan.world.creators.market[sale.host]), at)
    at, buyer = at[buyer >= 0], buyer[buyer >= 0]
    count = len(at)
    late = chance(rng, limits.surge_share, count)
    plan.order(
        sale.ring,
        at=at,
        buyer=buyer,
        product=rng.choice(sale.goods, count),
        channel=LIVE,
        creator=sale.host,
        session=sale.session,
        refund_chance=float(rng.uniform(*habit.refund_rate)),
        refund_days=np.where(late, rng.uniform(*limits.refund_days, count), np.nan),
        refund_reason=np.where(late, float(NOT_AS_DESCRIBED), np.nan),
        five_star_chance=0.25,
        one_star_chance=0.5,
        complaint_chance=limits.complaint_chance,
        complaint_days=rng.uniform(*limits.refund_days, count),
        complaint_topic=float(TOPICS.index("not_as_described")),
        dispute_chance=limits.dispute_chance,
        dispute_kind=float(KINDS.index("not_as_described")),
    )


def _stage_orders(plan: Plan, rng: Rng, sale: Sale) -> None:
    """What the crew buys for show and cancels before dispatch; nobody loses by it."""
    count = int(rng.integers(PARAMETERS.staged_orders[0], PARAMETERS.staged_orders[1] + 1))
    at = sale.start + (60 * rng.uniform(2.0, 20.0, count)).astype(np.int64)
    buyer = rng.choice(sale.crew, count)
    plan.order(
        -1,
        at=at,
        buyer=buyer,
        product=rng.choice(sale.goods, count),
        channel=LIVE,
        creator=sale.host,
        session=sale.session,
        pay_seconds=rng.uniform(6.0, 60.0, count),
        cancel_chance=0.85,
        review_chance=0.1,
    )


def _play(plan: Plan, rng: Rng, plot: Plot, hosts: Ints) -> None:
    """The rooms of one crew."""
    habit, crew = HABITS[plot.variant], _crew(plan, rng, plot)
    ring, marked_up, number = plan.plant(_ring(plot, len(hosts), len(crew.account))), set[int](), 0
    until = plot.start
    for host in hosts.tolist():
        sessions = _book(plan, rng, plot, host)
        scripted = sessions[~chance(rng, habit.honest, len(sessions))]
        scripted = sessions[:2] if len(scripted) < 2 else scripted
        _script(plan, rng, plot, ring, scripted)
        starts = plan.programme.starts(scripted)
        for session, start in zip(scripted.tolist(), starts.tolist(), strict=True):
            present, number = crew.of(rng, plot, number), number + 1
            plan.programme.cast(np.array([session]), present)
            goods = _bargain(plan, rng, host, start, marked_up)
            if not len(goods):
                continue
            sale = Sale(ring, host, session, start, goods, present)
            _sell(plan, rng, plot, sale)
            _stage_orders(plan, rng, sale)
            until = max(until, start + DAY)
        plan.admit(ring, "live_session", scripted, plot.start, until)
    plan.admit(ring, "creator", hosts, plot.start, until)
    plan.admit(ring, "buyer", crew.account, plot.start, until)


def _ring(plot: Plot, hosts: int, crew: int) -> Ring:
    """The story of one crew as its truth tells it."""
    return Ring(
        NAME,
        plot.variant.name,
        losses=(Loss("platform", "refund"), Loss("buyer", "kept", PARAMETERS.buyers_bear)),
        facts=(
            f"About {crew} accounts speak in the rooms of {hosts} hosts, from one script.",
            "Prices were raised two days before the session and cut back in the room.",
            "Most orders of the bargain fall into the first 40 minutes.",
            "The accomplices ordered first; their own orders were cancelled before dispatch.",
            "Refunds as not described cluster 5 to 15 days after delivery.",
            "A few comments ask viewers to pay outside the platform.",
        ),
    )


def plant(plan: Plan) -> None:
    """Plant the crews, every second one recent."""
    rng, limits = plan.stream(NAME), PARAMETERS
    fits = middling_creators(plan.world, limits.size, plan.settings.start_s)
    plots = plan.rings_for(rng, NAME, VARIANTS, limits.rings, 2, limits.window)
    for plot in all_variants(plots, VARIANTS):
        hosts = plan.world.claim("creator", rng, limits.hosts, plot.market, fits)
        if len(hosts):
            _play(plan, rng, plot, hosts)
