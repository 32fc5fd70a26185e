"""T1 brushing: pools of workers buy, confirm and praise for several unrelated shops.

A naive pool works fast from shared phones and reads its praise from one sheet; the
others order once per shop, look around first and hide among the shop's real orders.
"""

from dataclasses import dataclass, replace

import numpy as np

from sample_data.kit import timeline
from sample_data.kit.evasion_kinds import CELLS, COPIED, MIXED, NAIVE, ROTATED, SLOW, Evasion
from sample_data.kit.markets import MARKETS
from sample_data.kit.plan_records import Loss, Plot, Ring
from sample_data.kit.randomness import Floats, Ints, Rng, chance, log_normal, log_uniform
from sample_data.kit.settings import DAY, HOUR
from sample_data.planting import ring_tools
from sample_data.planting.plan import Plan
from sample_data.planting.ring_tools import real_orders
from sample_data.planting.shop_tools import price_usd, products_of

NAME = "T1_BRUSHING"
VARIANTS = (NAIVE, MIXED, SLOW, ROTATED, CELLS, COPIED)
FAST = (NAIVE, ROTATED)  # variants whose workers work as fast as they can
FARMED = (NAIVE, ROTATED, CELLS)  # variants that open accounts instead of renting real ones
BURST_HOURS = 0.7  # in which a fast worker places the orders of one burst
LOSSES = (Loss("rival", "items", 0.12),)  # assumption: displaced sales and ranking, of the value


@dataclass(frozen=True)
class Parameters:
    """Figures of docs/domain.md §T1; "assumption" where it gives none."""

    pools: float = 6.0  # assumption: one of each variant
    workers: tuple[int, int] = (34, 66)  # §T1: pools of 30-300 workers
    merchants: tuple[int, int] = (3, 5)  # §T1: reused by 3-15 unrelated shops
    campaign_days: tuple[float, float] = (3.0, 14.0)  # §T1
    orders_per_day: tuple[float, float] = (10.0, 60.0)  # §T1
    local_hours: tuple[float, float] = (9.0, 23.0)  # §T1: inside 09-23h
    pay_seconds: tuple[float, float] = (8.0, 58.0)  # §T1: < 60 s after the cart
    stealth_prompt: float = 0.75  # assumption: careful workers who pay at once
    naive_view: tuple[float, float] = (4.0, 40.0)  # assumption: straight to the listing
    scripted_view: tuple[float, float] = (60.0, 180.0)  # §T1: scripted dwell
    naive_prior_view: float = 0.12  # assumption
    stealth_prior_view: float = 0.45  # §T1: searches and compares two or three listings
    five_star: tuple[float, float] = (0.62, 0.95)  # §T1: 60-95 % of orders, within 48 h
    stealth_five_star: tuple[float, float] = (0.35, 0.62)  # assumption: below what a rule looks for
    five_star_given_review: float = 0.985  # assumption
    review_hours: tuple[float, float] = (0.5, 47.0)  # §T1
    parcel_grams: float = 26.0  # §T1: declared below 50 g in 85 %
    light_share: float = 0.85  # §T1: share of empty parcels
    stealth_light_share: float = 0.6  # assumption: some workers are sent a gift of usual weight
    sign_hours: float = 8.0  # §T1: signed within 12 h in 68 %
    fast_share: float = 0.68  # §T1
    scans: float = 2.0  # §T1: only picked up and signed
    bought_label_share: float = 0.7  # §T1: sequential tracking ids; the share is an assumption
    refund_chance: float = 0.005  # §T1: about 0
    price_quantile: float = 0.10  # §T1: low price decile of the category
    floor_factor: float = 0.4  # assumption: no listing is marked down below this
    naive_per_hour: tuple[int, int] = (3, 4)  # §T1 (Shopee rule): >= 3 orders per buyer and hour
    naive_size: tuple[float, float] = (0.40, 0.90)  # assumption: quantiles of shop size
    stealth_size: tuple[float, float] = (0.80, 0.96)  # §3.6: 30-70 % real orders
    crew: float = 0.5  # §T1: buyer-set Jaccard 0.1-0.4 between shops of one pool
    per_phone: int = 5  # assumption: naive workers per phone
    desks: int = 3  # assumption: networks of a naive pool


PARAMETERS = Parameters()


@dataclass(frozen=True)
class Campaign:
    """What one shop orders from a pool."""

    ring: int
    merchant: int  # position
    begin: int  # instant
    evasion: Evasion
    low: Floats  # USD, low prices by category and market, see `ring_tools.low_prices`

    @property
    def is_fast(self) -> bool:
        """Whether the workers work as fast as they can."""
        return self.evasion in FAST


def _farm_accounts(plan: Plan, rng: Rng, plot: Plot, count: int) -> Ints:
    """Accounts opened for the job: on shared phones, or a phone and network per cell."""
    opened_at = plot.start - (DAY * rng.uniform(3.0, 60.0, count)).astype(np.int64)
    workers = plan.world.enlist(plot.market, opened_at)
    groups = {"device": PARAMETERS.per_phone, "ip": max(1, count // PARAMETERS.desks)}
    ring_tools.tie(plan, rng, workers, groups, plot.variant)
    return workers


def _pool(plan: Plan, rng: Rng, plot: Plot) -> Ints:
    """The workers: farmed accounts, or for the careful variants rented real ones."""
    buyers = plan.world.buyers
    count = int(rng.integers(PARAMETERS.workers[0], PARAMETERS.workers[1] + 1))
    if plot.variant in FARMED:
        return _farm_accounts(plan, rng, plot, count)
    return plan.world.claim(
        "buyer",
        rng,
        count,
        plot.market,
        lambda who: (
            (buyers.registered_at[who] < plot.start - 20 * DAY) & (buyers.weight[who] < 2.0)
        ),
    )


def _merchants(plan: Plan, rng: Rng, plot: Plot) -> Ints:
    """Shops that would like to look bigger; careful ones are busier and hide in their sales."""
    merchants = plan.world.merchants
    span = PARAMETERS.naive_size if plot.variant in FAST else PARAMETERS.stealth_size
    low, high = np.quantile(merchants.weight[merchants.market == plot.market], span)
    return plan.world.claim(
        "merchant",
        rng,
        int(rng.integers(PARAMETERS.merchants[0], PARAMETERS.merchants[1] + 1)),
        plot.market,
        lambda merchant: (
            (merchants.weight[merchant] > low)
            & (merchants.weight[merchant] < high)
            & (merchants.registered_at[merchant] < plot.start - 15 * DAY)
            & ring_tools.has_stock(plan.world, merchant, plot.start - 2 * DAY)
        ),
    )


def _cheap(plan: Plan, rng: Rng, campaign: Campaign) -> Ints:
    """The one to three cheapest listings of the shop, marked down into the low price decile."""
    world, begin = plan.world, campaign.begin
    rows = products_of(world, campaign.merchant, begin - DAY)
    market = int(world.merchants.market[campaign.merchant])
    dear = price_usd(world, rows) / campaign.low[world.products.category[rows], market]
    cheapest = np.argsort(dear, kind="stable")[: int(rng.integers(1, 4))]
    for product, level in zip(rows[cheapest].tolist(), dear[cheapest].tolist(), strict=True):
        if level > 1.0:
            factor = max(PARAMETERS.floor_factor, float(rng.uniform(0.9, 1.0)) / level)
            plan.relist(product, begin - DAY // 2, price_factor=factor)
    return rows[cheapest]


def _schedule(rng: Rng, campaign: Campaign, market: int, days: float, count: int) -> Ints:
    """Order instants in local working hours over the campaign."""
    day = campaign.begin // DAY * DAY + DAY * np.ceil(rng.random(count) * days)
    opens, closes = PARAMETERS.local_hours
    hour = rng.uniform(opens, closes - BURST_HOURS, count) - MARKETS[market].utc_offset_hours
    return (day + hour * HOUR).astype(np.int64)


def _assign(rng: Rng, at: Ints, crew: Ints, *, fast: bool) -> tuple[Ints, Ints]:
    """Who places which order: fast workers in bursts within one hour, careful ones once."""
    count = len(at)
    if not fast:
        return at[: len(crew)], rng.permutation(crew)[:count]
    burst = int(rng.integers(PARAMETERS.naive_per_hour[0], PARAMETERS.naive_per_hour[1] + 1))
    group = np.arange(count) // burst
    begins = at[group * burst] + (rng.random(count) * BURST_HOURS * HOUR).astype(np.int64)
    return begins, crew[rng.permutation(int(group[-1]) + 1)[group] % len(crew)]


def _visits(plan: Plan, rng: Rng, campaign: Campaign, crew: Ints) -> tuple[Ints, Ints]:
    """Instants and buyers of one campaign, by no rhythm but the job's."""
    days = float(log_uniform(rng, PARAMETERS.campaign_days, 1)[0])
    count = max(12, int(days * log_uniform(rng, PARAMETERS.orders_per_day, 1)[0]))
    if not campaign.is_fast:  # one order per worker: a small crew keeps the campaign short
        count = min(count, len(crew))
        shortest = min(days, count / PARAMETERS.orders_per_day[0])
        days = max(PARAMETERS.campaign_days[0], shortest) * campaign.evasion.stretch
    market = int(plan.world.merchants.market[campaign.merchant])
    at = _schedule(rng, campaign, market, days, count)
    at, buyer = _assign(rng, at, crew, fast=campaign.is_fast)
    exists = at > plan.world.buyers.registered_at[buyer] + HOUR
    return at[exists], buyer[exists]


def _parcel(plan: Plan, rng: Rng, count: int, *, fast: bool) -> dict[str, Floats]:
    """Empty parcels under labels bought in bulk: light, scanned twice, signed the same day."""
    quick = chance(rng, PARAMETERS.fast_share, count)
    share = PARAMETERS.light_share if fast else PARAMETERS.stealth_light_share
    light = chance(rng, share, count)
    is_bought_label = light & chance(rng, PARAMETERS.bought_label_share, count)
    label = np.full(count, np.nan)
    label[is_bought_label] = plan.world.new_identifiers("tracking", int(is_bought_label.sum()))
    return {
        "dispatch_hours": rng.uniform(0.5, 9.0, count),
        "transit_hours": np.where(
            quick, log_normal(rng, PARAMETERS.sign_hours, 0.3, count), np.nan
        ),
        "scans": np.where(quick, PARAMETERS.scans, np.nan),
        "parcel_grams": np.where(
            light, log_normal(rng, PARAMETERS.parcel_grams, 0.3, count), np.nan
        ),
        "tracking": label,
    }


def _praise(rng: Rng, campaign: Campaign, count: int) -> dict[str, Floats | float]:
    """Five stars within two days: from a sheet, copied from honest buyers, or in own words."""
    review_share = PARAMETERS.five_star if campaign.is_fast else PARAMETERS.stealth_five_star
    return {
        "review_chance": float(rng.uniform(*review_share)),
        "five_star_chance": PARAMETERS.five_star_given_review,
        "review_hours": rng.uniform(*PARAMETERS.review_hours, count),
        "review_sheet": float(campaign.ring) if campaign.is_fast else np.nan,
        "copied_text": 1.0 if campaign.evasion.copies_text else np.nan,
    }


def brush(plan: Plan, rng: Rng, campaign: Campaign, crew: Ints) -> Ints:
    """All orders of one campaign for one shop; returns the buyer of each."""
    fast, goods = campaign.is_fast, _cheap(plan, rng, campaign)
    at, buyer = _visits(plan, rng, campaign, crew)
    count = len(at)
    prompt = chance(rng, 1.0 if fast else PARAMETERS.stealth_prompt, count)
    view = PARAMETERS.naive_view if fast else PARAMETERS.scripted_view
    plan.order(
        campaign.ring,
        at=at,
        buyer=buyer,
        product=rng.choice(goods, count),
        pay_seconds=np.where(prompt, rng.uniform(*PARAMETERS.pay_seconds, count), np.nan),
        cancel_chance=0.0,
        view_seconds=rng.uniform(*view, count),
        click_seconds=rng.uniform(*view, count),
        prior_view=PARAMETERS.naive_prior_view if fast else PARAMETERS.stealth_prior_view,
        refund_chance=PARAMETERS.refund_chance,
        lost_chance=0.0,
        **_parcel(plan, rng, count, fast=fast),
        **_praise(rng, campaign, count),
        **ring_tools.rotated_identifiers(plan, rng, count, ("device", "ip"), campaign.evasion),
    )
    span = (campaign.begin, int(at.max(initial=campaign.begin)))
    plan.admit(campaign.ring, "merchant", np.array([campaign.merchant]), *span)
    plan.admit(campaign.ring, "product", goods, *span)
    plan.admit(campaign.ring, "buyer", buyer, *span)
    return buyer


def _facts(plot: Plot, workers: Ints, merchants: Ints) -> tuple[str, ...]:
    """What an analyst should find, by how the pool hides."""
    extra = {
        NAIVE: "three or more orders per buyer and hour, few phones, one payout account",
        SLOW: "one order per worker and shop, spread over weeks",
        CELLS: "three to five accounts per phone and no phone in common between the cells",
        ROTATED: "a fresh phone and network for most orders, yet the same listings and praise",
        MIXED: "the workers also shop honestly and the shops have real customers",
        COPIED: "praise copied word for word from honest reviews",
    }
    return (
        f"{len(workers)} accounts buy at {len(merchants)} shops that share no other customers",
        "parcels as light as a letter under labels bought in one run, signed for the same day",
        "paid within a minute, five stars within two days, hardly a refund",
        extra[plot.variant],
    )


def _serve(plan: Plan, rng: Rng, plot: Plot, low: Floats) -> None:
    """One pool: its recruits, its shops and a campaign for each."""
    workers, merchants = _pool(plan, rng, plot), _merchants(plan, rng, plot)
    facts = _facts(plot, workers, merchants)
    ring = plan.plant(Ring(NAME, plot.variant.name, losses=LOSSES, facts=facts))
    if plot.variant is NAIVE:
        ring_tools.tie_together(plan, merchants)
    buyers = []
    for merchant in merchants.tolist():
        begin = plot.start + int(rng.uniform(0.0, 6.0) * DAY)
        size = min(len(workers), max(20, round(PARAMETERS.crew * len(workers))))
        crew = rng.choice(workers, size=size, replace=False)
        buyers.append(brush(plan, rng, Campaign(ring, merchant, begin, plot.variant, low), crew))
    buyer = np.concatenate(buyers)
    span = (plot.start, plot.start + 21 * DAY)
    real_orders(plan, rng, len(buyer), np.unique(buyer), span, plot.variant)


def _plots(plan: Plan, rng: Rng) -> list[Plot]:
    """The pools; the wave of the timeline turns careful when its second early one begins."""
    plots = plan.rings_for(rng, NAME, VARIANTS, PARAMETERS.pools, span=(8.0, 12.0))
    careful = plan.settings.day_s(timeline.BRUSHING_STEALTH_DAY)
    return [
        replace(plot, start=careful) if plot.number == 2 else plot
        for plot in ring_tools.all_variants(plots, VARIANTS)
    ]


def plant(plan: Plan) -> None:
    """Plant the pools, every second one recent."""
    rng, low = plan.stream(NAME), ring_tools.low_prices(plan.world, PARAMETERS.price_quantile)
    for plot in _plots(plan, rng):
        _serve(plan, rng, plot, low)
